"""The local schedule: which round runs when, and how it all ends."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import StorageError
from bot.schedule.local import FIRST_SWEEP_SECONDS, LocalSchedule
from tests.fakes.clock import START, FakeClock


class Calls:
    """Stands for rounds, housekeeping and pulse: notes what is called.

    Attributes:
        made: The names of the calls, in order.
        answered: Not set while posts under way are not answered.
        database: What the pulse meets; None where all is well.
    """

    def __init__(self) -> None:
        self.made: list[str] = []
        self.answered = asyncio.Event()
        self.answered.set()
        self.database: StorageError | None = None
        self.polled = asyncio.Event()

    async def start_due_polls(self) -> None:
        self.made.append("poll")
        self.polled.set()

    async def deliver_due(self) -> None:
        self.made.append("deliver")

    async def reread(self) -> bool:
        raise NotImplementedError

    async def expire(self) -> None:
        raise NotImplementedError

    async def sweep(self) -> int:
        raise NotImplementedError

    async def beat(self) -> None:
        self.made.append("beat")
        if self.database:
            raise self.database

    async def stop(self) -> None:
        self.made.append("stop")
        await self.answered.wait()
        if self.database:
            raise self.database

    async def abandon(self) -> None:
        self.made.append("abandon")


@pytest.fixture
async def calls() -> Calls:
    return Calls()


def schedule(calls: Calls) -> LocalSchedule:
    """A schedule of these calls."""
    return LocalSchedule(
        rounds=calls,  # type: ignore[arg-type]
        housekeeping=calls,  # type: ignore[arg-type]
        pulse=calls,  # type: ignore[arg-type]
        clock=FakeClock(),
    )


async def test_it_shows_life_first_and_then_polls(calls: Calls) -> None:
    local = schedule(calls)
    await local.start()
    assert calls.made == ["beat"]
    async with asyncio.timeout(10):
        await calls.polled.wait()
    await local.stop()


async def test_every_round_has_its_time_and_the_sweep_comes_soon_after_a_start(
    calls: Calls,
) -> None:
    jobs = {job.id: job.trigger for job in schedule(calls)._scheduler.get_jobs()}
    assert {name: trigger.interval for name, trigger in jobs.items()} == {
        "poll": timedelta(seconds=1),
        "deliver": timedelta(seconds=1),
        "reread": timedelta(seconds=5),
        "beat": timedelta(seconds=15),
        "expire": timedelta(minutes=1),
        "sweep": timedelta(days=1),
    }
    assert jobs["sweep"].start_date == START + timedelta(seconds=FIRST_SWEEP_SECONDS)


async def test_a_database_that_is_down_at_the_start_is_told_to_whoever_starts(
    calls: Calls,
) -> None:
    calls.database = StorageError("down")
    with pytest.raises(StorageError):
        await schedule(calls).start()


async def test_at_the_end_posts_under_way_are_waited_for_and_life_ends_last(calls: Calls) -> None:
    local = schedule(calls)
    await local.start()
    with capture_logs() as logs:
        await local.stop()
    assert calls.made == ["beat", "stop", "stop"]
    assert logs == []


async def test_posts_that_are_not_answered_are_left_and_that_is_told(calls: Calls) -> None:
    local = schedule(calls)
    await local.start()
    calls.answered.clear()

    async def answer_the_pulse() -> None:
        calls.made.append("abandon")
        calls.answered.set()

    calls.abandon = answer_the_pulse  # type: ignore[method-assign]
    with capture_logs() as logs:
        await local.stop(within=0)
    assert calls.made == ["beat", "stop", "abandon", "stop"]
    assert [event["event"] for event in logs] == ["stop.posts_left"]


async def test_a_database_that_is_down_at_the_end_does_not_hold_it_up(calls: Calls) -> None:
    local = schedule(calls)
    await local.start()
    calls.answered.clear()

    async def the_database_goes() -> None:
        calls.database = StorageError("down")
        calls.answered.set()

    calls.abandon = the_database_goes  # type: ignore[method-assign]
    with capture_logs():
        await local.stop(within=0)
