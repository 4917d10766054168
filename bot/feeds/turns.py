"""Turns: how many requests go to one host at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """Lets at most so many in at a time for each host; the others wait, first come first served."""

    def __init__(self, most: int) -> None:
        self._most = most
        # A host is forgotten when nobody is at it or waits for it.
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, host: str) -> AsyncIterator[None]:
        """Hold one of the host's turns."""
        turns = self._hosts.get(host)
        if turns is None:
            turns = self._hosts[host] = asyncio.Semaphore(self._most)
        async with turns:
            yield
