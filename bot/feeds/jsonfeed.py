"""JSON Feed, versions 1.0 and 1.1 (jsonfeed.org), read by its own model.

Nothing in a document can make the model refuse it: a field of the wrong type counts as absent, an
item that is no object is left out. Feeds written by hand have numbers for identifiers, one object
where a list belongs, `null` for everything.
"""

import json
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, BeforeValidator

from bot.domain.entry import Entry, ParsedFeed
from bot.domain.text import one_line
from bot.feeds.bounds import ENTRIES, TITLE, bounded, clipped
from bot.feeds.categories import Category, tags
from bot.feeds.charset import settle
from bot.feeds.dates import read_date
from bot.feeds.fragments import digest
from bot.feeds.links import absolute
from bot.feeds.markup import pictures, plain_line, plain_paragraphs
from bot.feeds.people import names
from bot.feeds.xmlentry import read_language

_VERSIONS = {"1": "json1", "1.0": "json1", "1.1": "json11"}
_ADDRESSES = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")

_MOST_DIGITS = 100


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _objects(value: object) -> list[object]:
    return [each for each in _listed(value) if isinstance(each, dict)]


def _texts(value: object) -> list[str]:
    return [text for text in map(_written, _listed(value)) if text]


_Text = Annotated[str, BeforeValidator(_written)]
_Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class _Author(BaseModel):
    name: _Text = ""


class _Attachment(BaseModel):
    url: _Text = ""
    mime_type: _Text = ""


_Authors = Annotated[tuple[_Author, ...], BeforeValidator(_objects)]


class _Item(BaseModel):
    id: _Text = ""
    url: _Text = ""
    external_url: _Text = ""
    title: _Text = ""
    content_html: _Text = ""
    content_text: _Text = ""
    summary: _Text = ""
    image: _Text = ""
    banner_image: _Text = ""
    date_published: _Text = ""
    date_modified: _Text = ""
    language: _Text = ""
    tags: _Texts = ()
    author: _Authors = ()
    authors: _Authors = ()
    attachments: Annotated[tuple[_Attachment, ...], BeforeValidator(_objects)] = ()


class _Document(BaseModel):
    version: _Text = ""
    title: _Text = ""
    home_page_url: _Text = ""
    language: _Text = ""
    items: Annotated[tuple[dict[str, object], ...], BeforeValidator(_objects)] = ()


def read_json(body: bytes, *, url: str, known: frozenset[bytes]) -> ParsedFeed | None:
    """Read a document, leaving out items whose digest is known.

    Returns:
        None where the document is JSON but no JSON Feed: neither its version nor a list of items.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested deeper than any feed.
    """
    # Line breaks inside of strings are not legal, and not rare.
    text = settle(body, "")[0].decode(errors="replace")
    content = json.loads(text, strict=False, parse_int=_number)
    if not _is_feed(content):
        return None
    document = _Document.model_validate(content)
    digested = [(_digest(item), item) for item in document.items[:ENTRIES]]
    link = absolute(document.home_page_url, url)
    language = read_language(document.language)
    return ParsedFeed(
        title=clipped(plain_line(document.title, is_html=False), TITLE),
        link=link,
        language=language,
        entries=tuple(
            _entry(_Item.model_validate(item), (link, url), language, fragment)
            for fragment, item in digested
            if fragment not in known
        ),
        fragments=frozenset(fragment for fragment, _ in digested),
        left_out=len(document.items) - len(digested),
        version=_version(document.version),
    )


def _is_feed(content: object) -> bool:
    if not isinstance(content, dict):
        return False
    version = content.get("version")
    if isinstance(version, str) and version.startswith(_ADDRESSES):
        return True
    return isinstance(content.get("items"), list) and bool(content.get("title"))


def _version(written: str) -> str:
    return _VERSIONS.get(written.rpartition("/")[2], "json")


def _number(digits: str) -> int | str:
    """A number; its digits where it has more than Python is willing to count with."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _digest(item: dict[str, object]) -> bytes:
    return digest(json.dumps(item).encode())


def _entry(
    item: _Item, bases: tuple[str | None, ...], language: str | None, fragment: bytes
) -> Entry:
    summary = one_line(plain_paragraphs(item.summary, is_html=False))
    content = item.content_html or item.content_text
    body = plain_paragraphs(content, is_html=bool(item.content_html))
    images = (absolute(picture, *bases) for picture in _pictures(item))
    read = Entry(
        title=plain_line(item.title, is_html=False),
        guid=item.id or None,
        url=absolute(item.url, *bases) or absolute(item.external_url, *bases) or absolute(item.id),
        summary=summary,
        body="" if body == summary else body,
        authors=names(author.name for author in (*item.authors, *item.author)),
        published=read_date(item.date_published),
        updated=read_date(item.date_modified),
        tags=tags(map(Category, item.tags)),
        image=next(filter(None, images), None),
        language=read_language(item.language) or language,
        fragment=fragment,
    )
    return bounded(read)


def _pictures(item: _Item) -> Iterator[str]:
    yield from (item.image, item.banner_image)
    for attachment in item.attachments:
        if attachment.mime_type.startswith("image/"):
            yield attachment.url
    yield from pictures(item.content_html)
