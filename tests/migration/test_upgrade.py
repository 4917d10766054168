"""What was stored before an upgrade is there after it, from every earlier version."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.ext.asyncio import create_async_engine

from bot.ports.entries import Wanted
from bot.query.lookup import Key
from bot.storage.backup import backup, restore
from bot.storage.database import Database
from bot.storage.schema import metadata
from bot.storage.upgrade import newest, upgrade
from tests.fakes.clock import START

VERSIONS = [f"{number:04}" for number in range(1, int(newest()) + 1)]
COMMON = {"alembic_version", "search_index"}
"""Tables that an upgrade itself writes to."""
ROWS = 2

READ: Mapping[tuple[str, str], object] = {
    ("entries", "standing"): "news",
    ("entries", "authors"): "[]",
}
"""What the upgrade itself reads, as newsbot writes it."""

from_each_version = pytest.mark.parametrize("version", VERSIONS)


def tables(connection: Connection) -> Sequence[Table]:
    """The tables as they stand, search's own left out, those that others refer to first."""
    there = MetaData()
    known = metadata.tables.keys() - COMMON
    there.reflect(connection, only=lambda name, _: name in known)
    return there.sorted_tables


def lay(connection: Connection, version: str) -> None:
    """Lay a version of the schema, with rows in every table."""
    upgrade(connection, version)
    for table in tables(connection):
        for number in range(1, ROWS + 1):
            connection.execute(insert(table).values(row(table, number)))


def row(table: Table, number: int) -> Mapping[str, object]:
    """A row in which every column has a value; references point at the row of the same number."""
    return {column.name: value(table, column, number) for column in table.columns}


def value(table: Table, column: Column[object], number: int) -> object:
    if (table.name, column.name) in READ:
        return READ[table.name, column.name]
    kinds: Mapping[type[object], object] = {
        Boolean: True,
        Integer: number,
        Float: 60.0 * number,
        DateTime: START + timedelta(hours=number),
        LargeBinary: bytes([number]) * 16,
    }
    for kind, found in kinds.items():
        if isinstance(column.type, kind):
            naive = isinstance(found, datetime) and not getattr(column.type, "timezone", False)
            return found.replace(tzinfo=None) if naive and isinstance(found, datetime) else found
    return f"{number} {column.name}"[: getattr(column.type, "length", None)]


def held(connection: Connection) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Everything stored, by table."""
    return {
        table.name: [dict(one._mapping) for one in connection.execute(select(table))]
        for table in tables(connection)
    }


def lost(
    before: Mapping[str, Sequence[Mapping[str, object]]],
    after: Mapping[str, Sequence[Mapping[str, object]]],
) -> list[str]:
    """The columns that an upgrade did not keep."""
    return [
        f"{table}.{column}"
        for table, rows in before.items()
        for number, one in enumerate(rows)
        for column in one
        if (table, column) != ("entries", "place") and after[table][number][column] != one[column]
    ]


@from_each_version
async def test_an_upgrade_keeps_every_row_of_every_table(database_url: str, version: str) -> None:
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(lay, version)
            before = await connection.run_sync(held)
        await (await Database.open(database_url)).close()
        async with engine.connect() as connection:
            after = await connection.run_sync(held)
    finally:
        await engine.dispose()
    assert all(len(rows) == ROWS for rows in before.values())
    assert lost(before, after) == []
    assert all(len(after[table]) == ROWS for table in before)


@from_each_version
async def test_a_backup_made_before_an_upgrade_can_be_put_back_after_it(
    database_url: str, tmp_path: Path, version: str
) -> None:
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(lay, version)
            before = await connection.run_sync(held)
        assert await backup(database_url, tmp_path / "kept") == version
        await (await Database.open(database_url)).close()
        later = START + timedelta(days=1)
        await restore(database_url, tmp_path / "kept", now=later, replace=True)
        async with engine.connect() as connection:
            after = await connection.run_sync(held)
            there = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    finally:
        await engine.dispose()
    assert metadata.tables.keys() <= there
    assert lost(before, after) == []


FEED = """
    INSERT INTO feeds (id, url, due_at, skip_hours, skip_days, fragments, shared_keys, failures,
        failure_told, move_sightings, held)
    VALUES (1, 'https://wire.example/feed', '2026-11-20 12:00:00.000000', '', '', :empty, :empty,
        0, false, 0, false)
"""
ENTRY = """
    INSERT INTO entries (id, feed_id, story_id, standing, title, summary, body, authors,
        published, updated, language, fragment, feed_name, seen_at)
    VALUES ({id}, 1, 1, 'news', 'Beijing {id}', '', '', '[]',
        {published}, {updated}, 'en', :empty, 'Wire', '2026-11-20 12:00:00.000000')
"""
FIRST = (
    FEED,
    "INSERT INTO stories (id, created_at) VALUES (1, '2026-11-20 12:00:00.000000')",
    ENTRY.format(id=1, published="'2026-11-20 11:59:00.000000'", updated="NULL"),
    ENTRY.format(id=2, published="NULL", updated="NULL"),
    ENTRY.format(id=3, published="'2026-11-20 11:58:59.999999'", updated="NULL"),
    ENTRY.format(id=4, published="'2027-01-01 00:00:00.000000'", updated="NULL"),
    ENTRY.format(id=5, published="NULL", updated="'2026-11-20 11:30:00.000000'"),
    ENTRY.format(id=6, published="'1960-01-01 00:00:00.000000'", updated="NULL"),
    ENTRY.format(id=7, published="'2026-11-20 11:58:01.000000'", updated="NULL"),
    "INSERT INTO entry_tags (entry_id, tag, position, of_feed) VALUES (5, 'world', 0, true)",
)
"""Entries with dates of every kind, as the first schema has them."""


def lay_first(connection: Connection) -> None:
    upgrade(connection, VERSIONS[0])
    for statement in FIRST:
        connection.execute(text(statement), {"empty": b""} if ":empty" in statement else {})


async def found(database: Database, term: str) -> list[int]:
    async with database.read() as transaction:
        candidates = transaction.entries.candidates(Wanted(lookup=Key(term)), after=None, first=10)
        return [stored.entry_id async for _, stored in candidates]


async def test_entries_of_the_first_schema_can_be_searched(database_url: str) -> None:
    engine = create_async_engine(database_url, connect_args=utc(database_url))
    async with engine.begin() as connection:
        await connection.run_sync(lay_first)
    await engine.dispose()
    database = await Database.open(database_url)
    try:
        assert await found(database, "beijing") == [4, 2, 1, 7, 3, 5, 6]
        assert await found(database, "#world") == [5]
    finally:
        await database.close()


def utc(url: str) -> dict[str, object]:
    """The times above are UTC, for the database too."""
    return {} if "sqlite" in url else {"server_settings": {"timezone": "UTC"}}
