from datetime import timedelta

import pytest
from aiohttp import web

from bot.errors import FetchFault
from bot.feeds.fetch import HttpFetcher
from bot.ports import FetchRequest
from tests.contract.feeds.conftest import RawServer, failure
from tests.fakes.faults import Status
from tests.fakes.feed import Encoding, FakeFeed
from tests.fakes.publisher import Publisher


async def test_a_document_comes_with_its_type_and_validators(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")
    feed.publish("Harbour reopens after the storm")

    result = await fetcher.fetch(FetchRequest(url=feed.url))

    assert result.body == feed.document()
    assert result.url == feed.url
    assert result.content_type == "application/rss+xml; charset=utf-8"
    assert result.etag is not None
    assert result.last_modified == "Mon, 02 Mar 2026 12:00:00 GMT"
    assert (result.max_age, result.moved_to) == (None, None)


@pytest.mark.parametrize("kept", ["etag", "last_modified"])
async def test_what_has_not_changed_is_not_sent_again(
    publisher: Publisher, fetcher: HttpFetcher, kept: str
) -> None:
    feed = publisher.feed("/world.xml")
    feed.publish("Harbour reopens after the storm")
    first = await fetcher.fetch(FetchRequest(url=feed.url))
    request = FetchRequest(url=feed.url, **{kept: getattr(first, kept)})

    again = await fetcher.fetch(request)

    assert again.body is None
    assert (again.etag, again.last_modified) == (first.etag, first.last_modified)


async def test_what_has_changed_is_sent_again(publisher: Publisher, fetcher: HttpFetcher) -> None:
    feed = publisher.feed("/world.xml")
    first = await fetcher.fetch(FetchRequest(url=feed.url))
    feed.publish("Harbour reopens after the storm")
    request = FetchRequest(url=feed.url, etag=first.etag, last_modified=first.last_modified)

    again = await fetcher.fetch(request)

    assert again.body == feed.document()
    assert again.etag != first.etag


async def test_validators_left_out_of_a_304_stay_as_they_were(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")
    feed.fault = Status(304)
    request = FetchRequest(url=feed.url, etag='"a"', last_modified="yesterday, or so")

    result = await fetcher.fetch(request)

    assert (result.body, result.etag, result.last_modified) == (None, '"a"', "yesterday, or so")


async def test_a_304_that_was_not_asked_for_is_an_error(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")
    feed.fault = Status(304)

    error = await failure(fetcher, feed.url)

    assert (error.fault, error.status) == (FetchFault.SERVER, 304)


@pytest.mark.parametrize("encoding", Encoding)
async def test_documents_are_decompressed(
    publisher: Publisher, fetcher: HttpFetcher, encoding: Encoding
) -> None:
    feed = publisher.feed("/world.xml")
    feed.publish("Harbour reopens after the storm")
    feed.encoding = encoding

    result = await fetcher.fetch(FetchRequest(url=feed.url))

    assert result.body == feed.document()


async def test_freshness_is_reported_for_documents_and_304s(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")
    feed.headers = {"Cache-Control": "public, max-age=900", "Age": "300"}

    first = await fetcher.fetch(FetchRequest(url=feed.url))
    again = await fetcher.fetch(FetchRequest(url=feed.url, etag=first.etag))

    assert first.max_age == again.max_age == timedelta(minutes=10)


async def test_we_say_who_we_are_and_what_we_read(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")

    await fetcher.fetch(FetchRequest(url=feed.url, headers={"X-Key": "abc"}))

    headers = feed.requests[0].headers
    assert headers["User-Agent"] == "newsbot/test"
    assert headers["Accept-Encoding"] == "gzip, deflate, br"
    assert headers["X-Key"] == "abc"
    assert "application/atom+xml" in headers["Accept"]
    assert "If-None-Match" not in headers
    assert "If-Modified-Since" not in headers


async def test_a_header_with_a_line_break_is_refused_unsaid(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")

    error = await failure(fetcher, FetchRequest(url=feed.url, headers={"X-Key": "sesame\n"}))

    assert error.fault is FetchFault.REFUSED
    assert "sesame" not in str(error)
    assert feed.requests == []


async def test_validators_that_cannot_be_sent_back_are_dropped(
    fetcher: HttpFetcher, raw_server: RawServer
) -> None:
    answer = (
        b'HTTP/1.1 200 OK\r\nETag: "caf\xe9"\r\nLast-Modified: \xf0\x9f\x95\x90\r\n'
        b"Content-Length: 6\r\n\r\n<rss/>"
    )
    async with raw_server(answer) as url:
        result = await fetcher.fetch(FetchRequest(url=url))

    assert (result.body, result.etag, result.last_modified) == (b"<rss/>", None, None)
    assert result.content_type == ""


async def test_headers_as_long_as_publishers_make_them_are_read(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")
    feed.headers = {"Content-Security-Policy": "https://cdn.example " * 2_000}

    result = await fetcher.fetch(FetchRequest(url=feed.url))

    assert result.body == feed.document()


async def test_cookies_do_not_outlive_a_fetch(publisher: Publisher, fetcher: HttpFetcher) -> None:
    async def set_cookie(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        response = feed.answer(request)
        response.set_cookie("visitor", "7")
        return response

    feed = publisher.feed("/world.xml")
    feed.fault = set_cookie

    await fetcher.fetch(FetchRequest(url=feed.url))
    await fetcher.fetch(FetchRequest(url=feed.url))

    assert "Cookie" not in feed.requests[1].headers


async def test_the_fetcher_can_be_closed_unused_and_twice(fetcher: HttpFetcher) -> None:
    await fetcher.close()
    await fetcher.close()
