"""Supervision: a connection is kept, and touches nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.channel import Platform
from bot.errors import UnauthorizedError
from bot.schedule.supervise import FIRST_WAIT, LONGEST_WAIT, attend, keep, persist
from tests.fakes.clock import FakeClock


class Connection:
    """Ends each time as told."""

    is_up = False

    def __init__(self, *fates: Callable[[], Awaitable[None]]) -> None:
        self.fates = list(fates)

    async def run(self) -> None:
        await self.fates.pop(0)()


class WaitingClock(FakeClock):
    """Notes waits and jumps over them."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> WaitingClock:
    return WaitingClock()


async def breaks() -> None:
    raise RuntimeError


async def ends() -> None:
    return


async def refused() -> None:
    raise UnauthorizedError("Slack no longer accepts the token.")


async def test_a_refused_token_ends_it_with_a_line(clock: WaitingClock) -> None:
    with capture_logs() as logs:
        await keep(Connection(refused), Platform.SLACK, clock)
    (event,) = logs
    assert event["event"] == "connection.refused"
    assert event["platform"] == "slack"
    assert "/news does not answer" in event["error"]
    assert clock.waits == []


async def test_a_broken_connection_is_tried_again_with_longer_and_longer_waits(
    clock: WaitingClock,
) -> None:
    with capture_logs() as logs:
        await keep(Connection(*[breaks] * 8, refused), Platform.SLACK, clock)
    assert clock.waits == [5, 10, 20, 40, 80, 160, 300, 300]
    assert (clock.waits[0], clock.waits[-1]) == (FIRST_WAIT, LONGEST_WAIT)
    assert [event["event"] for event in logs][:-1] == ["connection.broken"] * 8


async def test_one_that_ends_by_itself_is_begun_again(clock: WaitingClock) -> None:
    with capture_logs() as logs:
        await keep(Connection(ends, refused), Platform.DISCORD, clock)
    assert [event["event"] for event in logs] == ["connection.ended", "connection.refused"]


async def test_one_that_held_for_long_is_soon_tried_again(clock: WaitingClock) -> None:
    async def breaks_late() -> None:
        clock.advance(timedelta(days=3))
        raise RuntimeError

    with capture_logs():
        await keep(Connection(breaks, breaks, breaks_late, refused), Platform.SLACK, clock)
    assert clock.waits == [5, 10, 5]


async def test_cancelling_ends_it(clock: WaitingClock) -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(keep(Connection(for_ever), Platform.SLACK, clock))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("accepted", [True, False])
async def test_nothing_is_connected_where_the_token_is_refused(
    clock: WaitingClock, *, accepted: bool
) -> None:
    async def greet(platform: Platform) -> bool:
        assert platform is Platform.SLACK
        return accepted

    connection = Connection(refused)
    await attend(Platform.SLACK, greet, connection, clock)
    assert len(connection.fates) == (0 if accepted else 1)
    await attend(Platform.SLACK, greet, None, clock)


async def test_a_loop_that_dies_is_told_and_begun_again_until_it_ends(clock: WaitingClock) -> None:
    told: list[tuple[str, str]] = []
    fates = [breaks, breaks, ends]

    async def died(loop: str, error: Exception) -> None:
        told.append((loop, type(error).__name__))

    async def work() -> None:
        await fates.pop(0)()

    with capture_logs() as logs:
        await persist("watch", work, died, clock)
    assert told == [("watch", "RuntimeError")] * 2
    assert [event["event"] for event in logs] == ["loop.died"] * 2
    assert clock.waits == [5, 10]
    assert fates == []
