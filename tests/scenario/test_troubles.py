"""Publishers that fail, move or throttle, our own outage, and files with mistakes."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.catalog.reload import CatalogSource
from bot.domain.feed import FeedState, PollBounds
from bot.errors import StorageError
from bot.services.poll_feed import Outcome
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.faults import Cut, Page, Redirect, Stall, Status
from tests.fakes.house import House, house
from tests.fakes.publisher import Publisher
from tests.fakes.store import MoodyStore

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    """SQLite alone: the contract suite holds the two databases to the same answers."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield database
    await database.close()


@pytest.fixture
async def publisher(clock: FakeClock) -> AsyncIterator[Publisher]:
    async with Publisher(clock, hosts=6) as running:
        yield running


async def state(desk: House, url: str) -> FeedState:
    async with desk.store.read() as transaction:
        found = await transaction.feeds.get(url)
    assert found is not None
    return found


async def test_a_day_of_failure_is_told_once_and_so_is_recovery(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        feed.publish("Missed by nobody: Beijing")
        feed.fault = Status(500)
        for _ in range(60):
            await desk.round(HOUR)
        (told,) = desk.notices()
        assert told.title == "Feed failing: Outlet 1"
        assert feed.url in told.text
        assert "500" in told.text
        feed.fault = None
        for _ in range(8):
            await desk.round(HOUR)
        assert [notice.title for notice in desk.notices()[1:]] == ["Feed back: Outlet 1"]
        assert len(desk.slack.posted) == 2


async def test_a_feed_that_never_worked_is_told_of_at_its_third_failure_and_when_it_works(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    feed.fault = Status(403)
    async with house(store, clock, feed.url) as desk:
        for told in (0, 0, 1, 1, 1):
            await desk.round(HOUR)
            assert len(desk.notices()) == told
        (notice,) = desk.notices()
        assert notice.title == "Feed not working: Outlet 1"
        assert "never worked (3 polls)" in notice.text
        assert "403" in notice.text
        feed.fault = None
        await desk.round(HOUR)
        await desk.round(HOUR)
        assert [one.title for one in desk.notices()[1:]] == ["Feed working: Outlet 1"]


async def test_a_web_page_where_a_feed_never_was_is_told_of_at_once(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    feed.fault = Page()
    async with house(store, clock, feed.url) as desk:
        for _ in range(3):
            await desk.round(HOUR)
        (notice,) = desk.notices()
        assert "sends a web page" in notice.text


async def test_a_failure_is_a_line_in_the_log_once_for_each_cause(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        with capture_logs() as log:
            for status in (500, 500, 500, 502, 502):
                feed.fault = Status(status)
                await desk.round(HOUR)
            feed.fault = None
            await desk.round(HOUR)
    said = [(line["event"], line["log_level"]) for line in log if "failures" in line]
    assert said == [
        ("poll.failed", "warning"), ("poll.failed", "debug"), ("poll.failed", "debug"),
        ("poll.failed", "warning"), ("poll.failed", "debug"), ("poll.recovered", "info"),
    ]  # fmt: skip


async def test_a_short_failure_is_nobodys_business(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        feed.fault = Cut()
        for _ in range(5):
            await desk.round(HOUR)
        assert (await state(desk, feed.url)).failures >= 4
        feed.fault = None
        await desk.round(6 * HOUR)
        assert (await state(desk, feed.url)).failures == 0
        assert desk.notices() == []


async def test_a_feed_that_is_gone_is_told_at_once_and_still_asked(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    feed.fault = Status(410)
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        assert [notice.title for notice in desk.notices()] == ["Feed not working: Outlet 1"]
        feed.fault = None
        await desk.round(7 * HOUR)
        assert (await state(desk, feed.url)).failures == 0


async def test_a_web_page_in_place_of_a_feed_is_a_failure_that_says_so(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    async with house(store, clock, feed.url) as desk:
        feed.fault = Redirect(publisher.url("/nothing"))
        (poll,) = await desk.round()
        assert poll.outcome is Outcome.FAILED
        assert "404" in str(poll.error)


async def test_retry_after_is_obeyed(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    feed.fault = Status(429, {"Retry-After": "7200"})
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        await desk.round(timedelta(seconds=7199))
        assert len(feed.requests) == 1
        await desk.round(timedelta(seconds=1))
        assert len(feed.requests) == 2


async def test_a_permanent_move_is_followed_at_once_and_remembered_after_three_sightings(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    old, new = publisher.feed("/old.xml"), publisher.feed("/new.xml", host=1)
    new.publish("Old")
    old.fault = Redirect(new.url)
    async with house(store, clock, old.url) as desk:
        for _ in range(3):
            await desk.round(HOUR)
        assert (await state(desk, old.url)).moved_to == new.url
        new.publish("From the new place: Beijing")
        await desk.round(HOUR)
        assert len(old.requests) == 3
        assert len(desk.slack.posted) == 2
        new.fault = Status(404)
        old.fault = None
        for _ in range(6):
            await desk.round(6 * HOUR)
        assert (await state(desk, old.url)).moved_to is None
        assert (await state(desk, old.url)).failures == 0


async def test_a_dead_network_counts_against_no_feed_and_is_told_when_over(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feeds = [publisher.feed(f"/{n}.xml", host=n) for n in range(6)]
    bounds = PollBounds(2 * MINUTE, 2 * MINUTE)
    async with house(store, clock, *(feed.url for feed in feeds), bounds=bounds) as desk:
        await desk.round()
        for feed in feeds[:5]:
            feed.fault = Cut()
        for _ in range(30):
            await desk.round(2 * MINUTE)
        states = [await state(desk, feed.url) for feed in feeds]
        assert [one.failures for one in states] == [0] * 6
        assert desk.notices() == []
        for feed in feeds:
            feed.fault = None
        feeds[0].publish("During the outage: Beijing")
        await desk.round(3 * MINUTE)
        await desk.round(3 * MINUTE)
        assert [notice.title for notice in desk.notices()] == ["newsbot was offline"]
        assert len(desk.slack.posted) == 2


async def test_the_beginning_of_an_outage_is_forgiven(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feeds = [publisher.feed(f"/{n}.xml", host=n) for n in range(4)]
    async with house(store, clock, *(feed.url for feed in feeds[:1])) as one:
        await one.round()
    async with house(store, clock, *(feed.url for feed in feeds)) as desk:
        await desk.round()
        for feed in feeds:
            feed.fault = Cut()
        await desk.round(2 * MINUTE)
        assert {(await state(desk, feed.url)).failing_since for feed in feeds} == {None}


async def test_after_an_outage_a_feed_is_asked_no_sooner_than_its_interval_allows(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feeds = [publisher.feed(f"/{n}.xml", host=n) for n in range(4)]
    bounds = PollBounds(HOUR, HOUR)
    async with house(store, clock, *(feed.url for feed in feeds), bounds=bounds) as desk:
        await desk.round()
        for feed in feeds:
            feed.fault = Cut()
        await desk.round(HOUR)
        due = [(await state(desk, feed.url)).due_at - clock.now() for feed in feeds]
        assert due == [HOUR] * 4


async def test_a_server_that_asked_to_wait_is_not_asked_sooner_because_of_an_outage(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feeds = [publisher.feed(f"/{n}.xml", host=n) for n in range(6)]
    bounds = PollBounds(2 * MINUTE, 2 * MINUTE)
    async with house(store, clock, *(feed.url for feed in feeds), bounds=bounds) as desk:
        await desk.round()
        throttling = feeds[0]
        throttling.fault = Status(503, {"Retry-After": "7200"})
        await desk.round(2 * MINUTE)
        for feed in feeds[1:]:
            feed.fault = Cut()
        await desk.round(2 * MINUTE)
        for feed in feeds[1:]:
            feed.fault = None
        for _ in range(5):
            await desk.round(3 * MINUTE)
        assert [notice.title for notice in desk.notices()] == ["newsbot was offline"]
        assert len(throttling.requests) == 2
        assert (await state(desk, throttling.url)).failures == 1


async def test_a_paused_feed_is_not_polled_and_a_removed_one_neither(
    store: Database, clock: FakeClock, publisher: Publisher, tmp_path: Path
) -> None:
    kept, paused = publisher.feed("/kept.xml"), publisher.feed("/paused.xml")
    listed = tmp_path / "feeds.yaml"
    listed.write_text(
        f"sections:\n  All:\n    - {kept.url}\n    - {{url: '{paused.url}', paused: true}}\n"
    )
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "us-china.yaml").write_text(
        "title: US and China\nany: [Beijing]\nchannels: [console]\n"
    )
    source = CatalogSource(listed, rules, {})
    source.load()
    async with house(store, clock, kept.url, paused.url, source=source) as desk:
        listed.write_text(listed.read_text() + "# touched\n")
        assert await desk.rounds.reread()
        await desk.round()
        assert len(kept.requests) == 1
        assert paused.requests == []
        listed.write_text(f"sections:\n  All:\n    - {{url: '{paused.url}', paused: true}}\n")
        assert await desk.rounds.reread()
        await desk.round(HOUR)
        assert len(kept.requests) == 1


async def test_files_with_mistakes_leave_the_last_good_ones_in_force_and_are_told(
    store: Database, clock: FakeClock, publisher: Publisher, tmp_path: Path
) -> None:
    feed = publisher.feed("/feed.xml")
    listed, rules = tmp_path / "feeds.yaml", tmp_path / "rules"
    listed.write_text(f"sections:\n  All:\n    - {feed.url}\n")
    rules.mkdir()
    rule = rules / "ferries.yaml"
    rule.write_text("title: Ferries\nany: [ferry]\nchannels: [slack:C0BOTH]\n")
    source = CatalogSource(listed, rules, {})
    source.load()
    async with house(store, clock, feed.url, source=source) as desk:
        assert not await desk.rounds.reread()  # nothing changed
        rule.write_text("title: Ferries\nanny: [ferry]\n")
        assert not await desk.rounds.reread()
        assert not await desk.rounds.reread()
        await desk.round()
        (refused,) = desk.notices()
        assert "ferries.yaml:2" in refused.text
        feed.publish("Talks in Beijing")
        await desk.round(HOUR)
        assert len(desk.slack.posted) == 2  # the topics it began with
        rule.write_text("title: Ferries\nany: [ferry]\nchannels: [slack:C0BOTH]\n")
        assert await desk.rounds.reread()
        feed.publish("The ferry sails again")
        await desk.round(HOUR)
        assert [notice.title for notice in desk.notices()[1:]] == ["Changed configuration in force"]
        assert sum(len(posted) for posted in desk.slack.posted.values()) == 3


async def test_a_mistake_that_could_not_be_told_at_once_is_told_later(
    store: Database, clock: FakeClock, tmp_path: Path
) -> None:
    listed, rules = tmp_path / "feeds.yaml", tmp_path / "rules"
    listed.write_text("sections: {All: [https://wire.example/feed]}\n")
    rules.mkdir()
    rule = rules / "ferries.yaml"
    rule.write_text("title: Ferries\nany: [ferry]\nchannels: [console]\n")
    source = CatalogSource(listed, rules, {})
    source.load()
    moody = MoodyStore(store)
    async with house(moody, clock, source=source) as desk:
        for text, told in (("anny: [ferry]", "not used"), ("any: [ferry]", "in force")):
            rule.write_text(f"title: Ferries\n{text}\nchannels: [console]\n")
            moody.refusals = 1
            with pytest.raises(StorageError):
                await desk.rounds.reread()
            assert not await desk.rounds.reread()
            await desk.deliver.drain()
            assert desk.notices()[-1].title == f"Changed configuration {told}"
        assert len(desk.notices()) == 2


async def test_without_files_there_is_nothing_to_read_again(
    store: Database, clock: FakeClock
) -> None:
    async with house(store, clock) as desk:
        assert not await desk.rounds.reread()


async def test_a_poll_that_cannot_be_stored_loses_nothing(
    store: Database, clock: FakeClock, publisher: Publisher, tmp_path: Path
) -> None:
    feed = publisher.feed("/feed.xml")
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        feed.publish("Talks in Beijing")
        clock.advance(HOUR)
        database = sqlite3.connect(tmp_path / "newsbot.db", isolation_level=None)
        database.execute("ALTER TABLE entries RENAME TO elsewhere")
        (poll,) = await desk.rounds.poll_due()
        assert poll.outcome is Outcome.FAILED
        assert "please report this" in str(poll.error)
        database.execute("ALTER TABLE elsewhere RENAME TO entries")
        database.close()
        await desk.round(HOUR)
        assert len(desk.slack.posted) == 2


async def test_what_is_pending_when_newsbot_stops_is_sent_at_the_next_start(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        feed.publish("Talks in Beijing")
        clock.advance(HOUR)
        await desk.rounds.stop()
        await desk.rounds.poll_due()
        assert desk.slack.posts == 0
    async with house(store, clock, feed.url) as again:
        await again.deliver.drain()
        assert len(again.slack.posted) == 2


async def test_alerts_that_waited_too_long_expire_and_are_named(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feed = publisher.feed("/feed.xml")
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        feed.publish("Talks in Beijing")
        clock.advance(HOUR)
        await desk.rounds.stop()  # nothing is sent from now on
        await desk.rounds.poll_due()
    async with house(store, clock, feed.url) as again:
        clock.advance(25 * HOUR)
        await again.housekeeping.expire()
        await again.deliver.drain()
        assert again.slack.posts == 0
        assert sorted(notice.title for notice in again.notices()) == [
            "1 alert not posted in slack:C0BOTH: too old",
            "1 alert not posted in slack:C0USCHINA: too old",
        ]
        assert all("Talks in Beijing" in notice.text for notice in again.notices())


async def test_dead_feeds_of_a_small_desk_are_told_though_they_are_its_majority(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    feeds = [publisher.feed(f"/{n}.xml", host=n) for n in range(3)]
    for feed in feeds[1:]:
        feed.fault = Cut()
    async with house(store, clock, *(feed.url for feed in feeds)) as desk:
        for _ in range(8 * 34):
            await desk.round(HOUR / 8)
        titles = [notice.title for notice in desk.notices()]
    for dead in ("Outlet 2", "Outlet 3"):
        assert titles.count(f"Feed not working: {dead}") == 1
    assert len(feeds[1].requests) < 60


async def test_a_host_that_hangs_does_not_keep_others_from_being_polled(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    slow = [publisher.feed(f"/{n}.xml") for n in range(40)]
    for feed in slow:
        feed.fault = Stall()
    well = publisher.feed("/well.xml", host=1)
    async with house(store, clock, *(feed.url for feed in slow), well.url) as desk:
        await desk.rounds.start_due_polls()
        async with asyncio.timeout(4):
            while not well.requests:  # noqa: ASYNC110 - seen from outside, at the publisher
                await asyncio.sleep(0)
        await desk.rounds.stop()
