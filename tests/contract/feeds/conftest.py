"""What the fetcher is tried against: a publisher on loopback, and one that speaks bad HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
import pytest_asyncio

from bot.errors import FetchError
from bot.feeds.fetch import HttpFetcher
from bot.feeds.guard import Guard
from bot.ports import FetchRequest
from tests.fakes.publisher import Publisher

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LOOPBACK = Guard([ip_network("127.0.0.0/8")])
RawServer = Callable[[bytes], AbstractAsyncContextManager[str]]


class StoppedClock:
    """Always the same time."""

    def now(self) -> datetime:
        """The time it stopped at."""
        return NOW

    async def sleep(self, seconds: float) -> None:
        """Nobody may wait on it."""
        raise AssertionError(f"nothing here sleeps, but {seconds} s were asked for")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest_asyncio.fixture
async def publisher(clock: StoppedClock) -> AsyncIterator[Publisher]:
    async with Publisher(clock, hosts=3) as publisher:
        yield publisher


@pytest_asyncio.fixture
async def fetcher(clock: StoppedClock) -> AsyncIterator[HttpFetcher]:
    fetcher = HttpFetcher(guard=LOOPBACK, user_agent="newsbot/test", clock=clock)
    yield fetcher
    await fetcher.close()


@pytest.fixture
def raw_server() -> RawServer:
    """A server that answers every request with the same bytes and hangs up."""

    @asynccontextmanager
    async def serve(answer: bytes) -> AsyncIterator[str]:
        async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(respond, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            yield f"http://127.0.0.1:{port}/feed.xml"

    return serve


async def failure(fetcher: HttpFetcher, request: FetchRequest | str) -> FetchError:
    """The error a fetch ends in."""
    if isinstance(request, str):
        request = FetchRequest(url=request)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(request)
    assert caught.value.url == request.url
    return caught.value
