"""Round: a job that runs again and again, whatever befalls it."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import NewsbotError

Job = Callable[[], Awaitable[object]]


class Round:
    """Runs a job; its failures end at the log, each told once until it changes or is over."""

    def __init__(self, name: str, job: Job) -> None:
        """Name the job for the log.

        Args:
            name: One word, e.g. `poll`.
            job: What to do each time.
        """
        self._name = name
        self._job = job
        self._failures = 0
        self._told = ""

    async def run(self) -> None:
        """One time; whatever it meets, the database's trouble included, the next one tries."""
        log = structlog.get_logger(__name__).bind(round=self._name)
        try:
            await self._job()
        except asyncio.CancelledError:
            return  # newsbot is stopping; APScheduler would report it as the job's failure
        except Exception as error:
            self._failures += 1
            if (text := f"{type(error).__name__}: {error}") != self._told:
                self._told = text
                # On purpose: a line. Otherwise a mistake of ours: where it was made.
                expected = isinstance(error, NewsbotError)
                log.error("round.failed", error=str(error), exc_info=not expected)
            return
        if self._failures:
            log.info("round.recovered", failures=self._failures)
            self._failures, self._told = 0, ""
