"""Unparse: a query's tree written as text, in one way."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from bot.query.terms import keys_of
from bot.query.tree import (
    DEFAULT_FIELDS,
    And,
    Field,
    Language,
    Leaf,
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

_NAMES = {Field.FEED: "source"}
_BARE = re.compile(r"\w+(?:[-.'’]\w+)*")
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})
_UNQUOTABLE = re.compile('["“”„‟＂«»*]')
_SLASH = re.compile(r"(\\.)|/", re.DOTALL)


def unparse(node: Node) -> str:
    """The text that `parse` reads as a query equivalent to this one.

    Raises:
        ValueError: A part of it matches everything or nothing, for which there are no words.
    """
    node = _spread(node)
    if isinstance(node, And | Or):
        if not node.parts:
            raise ValueError("a part that matches everything or nothing cannot be written")
        joint = " AND " if isinstance(node, And) else " OR "
        return joint.join(map(_operand, node.parts))
    return _operand(node)


def _operand(node: Node) -> str:
    """A node, fit to stand beside an operator."""
    node = _spread(node)
    match node:
        case And() | Or():
            return f"({unparse(node)})"
        case Not(part=part):
            inner = _operand(part)
            return f"NOT ({inner})" if inner.startswith("NOT ") else f"NOT {inner}"
        case TopicQuery(name=name):
            return f"topic:{name}"
        case _:
            return _leaf(node)


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Words(fields=fields):
            return f"{_behind(fields)}{_words(leaf)}"
        case Regex(pattern=pattern, fields=fields):
            return f"{_behind(fields)}/{_SLASH.sub(_escaped, pattern)}/"
        case Near(left=left, right=right, distance=distance):
            near = f"{_side(left)} NEAR/{distance} {_side(right)}"
            field = _behind(left[0].fields)
            return f"{field}({near})" if field else near
        case Tagged(tag=tag):
            return f"tag:{tag}"
        case Site(host=host):
            return f"site:{host}"
        case Language(tag=tag):
            return f"lang:{tag}"
        case _:
            assert_never(leaf)


def _spread(node: Node) -> Node:
    """A leaf as one leaf for each field it looks in, unless one text says them all.

    And what joins only one part as that part.
    """
    match node:
        case Words(fields=fields) | Regex(fields=fields) if not _sayable(fields):
            places = [field for field in Field if field in fields]
            return _spread(Or(tuple(replace(node, fields=frozenset((field,))) for field in places)))
        case Near(left=left, right=right) if not (
            len({words.fields for words in (*left, *right)}) == 1 and _sayable(left[0].fields)
        ):
            return _spread(Or(tuple(near for field in Field for near in _near_in(node, field))))
        case And(parts=(part,)) | Or(parts=(part,)):
            return _spread(part)
        case _:
            return node


def _sayable(fields: frozenset[Field]) -> bool:
    return fields == DEFAULT_FIELDS or len(fields) == 1


def _near_in(near: Near, field: Field) -> Iterator[Near]:
    """What a `Near` asks of one field, if anything."""
    left, right = (
        tuple(replace(words, fields=frozenset((field,))) for words in side if field in words.fields)
        for side in (near.left, near.right)
    )
    if left and right:
        yield Near(left, right, near.distance)


def _behind(fields: frozenset[Field]) -> str:
    """The name of a field with its colon; nothing for those looked in by default."""
    if fields == DEFAULT_FIELDS:
        return ""
    (field,) = fields
    return f"{_NAMES.get(field, field)}:"


def _side(alternatives: Sequence[Words]) -> str:
    written = [_words(words) for words in alternatives]
    return written[0] if len(written) == 1 else f"({' OR '.join(written)})"


def _words(words: Words) -> str:
    text = " ".join(_UNQUOTABLE.sub(" ", words.text).split())
    if not keys_of(text):
        raise ValueError(f"“{text}” matches nothing and cannot be written")
    bare = _BARE.fullmatch(text) and text not in _OPERATORS
    written = f"{text}*" if words.prefix else text
    return ("=" if words.exact else "") + (written if bare else f'"{written}"')


def _escaped(slash: re.Match[str]) -> str:
    return slash[1] or "\\/"
