"""FakeFeed: one feed of a fake publisher, scripted by setting its attributes."""

import gzip
import hashlib
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from enum import StrEnum, auto

import brotli
from aiohttp import web

from bot.ports import Clock
from tests.fakes.documents import FakeEntry, Form, write


class Encoding(StrEnum):
    """A Content-Encoding, done rightly or wrongly."""

    IDENTITY = auto()
    GZIP = auto()
    DEFLATE = auto()
    RAW_DEFLATE = auto()
    """`deflate` without the zlib format around it, as some servers send it."""
    BROTLI = auto()


class Churn(StrEnum):
    """Something that differs in each answer though nothing new was published."""

    DATE = auto()
    GUID = auto()
    TRACKING = auto()


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as it arrived.

    Attributes:
        url: What was asked for.
        headers: As sent, looked up in any letter case.
        at: When, on the publisher's clock.
    """

    url: str
    headers: Mapping[str, str]
    at: datetime


Fault = Callable[["FakeFeed", web.Request], Awaitable[web.StreamResponse]]
"""What a feed does instead of answering: see `tests.fakes.faults`, or write a function."""


class FakeFeed:
    """One feed of the publisher; change its attributes at any time.

    Attributes:
        url: Its address.
        form: Its format.
        title: Its title.
        window: How many of its newest entries it shows.
        encoding: How its documents are compressed.
        validators: Whether it sends ETag and Last-Modified, and answers 304 by them.
        churn: What differs in each answer.
        headers: Sent with each document.
        fault: What it does instead of answering.
        entries: Newest first.
        requests: What was asked of it.
    """

    def __init__(self, url: str, *, form: Form, clock: Clock) -> None:
        self.url = url
        self.form = form
        self.title = f"News of {url}"
        self.window = 50
        self.encoding = Encoding.IDENTITY
        self.validators = True
        self.churn: frozenset[Churn] = frozenset()
        self.headers: dict[str, str] = {}
        self.fault: Fault | None = None
        self.entries: list[FakeEntry] = []
        self.requests: list[Hit] = []
        self._clock = clock
        self._changed = clock.now()
        self._published = 0

    def publish(
        self,
        title: str,
        *,
        summary: str = "",
        tags: tuple[str, ...] = (),
        guid: str | None = None,
        url: str | None = None,
        published: datetime | None = None,
    ) -> FakeEntry:
        """Publish an entry, now; its GUID and link are its own unless they are given."""
        self._published += 1
        entry = FakeEntry(
            title=title,
            guid=guid or f"{self.url}#{self._published}",
            url=url or f"{self.url}/{self._published}",
            published=published or self._clock.now(),
            summary=summary,
            tags=tags,
        )
        self.entries.insert(0, entry)
        self._changed = self._clock.now()
        return entry

    def revise(self, entry: FakeEntry, revised: FakeEntry) -> None:
        """Put a corrected entry in the place of one published before."""
        self.entries[self.entries.index(entry)] = revised
        self._changed = self._clock.now()

    def document(self) -> bytes:
        """The document it would serve now, not compressed."""
        shown = [self._churned(entry) for entry in self.entries[: self.window]]
        return write(self.form, self.title, self.url, shown)

    def answer(self, request: web.Request) -> web.Response:
        """Serve the document, or 304 if the client's validators allow it."""
        body = self.document()
        headers = {"Date": format_datetime(self._clock.now(), usegmt=True), **self.headers}
        if self.validators:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            headers["Last-Modified"] = format_datetime(self._changed, usegmt=True)
            if self._is_known(request, headers["ETag"]):
                return web.Response(status=304, headers=headers)
        body, name = _encode(body, self.encoding)
        if name:
            headers["Content-Encoding"] = name
        return web.Response(body=body, headers={"Content-Type": self.form.value, **headers})

    def _is_known(self, request: web.Request, etag: str) -> bool:
        # If-None-Match alone decides where it is sent, RFC 9110 §13.1.3.
        if asked := request.headers.get("If-None-Match"):
            return etag in asked
        since = request.headers.get("If-Modified-Since", "")
        return bool(since) and self._changed.replace(microsecond=0) <= parsedate_to_datetime(since)

    def _churned(self, entry: FakeEntry) -> FakeEntry:
        count = len(self.requests)
        if Churn.DATE in self.churn:
            entry = replace(entry, published=entry.published + timedelta(minutes=count))
        if Churn.GUID in self.churn:
            entry = replace(entry, guid=f"{entry.guid}.{count}")
        if Churn.TRACKING in self.churn:
            entry = replace(entry, url=f"{entry.url}?utm_source=rss&utm_campaign=c{count}")
        return entry


def _encode(body: bytes, encoding: Encoding) -> tuple[bytes, str]:
    match encoding:
        case Encoding.IDENTITY:
            return body, ""
        case Encoding.GZIP:
            return gzip.compress(body), "gzip"
        case Encoding.DEFLATE:
            return zlib.compress(body), "deflate"
        case Encoding.RAW_DEFLATE:
            return zlib.compress(body, wbits=-zlib.MAX_WBITS), "deflate"
        case Encoding.BROTLI:
            return bytes(brotli.compress(body)), "br"
