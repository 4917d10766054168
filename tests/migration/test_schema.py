"""The migrated schema is the one the code is written for."""

from collections.abc import Sequence

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.database import Database
from bot.storage.schema import metadata

SEARCHS_OWN = ("entry_terms", "entry_words")
"""Each database keeps these in its own way, outside the common schema."""


def is_common(name: str | None, kind: str, parents: object) -> bool:
    del parents
    return kind != "table" or not str(name).startswith(SEARCHS_OWN)


def differences(connection: Connection) -> Sequence[object]:
    options = {"compare_type": True, "include_name": is_common}
    context = MigrationContext.configure(connection, opts=options)
    found: Sequence[object] = compare_metadata(context, metadata)
    return found


async def test_the_migrated_schema_is_the_one_in_the_code(database_url: str) -> None:
    database = await Database.open(database_url)
    await database.close()
    engine = create_async_engine(database_url)
    try:
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await engine.dispose()
