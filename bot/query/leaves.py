"""Leaves: what a word, phrase or pattern asks for in each field of the language."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.errors import QueryError
from bot.query.document import ascii_host
from bot.query.lexer import Kind, Lexeme
from bot.query.regex import Pattern, RegexError
from bot.query.slug import slug
from bot.query.suggest import nearest
from bot.query.tree import (
    Field,
    Language,
    Node,
    Regex,
    Site,
    Tagged,
    TopicQuery,
    Words,
)

_TEXT_FIELDS = {
    "title": Field.TITLE,
    "summary": Field.SUMMARY,
    "body": Field.BODY,
    "source": Field.FEED,
    "author": Field.AUTHOR,
}
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_LANGUAGE = re.compile("[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_LANGUAGES = {
    "arabic": "ar",
    "chinese": "zh",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hebrew": "he",
    "hindi": "hi",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "persian": "fa",
    "polish": "pl",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "turkish": "tr",
    "ukrainian": "uk",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a leaf stands.

    Attributes:
        query: The whole query's text.
        field: The field before it, or before a group around it; empty without one.
        fields: Where words without a field are looked for.
        topics: As `parse` is given them.
    """

    query: str
    field: str
    fields: frozenset[Field]
    topics: Mapping[str, Node | None] | None


def read_leaf(lexeme: Lexeme, place: Place) -> Node:
    """What a word, phrase or pattern asks for.

    Raises:
        QueryError: It asks for nothing that can be there.
    """
    if place.field in _VALUES:
        return _read_value(lexeme, place)
    fields = frozenset({_TEXT_FIELDS[place.field]}) if place.field else place.fields
    if lexeme.kind is Kind.REGEX:
        return _read_regex(lexeme, fields, place)
    return Words(lexeme.text, fields, exact=lexeme.exact, prefix=lexeme.prefix)


def _read_regex(lexeme: Lexeme, fields: frozenset[Field], place: Place) -> Regex:
    try:
        pattern = Pattern(lexeme.text)
    except RegexError as error:
        where = lexeme.start + 1 + error.position
        raise QueryError(place.query, where, error.what, error.remedy) from error
    if pattern.finds_anything():
        raise QueryError(
            place.query,
            lexeme.start,
            "this regular expression is found in any text",
            "name something in it that must be there",
        )
    return Regex(lexeme.text, fields)


def _read_value(lexeme: Lexeme, place: Place) -> Node:
    name = place.field
    if lexeme.kind is Kind.REGEX or lexeme.exact or lexeme.prefix:
        raise QueryError(
            place.query,
            lexeme.start,
            f"{name}: takes no =, star or regular expression",
            _WITHOUT_STAR.get(name, f"write it out, as in {_EXAMPLES[name]}"),
        )
    return _VALUES[name](lexeme, place)


def _read_tag(lexeme: Lexeme, place: Place) -> Tagged:
    return Tagged(_slug(lexeme, place))


def _read_category(lexeme: Lexeme, place: Place) -> Tagged:
    return Tagged(slug(lexeme.text) or _slug(lexeme, place))


def _slug(lexeme: Lexeme, place: Place) -> str:
    """The text, which must be a slug."""
    written = slug(lexeme.text)
    if written != lexeme.text or not written:
        name = "topic’s name" if place.field == "topic" else "tag"
        raise QueryError(
            place.query,
            lexeme.start,
            f"“{lexeme.text}” is not how a {name} is written",
            f"write {place.field}:{written or 'us-china'}",
        )
    return written


def _read_site(lexeme: Lexeme, place: Place) -> Site:
    written, path, _ = lexeme.text.partition("/")
    try:
        host = ascii_host(written).removeprefix("www.")
    except ValueError:
        host = ""
    if not _HOST.fullmatch(host):
        raise QueryError(
            place.query,
            lexeme.start,
            f"“{lexeme.text}” is no site’s name",
            "write it as in site:bbc.co.uk, which has all sites beneath it too",
        )
    if path:
        raise QueryError(
            place.query,
            lexeme.start + len(written),
            "a site is named without what follows the slash",
            f"write site:{written}",
        )
    return Site(host)


def _read_language(lexeme: Lexeme, place: Place) -> Language:
    tag = lexeme.text.lower().replace("_", "-")
    if _LANGUAGE.fullmatch(tag) and tag not in _LANGUAGES:
        return Language(tag)
    raise QueryError(
        place.query,
        lexeme.start,
        f"“{lexeme.text}” is no language’s code",
        f"write lang:{_LANGUAGES.get(tag, 'en')}",
    )


def _read_topic(lexeme: Lexeme, place: Place) -> TopicQuery:
    name = _slug(lexeme, place)
    if place.topics is None:
        return TopicQuery(name)
    if name not in place.topics:
        near = nearest(name, place.topics)
        known = ", ".join(sorted(place.topics)) or "none yet"
        raise QueryError(
            place.query,
            lexeme.start,
            f"there is no topic “{name}”",
            f"did you mean topic:{near}?" if near else f"the topics are: {known}",
        )
    return TopicQuery(name, place.topics[name])


_VALUES: Mapping[str, Callable[[Lexeme, Place], Node]] = {
    "tag": _read_tag,
    "site": _read_site,
    "lang": _read_language,
    "category": _read_category,
    "topic": _read_topic,
}
_EXAMPLES = {
    "tag": "tag:us-china",
    "site": "site:bbc.co.uk",
    "lang": "lang:en",
    "category": 'category:"Foreign policy"',
    "topic": "topic:ai-safety",
}
_WITHOUT_STAR = {"site": "write it as in site:bbc.co.uk, which has all sites beneath it too"}
FIELDS = (*_TEXT_FIELDS, *_VALUES)
"""Every name that a colon may follow."""

_SYNONYMS = {
    "headline": "title",
    "intitle": "title",
    "allintitle": "title",
    "text": "body",
    "intext": "body",
    "content": "body",
    "feed": "source",
    "outlet": "source",
    "publisher": "source",
    "from": "source",
    "by": "author",
    "byline": "author",
    "domain": "site",
    "host": "site",
    "sitehost": "site",
    "url": "site",
    "inurl": "site",
    "language": "lang",
    "label": "tag",
}
"""What other tools call the fields."""

TIMES = frozenset({"after", "before", "since", "until", "date"})
"""What other tools call fields of time."""


def nearest_field(name: str) -> str | None:
    """The field somebody means by a name that is none."""
    return _SYNONYMS.get(name) or nearest(name, FIELDS)
