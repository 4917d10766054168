"""Serving: threads that nobody waits for."""

import asyncio
import threading

import pytest

from bot.serve import FreeThreads


def test_a_call_that_never_returns_does_not_hold_up_the_end() -> None:
    for_ever, begun = threading.Event(), threading.Event()
    waited_for: list[bool] = []

    def hang() -> None:
        waited_for.append(not threading.current_thread().daemon)
        begun.set()
        for_ever.wait()

    async def main() -> None:
        asyncio.get_running_loop().set_default_executor(FreeThreads())
        lookup = asyncio.create_task(asyncio.to_thread(hang))
        await asyncio.to_thread(begun.wait)
        lookup.cancel()

    asyncio.run(main())
    assert waited_for == [False]
    for_ever.set()


async def test_results_and_errors_come_back() -> None:
    threads = FreeThreads()
    loop = asyncio.get_running_loop()
    assert await loop.run_in_executor(threads, sum, (1, 2)) == 3
    with pytest.raises(ValueError, match="invalid literal"):
        await loop.run_in_executor(threads, int, "x")


def test_a_call_cancelled_before_it_begins_is_not_made() -> None:
    held, made = threading.Event(), threading.Event()

    class LateThread(threading.Thread):
        def run(self) -> None:
            held.wait()
            super().run()
            made.set()

    called: list[int] = []
    future = FreeThreads(thread=LateThread).submit(called.append, 1)
    assert future.cancel()
    held.set()
    made.wait()
    assert called == []
