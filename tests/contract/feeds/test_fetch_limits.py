import asyncio
import gzip
import socket
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.errors import FetchFault
from bot.feeds.fetch import HttpFetcher
from bot.feeds.guard import Guard, IPNetwork
from bot.ports import FetchRequest
from tests.contract.feeds.conftest import LOOPBACK, StoppedClock, failure
from tests.fakes.faults import Redirect, Stall
from tests.fakes.feed import FakeFeed
from tests.fakes.publisher import Publisher


class FakeResolver(AbstractResolver):
    """Answers each question with the next list of addresses, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the next answer; none at all is an unknown name."""
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not answer:
            raise OSError(socket.EAI_NONAME, f"{host} is not known")
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in answer
        ]

    async def close(self) -> None:
        """Not to be called."""
        raise AssertionError("a resolver that was handed in is not the fetcher's to close")


def fetcher_for(
    clock: StoppedClock, *allowed: str, resolver: FakeResolver | None = None
) -> HttpFetcher:
    networks: list[IPNetwork] = [ip_network(network) for network in allowed]
    guard = Guard(networks)
    return HttpFetcher(guard=guard, user_agent="newsbot/test", clock=clock, resolver=resolver)


@asynccontextmanager
async def closing(fetcher: HttpFetcher) -> AsyncIterator[HttpFetcher]:
    try:
        yield fetcher
    finally:
        await fetcher.close()


def named(feed: FakeFeed) -> str:
    """The feed's address with a host name in the place of its number."""
    return feed.url.replace("127.0.1.1", "news.example")


async def test_a_private_address_is_not_called(publisher: Publisher, clock: StoppedClock) -> None:
    feed = publisher.feed("/world.xml")

    async with closing(fetcher_for(clock)) as fetcher:
        error = await failure(fetcher, feed.url)

    assert error.fault is FetchFault.REFUSED
    assert "127.0.1.1 is not public" in str(error)
    assert "NEWSBOT_ALLOW_PRIVATE_FEEDS" in str(error)
    assert publisher.requests == []


async def test_a_redirect_to_a_private_address_is_not_followed(
    publisher: Publisher, clock: StoppedClock
) -> None:
    feed, inside = publisher.feed("/world.xml"), publisher.feed("/inside.xml", host=1)
    feed.fault = Redirect(inside.url)

    async with closing(fetcher_for(clock, "127.0.1.1/32")) as fetcher:
        error = await failure(fetcher, feed.url)

    assert error.fault is FetchFault.REFUSED
    assert inside.requests == []


async def test_a_name_that_changes_its_mind_is_judged_each_time(
    publisher: Publisher, clock: StoppedClock
) -> None:
    async def hang_up(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        response = feed.answer(request)
        response.force_close()
        return response

    feed = publisher.feed("/world.xml")
    feed.fault = hang_up
    resolver = FakeResolver(["127.0.1.1"], ["127.0.1.2"])

    async with closing(fetcher_for(clock, "127.0.1.1/32", resolver=resolver)) as fetcher:
        await fetcher.fetch(FetchRequest(url=named(feed)))
        error = await failure(fetcher, named(feed))

    assert error.fault is FetchFault.REFUSED
    assert "news.example has the address 127.0.1.2" in str(error)


@pytest.mark.parametrize(
    "addresses", [["10.0.0.5"], ["10.0.0.5", "10.0.0.6"], ["fc00::5", "10.0.0.5", "::1"]]
)
async def test_a_name_with_private_addresses_only_is_refused(
    clock: StoppedClock, addresses: list[str]
) -> None:
    resolver = FakeResolver(addresses)

    async with closing(fetcher_for(clock, resolver=resolver)) as fetcher:
        error = await failure(fetcher, "http://news.example/world.xml")

    assert error.fault is FetchFault.REFUSED


async def test_of_a_names_addresses_only_those_admitted_are_called(
    publisher: Publisher, clock: StoppedClock
) -> None:
    feed = publisher.feed("/world.xml")
    resolver = FakeResolver(["10.0.0.5", "fc00::5", "127.0.1.1"])

    async with closing(fetcher_for(clock, "127.0.1.1/32", resolver=resolver)) as fetcher:
        result = await fetcher.fetch(FetchRequest(url=named(feed)))

    assert result.body == feed.document()


async def test_a_name_that_does_not_exist_is_an_error(clock: StoppedClock) -> None:
    async with closing(fetcher_for(clock, resolver=FakeResolver([]))) as fetcher:
        error = await failure(fetcher, "http://news.example/world.xml")

    assert error.fault is FetchFault.NETWORK
    assert "news.example cannot be found" in str(error)


async def test_a_bomb_is_never_unpacked(publisher: Publisher, fetcher: HttpFetcher) -> None:
    bomb = gzip.compress(bytes(200_000_000), compresslevel=1)

    async def throw(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del feed, request
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    feed = publisher.feed("/world.xml")
    feed.fault = throw
    tracemalloc.start()
    try:
        error = await failure(fetcher, feed.url)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert error.fault is FetchFault.TOO_LARGE
    assert "127.0.1.1 sends more than 5 MB" in str(error)
    assert peak < 20_000_000


async def test_a_document_larger_than_the_limit_is_left(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")
    feed.publish("Harbour reopens", summary="x" * 5_000_000)

    error = await failure(fetcher, feed.url)

    assert error.fault is FetchFault.TOO_LARGE


async def test_no_more_than_two_requests_are_at_a_host_at_a_time(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    pairs = {f"127.0.1.{number}": asyncio.Barrier(2) for number in (1, 2)}

    async def answer_in_pairs(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        await pairs[URL(feed.url).host or ""].wait()
        return feed.answer(request)

    feeds = [publisher.feed(f"/{number}.xml", host=number % 2) for number in range(12)]
    for feed in feeds:
        feed.fault = answer_in_pairs

    await asyncio.gather(*(fetcher.fetch(FetchRequest(url=feed.url)) for feed in feeds))

    assert publisher.busiest == {"127.0.1.1": 2, "127.0.1.2": 2}


async def test_redirects_wait_for_their_turn_at_the_host_they_lead_to(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    target = publisher.feed("/world.xml", host=2)
    feeds = [publisher.feed(f"/{number}.xml", host=number % 2) for number in range(8)]
    for feed in feeds:
        feed.fault = Redirect(target.url)

    await asyncio.gather(*(fetcher.fetch(FetchRequest(url=feed.url)) for feed in feeds))

    assert len(target.requests) == 8
    assert publisher.busiest["127.0.1.3"] <= 2


async def test_waiting_for_a_turn_is_not_counted_as_slowness(
    publisher: Publisher, clock: StoppedClock
) -> None:
    feed = publisher.feed("/world.xml")
    feed.fault = Stall()
    fetcher = HttpFetcher(
        guard=LOOPBACK, user_agent="newsbot/test", clock=clock, timeout=0.2, per_host=1
    )

    async with closing(fetcher):
        await asyncio.gather(*(failure(fetcher, feed.url) for _ in range(3)))

    assert len(feed.requests) == 3


async def test_a_cancelled_fetch_gives_its_turn_back(
    publisher: Publisher, clock: StoppedClock
) -> None:
    arrived, left = asyncio.Event(), asyncio.Event()

    async def wait(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del feed, request
        arrived.set()
        try:
            return await asyncio.Future()
        finally:
            left.set()

    slow, quick = publisher.feed("/slow.xml"), publisher.feed("/quick.xml")
    slow.fault = wait
    fetcher = HttpFetcher(guard=LOOPBACK, user_agent="newsbot/test", clock=clock, per_host=1)

    async with closing(fetcher):
        first = asyncio.create_task(fetcher.fetch(FetchRequest(url=slow.url)))
        waiting = asyncio.create_task(fetcher.fetch(FetchRequest(url=quick.url)))
        await arrived.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        result = await waiting
        await left.wait()

    assert result.body == quick.document()


async def test_feeds_of_one_host_share_a_connection(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    ports: set[int] = set()

    async def note_port(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return feed.answer(request)

    for number in range(3):
        feed = publisher.feed(f"/{number}.xml")
        feed.fault = note_port
        await fetcher.fetch(FetchRequest(url=feed.url))

    assert len(ports) == 1
