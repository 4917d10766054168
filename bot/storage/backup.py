"""Backup: everything newsbot remembers, in one file, made while it runs; and the way back."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from bot.errors import BackupError, NeverRunError, OccupiedError, SchemaError
from bot.storage import backup_postgres, backup_sqlite
from bot.storage.alone import alone
from bot.storage.database import Database
from bot.storage.upgrade import newest

_MISSED_BEATS: Final = timedelta(seconds=60)
"""A process that gave a sign of life within this time is probably alive."""


async def backup(url: str, file: Path) -> str:
    """Write one moment of a database into a file only its owner may read.

    The file appears when it is whole and on the disk.

    Args:
        url: The database's, as `Database.open` takes it.
        file: Must not be there.

    Returns:
        The version of the schema it is in.

    Raises:
        BackupError: It cannot be made; nothing is left behind.
        OSError: The disk is full or refuses.
    """
    with _appearing(file) as fresh:
        database = _sqlite(url)
        if database is None:
            return await backup_postgres.save(url, fresh)
        return await asyncio.to_thread(backup_sqlite.save, database, fresh)


async def restore(url: str, file: Path, *, now: datetime, replace: bool = False) -> None:
    """Make a database what a backup says, wholly or not at all, and bring its schema up to date.

    Args:
        url: The database's, as `Database.open` takes it.
        file: As `backup` made it.
        now: The time.
        replace: Whether what is stored there may be lost.

    Raises:
        BackupError: The file is damaged, newer than this newsbot or of the other kind of database,
            or something is stored there that is not to be lost.
        OccupiedError: A newsbot is at work on the database.
    """
    database = _sqlite(url)
    _check(file, is_sqlite=database is not None)
    if database is None:
        await _nobody_at_work(url, now)
        _may_go(empty=await backup_postgres.is_empty(url), replace=replace)
        await backup_postgres.put_back(url, file)
    else:
        with alone(url, since=now):
            _may_go(empty=backup_sqlite.is_empty(database), replace=replace)
            await asyncio.to_thread(backup_sqlite.put_back, file, database)
    await (await Database.open(url)).close()


def _check(file: Path, *, is_sqlite: bool) -> None:
    """Make sure that a file can be put back by this newsbot."""
    try:
        with file.open("rb") as opened:
            beginning = opened.read(len(backup_sqlite.MAGIC))
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}") from error
    if beginning == backup_sqlite.MAGIC:
        kind, schema = "SQLite", backup_sqlite.check(file)
    elif beginning.startswith(backup_postgres.MAGIC):
        kind, schema = "PostgreSQL", backup_postgres.check(file)
    else:
        raise BackupError(f"{file} is no backup of newsbot's")
    if is_sqlite != (kind == "SQLite"):
        raise BackupError(f"{file} is of a {kind} database: name one of that kind in DATABASE_URL")
    if schema > newest():
        what = f"its schema is {schema}, this newsbot knows {newest()}"
        raise BackupError(f"{file} was made by a newer newsbot ({what}): update newsbot")


def _may_go(*, empty: bool, replace: bool) -> None:
    if not empty and not replace:
        raise BackupError(
            "the database holds what newsbot remembers: --replace loses that for the backup's; "
            "`newsbot backup` keeps it first"
        )


async def _nobody_at_work(url: str, now: datetime) -> None:
    """An SQLite file has a lock for this; in PostgreSQL, signs of life must do."""
    try:
        store = await Database.open(url, migrate=False)
    except (NeverRunError, SchemaError):
        return  # none of this version
    try:
        async with store.read() as transaction:
            latest = await transaction.heartbeats.latest()
    finally:
        await store.close()
    if latest is not None and now - latest < _MISSED_BEATS:
        raise OccupiedError(
            f"a newsbot is at work on {store.address}, or was within the last minute: stop it first"
        )


@contextmanager
def _appearing(file: Path) -> Iterator[Path]:
    """A file beside, to be filled, that takes this one's name at the end if all went well."""
    if file.exists():
        raise BackupError(f"{file} is there already: name another file, or remove it")
    try:
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 0600
    except FileNotFoundError:
        raise BackupError(f"there is no directory {file.parent}: make it") from None
    fresh = Path(name)
    try:
        yield fresh
        os.fsync(descriptor)
        fresh.rename(file)
        _sync(file.parent)
    finally:
        os.close(descriptor)
        fresh.unlink(missing_ok=True)


def _sync(directory: Path) -> None:
    """So that the name is on the disk too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sqlite(url: str) -> Path | None:
    database = make_url(url)
    is_file = database.get_backend_name() == "sqlite" and database.database is not None
    return Path(str(database.database)) if is_file else None
