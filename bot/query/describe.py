"""Describe: one node of a query in words, for a line of its own."""

from dataclasses import replace

from bot.query.tree import DEFAULT_FIELDS, And, Field, Node, Not, Or, Regex, TopicQuery, Words
from bot.query.unparse import unparse

_JOINTS = {And: "all of", Or: "one of", Not: "not"}
_NAMES = {Field.FEED: "source"}


def describe(node: Node) -> str:
    """What a node asks for, its parts left out.

    `all of`, `one of`, `not`, `topic ai-safety`; of a leaf its text in the query language, with
    the fields where they are not the usual ones: `“trade deal” in title or summary`.
    """
    if isinstance(node, And | Or | Not):
        return _JOINTS[type(node)]
    match node:
        case TopicQuery(name=name):
            return f"topic {name}"
        case Words(fields=fields) | Regex(fields=fields):
            return _written(replace(node, fields=DEFAULT_FIELDS)) + _places(fields)
        case _:
            return _written(node)


def _written(node: Node) -> str:
    try:
        return unparse(node)
    except ValueError:  # words without a letter, which nobody can have typed
        return "nothing"


def _places(fields: frozenset[Field]) -> str:
    if fields == DEFAULT_FIELDS:
        return ""
    names = [_NAMES.get(field, field.value) for field in Field if field in fields]
    return f" in {' or '.join(names)}"
