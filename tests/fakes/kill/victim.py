"""Victim: `newsbot run` as a process that is killed or stopped from outside."""

import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.fakes.process import PATIENCE, Desk


class Victim:
    """One process after the other, or several of them, on one desk.

    Attributes:
        log: Where all of them write their logs, JSON lines.
        children: The processes that killed ones had started.
    """

    def __init__(self, desk: Desk, name: str = "newsbot") -> None:
        self.log = desk.directory / f"{name}.log"
        self.children: set[int] = set()
        self._desk = desk
        self._process: asyncio.subprocess.Process | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is a process that has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start `newsbot run`."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", "--log-format", "json",
                cwd=self._desk.directory,
                env=self._desk.whole_environ,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )  # fmt: skip

    def pause(self) -> None:
        """Stop it where it is: SIGSTOP."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on: SIGCONT."""
        self._signal(signal.SIGCONT)

    async def kill(self) -> None:
        """Kill -9, at once."""
        assert self._process is not None
        with suppress(OSError):
            self.children |= set(_children(self._process.pid))
        self._signal(signal.SIGKILL)
        await self._process.wait()

    async def end(self) -> int:
        """End it as a service manager does; gives its exit code."""
        assert self._process is not None
        self._signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            return await self._process.wait()

    def orphans(self) -> Sequence[int]:
        """Which of the children of killed processes still live."""
        return sorted(pid for pid in self.children if _lives(pid))

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.send_signal(number)


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
