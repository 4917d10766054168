"""Lookalikes: words of a query that would be operators, were they written in capitals."""

from collections.abc import Iterator
from typing import assert_never

from bot.query.tree import (
    And,
    Language,
    Near,
    Node,
    Not,
    Or,
    Regex,
    Site,
    Tagged,
    TopicQuery,
    Words,
)

_OPERATORS = frozenset({"and", "or", "not", "near"})


def lookalikes(query: Node) -> str:
    """What to say of the first such word, as of the `or` in `Xi or Putin`.

    Returns:
        Empty where there is none; `=or` is meant as the word.
    """
    word = next(_operator_words(query), None)
    if word is None:
        return ""
    return (
        f"“{word}” is looked for as a word: write {word.upper()} for the operator,"
        f" ={word.lower()} if the word is meant"
    )


def _operator_words(node: Node) -> Iterator[str]:
    match node:
        case Words(text=text, exact=exact, prefix=prefix):
            is_meant = exact or prefix or text.isupper()  # in capitals, it was put into quotes
            if text.lower() in _OPERATORS and not is_meant:
                yield text
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _operator_words(part)
        case Not(part=part):
            yield from _operator_words(part)
        case Near() | Tagged() | Site() | Language() | Regex() | TopicQuery():
            return
        case _:
            assert_never(node)
