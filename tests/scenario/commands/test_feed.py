"""`/news feed add` and `remove`: from an address to alerts of the one workspace, over real HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from aiohttp import web

from bot.commands.reply import Button, Reply
from bot.domain.channel import Channel, Platform
from bot.feeds.discover import named_feeds
from bot.feeds.fetch import HttpFetcher
from bot.feeds.guard import Guard
from bot.ports.chat import AddedFeed, AskedKind
from bot.services.find_feed import FindFeed
from tests.fakes.asking import HERE, STRANGER, THERE, Newsroom, button, headlines
from tests.fakes.clock import FakeClock
from tests.fakes.feed import FakeFeed
from tests.fakes.house import LOOPBACK, InlineParser, house
from tests.fakes.people import person, yes
from tests.fakes.publisher import Publisher

LEAD = person("U9", platform=Platform.SLACK, workspace="T1", manages=True)
BOSS = replace(STRANGER, manages=yes)


@dataclass(frozen=True)
class Page:
    """Answers with a web page."""

    head: str

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del feed, request
        text = f"<!doctype html><html><head>{self.head}</head><body>News</body></html>"
        return web.Response(text=text, content_type="text/html")


@pytest.fixture
async def publisher(clock: FakeClock) -> AsyncIterator[Publisher]:
    async with Publisher(clock, hosts=2) as publisher:
        yield publisher


@pytest.fixture
async def desk(newsroom: Newsroom, clock: FakeClock) -> AsyncIterator[Newsroom]:
    """The newsroom, whose commands reach the publisher."""
    fetcher = HttpFetcher(guard=Guard([LOOPBACK]), user_agent="newsbot/test", clock=clock)
    find = FindFeed(fetcher=fetcher, parser=InlineParser(), links=named_feeds)
    yield replace(newsroom, find_feed=find)
    await fetcher.close()


async def added(desk: Newsroom) -> list[tuple[str, str]]:
    async with desk.store.read() as transaction:
        own = await transaction.added_feeds.of_workspace(LEAD.workspace)
    return [(one.name, one.url) for one in own]


async def ask(desk: Newsroom, line: str) -> Reply:
    return await desk.ask(line, who=LEAD)


async def test_a_feed_is_shown_then_watched_and_reaches_its_workspace_alone(
    desk: Newsroom, publisher: Publisher, clock: FakeClock
) -> None:
    feed = publisher.feed("/town.xml")
    feed.title = "Town Crier"
    for number in range(4):
        feed.publish(f"Old Beijing {number}")
    offered = await ask(desk, f"feed add <{feed.url}|town>")
    assert offered.title == "Watch Town Crier for this workspace?"
    assert headlines(offered) == ["Old Beijing 3", "Old Beijing 2", "Old Beijing 1"]
    assert await added(desk) == []
    assert (await desk.press(button(offered, "Confirm"))).mistake  # by one who does not manage
    foreign = await desk.press(button(offered, "Confirm"), who=BOSS, channel=THERE)
    assert foreign.mistake
    done = await desk.press(button(offered, "Confirm"), who=LEAD)
    assert done.title == "Town Crier is watched for this workspace."
    assert await added(desk) == [("Town Crier", feed.url)]

    ours, theirs = Channel(Platform.SLACK, "C1", "T1"), Channel(Platform.SLACK, "C2", "T2")
    async with house(desk.store, clock, topics=desk.topics) as bot:
        await bot.round()
        assert bot.headlines(ours) == []
        feed.publish("New in Beijing")
        await bot.round(timedelta(hours=1))
        assert bot.headlines(ours) == ["New in Beijing"]
        assert bot.headlines(theirs) == []
        await desk.ask("feed remove town crier", who=LEAD)
        asked = len(feed.requests)
        await bot.round(timedelta(hours=1))
        assert len(feed.requests) == asked


async def test_a_page_that_names_one_feed_leads_to_it_and_several_are_asked_about(
    desk: Newsroom, publisher: Publisher
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    feeds = [publisher.feed(f"/{name}.xml") for name in ("world", "local")]
    for feed, title in zip(feeds, ("World", "Local"), strict=True):
        feed.title = title
    site = publisher.feed("/")
    site.fault = Page(link.format("/world.xml"))
    assert (await ask(desk, f"feed add {site.url}")).title == "Watch World for this workspace?"
    site.fault = Page(link.format("/world.xml") + link.format("local.xml"))
    asked = await ask(desk, f"feed add {site.url}")
    assert headlines(asked) == [feeds[0].url, feeds[1].url]
    (second,) = asked.rows[1].buttons
    assert (await desk.press(second, who=LEAD)).title == "Watch Local for this workspace?"


async def test_common_paths_are_a_second_resort_and_few(
    desk: Newsroom, publisher: Publisher
) -> None:
    site = publisher.feed("/")
    site.fault = Page("")
    reply = await ask(desk, f"feed add {site.url}")
    assert "gives no feed there, and its page names none" in reply.title
    assert len(publisher.requests) == 6
    publisher.feed("/rss.xml").title = "Found"
    assert (await ask(desk, f"feed add {site.url}")).title == "Watch Found for this workspace?"


async def test_private_addresses_are_refused_as_in_polling(
    newsroom: Newsroom, publisher: Publisher, clock: FakeClock
) -> None:
    feed = publisher.feed("/town.xml")
    fetcher = HttpFetcher(guard=Guard([]), user_agent="newsbot/test", clock=clock)
    find = FindFeed(fetcher=fetcher, parser=InlineParser(), links=named_feeds)
    reply = await ask(replace(newsroom, find_feed=find), f"feed add {feed.url}")
    await fetcher.close()
    assert reply.title.startswith("No feed could be had from there:")
    assert (reply.mistake, publisher.requests) == (True, [])


async def test_what_is_watched_already_is_refused_and_so_is_the_51st(desk: Newsroom) -> None:
    wire = await ask(desk, "feed add https://wire.example/feed/")
    assert wire.title == "That feed is already watched as Wire"
    async with desk.store.begin() as transaction:
        for number in range(50):
            one = AddedFeed(
                workspace=LEAD.workspace,
                url=f"https://f{number}.example/",
                name=f"Feed {number}",
                added_by="U9",
                added_at=desk.clock.now(),
            )
            await transaction.added_feeds.add(one)
    assert "already watched as Feed 7" in (await ask(desk, "feed add f7.example")).title
    assert "has added 50 feeds" in (await ask(desk, "feed add new.example.org")).title
    gone = await ask(desk, "feed remove Feed 7")
    assert gone.title == "Feed 7 is no longer watched for this workspace."
    assert len(await added(desk)) == 49


async def test_feeds_of_files_and_of_others_are_not_removed(desk: Newsroom) -> None:
    await desk.let_strangers_add()
    assert "stands in feeds.yaml" in (await ask(desk, "feed remove Wire")).title
    reply = await ask(desk, "feed remove Town Crier")
    assert reply.title.startswith("No feed called “Town Crier” was added here")
    async with desk.store.read() as transaction:
        assert await transaction.added_feeds.of_workspace(STRANGER.workspace)


@dataclass(frozen=True)
class Document:
    """Answers with a document of another kind, or with an error."""

    content_type: str = "text/plain"
    status: int = 200

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del feed, request
        kind = self.content_type
        return web.Response(body=b"%PDF-1.7\x00", content_type=kind, status=self.status)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (Document("application/pdf"), "that is a PDF document and no feed: give the site's own"),
        (Document("image/png"), "that is a picture and no feed"),
        (Document(), "gives no feed there, and its page names none"),
        (Document(status=404), "(404): check the address in a browser"),
        (Document(status=403), "(403): check the address in a browser, or ask whoever runs"),
        (Document(status=500), "answered 500 instead of a feed"),
    ],
)
async def test_what_is_no_feed_is_said_with_what_to_try(
    desk: Newsroom, publisher: Publisher, document: Document, said: str
) -> None:
    feed = publisher.feed("/report")
    feed.fault = document
    reply = await ask(desk, f"feed add {feed.url}")
    assert reply.title.startswith("No feed could be had from there: ")
    assert said in reply.title
    assert "feeds.yaml" not in reply.title
    assert (reply.mistake, reply.buttons) == (True, ())


@pytest.mark.parametrize(
    ("action", "kind"),
    [("feed-choose", AskedKind.ADDRESS), ("feed-confirm", AskedKind.FEED)],
)
async def test_a_forged_button_adds_nothing(desk: Newsroom, action: str, kind: AskedKind) -> None:
    for text in ("[]", "1", '["ftp://a.example/", "x"]', '["https://a.example/"]'):
        async with desk.store.begin() as transaction:
            key = await transaction.asked.keep(
                kind, text, workspace=LEAD.workspace, user="U9", now=desk.clock.now()
            )
        forged = Button(label="", action=action, argument=key)
        assert (await desk.press(forged, who=LEAD, channel=HERE)).mistake
    assert await added(desk) == []
