"""Watch: how long the event loop is held, told apart from what other programs take.

`held` is the most time between two ticks of a task that wakes every millisecond; a busy machine
lengthens it. `busy` is the part of such a gap in which the loop's own thread was at work, which
nothing else can lengthen; `step` is the longest run of one callback by the same clock, and `name`
says which. `whole` is what all threads of this process were at work in one gap.
"""

import asyncio
import time
from asyncio.events import Handle
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

BOUND: Final = 0.05
"""Seconds for which the loop is never to be held."""
_TICK: Final = 0.001


class Watch:
    """Measures one loop.

    Attributes:
        held: Seconds of the clock, since `reset`, at most in one gap.
        busy: Seconds of the loop's own processor time, likewise.
        whole: Seconds of the process's processor time, likewise; no more than the gap's.
        step: Seconds of the loop's own processor time, at most in one callback.
        name: Of that callback, and where it stopped.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self.held = self.busy = self.whole = self.step = 0.0
        self.name = ""

    def outdo(self, other: "Watch") -> None:
        """Take over what another measured, where it is more."""
        self.held, self.busy = max(self.held, other.held), max(self.busy, other.busy)
        self.whole = max(self.whole, other.whole)
        if other.step > self.step:
            self.step, self.name = other.step, other.name

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            began, worked, process = time.perf_counter(), time.thread_time(), time.process_time()
            await asyncio.sleep(_TICK)
            held = time.perf_counter() - began - _TICK
            self.held = max(self.held, held)
            self.busy = max(self.busy, time.thread_time() - worked)
            self.whole = max(self.whole, min(held, time.process_time() - process))

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Have each callback of the loop timed while the block lasts."""
        run = Handle._run  # noqa: SLF001 - there is no other place where each passes

        def timed(handle: Handle) -> None:
            began = time.thread_time()
            run(handle)
            if (took := time.thread_time() - began) > self.step:
                self.step, self.name = took, _named(handle)

        Handle._run = timed  # noqa: SLF001 - see above
        try:
            yield
        finally:
            Handle._run = run  # noqa: SLF001 - see above

    def __str__(self) -> str:
        return (
            f"held {self.held * 1e3:4.0f} ms, whole {self.whole * 1e3:3.0f} ms, "
            f"busy {self.busy * 1e3:3.0f} ms, step {self.step * 1e3:3.0f} ms"
        )


def _named(handle: Handle) -> str:
    """The coroutines from the task's own down to where it waits now; else the function."""
    callback = handle._callback  # noqa: SLF001 - a handle tells nothing of itself
    task = getattr(callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return getattr(callback, "__qualname__", repr(callback))
    names = []
    awaited = task.get_coro()
    while awaited is not None and hasattr(awaited, "cr_await"):
        names.append(awaited.__qualname__.rpartition(".")[2])
        awaited = awaited.cr_await
    return " > ".join(names)
