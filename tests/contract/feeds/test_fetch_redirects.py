from collections.abc import Sequence

import pytest
from aiohttp import web

from bot.errors import FetchFault
from bot.feeds.fetch import HttpFetcher
from bot.ports import FetchRequest
from tests.contract.feeds.conftest import failure
from tests.fakes.faults import Redirect, Status
from tests.fakes.feed import FakeFeed
from tests.fakes.publisher import Publisher


def chain(publisher: Publisher, statuses: Sequence[int]) -> list[FakeFeed]:
    """Feeds that lead from one to the next with these statuses; the last answers."""
    feeds = [publisher.feed(f"/{number}.xml") for number in range(len(statuses) + 1)]
    for feed, following, status in zip(feeds, feeds[1:], statuses, strict=False):
        feed.fault = Redirect(following.url, status)
    return feeds


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ([301], 1),
        ([308], 1),
        ([301, 308, 301], 3),
        ([302], None),
        ([303], None),
        ([307], None),
        ([301, 302], 1),
        ([301, 307, 301], 1),
        ([302, 301], None),
        ([301] * 10, 10),
    ],
)
async def test_a_move_is_an_unbroken_run_of_permanent_redirects(
    publisher: Publisher, fetcher: HttpFetcher, statuses: list[int], moved: int | None
) -> None:
    feeds = chain(publisher, statuses)

    result = await fetcher.fetch(FetchRequest(url=feeds[0].url))

    assert result.body == feeds[-1].document()
    assert result.url == feeds[-1].url
    assert result.moved_to == (None if moved is None else feeds[moved].url)


async def test_relative_redirects_are_followed_without_their_fragment(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    old, new = publisher.feed("/news/old.xml"), publisher.feed("/news/new.xml?page=1")
    old.fault = Redirect(" new.xml?page=1#top")

    result = await fetcher.fetch(FetchRequest(url=old.url))

    assert result.moved_to == result.url == new.url


async def test_validators_are_sent_to_where_a_redirect_leads(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    old, new = chain(publisher, [301])
    first = await fetcher.fetch(FetchRequest(url=old.url))

    again = await fetcher.fetch(FetchRequest(url=old.url, etag=first.etag))

    assert again.body is None
    assert again.moved_to == new.url


async def test_secret_headers_reach_their_own_origin_only(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    start = publisher.feed("/start.xml")
    beside = publisher.feed("/beside.xml")
    elsewhere = publisher.feed("/elsewhere.xml", host=1)
    home = publisher.feed("/home.xml")
    start.fault = Redirect(beside.url)
    beside.fault = Redirect(elsewhere.url)
    elsewhere.fault = Redirect(home.url)

    await fetcher.fetch(FetchRequest(url=start.url, headers={"Authorization": "Bearer abc"}))

    sent = [hit.headers.get("Authorization") for hit in publisher.requests]
    assert sent == ["Bearer abc", "Bearer abc", None, "Bearer abc"]


@pytest.mark.parametrize("length", [1, 2, 5])
async def test_a_circle_is_noticed_the_first_time_round(
    publisher: Publisher, fetcher: HttpFetcher, length: int
) -> None:
    feeds = chain(publisher, [301] * length)
    feeds[-1].fault = Redirect(feeds[0].url)

    error = await failure(fetcher, feeds[0].url)

    assert (error.fault, error.status) == (FetchFault.SERVER, 301)
    assert "in a circle" in str(error)
    assert len(publisher.requests) == length + 1


async def test_a_chain_without_end_is_left(publisher: Publisher, fetcher: HttpFetcher) -> None:
    feeds = chain(publisher, [302] * 11)

    error = await failure(fetcher, feeds[0].url)

    assert (error.fault, error.status) == (FetchFault.SERVER, 302)
    assert "more than 10 times" in str(error)
    assert feeds[-1].requests == []


async def test_a_redirect_to_nowhere_is_an_error(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    feed = publisher.feed("/world.xml")
    feed.fault = Status(302)

    error = await failure(fetcher, feed.url)

    assert error.fault is FetchFault.SERVER
    assert "does not say where to" in str(error)


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/feed.xml",
        "gopher://127.0.0.1:8000/1",
        "javascript:alert(1)",
        "http://user:sesame@127.0.0.1:8000/",
        "http://127.0.0.1:25/",
        "http://[::1",
        "http://127.0.0.1:99999/",
    ],
)
async def test_a_redirect_to_what_is_not_the_web_is_refused(
    publisher: Publisher, fetcher: HttpFetcher, target: str
) -> None:
    feed = publisher.feed("/world.xml")
    feed.fault = Redirect(target)

    error = await failure(fetcher, feed.url)

    assert error.fault is FetchFault.REFUSED
    assert str(error).startswith("127.0.1.1 redirects to an address that newsbot does not call")
    assert "sesame" not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "feed.xml",
        "/feed.xml",
        "file:///feed.xml",
        "http:///feed.xml",
        "https://user:sesame@news.example/feed.xml",
        "https://user@news.example/feed.xml",
        "https://news.example:22/feed.xml",
        "http://[::1/feed.xml",
        "",
    ],
)
async def test_a_feed_that_is_not_on_the_web_is_refused(fetcher: HttpFetcher, url: str) -> None:
    error = await failure(fetcher, url)

    assert error.fault is FetchFault.REFUSED
    assert str(error).startswith("this feed has an address that newsbot does not call")
    assert "sesame" not in str(error)


async def test_a_cookie_set_on_the_way_opens_the_door(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    async def consent(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        if request.cookies.get("consent") == "yes":
            return feed.answer(request)
        response = web.Response(status=302, headers={"Location": feed.url})
        response.set_cookie("consent", "yes")
        response.set_cookie("visitor", "a=b c")
        return response

    feed = publisher.feed("/world.xml")
    feed.fault = consent

    result = await fetcher.fetch(FetchRequest(url=feed.url, headers={"Cookie": "plan=paid"}))

    assert result.body == feed.document()
    assert (result.url, result.moved_to) == (feed.url, None)
    sent = feed.requests[1].headers["Cookie"]
    assert sent.startswith("plan=paid; ")
    assert "consent=yes" in sent


async def test_a_cookie_stays_with_the_host_that_set_it(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    other = publisher.feed("/other.xml", host=1)

    async def lead_away(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del feed, request
        response = web.Response(status=302, headers={"Location": other.url})
        response.set_cookie("visitor", "7")
        return response

    feed = publisher.feed("/world.xml")
    feed.fault = lead_away

    await fetcher.fetch(FetchRequest(url=feed.url))

    assert "Cookie" not in other.requests[0].headers


async def test_a_cookie_that_never_settles_is_a_circle_in_the_end(
    publisher: Publisher, fetcher: HttpFetcher
) -> None:
    async def count(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del request
        response = web.Response(status=302, headers={"Location": feed.url})
        response.set_cookie("visits", str(len(feed.requests)))
        return response

    feed = publisher.feed("/world.xml")
    feed.fault = count

    error = await failure(fetcher, feed.url)

    assert error.fault is FetchFault.SERVER
    assert len(feed.requests) == 11
