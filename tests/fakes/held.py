"""Held: a database that somebody else keeps to themselves."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.schema import metadata


@asynccontextmanager
async def held(url: str) -> AsyncIterator[None]:
    """Until the block ends nothing can be written; on PostgreSQL nothing can be read either.

    Args:
        url: Of a database that has its schema.
    """
    if url.startswith("sqlite"):
        with _sqlite(url.partition("///")[2]):
            yield
        return
    engine = create_async_engine(url)
    tables = ", ".join(f'"{name}"' for name in metadata.tables)
    try:
        async with engine.begin() as other:
            await other.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))
            yield
    finally:
        await engine.dispose()


@contextmanager
def _sqlite(path: str) -> Iterator[None]:
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.close()
