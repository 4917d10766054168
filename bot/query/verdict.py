"""Verdict: whether a document satisfies a query, part by part, with what was found.

This is the plain, recursive reading of a query's tree; the matcher must agree with it.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import assert_never

from bot.query.document import Reading
from bot.query.regex import Pattern
from bot.query.spelling import terms
from bot.query.terms import Tokens
from bot.query.tree import (
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

_PLACES = {
    Field.TITLE: "in the title",
    Field.SUMMARY: "in the summary",
    Field.BODY: "in the text",
    Field.FEED: "in the feed’s name",
    Field.AUTHOR: "among the authors",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing a query asked for that is there: words, a tag, a site or a language.

    Attributes:
        words: As written in the document; empty for anything else.
        field: Where they first stand; None for anything else.
        tag: The slug.
        site: The host the link leads to.
        language: The entry's own.
    """

    words: str = ""
    field: Field | None = None
    tag: str = ""
    site: str = ""
    language: str = ""

    def __str__(self) -> str:
        """For people: `tag us-china`, `“Beijing” in the title`."""
        if self.field:
            return f"“{self.words}” {_PLACES[self.field]}"
        named = (("tag", self.tag), ("site", self.site), ("language", self.language))
        return next((f"{name} {value}" for name, value in named if value), "nothing")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one node of a query holds.

    Attributes:
        node: The node.
        holds: Whether the document satisfies it.
        found: For a leaf that holds, what was found.
        parts: For any other node, the verdicts on its parts, in their order.
    """

    node: Node
    holds: bool
    found: tuple[Found, ...] = ()
    parts: tuple["Verdict", ...] = ()


def judge(node: Node, reading: Reading) -> Verdict:
    """Whether a document satisfies a query, and each part of it."""
    match node:
        case And(parts=parts):
            judged = tuple(judge(part, reading) for part in parts)
            return Verdict(node, all(part.holds for part in judged), parts=judged)
        case Or(parts=parts):
            judged = tuple(judge(part, reading) for part in parts)
            return Verdict(node, any(part.holds for part in judged), parts=judged)
        case Not(part=part):
            inner = judge(part, reading)
            return Verdict(node, not inner.holds, parts=(inner,))
        case TopicQuery(query=query):
            inner = judge(Or(()) if query is None else query, reading)
            return Verdict(node, inner.holds, parts=(inner,))
        case _:
            found = find(node, reading)
            return Verdict(node, bool(found), found)


def find(leaf: Leaf, reading: Reading) -> tuple[Found, ...]:
    """What a leaf asks for, as it stands in a document; nothing where it is not there."""
    document = reading.document
    match leaf:
        case Words():
            return _find_words(leaf, reading)
        case Near():
            return _find_near(leaf, reading)
        case Regex(pattern=pattern, fields=fields):
            return _find_pattern(Pattern(pattern), fields, reading)
        case Tagged(tag=tag):
            return (Found(tag=tag),) if tag in document.tags else ()
        case Site(host=host):
            return (Found(site=document.host),) if document.is_at(host) else ()
        case Language(tag=tag):
            return (Found(language=document.language),) if document.is_in(tag) else ()
        case _:
            assert_never(leaf)


def close_places(
    near: Near, field: Field, tokens: Tokens
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where the two sides of a `Near` first stand close enough in one field.

    Returns:
        The first token of each side's words and their number; None if nowhere.
    """
    left, right = (sorted(_spans(side, field, tokens)) for side in (near.left, near.right))
    longest = max((length for _, length in right), default=0)
    for one in left:
        start, end = one[0], sum(one)
        # Each is looked at beside its neighbours alone: there may be thousands of either.
        for other in islice(right, bisect_left(right, (start - near.distance - longest,)), None):
            if other[0] > end + near.distance:
                break
            if 0 <= max(start, other[0]) - sum(min(one, other)) <= near.distance:
                return one, other
    return None


def _spans(alternatives: Sequence[Words], field: Field, tokens: Tokens) -> list[tuple[int, int]]:
    found = []
    for words in alternatives:
        phrase = terms(words)
        if phrase and field in words.fields:
            found += [(start, len(phrase)) for start in tokens.places(phrase)]
    return found


def _find_words(words: Words, reading: Reading) -> tuple[Found, ...]:
    phrase = terms(words)
    for field, tokens in reading.fields.items():
        start = tokens.find(phrase) if phrase and field in words.fields else None
        if start is not None:
            return (Found(words=tokens.written(start, len(phrase)), field=field),)
    return ()


def _find_near(near: Near, reading: Reading) -> tuple[Found, ...]:
    for field, tokens in reading.fields.items():
        places = close_places(near, field, tokens)
        if places is not None:
            return tuple(Found(words=tokens.written(*place), field=field) for place in places)
    return ()


def _find_pattern(
    pattern: Pattern, fields: frozenset[Field], reading: Reading
) -> tuple[Found, ...]:
    for field, tokens in reading.fields.items():
        found = pattern.find(tokens.text) if field in fields else None
        if found is not None:
            return (Found(words=found, field=field),)
    return ()
