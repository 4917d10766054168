"""Faults: the ways in which a fake publisher's feed does not answer as it should."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes.feed import FakeFeed


@dataclass(frozen=True, slots=True)
class Status:
    """Answers nothing but this status."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        """Send the status."""
        del feed, request
        return web.Response(status=self.status, headers=self.headers)


@dataclass(frozen=True, slots=True)
class Page:
    """Answer with a web page."""

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del feed, request
        return web.Response(text="<!doctype html><title>News</title>", content_type="text/html")


@dataclass(frozen=True, slots=True)
class Redirect:
    """Leads elsewhere: permanently by default, for the time being with 302, 303 or 307."""

    to: str
    status: int = 301

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        """Send the redirect."""
        del feed, request
        return web.Response(status=self.status, headers={"Location": self.to})


@dataclass(frozen=True, slots=True)
class Cut:
    """Breaks the connection half-way through the document."""

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        """Send half, then break off."""
        response = await _half(feed, request)
        assert request.transport is not None
        request.transport.abort()
        return response


@dataclass(frozen=True, slots=True)
class Stall:
    """Sends half the document, then nothing until the client leaves."""

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        """Send half, then wait."""
        response = await _half(feed, request)
        await asyncio.Event().wait()
        return response


@dataclass(frozen=True, slots=True)
class Drip:
    """Sends white space until the client leaves, a byte at a time.

    Attributes:
        interval: Seconds, real ones, between two bytes.
    """

    interval: float = 0.01

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        """Send bytes without end."""
        del feed
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(self.interval)


async def _half(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
    body = feed.document()
    response = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    return response
