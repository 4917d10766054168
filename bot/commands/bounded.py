"""Bounded: work that is waited for so long and no longer, however long it takes to end."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class Bounded:
    """Waits; what takes too long is cancelled, and ends in its own time.

    A statement that waits for a database's lock ends when the database lets it, not when it is
    cancelled: whoever asked would go on waiting for just that.
    """

    def __init__(self) -> None:
        self._ending: set[asyncio.Task[Any]] = set()

    async def wait(self, work: Coroutine[Any, Any, _T], seconds: float) -> _T:
        """What comes of it.

        Raises:
            TimeoutError: Nothing did in so many seconds; it may have been done all the same.
        """
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=seconds)
        finally:
            if not task.done():
                task.cancel()
                self._ending.add(task)
                task.add_done_callback(self._ended)
        if not done:
            raise TimeoutError
        return task.result()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._ending.discard(task)
        if not task.cancelled():
            task.exception()  # looked at: nobody waits for it any more
