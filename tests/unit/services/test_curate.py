"""What a person asks of a feed that newsbot cannot do is refused in words for them."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.channel import Platform
from bot.errors import CommandError
from bot.services.curate import Curate
from bot.services.route import Router
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.news import WIRE


@pytest.fixture
async def curate(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Curate]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    async with database.begin() as transaction:
        await transaction.feeds.add([WIRE.url], due_at=clock.now())
    yield Curate(store=database, clock=clock)
    await database.close()


ROUTER = Router((), platforms=frozenset(Platform))


@pytest.mark.parametrize("url", [WIRE.url, "https://unknown.example/"])
async def test_a_feed_that_was_never_polled_has_nothing_to_backfill(
    curate: Curate, url: str
) -> None:
    with pytest.raises(CommandError, match="has not been polled yet"):
        await curate.backfill(url, 3, ROUTER)


@pytest.mark.parametrize(
    ("failure", "told"),
    [("404 Not Found", "has given no feed yet (404 Not Found): "), (None, "(newsbot was offline)")],
)
async def test_a_feed_that_gave_nothing_yet_is_told_with_the_reason(
    curate: Curate, tmp_path: Path, clock: FakeClock, failure: str | None, told: str
) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    async with database.begin() as transaction:
        state = await transaction.feeds.get(WIRE.url)
        assert state is not None
        await transaction.feeds.save(replace(state, polled_at=clock.now(), failure=failure))
    await database.close()
    with pytest.raises(CommandError, match=re.escape(told)):
        await curate.backfill(WIRE.url, 3, ROUTER)


async def test_where_nothing_is_held_nothing_can_be_released(
    curate: Curate, tmp_path: Path, clock: FakeClock
) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    async with database.begin() as transaction:
        state = await transaction.feeds.get(WIRE.url)
        assert state is not None
        await transaction.feeds.save(replace(state, baseline_at=clock.now()))
    await database.close()
    with pytest.raises(CommandError, match="is held"):
        await curate.release(WIRE.url, ROUTER)
    with pytest.raises(CommandError, match="is held"):
        await curate.discard(WIRE.url)
