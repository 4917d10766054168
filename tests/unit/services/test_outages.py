"""Outages: what is noticed of them survives a database that refuses."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.channel import CONSOLE
from bot.domain.delivery import DeliveryState
from bot.domain.feed import Feed
from bot.errors import StorageError
from bot.services.outages import Outages
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.store import MoodyStore

FEEDS = [Feed(url=f"https://wire{number}.example/feed", name="Wire") for number in range(4)]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[MoodyStore]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield MoodyStore(database)
    await database.close()


async def lose(outages: Outages, *feeds: Feed) -> None:
    for feed in feeds:
        await outages.record(feed, reached=False)


async def test_a_beginning_that_could_not_be_written_is_seen_again(
    store: MoodyStore, clock: FakeClock
) -> None:
    outages = Outages(store=store, clock=clock, ops=CONSOLE)
    await lose(outages, *FEEDS[:2])
    store.refusals = 1
    with pytest.raises(StorageError):
        await lose(outages, FEEDS[2])
    assert not outages.is_on
    await lose(outages, FEEDS[3])
    assert outages.is_on


async def test_an_end_that_could_not_be_written_is_told_all_the_same(
    store: MoodyStore, clock: FakeClock
) -> None:
    outages = Outages(store=store, clock=clock, ops=CONSOLE)
    await lose(outages, *FEEDS[:3])
    clock.advance(timedelta(minutes=1))
    await outages.record(FEEDS[0], reached=True)
    store.refusals = 1
    with pytest.raises(StorageError):
        await outages.record(FEEDS[1], reached=True)
    assert outages.is_on
    await outages.record(FEEDS[2], reached=True)
    assert not outages.is_on
    async with store.read() as transaction:
        assert await transaction.deliveries.count() == {DeliveryState.PENDING: 1}
