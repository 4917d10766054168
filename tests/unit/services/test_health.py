"""Is newsbot at work? The answer is read from what the work leaves behind."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.channel import Channel, Platform
from bot.domain.delivery import DeliveryState
from bot.domain.message import Notice
from bot.ports.deliveries import Outgoing
from bot.services.health import LOST_AFTER, OVERDUE_AFTER, SILENT_AFTER, Status, status
from bot.services.lines import Lines
from bot.services.pulse import Pulse
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

URL = "https://wire.example/feed"
SECOND = timedelta(seconds=1)
DESK = Channel(Platform.SLACK, "C1")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield database
    await database.close()


class Line:
    """A live connection, up or down as told."""

    is_up = True

    async def run(self) -> None:
        await asyncio.Event().wait()


async def look(store: Database, clock: FakeClock) -> Status:
    return await status(store, clock, urls={URL})


async def test_a_bot_at_work_is_well(store: Database, clock: FakeClock) -> None:
    await Pulse(store=store, clock=clock).beat()
    async with store.begin() as transaction:
        await transaction.feeds.add([URL, "https://removed.example/"], due_at=clock.now())
        state = await transaction.feeds.get(URL)
        assert state is not None
        await transaction.feeds.save(replace(state, polled_at=clock.now(), failures=2))
    clock.advance(SILENT_AFTER)
    found = await look(store, clock)
    assert found.problems == ()
    assert (found.feeds, found.failing, found.overdue) == (1, 1, 0)
    assert found.polled_at == clock.now() - SILENT_AFTER


async def test_a_bot_that_never_ran_or_ended_is_not_well(store: Database, clock: FakeClock) -> None:
    (never,) = (await look(store, clock)).problems
    pulse = Pulse(store=store, clock=clock)
    await pulse.beat()
    await pulse.stop()
    (ended,) = (await look(store, clock)).problems
    assert never == ended
    assert "newsbot run" in never


async def test_a_connection_that_a_process_says_it_has_lost_is_a_problem_while_it_lives(
    store: Database, clock: FakeClock
) -> None:
    line = Line()
    lines = Lines({Platform.SLACK: line}, clock)
    pulse = Pulse(store=store, clock=clock, lines=lines)
    line.is_up = False
    lines.look()
    await pulse.beat()
    clock.advance(LOST_AFTER + SECOND)
    await pulse.beat()
    (problem,) = (await look(store, clock)).problems
    assert problem.startswith("Slack has been disconnected for 5 min 1 s")
    line.is_up = True
    lines.look()
    await pulse.beat()
    assert (await look(store, clock)).problems == ()
    line.is_up = False
    lines.look()
    await pulse.beat()
    clock.advance(timedelta(hours=1))
    (problem,) = (await look(store, clock)).problems
    assert "No sign of life" in problem


async def test_a_process_of_its_own_believes_its_own_eyes(
    store: Database, clock: FakeClock
) -> None:
    lines = Lines({Platform.SLACK: Line()}, clock)
    clock.advance(LOST_AFTER + SECOND)
    await Pulse(store=store, clock=clock, lines=lines).beat()
    assert len((await look(store, clock)).problems) == 1
    assert (await status(store, clock, urls={URL}, down={})).problems == ()


async def test_a_bot_that_hangs_is_not_well(store: Database, clock: FakeClock) -> None:
    await Pulse(store=store, clock=clock).beat()
    clock.advance(SILENT_AFTER + SECOND)
    (problem,) = (await look(store, clock)).problems
    assert "No sign of life" in problem


async def test_feeds_long_overdue_are_a_problem(store: Database, clock: FakeClock) -> None:
    async with store.begin() as transaction:
        await transaction.feeds.add([URL], due_at=clock.now())
    clock.advance(OVERDUE_AFTER + SECOND)
    await Pulse(store=store, clock=clock).beat()
    found = await look(store, clock)
    assert found.overdue == 1
    assert found.problems[0].startswith(f"1 feed is overdue, {URL} by ")


async def test_an_alert_that_waits_long_is_a_problem_unless_its_channel_is_set_aside(
    store: Database, clock: FakeClock
) -> None:
    message = Notice(title="x", text="y")
    async with store.begin() as transaction:
        outgoing = Outgoing(channel=DESK, key="k", message=message)
        await transaction.deliveries.add([outgoing], now=clock.now())
    clock.advance(OVERDUE_AFTER + SECOND)
    await Pulse(store=store, clock=clock).beat()
    found = await look(store, clock)
    assert found.deliveries == {DeliveryState.PENDING: 1}
    assert found.waiting_since == clock.now() - OVERDUE_AFTER - SECOND
    assert "to be posted" in found.problems[0]
    async with store.begin() as transaction:
        await transaction.channels.set_aside(
            DESK, reason="gone", now=clock.now(), retry_at=clock.now() + SECOND
        )
    found = await look(store, clock)
    assert found.problems == ()
    assert found.set_aside == {DESK: "gone"}


async def test_an_alert_for_a_platform_without_a_token_is_told_apart(
    store: Database, clock: FakeClock
) -> None:
    async with store.begin() as transaction:
        outgoing = Outgoing(channel=DESK, key="k", message=Notice(title="x", text="y"))
        await transaction.deliveries.add([outgoing], now=clock.now())
    clock.advance(OVERDUE_AFTER + SECOND)
    await Pulse(store=store, clock=clock).beat()
    found = await status(store, clock, urls={URL}, platforms={Platform.CONSOLE})
    (problem,) = found.problems
    assert "there is no token for Slack" in problem


async def test_a_digest_that_should_have_gone_out_is_a_problem(
    store: Database, clock: FakeClock
) -> None:
    due_at = clock.now() + timedelta(hours=1)
    async with store.begin() as transaction:
        outgoing = Outgoing(
            channel=DESK, key="k", message=Notice(title="x", text="y"), held_until=due_at
        )
        await transaction.deliveries.add([outgoing], now=clock.now())
    clock.advance(timedelta(hours=1) + OVERDUE_AFTER)
    await Pulse(store=store, clock=clock).beat()
    found = await look(store, clock)
    assert (found.digest_since, found.problems) == (due_at, ())
    clock.advance(SECOND)
    (problem,) = (await look(store, clock)).problems
    assert problem.startswith("A digest has been due for 10 min 1 s")


async def test_a_digest_that_waits_for_its_channel_is_no_problem(
    store: Database, clock: FakeClock
) -> None:
    message, due_at = Notice(title="x", text="y"), clock.now() + timedelta(hours=1)
    async with store.begin() as transaction:
        waiting = Outgoing(channel=DESK, key="w", message=message)
        kept = Outgoing(channel=DESK, key="k", message=message, held_until=due_at)
        await transaction.deliveries.add([waiting, kept], now=clock.now())
        await transaction.channels.set_aside(
            DESK, reason="gone", now=clock.now(), retry_at=due_at + timedelta(hours=1)
        )
    clock.advance(timedelta(hours=1) + OVERDUE_AFTER + SECOND)
    await Pulse(store=store, clock=clock).beat()
    found = await look(store, clock)
    assert (found.digest_since, found.problems) == (None, ())
