"""Documents: a fake feed's entries written out as RSS 2.0, Atom 1.0 or JSON Feed 1.1."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from xml.sax.saxutils import escape, quoteattr


class Form(StrEnum):
    """A feed format; the value is its media type."""

    RSS = "application/rss+xml; charset=utf-8"
    ATOM = "application/atom+xml; charset=utf-8"
    JSON = "application/feed+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeEntry:
    """One publication.

    Attributes:
        title: Plain text.
        guid: Its identifier.
        url: Its link.
        published: Aware.
        summary: Plain text.
        tags: The publisher's categories.
    """

    title: str
    guid: str
    url: str
    published: datetime
    summary: str = ""
    tags: tuple[str, ...] = ()


def write(form: Form, title: str, link: str, entries: Sequence[FakeEntry]) -> bytes:
    """Write a feed's document, in UTF-8."""
    writers = {Form.RSS: _rss, Form.ATOM: _atom, Form.JSON: _json}
    return writers[form](title, link, entries).encode()


def _rss(title: str, link: str, entries: Sequence[FakeEntry]) -> str:
    return "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            '<rss version="2.0"><channel>',
            f"<title>{escape(title)}</title><link>{escape(link)}</link>",
            "<description/>",
            *map(_rss_entry, entries),
            "</channel></rss>",
        )
    )


def _rss_entry(entry: FakeEntry) -> str:
    return "".join(
        (
            f"<item><title>{escape(entry.title)}</title><link>{escape(entry.url)}</link>",
            f'<guid isPermaLink="false">{escape(entry.guid)}</guid>',
            f"<pubDate>{format_datetime(entry.published)}</pubDate>",
            f"<description>{escape(entry.summary)}</description>",
            *(f"<category>{escape(tag)}</category>" for tag in entry.tags),
            "</item>",
        )
    )


def _atom(title: str, link: str, entries: Sequence[FakeEntry]) -> str:
    return "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom">',
            f"<title>{escape(title)}</title><id>{escape(link)}</id>",
            f"<link href={quoteattr(link)}/>",
            *map(_atom_entry, entries),
            "</feed>",
        )
    )


def _atom_entry(entry: FakeEntry) -> str:
    return "".join(
        (
            f"<entry><title>{escape(entry.title)}</title><id>{escape(entry.guid)}</id>",
            f"<link href={quoteattr(entry.url)}/>",
            f"<published>{entry.published.isoformat()}</published>",
            f"<updated>{entry.published.isoformat()}</updated>",
            f"<summary>{escape(entry.summary)}</summary>",
            *(f"<category term={quoteattr(tag)}/>" for tag in entry.tags),
            "</entry>",
        )
    )


def _json(title: str, link: str, entries: Sequence[FakeEntry]) -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": title,
            "home_page_url": link,
            "items": [
                {
                    "id": entry.guid,
                    "url": entry.url,
                    "title": entry.title,
                    "content_text": entry.summary or entry.title,
                    "date_published": entry.published.isoformat(),
                    "tags": list(entry.tags),
                }
                for entry in entries
            ],
        }
    )
