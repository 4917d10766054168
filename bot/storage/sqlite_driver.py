"""SQLite driver: a statement and its rows in one trip to the thread of a connection.

aiosqlite keeps each connection on a thread of its own. Its cursors go there four times for one
statement, to be made, to execute, to fetch and to be closed, and SQLAlchemy undoes what is already
committed before it keeps a connection; a trip takes longer than most statements do. A statement
that is given up would also run to its end.
"""

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Self

import aiosqlite

_ROWS_AT_ONCE = 64


def connect(database: str, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401 - sqlite3's own
    """A connection to be awaited, as `aiosqlite.connect` gives it.

    Args:
        database: A path, or what else sqlite3 takes for one.
        options: As for `sqlite3.connect`.
    """
    connection = _Connection(lambda: sqlite3.connect(database, **options), _ROWS_AT_ONCE)
    # As SQLAlchemy does: a lost one ends with us. Until aiosqlite 0.22 it was its own thread.
    thread: Any = getattr(connection, "_thread", connection)
    thread.daemon = True
    return connection


class _Connection(aiosqlite.Connection):
    """Gives cursors that go to its thread once, and goes there itself only where it must.

    Attributes:
        is_unsure: Whether a statement failed, or may be running still that nobody waits for.
    """

    is_unsure = False

    def cursor(self) -> "_Cursor":  # type: ignore[override]
        """A cursor; no statement of it is left open."""
        return _Cursor(self)

    async def rollback(self) -> None:
        """Undo what is not committed, if there is anything."""
        if self.is_unsure or self.in_transaction:
            await super().rollback()
            self.is_unsure = False


class _Cursor:
    """As much of a cursor as SQLAlchemy asks for."""

    arraysize = 1

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._is_given_up = False

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Iterable[Any] = ()) -> Self:
        """Execute one statement and read all of its rows."""
        return await self._go("execute", statement, values)

    async def executemany(self, statement: str, rows: Iterable[Iterable[Any]]) -> Self:
        """Execute one statement for each of some rows."""
        return await self._go("executemany", statement, rows)

    async def fetchall(self) -> Sequence[Any]:
        """The rows."""
        return self._rows

    async def close(self) -> None:
        """Nothing: it is closed."""

    async def _go(self, *what: object) -> Self:
        way = self._connection._execute  # noqa: SLF001 - aiosqlite's one way to its thread
        try:
            await way(self._run, *what)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            # What nobody waits for any more must not keep the connection from being closed.
            self._connection.is_unsure = self._is_given_up = True
            await self._connection.interrupt()
            raise
        except BaseException:
            self._connection.is_unsure = True
            raise
        return self

    def _run(self, how: str, statement: str, values: Iterable[Any]) -> None:
        if self._is_given_up:
            return  # before it began
        cursor = self._connection._conn.cursor()  # noqa: SLF001 - we are on its thread
        try:
            getattr(cursor, how)(statement, values)
            self._rows = cursor.fetchall()
            self.description = cursor.description
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()
