"""Entry of an XML feed: what feedparser read, turned into ours."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.entry import Entry
from bot.domain.text import one_line
from bot.feeds.bounds import bounded
from bot.feeds.categories import Category, tags
from bot.feeds.dates import read_date
from bot.feeds.links import absolute, as_written
from bot.feeds.markup import plain_line, plain_paragraphs
from bot.feeds.people import names
from bot.feeds.pictures import picture
from bot.feeds.rawnode import RawNode, node, nodes, text

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_PLAIN = "text/plain"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_LONGEST_LANGUAGE = 35
"""Characters that RFC 5646, 4.4.1, finds enough for any tag in use."""
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the document says for all its entries.

    Attributes:
        bases: Addresses that links are resolved against where no `xml:base` says otherwise.
        language: The feed's.
        is_atom: Whether texts have the types they say; in the RSS family all may be HTML.
    """

    bases: tuple[str | None, ...]
    language: str | None
    is_atom: bool


def read_entry(raw: RawNode, around: Surroundings, fragment: bytes) -> Entry:
    """Make an entry of feedparser's."""
    summary, body, markups = _texts(raw, around)
    published, updated = _dates(raw, around)
    title = node(raw, "title_detail")
    read = Entry(
        title=plain_line(text(raw, "title"), is_html=is_html(title, around)),
        guid=as_written(text(raw, "id")) or None,
        url=_url(raw, around),
        summary=summary,
        body=body,
        authors=names(_authors(raw)),
        published=published,
        updated=updated,
        tags=tags(Category(text(tag, "term"), text(tag, "label")) for tag in nodes(raw, "tags")),
        image=picture(raw, markups=markups, bases=around.bases),
        language=_language(raw, around, markups=(title, *markups)),
        fragment=fragment,
    )
    return bounded(read)


def read_language(written: str) -> str | None:
    """A BCP 47 tag in lower case; None for what has not its form, e.g. `English`."""
    tag = written.strip().lower().replace("_", "-")
    return tag if len(tag) <= _LONGEST_LANGUAGE and _LANGUAGE.fullmatch(tag) else None


def alternate(links: Sequence[RawNode], *bases: str | None) -> str | None:
    """The page that a feed or an entry is about: the first usable `alternate` link, HTML first."""
    pages = [link for link in links if text(link, "rel") in {"", "alternate"}]
    ranked = sorted(pages, key=lambda link: text(link, "type") not in _HTML)
    found = (absolute(text(link, "href"), *bases) for link in ranked)
    return next(filter(None, found), None)


def is_html(detail: RawNode, around: Surroundings) -> bool:
    """Whether a text is to be taken for HTML, by its type or by its format's custom."""
    return not around.is_atom or text(detail, "type") in _HTML


def _url(raw: RawNode, around: Surroundings) -> str | None:
    original = absolute(text(raw, "feedburner_origlink"), *around.bases)
    return original or alternate(nodes(raw, "links"), *around.bases) or _permalink(raw)


def _permalink(raw: RawNode) -> str | None:
    """The identifier, where it is an address and the feed does not say that it leads nowhere."""
    identifier = as_written(text(raw, "id"))
    # feedparser also says no where there is a link, were it an empty one.
    leads = bool(raw.get("guidislink", True)) or "link" in raw
    return absolute(identifier) if leads and _ADDRESS.match(identifier) else None


def _texts(raw: RawNode, around: Surroundings) -> tuple[str, str, Sequence[RawNode]]:
    """The summary, the body, and the raw texts they were made of.

    Of two equal texts the body is left out. A body is its own summary to feedparser if the entry
    has none; that one is left out instead. In the RSS family a plain-text content is most often
    the caption of a picture (`media:description`), so it stands in for a missing summary only.
    """
    contents = nodes(raw, "content")
    rich = [content for content in contents if text(content, "type") in _HTML]
    plain = [content for content in contents if text(content, "type") == _PLAIN]
    full = (rich or (plain if around.is_atom else []))[:1]
    detail = node(raw, "summary_detail")
    short = [detail] if detail else []
    if not text(detail, "value") and not full:
        short = plain[:1] or [{"value": text(raw, "summary"), "type": "text/html"}]
    summary = " ".join(_rendered(markup, around) for markup in short)
    body = "".join(_rendered(markup, around) for markup in full)
    summary = one_line(summary)
    return summary, "" if one_line(body) == summary else body, (*full, *short)


def _rendered(markup: RawNode, around: Surroundings) -> str:
    return plain_paragraphs(text(markup, "value"), is_html=is_html(markup, around))


def _authors(raw: RawNode) -> Iterator[str]:
    authors = nodes(raw, "authors")
    # feedparser takes an address apart at its fourth letter behind the dot: better whole.
    if len(authors) == 1:
        yield text(raw, "author")
    else:
        yield from (text(author, "name") for author in authors)


def _dates(raw: RawNode, around: Surroundings) -> tuple[datetime | None, datetime | None]:
    """When it was published and when updated; in the RSS family `dc:date` is the former too."""
    updated = _date(raw, "updated")
    published = _date(raw, "published") or _date(raw, "created")
    return published or (None if around.is_atom else updated), updated


def _date(raw: RawNode, key: str) -> datetime | None:
    hint = raw.get(f"{key}_parsed")
    return read_date(text(raw, key), hint=hint if isinstance(hint, time.struct_time) else None)


def _language(raw: RawNode, around: Surroundings, markups: Sequence[RawNode]) -> str | None:
    written = (text(raw, "language"), *(text(markup, "language") for markup in markups))
    return next(filter(None, map(read_language, written)), around.language)
