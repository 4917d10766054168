"""Tree: a query as every evaluator reads it."""

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_DISTANCE = 5
"""Words that may stand between the two sides of a `NEAR` that names no number."""


class Field(StrEnum):
    """A place in an entry that words are looked for in."""

    TITLE = "title"
    SUMMARY = "summary"
    BODY = "body"
    FEED = "feed"
    """The feed's name."""
    AUTHOR = "author"
    """The authors' names."""

    # Enum's own is a call into Python, and fields are looked up for every entry.
    __hash__ = str.__hash__


DEFAULT_FIELDS = frozenset({Field.TITLE, Field.SUMMARY, Field.BODY})


@dataclass(frozen=True, slots=True)
class Words:
    """Consecutive whole words, as `bot.query.terms` means words.

    Attributes:
        text: As written in the query, e.g. `Xi Jinping` or `AI`.
        fields: Where to look; the words must stand in one of these.
        exact: Not in any other number than written: `tariff` is not “tariffs”.
        prefix: The last word need only begin so: `elect` is in “elections”.
    """

    text: str
    fields: frozenset[Field] = DEFAULT_FIELDS
    exact: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Two groups of words close to each other, in either order, in the same field.

    Attributes:
        left: Alternatives, one of which must be near one of `right`; at least one.
        right: The same.
        distance: The most words that may stand between them, at least 1. They never overlap.
    """

    left: tuple[Words, ...]
    right: tuple[Words, ...]
    distance: int = DEFAULT_DISTANCE


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression (RE2's) that finds something in a field's text.

    The text is as the feed gave it, with accents, quotes and dashes; letter case makes no
    difference unless the pattern asks for it with `(?-i)`.

    Attributes:
        pattern: Without the slashes around it.
        fields: Where to look; it must find something in one of these.
    """

    pattern: str
    fields: frozenset[Field] = DEFAULT_FIELDS


@dataclass(frozen=True, slots=True)
class Tagged:
    """The entry or its feed carries this tag (a slug)."""

    tag: str


@dataclass(frozen=True, slots=True)
class Site:
    """The entry's link leads to this host or to one below it.

    Attributes:
        host: Small letters, e.g. `bbc.co.uk`, which `news.bbc.co.uk` is below.
    """

    host: str


@dataclass(frozen=True, slots=True)
class Language:
    """The entry is in this language.

    Attributes:
        tag: BCP 47, small letters: `en` is satisfied by `en-gb`, `en-gb` by itself only.
    """

    tag: str


@dataclass(frozen=True, slots=True)
class TopicQuery:
    """What another topic asks for.

    Attributes:
        name: The topic's name.
        query: Its tree; None before `bot.query.references` has filled it in, when it is
            satisfied by nothing.
    """

    name: str
    query: "Node | None" = None


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


Leaf = Words | Near | Regex | Tagged | Site | Language
Node = Leaf | TopicQuery | And | Or | Not
