"""Serve: the assembled bot at work."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from threading import Thread
from typing import ParamSpec, TypeVar

from bot.bootstrap import Newsbot
from bot.domain.channel import Platform
from bot.schedule.local import DRAIN_SECONDS, LocalSchedule
from bot.schedule.supervise import attend, persist
from bot.web import listening

P = ParamSpec("P")
T = TypeVar("T")


@asynccontextmanager
async def serving(newsbot: Newsbot) -> AsyncIterator[None]:
    """The bot at work while the block lasts: its rounds, and its live connections.

    Raises:
        NewsbotError: The port it is to be reached at cannot be had.
    """
    async with AsyncExitStack() as stack:
        if newsbot.listen is not None:
            stack.push_async_callback(newsbot.endpoints.close)
            await stack.enter_async_context(listening(newsbot.routes, newsbot.listen))
        await stack.enter_async_context(_working(newsbot))
        yield


@asynccontextmanager
async def _working(newsbot: Newsbot) -> AsyncIterator[None]:
    asyncio.get_running_loop().set_default_executor(FreeThreads())
    schedule = LocalSchedule(
        rounds=newsbot.rounds,
        housekeeping=newsbot.housekeeping,
        pulse=newsbot.pulse,
        clock=newsbot.clock,
    )
    await schedule.start()
    kept = [
        asyncio.create_task(persist(name, work, partial(_died, newsbot), newsbot.clock), name=name)
        for name, work in _loops(newsbot).items()
    ]
    try:
        yield
    finally:
        await asyncio.gather(schedule.stop(), _end(kept))


def _loops(newsbot: Newsbot) -> Mapping[str, Callable[[], Awaitable[None]]]:
    """What runs for ever beside the schedule, by name."""

    def attending(platform: Platform) -> Callable[[], Awaitable[None]]:
        connection = newsbot.connections.get(platform)
        return partial(attend, platform, newsbot.greet, connection, newsbot.clock)

    return {
        "watch": newsbot.watch.run,
        **{f"attend {platform}": attending(platform) for platform in newsbot.messengers},
    }


async def _died(newsbot: Newsbot, loop: str, error: Exception) -> None:
    newsbot.meters.restarted(loop)
    await newsbot.deaths.tell(loop, error)


async def _end(kept: Sequence[asyncio.Task[None]]) -> None:
    """Hang up; a platform that does not answer the goodbye is not waited for."""
    for task in kept:
        task.cancel()
    if kept:
        await asyncio.wait(kept, timeout=DRAIN_SECONDS)


class FreeThreads(ThreadPoolExecutor):
    """A thread for each call, which nobody waits for at the end.

    asyncio looks up host names in threads: a few names that no server answers for must hold up
    neither the feeds behind them nor the end of the process.
    """

    def __init__(self, *, thread: type[Thread] = Thread) -> None:
        """Begin nothing yet.

        Args:
            thread: What a call runs in.
        """
        super().__init__()
        self._thread = thread

    def submit(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin the call at once."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(call(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - it is whoever waits who is to know
                future.set_exception(error)

        self._thread(target=run, name="newsbot lookup", daemon=True).start()
        return future
