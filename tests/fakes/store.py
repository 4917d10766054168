"""A database that refuses when told to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import StorageError
from bot.storage.database import Database, RowsTransaction


class MoodyStore:
    """Implements `bot.ports.store.Store`: the real database, but for some of its transactions.

    Attributes:
        refusals: How many of the next transactions fail as they are committed.
    """

    def __init__(self, database: Database) -> None:
        self.refusals = 0
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[RowsTransaction]:
        async with self._database.begin() as transaction:
            yield transaction
            if self.refusals:
                self.refusals -= 1
                raise StorageError("database: database or disk is full")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[RowsTransaction]:
        async with self._database.read() as transaction:
            yield transaction
