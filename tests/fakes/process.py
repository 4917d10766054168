"""Process: newsbot as a process of its own, on a desk of its own.

Write the desk's feeds and rules, start `newsbot run` on it, wait for what it says and shows, and
end it with a signal; see `tests/scenario/test_process.py`.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from bot.settings import Settings
from bot.storage.database import Database

PATIENCE = 20.0
"""Seconds until a thing that should have happened is not expected any more."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Desk:
    """A directory with feeds.yaml and rules/, and the environment to start newsbot in."""

    directory: Path
    environ: dict[str, str] = field(default_factory=dict)

    def feeds(self, urls: Mapping[str, str], **defaults: str) -> None:
        """Write feeds.yaml: names and addresses, and what holds for all."""
        listed = [{"url": url, "name": name} for name, url in urls.items()]
        written = {"defaults": defaults, "sections": {"Desk": listed}}
        (self.directory / "feeds.yaml").write_text(json.dumps(written))

    def rule(self, name: str, *, channels: Sequence[str], **lists: Sequence[str]) -> None:
        """Write a rule file (JSON is YAML); without channels, where there are none."""
        rules = self.directory / "rules"
        rules.mkdir(exist_ok=True)
        written = {"channels": list(channels), **lists} if channels else lists
        (rules / f"{name}.yaml").write_text(json.dumps(written))

    @property
    def database(self) -> str:
        """The address of the database, for SQLAlchemy."""
        default = f"sqlite+aiosqlite:///{self.directory}/newsbot.db"
        return self.environ.get("DATABASE_URL", default)

    async def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Carry out a statement; gives its rows where it has any."""
        database = await Database.open(self.database, migrate=False)
        try:
            async with database._engine.begin() as connection:
                result = await connection.execute(text(statement))
                return [tuple(row) for row in result] if result.returns_rows else []
        finally:
            await database.close()

    async def make_due(self) -> None:
        """Let every feed be polled now: an interval is half a minute at least."""
        await self.sql("UPDATE feeds SET due_at = '2000-01-01 00:00:00'")

    async def run(self, *arguments: str, within: float = PATIENCE, closed: bool = False) -> Ended:
        """Run a command to its end, if need be into a pipe whose other end is closed."""
        if closed:
            reader, writer = os.pipe()
            os.close(reader)
            process = await self._start(*arguments, stdout=writer)
            os.close(writer)
        else:
            process = await self._start(*arguments)
        async with asyncio.timeout(within):
            out, err = await process.communicate()
        return Ended(process.returncode or 0, (out or b"").decode(), err.decode())

    @asynccontextmanager
    async def running(self, *options: str) -> AsyncIterator["RunningNewsbot"]:
        """`newsbot run` while the block lasts; killed where the block leaves it running."""
        process = await self._start("run", *options)
        newsbot = RunningNewsbot(process)
        try:
            yield newsbot
        finally:
            if process.returncode is None:
                process.kill()
            await newsbot.end()

    @property
    def whole_environ(self) -> dict[str, str]:
        """The environment of a process: ours, without newsbot's settings, and the desk's."""
        settings = set(Settings.names())
        inherited = {name: value for name, value in os.environ.items() if name not in settings}
        return {**inherited, **self.environ}

    async def _start(
        self, *arguments: str, stdout: int = asyncio.subprocess.PIPE
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments,
            cwd=self.directory,
            env=self.whole_environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stdout,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip


class RunningNewsbot:
    """`newsbot run`, watched.

    Attributes:
        cards: What it wrote to standard output, so far.
        log: What it wrote to standard error, a line each, so far.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.cards = ""
        self.log: list[str] = []
        self._process = process
        self._silent = False
        self._heard = asyncio.Condition()
        self._readers = [asyncio.create_task(self._read_log()), asyncio.create_task(self._read())]

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def events(self, name: str) -> list[dict[str, object]]:
        """The events of this name in a JSON log."""
        return [event for line in self.log if (event := json.loads(line))["event"] == name]

    async def says(self, words: str, *, times: int = 1) -> None:
        """Wait until so many lines of the log hold these words.

        Raises:
            TimeoutError: They do not come.
        """
        await self._until(lambda: sum(words in line for line in self.log) >= times, words)

    async def shows(self, words: str) -> None:
        """Wait until the console shows these words.

        Raises:
            TimeoutError: They do not come.
        """
        await self._until(lambda: words in self.cards, words)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    async def end(self, *, within: float = PATIENCE) -> int:
        """Wait for the end; gives the exit code.

        Raises:
            TimeoutError: It does not end in so many seconds.
        """
        async with asyncio.timeout(within):
            await self._process.wait()
        await asyncio.gather(*self._readers)
        return self._process.returncode or 0

    async def _until(self, holds: Callable[[], bool], words: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self._heard:
                await self._heard.wait_for(lambda: holds() or self._silent)
        except TimeoutError:
            pass
        if not holds():
            said = "\n".join([*self.log, self.cards])
            raise TimeoutError(f"{words!r} did not come:\n{said}")

    async def _read_log(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            async with self._heard:
                self.log.append(line.decode().rstrip("\n"))
                self._heard.notify_all()
        async with self._heard:
            self._silent = True
            self._heard.notify_all()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while chunk := await self._process.stdout.read(1 << 16):
            async with self._heard:
                self.cards += chunk.decode()
                self._heard.notify_all()
