import asyncio
import socket
import struct
from datetime import timedelta

import pytest
from aiohttp import web

from bot.errors import FetchFault
from bot.feeds.fetch import HttpFetcher
from tests.contract.feeds.conftest import LOOPBACK, RawServer, StoppedClock, failure
from tests.fakes.faults import Cut, Drip, Stall, Status
from tests.fakes.feed import FakeFeed
from tests.fakes.publisher import Publisher

WAIT = {"Retry-After": "120"}
UNTIL = {
    "Retry-After": "Mon, 02 Mar 2026 12:02:00 GMT",
    "Date": "Mon, 02 Mar 2026 12:00:00 GMT",
}


@pytest.mark.parametrize(
    ("answer", "fault", "words"),
    [
        (Status(401), FetchFault.DENIED, "check the feed's headers in feeds.yaml"),
        (Status(403), FetchFault.DENIED, "does not let newsbot in (403)"),
        (Status(403, WAIT), FetchFault.DENIED, "does not let newsbot in (403)"),
        (Status(404), FetchFault.NOT_FOUND, "has no feed at this address (404)"),
        (Status(410), FetchFault.GONE, "says this feed is gone for good (410)"),
        (Status(429), FetchFault.THROTTLED, "asks newsbot to come less often (429)"),
        (Status(429, WAIT), FetchFault.THROTTLED, "asks newsbot to stay away for 120 s (429)"),
        (Status(429, UNTIL), FetchFault.THROTTLED, "asks newsbot to stay away for 120 s (429)"),
        (Status(503, WAIT), FetchFault.THROTTLED, "asks newsbot to stay away for 120 s (503)"),
        (Status(503, UNTIL), FetchFault.THROTTLED, "asks newsbot to stay away for 120 s (503)"),
        (Status(503), FetchFault.SERVER, "answered 503 instead of a feed"),
        (Status(500, WAIT), FetchFault.SERVER, "answered 500 instead of a feed"),
        (Status(400), FetchFault.SERVER, "answered 400 instead of a feed"),
        (Status(300), FetchFault.SERVER, "answered 300 instead of a feed"),
    ],
)
async def test_each_status_says_what_happened_and_what_to_do(
    publisher: Publisher,
    fetcher: HttpFetcher,
    answer: Status,
    fault: FetchFault,
    words: str,
) -> None:
    feed = publisher.feed("/world.xml?key=sesame")
    feed.fault = answer

    error = await failure(fetcher, feed.url)

    assert (error.fault, error.status) == (fault, answer.status)
    assert error.retry_after == (timedelta(minutes=2) if answer.headers else None)
    assert str(error).startswith("127.0.1.1 ")
    assert words in str(error)
    assert "sesame" not in str(error)


async def test_a_document_cut_short_is_an_error(publisher: Publisher, fetcher: HttpFetcher) -> None:
    feed = publisher.feed("/world.xml")
    feed.publish("Harbour reopens after the storm")
    feed.fault = Cut()

    error = await failure(fetcher, feed.url)

    assert error.fault is FetchFault.NETWORK
    assert "broke off in the middle of its answer" in str(error)


@pytest.mark.parametrize("fault", [Stall(), Drip()])
async def test_an_answer_that_does_not_end_is_cut_at_the_time_limit(
    publisher: Publisher, clock: StoppedClock, fault: Stall | Drip
) -> None:
    feed = publisher.feed("/world.xml")
    feed.fault = fault
    fetcher = HttpFetcher(guard=LOOPBACK, user_agent="newsbot/test", clock=clock, timeout=0.3)

    error = await failure(fetcher, feed.url)
    await fetcher.close()

    assert error.fault is FetchFault.NETWORK
    assert "127.0.1.1 did not answer within 0.3 s" in str(error)


async def test_the_time_limit_counts_all_redirects_together(
    publisher: Publisher, clock: StoppedClock
) -> None:
    async def dawdle(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del request
        await asyncio.sleep(0.1)
        response = web.Response(status=302, headers={"Location": feed.url})
        response.set_cookie("visits", str(len(feed.requests)))
        return response

    feed = publisher.feed("/world.xml")
    feed.fault = dawdle
    fetcher = HttpFetcher(guard=LOOPBACK, user_agent="newsbot/test", clock=clock, timeout=0.35)

    error = await failure(fetcher, feed.url)
    await fetcher.close()

    assert "did not answer within 0.35 s" in str(error)
    assert len(feed.requests) < 6


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\r\nNo colon here\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 70_000 + b"\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n<rss/>",
    ],
)
async def test_an_answer_that_is_not_http_is_an_error(
    fetcher: HttpFetcher, raw_server: RawServer, answer: bytes
) -> None:
    async with raw_server(answer) as url:
        error = await failure(fetcher, url)

    assert error.fault is FetchFault.NETWORK
    assert "not in valid HTTP" in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\3\xb3",
    ],
)
async def test_a_document_that_cannot_be_whole_is_an_error(
    fetcher: HttpFetcher, raw_server: RawServer, answer: bytes
) -> None:
    async with raw_server(answer) as url:
        error = await failure(fetcher, url)

    assert error.fault is FetchFault.NETWORK
    assert "broke off in the middle of its answer, or garbled it" in str(error)


async def test_a_garbled_chunk_is_an_error(fetcher: HttpFetcher, raw_server: RawServer) -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsix\r\n<rss/>\r\n"
    async with raw_server(answer) as url:
        error = await failure(fetcher, url)

    assert error.fault is FetchFault.NETWORK


async def test_a_server_that_hangs_up_at_once_is_an_error(
    fetcher: HttpFetcher, raw_server: RawServer
) -> None:
    async with raw_server(b"") as url:
        error = await failure(fetcher, url)

    assert error.fault is FetchFault.NETWORK
    assert "hung up without an answer" in str(error)


async def test_a_connection_reset_is_an_error(publisher: Publisher, fetcher: HttpFetcher) -> None:
    async def reset(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del feed
        assert request.transport is not None
        at_once = struct.pack("ii", 1, 0)
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        request.transport.abort()
        return web.Response()

    feed = publisher.feed("/world.xml")
    feed.fault = reset

    error = await failure(fetcher, feed.url)

    assert error.fault is FetchFault.NETWORK
    assert "lost the connection" in str(error)


async def test_a_connection_not_accepted_is_an_error(
    fetcher: HttpFetcher, raw_server: RawServer
) -> None:
    async with raw_server(b"") as url:
        pass

    error = await failure(fetcher, url)

    assert error.fault is FetchFault.NETWORK
    assert "cannot be reached" in str(error)


async def test_a_server_without_tls_is_not_trusted(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")

    error = await failure(fetcher, feed.url.replace("http:", "https:"))

    assert error.fault is FetchFault.NETWORK
    assert "cannot be trusted" in str(error)


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "news..example"])
async def test_a_host_that_cannot_have_such_a_name_is_refused(
    fetcher: HttpFetcher, host: str
) -> None:
    error = await failure(fetcher, f"http://{host}/feed.xml")

    assert error.fault is FetchFault.REFUSED
    assert "is not a name a host can have" in str(error)
