"""Title: what a query asks of the headline; pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from bot.query.tree import (
    And,
    Field,
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

_TITLE = frozenset({Field.TITLE})
_BENEATH = frozenset({Field.SUMMARY, Field.BODY})
_NOTHING = Or(())


def by_title(query: Node) -> tuple[Node, ...]:
    """A query cut into queries that share no entry and together give what it gives.

    First what would satisfy it had the entry no text but its headline, then what has something of
    it in the headline, then the rest.
    """
    alone = _titled(query)
    if alone == query:
        return (query,)
    touching = tuple(dict.fromkeys(_touching(query)))
    touched = touching[0] if len(touching) == 1 else Or(touching)
    if alone == touched or not touching:
        return And((query, alone)), And((query, Not(alone)))
    return (
        And((query, alone)),
        And((query, Not(alone), touched)),
        And((query, Not(alone), Not(touched))),
    )


def _titled(node: Node) -> Node:  # noqa: PLR0911 - one line for each kind of node
    """The query that asks of the whole entry what `node` asks of one with an empty text."""
    match node:
        case Words(fields=fields) | Regex(fields=fields):
            left = fields - _BENEATH
            return replace(node, fields=left) if left else _NOTHING
        case Near(left=left_side, right=right_side):
            sides = _words_titled(left_side), _words_titled(right_side)
            return replace(node, left=sides[0], right=sides[1]) if all(sides) else _NOTHING
        case Tagged() | Site() | Language():
            return node
        case TopicQuery(query=query):
            return replace(node, query=None if query is None else _titled(query))
        case And(parts=parts):
            return And(tuple(_titled(part) for part in parts))
        case Or(parts=parts):
            return Or(tuple(_titled(part) for part in parts))
        case Not(part=part):
            return Not(_titled(part))
        case _:
            assert_never(node)


def _words_titled(alternatives: tuple[Words, ...]) -> tuple[Words, ...]:
    return tuple(
        replace(words, fields=words.fields - _BENEATH)
        for words in alternatives
        if words.fields - _BENEATH
    )


def _touching(node: Node) -> Iterator[Node]:
    """What the query looks for, each looked for in the title alone."""
    match node:
        case Words(fields=fields) | Regex(fields=fields):
            if Field.TITLE in fields:
                yield replace(node, fields=_TITLE)
        case Near(left=left, right=right):
            for words in (*left, *right):
                yield from _touching(words)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _touching(part)
        case TopicQuery(query=query):
            if query is not None:
                yield from _touching(query)
        case Tagged() | Site() | Language() | Not():
            return
        case _:
            assert_never(node)
