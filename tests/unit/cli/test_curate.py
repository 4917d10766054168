"""`newsbot backfill`, `release` and `discard`."""

import asyncio
from dataclasses import replace

import pytest

from bot.clock import SystemClock
from bot.domain.feed import Feed
from bot.domain.news import Standing
from bot.storage.database import Database
from tests.fakes.news import entry, identified
from tests.fakes.process import Desk
from tests.unit.cli.conftest import Type

FEED = Feed(url="https://wire.example/feed", name="Wire")
NOW = SystemClock().now()


def store(desk: Desk, standing: Standing, *titles: str) -> None:
    """Lay a database in which the wire has entries of this standing."""

    async def write() -> None:
        database = await Database.open(desk.database)
        async with database.begin() as transaction:
            await transaction.feeds.add([FEED.url], due_at=NOW)
            state = await transaction.feeds.get(FEED.url)
            assert state is not None
            await transaction.feeds.save(replace(state, baseline_at=NOW))
            await transaction.feeds.set_held(state.feed_id, held=standing is Standing.HELD)
            found = identified(*(entry(n, title=title) for n, title in enumerate(titles)))
            await transaction.entries.add(FEED, state.feed_id, found, standing=standing, now=NOW)
        await database.close()

    asyncio.run(write())


def waiting(desk: Desk) -> int:
    """How many alerts wait."""
    return len(asyncio.run(desk.sql("SELECT id FROM deliveries WHERE state = 'pending'")))


@pytest.mark.parametrize("tokens", [{}, {"SLACK_BOT_TOKEN": "xoxb-1", "DISCORD_TOKEN": "a.b.c"}])
def test_backfill_alerts_what_was_there_at_first(
    type_: Type, configured: Desk, tokens: dict[str, str]
) -> None:
    store(configured, Standing.BASELINE, "Talks in Beijing", "Fog", "Beijing again")
    result = type_("backfill", "wire", "3", **tokens)
    assert result.exit_code == 0
    assert result.output.startswith("3 entries taken as news, 2 alerts written. ")
    assert waiting(configured) == 2
    assert "Nothing is left" in type_("backfill", "Wire", "3").output


def test_backfill_without_a_match_says_that_no_alert_follows(type_: Type, configured: Desk) -> None:
    store(configured, Standing.BASELINE, "Fog")
    result = type_("backfill", FEED.url, "1")
    assert result.output.startswith("1 entry taken as news. No alert follows: ")


def test_release_alerts_what_was_held(type_: Type, configured: Desk) -> None:
    store(configured, Standing.HELD, "Talks in Beijing")
    result = type_("release", "Wire")
    assert result.output.startswith("1 entry released, 1 alert written. ")
    assert waiting(configured) == 1


def test_discard_drops_what_was_held(type_: Type, configured: Desk) -> None:
    store(configured, Standing.HELD, "Talks in Beijing", "More of Beijing")
    assert type_("discard", "Wire").output == "2 entries dropped; they never alert.\n"
    again = type_("discard", "Wire")
    assert again.exit_code == 1
    assert "is held" in again.stderr
    assert waiting(configured) == 0


def test_a_name_no_feed_has_is_answered_with_a_near_one(type_: Type, configured: Desk) -> None:
    store(configured, Standing.HELD, "Talks in Beijing")
    result = type_("release", "Wier")
    assert result.exit_code == 2
    assert "did you mean “Wire”?" in result.stderr


def test_a_number_of_entries_is_at_least_one(type_: Type, configured: Desk) -> None:
    del configured
    assert type_("backfill", "Wire", "0").exit_code == 2
