"""Lookalikes: what in a query means something else than it seems to."""

import re
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


_FOREIGN = r"[^\W\d_a-zA-Z]"
_NO_BOUNDARY = re.compile(rf"\\b(?={_FOREIGN})|(?<={_FOREIGN})\\b")


def lookalikes(query: Node) -> str:
    r"""What to say of the first word or sign that is likely to be taken for another.

    As of the `or` in `Xi or Putin`, which is a word, and of the `\b` in `/\bécole/`, which holds
    beside the letters a to z alone.

    Returns:
        Empty where there is none; `=or` is meant as the word.
    """
    return next(_notes(query), "")


def _notes(node: Node) -> Iterator[str]:
    match node:
        case Words():
            yield from map(_of_operator, _operator_words(node))
        case Regex(pattern=pattern):
            if _NO_BOUNDARY.search(pattern):
                yield (
                    rf"\b in /{pattern}/ knows the letters a to z alone: beside others leave it out"
                )
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _notes(part)
        case Not(part=part):
            yield from _notes(part)
        case Near() | Tagged() | Site() | Language() | TopicQuery():
            return
        case _:
            assert_never(node)


def _of_operator(word: str) -> str:
    return (
        f"“{word}” is looked for as a word: write {word.upper()} for the operator,"
        f" ={word.lower()} if the word is meant"
    )


def _operator_words(words: Words) -> Iterator[str]:
    is_meant = words.exact or words.prefix or words.text.isupper()  # in capitals, it was quoted
    if words.text.lower() in _OPERATORS and not is_meant:
        yield words.text
