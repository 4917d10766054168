"""XML feed: RSS, RDF, Atom and CDF, read by feedparser."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import feedparser

from bot.domain.entry import ParsedFeed
from bot.feeds.bounds import ENTRIES, TITLE, clipped
from bot.feeds.charset import settle, without_false_references
from bot.feeds.fragments import Fragment, cut, without
from bot.feeds.links import BASE
from bot.feeds.markup import plain_line
from bot.feeds.people import without_endless_words
from bot.feeds.rawnode import RawNode, node, nodes, text
from bot.feeds.wishes import shortest_interval, skipped_days, skipped_hours
from bot.feeds.xmlentry import Surroundings, alternate, is_html, read_entry, read_language

_PREFIXED_ENTRY = re.compile(rb"<([\w.-]{1,64}):(?:item|entry)[\s>]")
_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What feedparser is known to let out, or may."""


_OWN_BASE = b"base="
"""Resolving against a base takes feedparser a sixth of its time: asked for only where it shows."""

_ROOT = re.compile(rb"<(?:[\w.-]{1,64}:)?(?:rss|rdf|feed|channel)[\s>]", re.IGNORECASE)


class UnreadableError(Exception):
    """feedparser broke on the document."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What feedparser made of a document.

    Attributes:
        feed: What it says of itself.
        entries: What was not known.
        digests: One for each entry, in their order; empty ones where the document was not cut.
        fragments: The digests of the first entries, the known ones included.
        left_out: How many entries stand behind the first ones.
        version: feedparser's name of the format.
    """

    feed: RawNode
    entries: Sequence[RawNode]
    digests: Sequence[bytes]
    fragments: frozenset[bytes]
    left_out: int
    version: str


def read_xml(
    body: bytes, *, url: str, content_type: str, known: frozenset[bytes]
) -> ParsedFeed | None:
    """Read a document, leaving out entries whose digest is known.

    Returns:
        None where the document has neither an entry nor the root of a feed.

    Raises:
        UnreadableError: feedparser broke on it.
    """
    settled, charset = settle(body, content_type)
    document = without_endless_words(_without_stray_prefix(settled))
    try:
        fragments = cut(document)
        reading = _read_cut(document, charset, fragments, known)
    except UnreadableError:
        document = without_false_references(document)
        fragments = cut(document)
        reading = _read_singly(document, charset, fragments, known)
    if not (reading.entries or reading.version or _ROOT.search(document)):
        return None
    return _parsed(reading, frame=without(document, fragments), url=url)


def _read_cut(
    document: bytes, charset: str, fragments: Sequence[Fragment], known: frozenset[bytes]
) -> _Reading:
    fresh = _read_fresh(document, charset, fragments, known)
    return fresh or _read_all(document, charset, fragments, known)


def _parsed(reading: _Reading, *, frame: bytes, url: str) -> ParsedFeed:
    link = alternate(nodes(reading.feed, "links"), url)
    language = read_language(text(reading.feed, "language"))
    is_atom = reading.version.startswith("atom")
    around = Surroundings(bases=(link, url), language=language, is_atom=is_atom)
    title = node(reading.feed, "title_detail")
    return ParsedFeed(
        title=clipped(plain_line(text(title, "value"), is_html=is_html(title, around)), TITLE),
        link=link,
        language=language,
        ttl=shortest_interval(reading.feed),
        skip_hours=skipped_hours(frame),
        skip_days=skipped_days(frame),
        entries=tuple(
            read_entry(raw, around, digest)
            for raw, digest in zip(reading.entries, reading.digests, strict=True)
        ),
        fragments=reading.fragments,
        left_out=reading.left_out,
        version=reading.version,
    )


def _read_fresh(
    document: bytes, charset: str, fragments: Sequence[Fragment], known: frozenset[bytes]
) -> _Reading | None:
    """Read the document without what is known and what is too much.

    None if there is neither, or the count is not right.
    """
    first, rest = fragments[:ENTRIES], fragments[ENTRIES:]
    seen = [fragment for fragment in first if fragment.digest in known]
    if not seen and not rest:
        return None
    feed, entries, version = _feedparsed(without(document, (*seen, *rest)), charset)
    digests = [each.digest for each in first if each.digest not in known]
    if len(entries) != len(digests):
        return None
    return _Reading(feed, entries, digests, _digests(first), len(rest), version)


def _read_all(
    document: bytes, charset: str, fragments: Sequence[Fragment], known: frozenset[bytes]
) -> _Reading:
    """Read the whole document, and leave out what is known if the cuts prove right."""
    feed, entries, version = _feedparsed(document, charset)
    first, left_out = entries[:ENTRIES], max(0, len(entries) - ENTRIES)
    if len(entries) != len(fragments):
        return _Reading(feed, first, [b""] * len(first), frozenset(), left_out, version)
    fresh = [
        (entry, fragment.digest)
        for entry, fragment in zip(first, fragments, strict=False)  # without what is too much
        if fragment.digest not in known
    ]
    kept, digests = [entry for entry, _ in fresh], [digest for _, digest in fresh]
    return _Reading(feed, kept, digests, _digests(fragments[:ENTRIES]), left_out, version)


def _read_singly(
    document: bytes, charset: str, fragments: Sequence[Fragment], known: frozenset[bytes]
) -> _Reading:
    """Read one entry at a time, so that the one that breaks feedparser costs no other."""
    if not fragments:
        return _read_all(document, charset, fragments, known)
    frame = without(document, fragments)
    feed, _, version = _feedparsed(frame, charset)
    first = fragments[:ENTRIES]
    fresh: list[tuple[RawNode, bytes]] = []
    for fragment in first:
        if fragment.digest in known:
            continue
        try:
            single = frame[: fragments[0].start] + document[fragment.start : fragment.end]
            _, entries, _ = _feedparsed(single + frame[fragments[0].start :], charset)
        except UnreadableError:
            continue
        fresh.extend((entry, fragment.digest) for entry in entries)
    kept, digests = [entry for entry, _ in fresh], [digest for _, digest in fresh]
    left_out = len(fragments) - len(first)
    return _Reading(feed, kept, digests, _digests(first), left_out, version)


def _digests(fragments: Sequence[Fragment]) -> frozenset[bytes]:
    return frozenset(fragment.digest for fragment in fragments)


def _without_stray_prefix(document: bytes) -> bytes:
    """Drop a prefix of entries that is bound to no namespace; feedparser finds none with it."""
    found = _PREFIXED_ENTRY.search(document)
    if found is None or b"xmlns:" + found[1] in document:
        return document
    return re.sub(rb"(</?)" + re.escape(found[1]) + rb":", rb"\1", document)


def _feedparsed(document: bytes, content_type: str) -> tuple[RawNode, Sequence[RawNode], str]:
    headers = {"content-type": content_type}
    if _OWN_BASE in document:
        headers["content-location"] = BASE
    try:
        result = feedparser.parse(
            # A string or bytes would be tried as an address and as the name of a file.
            BytesIO(document),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FAILURES as error:
        raise UnreadableError(str(error)) from error
    # Plain dictionaries, for feedparser's own warn when an absent `updated` is asked for.
    return dict(result["feed"]), [*map(dict, result["entries"])], result.get("version") or ""
