"""Database: connections, migrations and transactions over SQLite or PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError, connect
from typing import Any, Final, Self

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import NeverRunError, SchemaError, StorageError, StuckError
from bot.storage import sqlite_driver
from bot.storage.added_feeds import AddedFeedRows
from bot.storage.asked import AskedRows
from bot.storage.cards import CardRows
from bot.storage.channels import ChannelRows
from bot.storage.deliveries import DeliveryRows
from bot.storage.entries import EntryRows
from bot.storage.feeds import FeedRows
from bot.storage.gathering import GatheringRows
from bot.storage.heartbeats import HeartbeatRows
from bot.storage.installations import InstallationRows
from bot.storage.search import SearchRows
from bot.storage.stuck import is_stuck
from bot.storage.subscriptions import SubscriptionRows
from bot.storage.upgrade import newest, upgrade, version

_BUSY_SECONDS = 30
_READ_ONLY = "newsbot_read_only"
_READING: Final[Mapping[str, Mapping[str, Any]]] = {
    "sqlite": {_READ_ONLY: True},
    # By default, PostgreSQL would have each statement see what was committed before it.
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


@dataclass(frozen=True, slots=True)
class RowsTransaction:
    """Implements `bot.ports.store.Transaction`."""

    feeds: FeedRows
    entries: EntryRows
    deliveries: DeliveryRows
    channels: ChannelRows
    heartbeats: HeartbeatRows
    subscriptions: SubscriptionRows
    asked: AskedRows
    cards: CardRows
    added_feeds: AddedFeedRows
    gathering: GatheringRows
    installations: InstallationRows


class Database:
    """Implements `bot.ports.store.Store`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # SQLite has one writer: waiting here in turn is fairer than its busy loop.
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @classmethod
    async def open(cls, url: str, *, migrate: bool = True) -> Self:
        """Connect and bring the schema up to date.

        Args:
            url: With an async driver, e.g. `sqlite+aiosqlite:///newsbot.db`.
            migrate: False to leave the schema as it is and make no database where there is none.

        Raises:
            StorageError: The database cannot be reached, or its schema is newer than this code.
            NeverRunError: It is not to be migrated, and newsbot's tables are not there.
            SchemaError: It is not to be migrated, and its schema is of another version.
        """
        engine = _engine(url)
        try:
            if migrate:
                await asyncio.to_thread(_probe, engine.url)
                async with engine.begin() as connection:
                    await connection.run_sync(upgrade)
                    await SearchRows(connection).catch_up()
            else:
                await _look(engine)
        except StorageError:
            await engine.dispose()
            raise
        except Exception as error:
            await engine.dispose()
            raise StorageError(said(engine.url, error)) from error
        return cls(engine)

    @property
    def address(self) -> str:
        """Where the database is, without its password."""
        return where(self._engine.url)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[RowsTransaction]:
        """A transaction: committed at the end of the block, undone where the block raises."""
        try:
            if self._turn is None:
                async with self._engine.begin() as connection:
                    yield _transaction(connection)
            else:
                async with self._turn, self._engine.begin() as connection:
                    yield _transaction(connection)
        except (SQLAlchemyError, OSError) as error:
            kind = StuckError if is_stuck(error) else StorageError
            raise kind(said(self._engine.url, error)) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[RowsTransaction]:
        """A transaction that only reads: one moment's view, in nobody's way."""
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(**_READING[self._engine.dialect.name])
                async with connection.begin():
                    yield _transaction(connection)
        except (SQLAlchemyError, OSError) as error:
            kind = StuckError if is_stuck(error) else StorageError
            raise kind(said(self._engine.url, error)) from error

    async def close(self) -> None:
        """Let go of all connections."""
        await self._engine.dispose()


def _transaction(connection: AsyncConnection) -> RowsTransaction:
    return RowsTransaction(
        feeds=FeedRows(connection),
        entries=EntryRows(connection),
        deliveries=DeliveryRows(connection),
        channels=ChannelRows(connection),
        heartbeats=HeartbeatRows(connection),
        subscriptions=SubscriptionRows(connection),
        asked=AskedRows(connection),
        cards=CardRows(connection),
        added_feeds=AddedFeedRows(connection),
        gathering=GatheringRows(connection),
        installations=InstallationRows(connection),
    )


def _engine(url: str) -> AsyncEngine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_async_engine(url)
    engine = create_async_engine(url, connect_args={"async_creator_fn": sqlite_driver.connect})
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, record: ConnectionPoolEntry) -> None:
    """WAL for readers beside the writer; FULL so that a commit survives loss of power."""
    del record
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_SECONDS * 1000}",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    # SQLite does not wait for this one: whoever holds the lock is another process of ours that
    # is switching a new database just now, and the mode is the file's.
    with suppress(OperationalError):
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer half-way cannot be made to wait."""
    reads = connection.get_execution_options().get(_READ_ONLY)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


async def _look(engine: AsyncEngine) -> None:
    """Make sure, changing nothing, that the schema is the one this code is written for."""
    if _is_missing(engine.url):
        raise _never_run(engine.url)  # connecting would make the file
    async with engine.connect() as connection:
        there = await connection.run_sync(version)
    if there is None:
        raise _never_run(engine.url)
    ours = newest()
    if there != ours:
        remedy = "run `newsbot migrate`" if there < ours else "update newsbot"
        what = f"its schema is {there}, this newsbot needs {ours}: {remedy}"
        raise SchemaError(f"database {where(engine.url)}: {what}")


def _probe(url: URL) -> None:
    """Open an SQLite file and close it again.

    aiosqlite leaves a thread behind where it cannot open one, whose farewell may come when the
    event loop has gone.
    """
    if url.get_backend_name() != "sqlite" or url.database is None:
        return
    directory = Path(url.database).parent
    if not directory.is_dir():
        raise StorageError(f"database {where(url)}: there is no directory {directory}; make it")
    connect(url.database).close()


def _is_missing(url: URL) -> bool:
    is_file = url.get_backend_name() == "sqlite" and url.database is not None
    return is_file and not Path(str(url.database)).exists()


def _never_run(url: URL) -> NeverRunError:
    return NeverRunError(
        f"newsbot has not run on {where(url)} yet: start it with `newsbot run`, "
        "or name the database it uses in DATABASE_URL"
    )


def where(url: URL) -> str:
    """The address as people write it, without driver and password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def said(url: URL, error: Exception) -> str:
    """What went wrong with which database."""
    first_line = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return f"database {where(url)}: {first_line}"
