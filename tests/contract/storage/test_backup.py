"""What a backup says is what the database becomes again, while others write and over both."""

import asyncio
import stat
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.channel import Channel, Platform
from bot.domain.message import Notice
from bot.errors import BackupError, OccupiedError
from bot.ports.deliveries import Outgoing
from bot.services.pulse import Pulse
from bot.storage.backup import backup, restore
from bot.storage.database import Database
from bot.storage.schema import deliveries, feeds, metadata
from bot.storage.upgrade import newest
from tests.fakes.clock import FakeClock

DESK = Channel(Platform.SLACK, "C0DESK")
NOTICE = Notice(title="x", text="y")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    try:
        yield database
    finally:
        await database.close()


async def write(database: Database, number: int, clock: FakeClock) -> None:
    """A feed and a delivery, in one transaction."""
    async with database.begin() as transaction:
        await transaction.feeds.add([f"https://wire.example/{number}"], due_at=clock.now())
        outgoing = Outgoing(channel=DESK, key=f"k{number}", message=NOTICE)
        await transaction.deliveries.add([outgoing], now=clock.now())


async def rows(url: str) -> Mapping[str, Sequence[tuple[object, ...]]]:
    """All that is stored, by table."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, await connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }
    finally:
        await engine.dispose()


def names(directory: Path) -> set[str]:
    return {one.name for one in directory.iterdir()}


@contextmanager
def at_work(url: str) -> Iterator[None]:
    """Another process that has an SQLite file; on PostgreSQL its sign of life is all there is."""
    if "sqlite" not in url:
        yield
        return
    code = f"""
from datetime import UTC, datetime
from bot.storage.alone import alone
with alone({url!r}, since=datetime.now(UTC)):
    print("held", flush=True)
    input()
"""
    with Popen([sys.executable, "-c", code], stdin=PIPE, stdout=PIPE, text=True) as other:  # noqa: S603 - our own interpreter on our own code
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        other.communicate("\n")


async def run(url: str, statement: str) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()


async def test_a_restored_database_is_what_it_was(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    file = tmp_path / "kept"
    async with opened(database_url) as database:
        for number in range(3):
            await write(database, number, clock)
        before = await rows(database_url)
        assert await backup(database_url, file) == newest()
        await write(database, 3, clock)
        assert await rows(database_url) != before
    await restore(database_url, file, now=clock.now(), replace=True)
    assert await rows(database_url) == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(name.startswith(".") for name in names(tmp_path))


async def test_a_backup_is_one_moment_of_a_database_that_is_written_to(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with opened(database_url) as database:
        busy, begun = asyncio.Event(), asyncio.Event()
        written = 0

        async def go_on() -> None:
            nonlocal written
            while not busy.is_set():
                await write(database, written, clock)
                written += 1
                if written == 20:
                    begun.set()

        writer = asyncio.create_task(go_on())
        await begun.wait()
        before = written
        await backup(database_url, tmp_path / "kept")
        busy.set()
        await writer
        assert written > before
    await restore(database_url, tmp_path / "kept", now=clock.now(), replace=True)
    async with opened(database_url) as database, database._engine.connect() as connection:
        numbers = [
            (await connection.execute(select(func.count(), func.max(table.c.id)))).one()
            for table in (feeds, deliveries)
        ]
    assert numbers[0] == numbers[1]
    assert before <= numbers[0][0] <= written


async def test_ids_of_what_was_deleted_are_not_given_out_again(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with opened(database_url) as database:
        await write(database, 1, clock)
        await write(database, 2, clock)
    await run(database_url, "DELETE FROM deliveries")
    await backup(database_url, tmp_path / "kept")
    await restore(database_url, tmp_path / "kept", now=clock.now(), replace=True)
    async with opened(database_url) as database:
        await write(database, 3, clock)
    assert [row[0] for row in (await rows(database_url))["deliveries"]] == [3]


async def test_what_is_stored_is_overwritten_only_on_request(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    file = tmp_path / "kept"
    async with opened(database_url) as database:
        await backup(database_url, file)
        await restore(database_url, file, now=clock.now())  # nothing is stored: nothing is lost
        await write(database, 1, clock)
    with pytest.raises(BackupError, match="--replace"):
        await restore(database_url, file, now=clock.now())
    assert len((await rows(database_url))["feeds"]) == 1


async def test_nothing_is_put_back_under_a_newsbot_at_work(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with opened(database_url) as database:
        await backup(database_url, tmp_path / "kept")
        await Pulse(store=database, clock=clock).beat()
    with at_work(database_url), pytest.raises(OccupiedError, match="at work"):
        await restore(database_url, tmp_path / "kept", now=clock.now(), replace=True)
    later = clock.now() + timedelta(hours=1)
    await restore(database_url, tmp_path / "kept", now=later, replace=True)


async def test_a_backup_of_a_newer_newsbot_is_refused(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with opened(database_url) as database:
        await write(database, 1, clock)
    await run(database_url, "UPDATE alembic_version SET version_num = '9999'")
    await backup(database_url, tmp_path / "kept")
    back = f"UPDATE alembic_version SET version_num = '{newest()}'"  # noqa: S608 - our own
    await run(database_url, back)
    before = await rows(database_url)
    with pytest.raises(BackupError, match="newer newsbot"):
        await restore(database_url, tmp_path / "kept", now=clock.now(), replace=True)
    assert await rows(database_url) == before


async def test_a_damaged_backup_is_refused_and_changes_nothing(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    file = tmp_path / "kept"
    async with opened(database_url) as database:
        for number in range(200):
            await write(database, number, clock)
    await backup(database_url, file)
    before = await rows(database_url)
    whole = file.read_bytes()
    middle = len(whole) // 2
    for bad in (whole[:middle], whole[:middle] + bytes(4096) + whole[middle + 4096 :], b"", b"<?"):
        file.write_bytes(bad)
        with pytest.raises(BackupError):
            await restore(database_url, file, now=clock.now(), replace=True)
    assert await rows(database_url) == before


async def test_a_file_that_is_there_is_left_alone(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    del clock
    file = tmp_path / "kept"
    file.write_text("mine")
    with pytest.raises(BackupError, match="is there already"):
        await backup(database_url, file)
    assert file.read_text() == "mine"


async def test_a_backup_that_cannot_be_made_leaves_nothing(
    database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "kept").mkdir()
    with pytest.raises(BackupError, match="DATABASE_URL"):
        await backup(database_url, tmp_path / "kept" / "file")
    assert names(tmp_path / "kept") == set()
