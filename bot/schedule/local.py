"""Local schedule: APScheduler as the clock of one process."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import StorageError
from bot.ports import Clock
from bot.schedule.round import Job, Round
from bot.services.housekeep import Housekeeping
from bot.services.pulse import Pulse
from bot.services.rounds import Rounds

ROUND_SECONDS: Final = 1
REREAD_SECONDS: Final = 5
BEAT_SECONDS: Final = 15
EXPIRE_SECONDS: Final = 60
SWEEP_SECONDS: Final = 24 * 3600
FIRST_SWEEP_SECONDS: Final = 300
"""A newsbot that is restarted every day sweeps all the same."""
DRAIN_SECONDS: Final = 6.0
"""How long to wait at the end for posts under way; with the rest of the shutdown under 10."""


class LocalSchedule:
    """Runs the rounds at their times between `start` and `stop`."""

    def __init__(
        self, *, rounds: Rounds, housekeeping: Housekeeping, pulse: Pulse, clock: Clock
    ) -> None:
        self._rounds = rounds
        self._pulse = pulse
        self._log = structlog.get_logger(__name__)
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._every(ROUND_SECONDS, "poll", rounds.start_due_polls)
        self._every(ROUND_SECONDS, "deliver", rounds.deliver_due)
        self._every(REREAD_SECONDS, "reread", rounds.reread)
        self._every(BEAT_SECONDS, "beat", pulse.beat)
        self._every(EXPIRE_SECONDS, "expire", housekeeping.expire)
        first_sweep = clock.now() + timedelta(seconds=FIRST_SWEEP_SECONDS)
        self._every(SWEEP_SECONDS, "sweep", housekeeping.sweep, start_date=first_sweep)

    async def start(self) -> None:
        """Begin.

        Raises:
            StorageError: The database cannot be written to.
        """
        await self._pulse.beat()
        self._scheduler.start()

    async def stop(self, *, within: float = DRAIN_SECONDS) -> None:
        """Stop the clock, break off polls, and wait for the posts under way, at most so long."""
        self._scheduler.shutdown(wait=False)
        try:
            async with asyncio.timeout(within):
                await self._rounds.stop()
        except TimeoutError:
            # Their rows say `sending`: the next start looks whether they were posted.
            self._log.warning("stop.posts_left", what=_LEFT, seconds=within)
            await self._rounds.abandon()
        with suppress(StorageError):
            await self._pulse.stop()

    def _every(self, seconds: int, name: str, job: Job, **more: object) -> None:
        self._scheduler.add_job(Round(name, job).run, "interval", seconds=seconds, id=name, **more)


_LEFT = "The platform has not answered; the next start looks whether these were posted."
