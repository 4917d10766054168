"""Watch: looks after the event loop and the live connections, again and again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from bot.metrics.meters import Meters
from bot.services.lines import Lines

EVERY_SECONDS: Final = 1.0


class Watch:
    """A loop that sleeps, and sees how late it wakes."""

    def __init__(
        self,
        meters: Meters,
        lines: Lines,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look at nothing yet.

        Args:
            meters: Told of what is seen.
            lines: The live connections.
            sleep: Real sleep: it is the real loop that is measured.
            tick: Real seconds.
        """
        self._meters = meters
        self._lines = lines
        self._sleep = sleep
        self._tick = tick

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            for platform, up in self._lines.look().items():
                self._meters.connected(platform, up=up)
            before = self._tick()
            await self._sleep(EVERY_SECONDS)
            self._meters.woke_late(max(self._tick() - before - EVERY_SECONDS, 0.0))
