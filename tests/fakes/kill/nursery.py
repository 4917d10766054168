"""Nursery: newsbots by the hundred, each forked from a process that has their modules loaded.

A start costs two seconds of processor time, nearly all of them spent on imports. What is forked
here is a process of its own from then on: with its own event loop, connections and parsers.
"""

import asyncio
import gc
import importlib
import json
import os
import pkgutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

_DRIVERS = ("aiosqlite", "alembic.command", "asyncpg")
_NO_MODULES = ("bot.__main__", "bot.storage.migrations")


class Nursery:
    """The process that forks them, while an `async with` block lasts."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def run(self, directory: Path, environ: Mapping[str, str], log: Path) -> int:
        """Start `newsbot run` there; gives its process's number. It is nobody's child to wait for.

        Args:
            directory: Where it is started.
            environ: All of its environment.
            log: What it writes its log to, after what is there.
        """
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"directory": str(directory), "environ": dict(environ), "log": str(log)}
        async with self._turn:
            self._process.stdin.write(f"{json.dumps(order)}\n".encode())
            return int(await self._process.stdout.readline())


def main() -> None:
    """Fork a newsbot for each order on standard input, and write its number."""
    import bot  # noqa: PLC0415 - the parsers' processes import this module too, and need none of it

    modules = [one.name for one in pkgutil.walk_packages(bot.__path__, "bot.")]
    for name in (*_DRIVERS, *modules):
        if not name.startswith(_NO_MODULES):
            importlib.import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        number = os.fork()
        if not number:
            _be_newsbot(**json.loads(line))
            return
        print(number, flush=True)  # noqa: T201 - the answer


def _be_newsbot(directory: str, environ: Mapping[str, str], log: str) -> None:
    from bot.cli import newsbot  # noqa: PLC0415 - as above

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for mine, given in ((nothing, 0), (nothing, 1), (written, 2)):
        os.dup2(mine, given)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environ)
    newsbot(["run", "--log-format", "json"])


if __name__ == "__main__":
    main()
