"""Lookup: what an index over entries keeps of each, and what a query asks of it.

The index proposes and the matcher decides, so a lookup only has to miss nothing: whatever
satisfies a query satisfies its lookup. It does so on every database alike, since the terms here
are the matcher's own tokens and no database cuts words again. They stand in the order of the text,
for the indexes that keep positions.

| term | kept for |
| --- | --- |
| `china` | each word of title, summary and body, folded |
| `^us` | each of these in capitals |
| `~china` | each word of the title |
| `@wire` | each word of the feed's name |
| `&ann` | each word of the authors' names |
| `#us-china` | each tag |
| `/bbc.co.uk` | the link's host, and each host above it |
| `%en` | the language, and each one it is a variety of |
| `-cole` | what begins a word for RE2 alone, to which `é` in `école` is no letter |
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from bot.query.document import Document, Reading
from bot.query.literal import word_beginning
from bot.query.spelling import terms
from bot.query.terms import Term, Tokens
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

MOST_CHARACTERS = 64
"""Of a term; what is longer is cut, in the index as in a lookup."""

MOST_DEPTH = 10
"""Of a lookup: databases read deeper ones with effort, or not at all."""

_CAPITALS = "^"
_TAG, _HOST, _LANGUAGE, _REST = "#", "/", "%", "-"
_TEXT_FIELDS = frozenset({Field.TITLE, Field.SUMMARY, Field.BODY})
_MARKS = {Field.TITLE: "~", Field.FEED: "@", Field.AUTHOR: "&"}
_SEPARATORS = dict.fromkeys([*range(33), ord('"'), 127], "_")
"""What a tag, host or language is not expected to hold, and what would end a term."""
_BEGUN_FOR_RE2 = re.compile(
    # Where letter case is not heeded, RE2 takes the long s and the Kelvin sign for an s and a k.
    r"(?:(?<=[^\x00-\x7f‘’“”–—…])(?=[A-Za-z])|(?=[ſ\u212a]))(?=([A-Za-z0-9ſ\u212a]{3,}))"
)


@dataclass(frozen=True, slots=True)
class Key:
    """The index has this term for an entry.

    Attributes:
        term: As `index_terms` gives it.
        prefix: A term that begins so is enough.
    """

    term: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """The index has two terms that stand close; one that keeps no positions: it has both.

    Attributes:
        one: Terms, any of which may be the one.
        other: Terms, any of which may be the other.
        distance: The most terms between them, in whichever order; None: `other` follows at once.
    """

    one: tuple[str, ...]
    other: tuple[str, ...]
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each part is there; at least two."""

    parts: tuple["Lookup", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part is there; without parts, nothing is."""

    parts: tuple["Lookup", ...] = ()


Lookup = Key | Pair | AllOf | AnyOf

NOTHING = AnyOf()
"""The lookup of a query that no entry satisfies."""


def index_terms(document: Document) -> tuple[str, ...]:
    """Everything an index keeps of an entry; no term is empty or holds white space.

    Returns:
        Words of one field in its order, as often as they stand there.
    """
    terms = _all_terms(document)
    longest = max(map(len, terms), default=0)
    return tuple(terms if longest <= MOST_CHARACTERS else [one[:MOST_CHARACTERS] for one in terms])


def lookup(node: Node) -> Lookup | None:
    """What the index must have for an entry that satisfies a query.

    Returns:
        None where that is nothing certain: every entry is a candidate.
    """
    asked = _lookup(node)
    return None if asked is None else _shallow(asked, MOST_DEPTH)


def _lookup(node: Node) -> Lookup | None:  # noqa: C901, PLR0911 - one line for each kind of node
    match node:
        case Words(fields=fields):
            return _phrase(terms(node), fields)
        case Near(left=left, right=right):
            close = _near(node)
            apart = None if _are_words(node) and close else _lookup(And((Or(left), Or(right))))
            return both((apart, close))
        case Tagged(tag=tag):
            return _label(_TAG, tag)
        case Site(host=host):
            return _label(_HOST, host)
        case Language(tag=tag):
            return _label(_LANGUAGE, tag)
        case TopicQuery(query=query):
            return NOTHING if query is None else _lookup(query)
        case And(parts=parts):
            return both(_lookup(part) for part in parts)
        case Or(parts=parts):
            found = [_lookup(part) for part in parts]
            certain = [part for part in found if part is not None]
            return _any(certain) if len(certain) == len(found) else None
        case Regex(pattern=pattern, fields=fields):
            return _regex(word_beginning(pattern), fields)
        case Not():
            return None
        case _:
            assert_never(node)


def both(parts: Iterable[Lookup | None]) -> Lookup | None:
    """The lookup that asks for each part; None where none of them asks for anything."""
    certain: dict[Lookup, None] = {}
    for part in parts:
        if part is not None:
            certain.update(dict.fromkeys(part.parts if isinstance(part, AllOf) else (part,)))
    if NOTHING in certain:
        return NOTHING
    if len(certain) > 1:
        return AllOf(tuple(certain))
    return next(iter(certain), None)


def _any(parts: Iterable[Lookup]) -> Lookup:
    possible: dict[Lookup, None] = {}
    for part in parts:
        # Without parts, it is NOTHING.
        possible.update(dict.fromkeys(part.parts if isinstance(part, AnyOf) else (part,)))
    return next(iter(possible)) if len(possible) == 1 else AnyOf(tuple(possible))


def _shallow(asked: Lookup, depth: int) -> Lookup:
    """A lookup that asks for no more than this one, and is at most so deep."""
    match asked:
        case Key() | Pair():
            return asked
        case _ if depth == 2:  # noqa: PLR2004 - an alternative and its keys
            return AnyOf(tuple(dict.fromkeys(_one_of(asked))))
        case AllOf(parts=parts):
            return AllOf(tuple(_shallow(part, depth - 1) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(_shallow(part, depth - 1) for part in parts))
        case _:
            assert_never(asked)


def _one_of(asked: Lookup) -> Iterator[Key]:
    """Keys one of which must be there."""
    match asked:
        case Key():
            yield asked
        case Pair(one=terms):
            yield from map(Key, terms)
        case AllOf(parts=parts):
            yield from _one_of(parts[0])
        case AnyOf(parts=parts):
            for part in parts:
                yield from _one_of(part)
        case _:
            assert_never(asked)


def _phrase(phrase: Sequence[Term], fields: frozenset[Field]) -> Lookup | None:
    if not phrase:
        return NOTHING
    wanted = (both(_in_order(phrase, mark)) for mark in _marks(fields))
    return _any(part for part in wanted if part is not None)


def _in_order(phrase: Sequence[Term], mark: str) -> Iterator[Lookup]:
    """What one namespace must have for consecutive words; of these, only the last may go on."""
    whole = [_keys(term, mark) for term in phrase if not term.prefix]
    yield from (Pair(*two) for two in pairwise(whole))
    for term in phrase:
        if len(whole) == 1 or term.prefix or (term.in_capitals and not mark):
            yield _term(term, mark)


def _near(near: Near) -> Pair | None:
    """What must stand close for a `Near`; None where no one namespace has both sides."""
    marks = {tuple(_marks(words.fields)) for words in (*near.left, *near.right)}
    if len(marks) > 1 or len(mark := marks.pop()) != 1:
        return None
    left, right = ([terms(words) for words in side] for side in (near.left, near.right))
    sides = [list(filter(None, side)) for side in (left, right)]
    if any(phrase[0].prefix for side in sides for phrase in side):
        return None
    # The first words of two phrases stand as far apart as the phrases, and the nearer's length.
    longest = max((len(phrase) for side in sides for phrase in side), default=1)
    one, other = (
        tuple(dict.fromkeys(key for phrase in side for key in _keys(phrase[0], mark[0])))
        for side in sides
    )
    return Pair(one, other, near.distance + longest - 1)


def _regex(begun: str, fields: frozenset[Field]) -> Lookup | None:
    """What must be there where a word begins so for RE2; None where none need begin."""
    marks = (*_marks(fields), _REST)
    keys = (Key(f"{mark}{begun}"[:MOST_CHARACTERS], prefix=True) for mark in marks)
    return _any(keys) if begun else None


def _are_words(near: Near) -> bool:
    """Whether both sides are single words."""
    return all(len(terms(words)) == 1 for words in (*near.left, *near.right))


def _marks(fields: frozenset[Field]) -> Iterator[str]:
    """The namespaces that hold the words of these fields, and no more of them than needed."""
    in_text = fields & _TEXT_FIELDS
    if in_text - {Field.TITLE}:
        yield ""
    elif in_text:
        yield _MARKS[Field.TITLE]
    yield from (_MARKS[field] for field in (Field.FEED, Field.AUTHOR) if field in fields)


def _term(term: Term, mark: str) -> Lookup:
    # The beginning of a word in capitals may go on in small letters: `US` begins `USAid`.
    in_capitals = term.in_capitals and not term.prefix and not mark
    stem = _CAPITALS if in_capitals else mark
    return _any(Key(key, prefix=term.prefix) for key in _keys(term, stem))


def _keys(term: Term, mark: str) -> tuple[str, ...]:
    return tuple(f"{mark}{key.casefold()}"[:MOST_CHARACTERS] for key in sorted(term.keys))


def _label(mark: str, value: str) -> Key | None:
    if not value:
        return None  # it is satisfied by what has no host, or no language, if by anything
    return Key(f"{mark}{value.translate(_SEPARATORS)}"[:MOST_CHARACTERS])


def _all_terms(document: Document) -> list[str]:
    found: list[str] = []
    for field, tokens in Reading(document).fields.items():
        if field in _TEXT_FIELDS:
            found += tokens.folded
            found += sorted(_capitals(tokens))
        if mark := _MARKS.get(field):
            found += [f"{mark}{word}" for word in tokens.folded]
        if not tokens.is_ascii:
            found += [f"{_REST}{rest.casefold()}" for rest in _BEGUN_FOR_RE2.findall(tokens.text)]
    labels = [(_TAG, tag) for tag in sorted(document.tags)]
    labels += [(_HOST, host) for host in _and_above(document.host, ".", from_start=False)]
    labels += [(_LANGUAGE, tag) for tag in _and_above(document.language, "-", from_start=True)]
    return found + [f"{mark}{value.translate(_SEPARATORS)}" for mark, value in labels]


def _capitals(tokens: Tokens) -> Iterator[str]:
    cased = frozenset(tokens.exact).difference(tokens.folded)
    return (f"{_CAPITALS}{word.casefold()}" for word in cased if word.isupper())


def _and_above(name: str, separator: str, *, from_start: bool) -> Iterator[str]:
    """The name, and what is left of it after each cut at a separator."""
    while name:
        yield name
        name = name.rpartition(separator)[0] if from_start else name.partition(separator)[2]
