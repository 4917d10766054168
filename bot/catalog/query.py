"""Query: what a rule file asks for in the query language, its mistakes at their lines."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable

from ruamel.yaml.nodes import ScalarNode

from bot.catalog.document import Item
from bot.errors import QueryError
from bot.query.leaves import FIELDS
from bot.query.syntax import parse
from bot.query.tree import Field, Node, Words

_OPERATOR = re.compile(
    r"(?:^|\s)(?!(?<=\b\w\s)AND\s+\w$)(AND|OR|NOT|NEAR)\s+\S"  # `S AND P` is a name
    r"|(?:^|\s)(NEAR/\d+)(?!\S)"
    rf"|(?:^|[\s(])((?:{'|'.join(FIELDS)}):)(?=\S)"
    r"|^\s*([−–—‒-])(?=[^\W\d])"
)
_PATTERN = re.compile("/.+/")
_DASH = re.compile(r"\s[−–—‒-]\s")
_SEVERAL = re.compile(r"[\"”»],\s|,\s[\"“«]")
_QUOTES = re.compile('["“”„‟＂«»]')
_CHARACTER = re.compile(r"\\.|''|\S", re.DOTALL)
"""One character of a query as YAML writes it, escaped or not."""


def read_query(item: Item, fields: frozenset[Field], topics: Iterable[str]) -> Node | None:
    """A query; None where it cannot be read, the mistake noted with its line and a caret.

    Args:
        item: The text.
        fields: Where to look for words without a field of their own.
        topics: The names that `topic:` may refer to.
    """
    if item.text() is None or not isinstance(item.node, ScalarNode):
        return None
    text = item.node.value.rstrip()
    try:
        return parse(text, fields=fields, topics=dict.fromkeys(topics))
    except QueryError as error:
        shown = textwrap.indent(error.caret(), "    ")
        item.report.add(_line(item.node, error), f"{item.name}: {error}\n{shown}")
        return None


def read_words(text: str) -> Words:
    """An item of a list of words: they follow each other; `=` before and `*` behind as in a query.

    Raises:
        ValueError: It holds no word, or operators that mean nothing here.
    """
    if found := _OPERATOR.search(unicodedata.normalize("NFKC", text)):
        sign = found[found.lastindex or 0]
        raise ValueError(
            f"“{text}” is looked for word by word, {sign} too; write it under query:, or"
            " each part on its own under any:, all: or none:"
        )
    if "|" in text or _PATTERN.fullmatch(text):
        raise ValueError(
            f"“{text}” is looked for word by word, whatever signs are in it; write it under query:,"
            " with OR in place of |"
        )
    if _DASH.search(text):
        raise ValueError(
            f"“{text}” is one phrase, a dash in it; indent a line that begins with - as the lines"
            " above, or leave the dash out"
        )
    if _SEVERAL.search(text):
        raise ValueError(
            f"“{text}” is looked for as one phrase; write each part as an item of its own:"
            " [tariff, truce, trade war]"
        )
    exact = "=" if text.startswith("=") else ""
    try:
        words = parse(f'{exact}"{_QUOTES.sub(" ", text.removeprefix("="))}"')
    except QueryError as error:
        raise ValueError(f"“{text}”: {error}") from error
    if not isinstance(words, Words):  # what stands in quotes is nothing else
        raise TypeError(text)
    return words


def _line(node: ScalarNode, error: QueryError) -> int:
    """The line of the file on which a mistake stands, counted from 1.

    YAML folds lines and takes indentation away, but keeps every other character in its order.
    """
    start, end = node.start_mark, node.end_mark
    written = start.buffer[start.index : end.index]
    before = sum(not character.isspace() for character in error.text[: error.position])
    skipped = written.find("\n") + 1 if node.style in {"|", ">"} else len(node.style or "")
    places = [found.start() for found in _CHARACTER.finditer(written, skipped)]
    place = places[min(before, len(places) - 1)]
    line: int = start.line + 1 + written.count("\n", 0, place)
    return line
