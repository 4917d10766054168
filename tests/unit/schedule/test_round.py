"""A round: supervised, and told of once."""

import asyncio

from structlog.testing import capture_logs

from bot.errors import StorageError
from bot.schedule.round import Round


async def cancelled() -> None:
    raise asyncio.CancelledError


class Job:
    """Fails as told, call by call."""

    def __init__(self, *fates: Exception | None) -> None:
        self.fates = list(fates)

    async def __call__(self) -> None:
        fate = self.fates.pop(0)
        if fate is not None:
            raise fate


async def logs(*fates: Exception | None) -> list[dict[str, object]]:
    """What is logged of a job with these fates."""
    round_ = Round("poll", Job(*fates))
    with capture_logs() as logged:
        for _ in fates:
            await round_.run()
    return [dict(event) for event in logged]


async def test_a_job_that_goes_well_is_not_told_of() -> None:
    assert await logs(None, None) == []


async def test_the_same_trouble_is_told_once_and_so_is_its_end() -> None:
    down = StorageError("database sqlite:///x: disk full")
    assert await logs(down, down, down, None, None) == [
        {
            "event": "round.failed", "log_level": "error", "round": "poll",
            "error": "database sqlite:///x: disk full", "exc_info": False,
        },
        {"event": "round.recovered", "log_level": "info", "round": "poll", "failures": 3},
    ]  # fmt: skip


async def test_another_trouble_is_told_again() -> None:
    told = await logs(StorageError("one"), StorageError("two"), StorageError("one"))
    assert [event["error"] for event in told] == ["one", "two", "one"]


async def test_a_mistake_of_ours_shows_where_it_was_made() -> None:
    (event,) = await logs(KeyError("x"))
    assert event["exc_info"] is True


async def test_a_round_broken_off_by_the_end_of_newsbot_ends_without_a_word() -> None:
    with capture_logs() as logged:
        await Round("poll", cancelled).run()
    assert logged == []
