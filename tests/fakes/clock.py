"""A clock that stands still until it is moved."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning."""


class FakeClock:
    """Implements `bot.ports.Clock`; sleepers wake when the time they wait for is reached."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._sleepers: list[tuple[datetime, int, asyncio.Event]] = []
        self._count = 0
        self._begun = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        self._begun.set()
        woken = asyncio.Event()
        until = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (until, self._count, woken))
        if seconds <= 0:
            woken.set()
        await woken.wait()

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.set(self._now + by)

    def set(self, now: datetime) -> None:
        """Let it be this time."""
        self._now = max(now, self._now)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            heapq.heappop(self._sleepers)[2].set()

    async def until_sleeping(self) -> None:
        """Wait until somebody sleeps."""
        while not self.sleeping:
            self._begun.clear()
            await self._begun.wait()

    @property
    def sleeping(self) -> int:
        """How many wait."""
        return sum(not event.is_set() for _, _, event in self._sleepers)


class HaltingClock:
    """A clock by which the process is stopped for an hour after each look at it."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        seen = self._now
        self._now += timedelta(hours=1)
        return seen

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        await asyncio.sleep(0)
