"""Fetcher: asks a publisher's server for a document, conditionally, over HTTP."""

import asyncio
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict

from bot.errors import FetchError, FetchFault
from bot.feeds.encoding import ACCEPTED, Body
from bot.feeds.faults import status_fault, translated
from bot.feeds.freshness import max_age
from bot.feeds.guard import Guard
from bot.feeds.redirects import REDIRECTS, Trail
from bot.feeds.turns import Turns
from bot.ports import Clock, FetchRequest, FetchResult

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.8, */*;q=0.5"
)
_KEPT_OPEN = 2.0
"""Seconds. Long enough for the next feed of the same host in a burst of polls or the next hop of
a redirect; kept for longer, connections to 2,000 hosts hold 791 MB."""

_LONGEST_HEADER = 64 * 1024
"""Bytes. Some publishers' security policies pass the 8 KB that aiohttp allows by default."""


class HttpFetcher:
    """Fetches over HTTP/1.1 with one aiohttp client.

    No HTTP proxy is used, whatever the environment says: behind one the guard could not see which
    address is called. Cookies do not outlive a fetch.
    """

    def __init__(
        self,
        *,
        guard: Guard,
        user_agent: str,
        clock: Clock,
        timeout: float = 20.0,
        limit: int = 5_000_000,
        per_host: int = 2,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """Configure; nothing is opened before the first fetch.

        Args:
            guard: Judges every address that is about to be connected to.
            user_agent: Who we are and where to read about us.
            clock: Measures dates in answers that carry none of their own.
            timeout: Seconds for the whole of a fetch: names, connections, redirects and body, but
                not the wait for a turn at the host.
            limit: Bytes of a document, decompressed.
            per_host: Requests to one host at a time.
            resolver: Looks names up; the system's by default.
        """
        self._guard = guard
        self._user_agent = user_agent
        self._clock = clock
        self._timeout = timeout
        self._limit = limit
        self._turns = Turns(per_host)
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Ask once, following redirects.

        Raises:
            FetchError: No document could be had.
        """
        trail = Trail(request.url)
        loop = asyncio.get_running_loop()
        left = self._timeout
        while True:
            async with self._turns.take(trail.host):
                began = loop.time()
                with translated(request.url, trail.host, timeout=self._timeout, limit=self._limit):
                    async with asyncio.timeout(left):
                        result = await self._step(request, trail)
                left -= loop.time() - began
            if result is not None:
                return result

    async def close(self) -> None:
        """Let go of all connections; fetches under way fail."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _step(self, request: FetchRequest, trail: Trail) -> FetchResult | None:
        """Ask the trail's current address; None where it leads on to another."""
        async with self._client().get(
            trail.url, headers=_headers(request, trail), allow_redirects=False
        ) as response:
            if response.status in REDIRECTS:
                trail.follow(response.status, response.headers.get("Location"), response.cookies)
                return None
            return await self._result(request, trail, response)

    async def _result(
        self, request: FetchRequest, trail: Trail, response: aiohttp.ClientResponse
    ) -> FetchResult:
        now = self._clock.now()
        body = None
        if response.status != HTTPStatus.NOT_MODIFIED or not _is_conditional(request):
            if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                raise status_fault(request.url, trail.host, response.status, response.headers, now)
            body = await self._read(response)
        return FetchResult(
            url=trail.address,
            body=body,
            content_type=_header(response, "Content-Type") or "",
            # A server may leave out of its 304 what has not changed.
            etag=_header(response, "ETag") or (request.etag if body is None else None),
            last_modified=_header(response, "Last-Modified")
            or (request.last_modified if body is None else None),
            max_age=max_age(response.headers, now),
            moved_to=trail.moved_to,
        )

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = Body(response.headers.get("Content-Encoding", ""), limit=self._limit)
        async for chunk in response.content.iter_any():
            body.feed(chunk)
        return body.finish()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=self._guard.socket,
                    resolver=self._resolver,
                    # A stale address is worth nothing to the next poll, minutes later.
                    use_dns_cache=False,
                    keepalive_timeout=_KEPT_OPEN,
                    limit=0,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={
                    "User-Agent": self._user_agent,
                    "Accept": _ACCEPT,
                    "Accept-Encoding": ACCEPTED,
                },
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
                max_line_size=_LONGEST_HEADER,
                max_field_size=_LONGEST_HEADER,
            )
        return self._session


def _is_conditional(request: FetchRequest) -> bool:
    return request.etag is not None or request.last_modified is not None


def _headers(request: FetchRequest, trail: Trail) -> CIMultiDict[str]:
    headers = CIMultiDict(request.headers if trail.at_home else {})
    if any(set(name + value) & set("\r\n\0") for name, value in headers.items()):
        text = "a header of this feed holds a line break: correct it in feeds.yaml or .env"
        raise FetchError(request.url, text, fault=FetchFault.REFUSED)
    if request.etag is not None:
        headers["If-None-Match"] = request.etag
    if request.last_modified is not None:
        headers["If-Modified-Since"] = request.last_modified
    if cookies := trail.cookies:
        headers["Cookie"] = "; ".join(filter(None, (headers.get("Cookie"), cookies)))
    return headers


def _header(response: aiohttp.ClientResponse, name: str) -> str | None:
    """A header to be stored and sent back, or None where its bytes are not fit for that."""
    value = response.headers.get(name, "")
    return value if value and value.isascii() and value.isprintable() else None
