"""Client: discord.py's client, with a time limit on requests and addresses that can be moved.

discord.py keeps its addresses in class attributes, which every client in the process shares. Here
each client has its own: requests, the gateway's socket and the answers to commands all pass one
place where the address is exchanged.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route
from discord.state import ConnectionState
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.in_time import TooLateError, unwrapped, watch

REQUEST_TIMEOUT = timedelta(seconds=30)
_CONNECT_TIMEOUT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(seconds=30)
"""For a rate limit; longer waits are left to whoever asked. discord.py takes no less than 30 s."""
_OK, _REDIRECT, _SERVER_ERROR = 200, 300, 500


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where Discord is.

    Attributes:
        api: Instead of `https://discord.com/api/v10`; None for that.
        gateway: Instead of the gateway's address; None for the one Discord names.
    """

    api: str | None = None
    gateway: str | None = None

    def moved(self, url: str) -> str:
        """The address of a request, moved."""
        if self.api is None:
            return url
        return self.api.rstrip("/") + url.removeprefix(Route.BASE)

    def moved_gateway(self, url: str) -> str:
        """The address of the gateway's socket, moved; its query is kept."""
        if self.gateway is None:
            return url
        return f"{self.gateway}?{url.partition('?')[2]}"


_may_repeat: ContextVar[bool] = ContextVar("may_repeat", default=True)


@contextmanager
def never_twice() -> Iterator[None]:
    """Within the block, in this task, what may have been carried out is not asked for again.

    For requests of which Discord knows no repeat.
    """
    token = _may_repeat.set(False)
    try:
        yield
    finally:
        _may_repeat.reset(token)


class DoubtfulError(discord.DiscordException):
    """A request failed after one attempt at it may have been carried out.

    discord.py tries again by itself; the last attempt's failure says nothing about the first.
    """


@dataclass(slots=True)
class _Attempts:
    """What became of the attempts at one request."""

    doubtful: bool = False


def _tracing() -> aiohttp.TraceConfig:
    async def begins(
        _: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceRequestStartParams
    ) -> None:
        attempts = context.trace_request_ctx
        if isinstance(attempts, _Attempts) and attempts.doubtful and not _may_repeat.get():
            raise TooLateError("It may have been done; nothing more was sent.")

    async def ended(
        _: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        status = params.response.status
        if status >= _SERVER_ERROR or _OK <= status < _REDIRECT:
            _doubt(context)

    async def failed(
        _: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestExceptionParams,
    ) -> None:
        error = params.exception
        if not (isinstance(error, Exception) and isinstance(unwrapped(error), NEVER_SENT)):
            _doubt(context)

    trace = watch(aiohttp.TraceConfig())
    trace.on_request_start.append(begins)
    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace


def _doubt(context: SimpleNamespace) -> None:
    attempts = context.trace_request_ctx
    if isinstance(attempts, _Attempts):
        attempts.doubtful = True


NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, TooLateError)
"""Failures from before a request left."""


class _HTTPClient(HTTPClient):
    def __init__(self, *, addresses: Addresses, timeout: timedelta, **options: Any) -> None:  # noqa: ANN401 - handed on
        super().__init__(**options)
        self._addresses = addresses
        self._timeout = aiohttp.ClientTimeout(
            total=timeout.total_seconds(), sock_connect=_CONNECT_TIMEOUT.total_seconds()
        )
        self._sockets: list[aiohttp.ClientWebSocketResponse] = []

    async def request(
        self,
        route: Route,
        *,
        files: Sequence[discord.File] | None = None,
        form: Iterable[dict[str, Any]] | None = None,
        **kwargs: Any,  # noqa: ANN401 - handed on
    ) -> Any:  # noqa: ANN401 - discord.py's own
        route.url = self._addresses.moved(route.url)
        attempts = _Attempts()
        kwargs |= {"timeout": self._timeout, "trace_request_ctx": attempts}
        try:
            return await super().request(route, files=files, form=form, **kwargs)
        except (discord.DiscordException, aiohttp.ClientError, OSError, ValueError) as error:
            known = unwrapped(error)
            if attempts.doubtful:
                raise DoubtfulError(str(known) or type(known).__name__) from known
            if known is not error:
                raise known from None
            raise

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        socket = await super().ws_connect(self._addresses.moved_gateway(url), compress=compress)
        self._sockets = [*(known for known in self._sockets if not known.closed), socket]
        return socket

    async def close(self) -> None:
        """Close, and with it the sockets that discord.py loses where its hello is broken off."""
        await super().close()
        for socket in self._sockets:
            await socket.close()


class _WebhookAdapter(AsyncWebhookAdapter):
    """Sends the answers to commands, which discord.py does not pass through its HTTP client."""

    def __init__(self, addresses: Addresses) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._addresses = addresses

    async def request(self, route: Route, session: aiohttp.ClientSession, **kwargs: Any) -> Any:  # noqa: ANN401 - handed on
        route.url = self._addresses.moved(route.url)
        return await super().request(route, session, **kwargs)


class NewsbotClient(discord.Client):
    """A client with least intents, no caches of messages, and its own addresses."""

    def __init__(self, *, addresses: Addresses, timeout: timedelta = REQUEST_TIMEOUT) -> None:
        self._addresses = addresses
        self._timeout = timeout
        # newsbot does not speak: two warnings less that the libraries for it are missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        # discord.py logs bodies, and with them the tokens of commands, at DEBUG.
        library = logging.getLogger("discord")
        library.setLevel(max(library.level, logging.INFO))
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            # Nothing waits for the guilds' list; a longer wait outlives a client closed early.
            guild_ready_timeout=0,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    def _get_state(self, **options: Any) -> ConnectionState[discord.Client]:  # type: ignore[override]  # noqa: ANN401 - handed on
        self.http = _HTTPClient(
            addresses=self._addresses,
            timeout=self._timeout,
            loop=self.loop,
            http_trace=_tracing(),
            max_ratelimit_timeout=_LONGEST_WAIT.total_seconds(),
        )
        return super()._get_state(**options)

    def answer_by_own_addresses(self) -> None:
        """Send answers to commands by this client's addresses, in this task and its children."""
        if self._addresses.api is not None:
            async_context.set(_WebhookAdapter(self._addresses))
