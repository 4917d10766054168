"""Pulse: a running process's sign of life, for `newsbot health`."""

import secrets

from bot.ports import Clock
from bot.ports.store import Store
from bot.services.lines import Lines


class Pulse:
    """One process's heartbeat."""

    def __init__(self, *, store: Store, clock: Clock, lines: Lines | None = None) -> None:
        """Give no sign yet.

        Args:
            store: The database.
            clock: The time.
            lines: The live connections, whose state is noted too; None where there are none.
        """
        self._store = store
        self._clock = clock
        self._lines = lines or Lines({}, clock)
        self._process = secrets.token_hex(8)
        self._started_at = clock.now()

    async def beat(self) -> None:
        """Note that this process is alive, and how its connections stand."""
        async with self._store.begin() as transaction:
            await transaction.heartbeats.beat(
                self._process,
                started_at=self._started_at,
                now=self._clock.now(),
                lines=self._lines.all,
            )

    async def stop(self) -> None:
        """Note that this process ended in good order."""
        async with self._store.begin() as transaction:
            await transaction.heartbeats.stop(self._process)
