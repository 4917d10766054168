"""A database that is full or locked by another: nothing is lost, it is said, and work goes on."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from bot.clock import SystemClock
from bot.errors import PlatformDownError
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.house import US_CHINA, house
from tests.fakes.process import Desk
from tests.fakes.publisher import Publisher
from tests.fakes.slack import FakeSlack, Fault

HOUR = timedelta(hours=1)
HEADLINES = [f"Talks in Beijing, day {number}" for number in range(40)]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield database
    await database.close()


@pytest.fixture
async def publisher(clock: FakeClock) -> AsyncIterator[Publisher]:
    async with Publisher(clock) as running:
        yield running


async def set_pragma(store: Database, pragma: str) -> None:
    """Open connections anew that begin with this pragma."""

    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.cursor().execute(f"PRAGMA {pragma}")

    event.listen(store._engine.sync_engine, "connect", prepare)
    await store._engine.dispose()


async def test_news_that_finds_the_database_full_comes_when_there_is_room_again(
    store: Database, clock: FakeClock, publisher: Publisher, tmp_path: Path
) -> None:
    feed = publisher.feed("/feed.xml")
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        for headline in HEADLINES:
            feed.publish(headline, summary="word " * 400)
        with sqlite3.connect(tmp_path / "newsbot.db") as database:
            (pages,) = database.execute("PRAGMA page_count").fetchone()
        database.close()
        await set_pragma(store, f"max_page_count={pages}")
        clock.advance(HOUR)
        with capture_logs() as logs:
            await desk.rounds.poll_due()
        assert any("database or disk is full" in str(log.get("error")) for log in logs)
        await set_pragma(store, "max_page_count=1000000")
        await desk.round(HOUR)
        assert sorted(desk.headlines(US_CHINA)) == sorted(HEADLINES)


async def test_news_and_alerts_that_find_the_database_locked_come_once_when_it_is_free_again(
    store: Database, clock: FakeClock, publisher: Publisher, tmp_path: Path
) -> None:
    feed = publisher.feed("/feed.xml")
    async with house(store, clock, feed.url) as desk:
        await desk.round()
        feed.publish(HEADLINES[0])
        clock.advance(HOUR)
        await set_pragma(store, "busy_timeout=20")
        other = sqlite3.connect(tmp_path / "newsbot.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with capture_logs() as logs:
            await desk.rounds.start_due_polls()
            await asyncio.gather(*desk.rounds._polls.values())
        assert [log["event"] for log in logs] == ["poll.not_stored"]
        assert "database is locked" in logs[0]["error"]
        other.execute("ROLLBACK")
        desk.slack.down = PlatformDownError("503")
        await desk.round(HOUR)
        desk.slack.down = None
        clock.advance(HOUR)
        other.execute("BEGIN IMMEDIATE")
        with capture_logs() as logs:
            for _ in range(3):
                await desk.deliver.start_due()
                await asyncio.gather(*desk.deliver._busy.values())
        assert [log["event"] for log in logs] == ["deliver.not_stored"]
        assert desk.headlines(US_CHINA) == []
        other.execute("ROLLBACK")
        other.close()
        await desk.round(HOUR)
        assert desk.headlines(US_CHINA) == [HEADLINES[0]]


async def test_a_post_accepted_while_the_disk_was_full_is_found_when_there_is_room(
    tmp_path: Path,
) -> None:
    going_on = asyncio.Event()
    async with Publisher(SystemClock()) as publisher, FakeSlack() as slack:
        slack.faults.add("chat.postMessage", Fault.held(going_on))
        feed = publisher.feed("/wire.xml")
        feed.publish("An old story")
        desk = Desk(tmp_path, {"NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8"})
        desk.environ |= {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "NEWSBOT_SLACK_API_URL": slack.api_url,
            "NEWSBOT_LEASE": "8s",
        }
        desk.feeds({"Wire": feed.url})
        desk.rule("us-china", any=["Beijing"], channels=["slack:C0NEWS"])
        async with desk.running("--log-format", "json") as newsbot:
            await newsbot.says("baseline.taken")
            feed.publish(HEADLINES[0])
            await desk.make_due()
            await slack.asked("chat.postMessage")
            without = resource.prlimit(newsbot.pid, resource.RLIMIT_FSIZE)
            # A full disk for this process alone: no file of it may grow.
            resource.prlimit(newsbot.pid, resource.RLIMIT_FSIZE, (1, without[1]))
            going_on.set()
            await newsbot.says("deliver.not_stored")
            resource.prlimit(newsbot.pid, resource.RLIMIT_FSIZE, without)
            await newsbot.says("delivery.found")
            await newsbot.says("deliver.stored_again")
    assert [HEADLINES[0] in message.text for message in slack.messages] == [True]
