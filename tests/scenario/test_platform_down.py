"""A chat platform that is down for hours: what waited comes in order, what is too old is named."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.burst import Burst
from bot.domain.channel import CONSOLE
from bot.domain.feed import PollBounds
from bot.domain.message import Alert, Digest, Message
from bot.errors import DeliveryError, OutcomeUnknownError, PlatformDownError
from bot.services.housekeep import Housekeeping
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.house import AI_SAFETY, BOTH, DAY, US_CHINA, House, house
from tests.fakes.publisher import Publisher

MOMENT = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
OUTAGE = timedelta(hours=6)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    """SQLite alone: the contract suite holds the two databases to the same answers."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield database
    await database.close()


@pytest.fixture
async def publisher(clock: FakeClock) -> AsyncIterator[Publisher]:
    async with Publisher(clock) as running:
        yield running


def housekeeping(desk: House, *, expiry: timedelta) -> Housekeeping:
    return Housekeeping(
        store=desk.store, clock=desk.clock, ops=CONSOLE, expiry=expiry, retention=90 * DAY
    )


@pytest.mark.parametrize(
    "trouble", [PlatformDownError("refused"), OutcomeUnknownError("503")], ids=["refused", "503"]
)
async def test_after_six_hours_the_backlog_comes_in_order_and_what_is_too_old_is_named(
    store: Database, clock: FakeClock, publisher: Publisher, trouble: DeliveryError
) -> None:
    feed = publisher.feed("/feed.xml")
    bounds = PollBounds(QUARTER, QUARTER)
    async with house(store, clock, feed.url, bounds=bounds) as desk:
        keeping = housekeeping(desk, expiry=timedelta(hours=4))
        await desk.round()
        desk.slack.down = trouble
        desk.slack.blind = trouble
        published = []
        for number in range(OUTAGE // QUARTER):
            headline = f"AI safety in Beijing, statement {number}"
            published.append(headline)
            feed.publish(headline)
            await desk.round(QUARTER)
            await keeping.expire()
            assert desk.headlines(AI_SAFETY) == published  # Discord has nothing to wait for
        assert desk.headlines(US_CHINA) == desk.headlines(BOTH) == []

        desk.slack.down = desk.slack.blind = None
        for _ in range(60):
            await desk.round(timedelta(minutes=1))

        expired = [one for one in desk.notices() if one.title.endswith("too old")]
        for channel in (US_CHINA, BOTH):
            came = desk.headlines(channel)
            assert came == published[-len(came) :]
            named = " ".join(one.text for one in expired if str(channel) in one.title)
            assert len(came) == len(published) - 7  # those of before the last four hours
            assert all(headline in named for headline in published[: -len(came)])
        assert {one.title.partition(" in ")[2] for one in expired} == {
            f"{channel}: too old" for channel in (US_CHINA, BOTH)
        }


@pytest.mark.parametrize("hours", [24, 4, 1])
async def test_after_six_hours_what_is_beyond_the_burst_limit_comes_in_digests_in_order(
    store: Database, clock: FakeClock, publisher: Publisher, hours: int
) -> None:
    feed = publisher.feed("/feed.xml")
    bounds, burst = PollBounds(QUARTER, QUARTER), Burst(3, MOMENT)
    async with house(store, clock, feed.url, bounds=bounds, burst=burst) as desk:
        keeping = housekeeping(desk, expiry=timedelta(hours=hours))
        await desk.round()
        desk.slack.down = PlatformDownError("refused")
        published = []
        for number in range(OUTAGE // QUARTER):
            published.append(f"Statement {number} in Beijing")
            feed.publish(published[-1])
            for _ in range(QUARTER // MOMENT):
                await desk.round(MOMENT)
                await keeping.expire()
        desk.slack.down = None
        for _ in range(6):
            await desk.round(MOMENT)

    came = [sorted(_told(one), key=published.index) for one in desk.slack.messages(US_CHINA)]
    named = " ".join(one.text for one in desk.notices() if str(US_CHINA) in one.title)
    expired = [headline for headline in published if f"“{headline}”" in named]
    assert expired + [headline for told in came for headline in told] == published
    assert bool(expired) is (hours < OUTAGE // HOUR)
    assert len(came) <= 5
    if not expired:
        assert came == [*([one] for one in published[:3]), published[3:]]


def _told(message: Message) -> list[str]:
    """The headlines of a message."""
    if isinstance(message, Digest):
        return [alert.headline for group in message.groups for alert in group.alerts]
    return [message.headline] if isinstance(message, Alert) else []
