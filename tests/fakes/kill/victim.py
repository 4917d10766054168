"""Victim: `newsbot run` as a process that is killed or stopped from outside."""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.fakes.kill.nursery import Nursery
from tests.fakes.process import PATIENCE, Desk


class Victim:
    """One process after the other, or several of them, on one desk.

    Attributes:
        log: Where all of them write their logs, JSON lines.
        children: The processes that killed ones had started.
    """

    def __init__(self, desk: Desk, nursery: Nursery, name: str = "newsbot") -> None:
        self.log = desk.directory / f"{name}.log"
        self.children: set[int] = set()
        self._desk = desk
        self._nursery = nursery
        self._pid = 0
        self._ended = asyncio.Event()
        self._ended.set()

    @property
    def is_running(self) -> bool:
        """Whether there is a process that has not ended."""
        return not self._ended.is_set()

    async def start(self) -> None:
        """Start `newsbot run`."""
        self.log.touch()
        environ = self._desk.whole_environ
        self._pid = await self._nursery.run(self._desk.directory, environ, self.log)
        self._ended.clear()
        loop, watched = asyncio.get_running_loop(), os.pidfd_open(self._pid)

        def ended() -> None:
            loop.remove_reader(watched)
            os.close(watched)
            self._ended.set()

        loop.add_reader(watched, ended)

    def pause(self) -> None:
        """Stop it where it is: SIGSTOP."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on: SIGCONT."""
        self._signal(signal.SIGCONT)

    async def kill(self) -> None:
        """Kill -9, at once."""
        with suppress(OSError):
            self.children |= set(_children(self._pid))
        self._signal(signal.SIGKILL)
        await self._ended.wait()

    async def end(self) -> None:
        """End it as a service manager does."""
        self._signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            await self._ended.wait()

    def orphans(self) -> Sequence[int]:
        """Which of the children of killed processes still live."""
        return sorted(pid for pid in self.children if _lives(pid))

    def _signal(self, number: signal.Signals) -> None:
        if self.is_running:
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)


def events(*logs: Path) -> Counter[str]:
    """How often each event was logged; lines that a kill cut short are left out."""
    count: Counter[str] = Counter()
    for log in logs:
        for line in log.read_text("utf-8", "replace").splitlines():
            with suppress(ValueError, KeyError, TypeError):
                count[json.loads(line)["event"]] += 1
    return count


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(one) for one in found.split()]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
