"""Backup of PostgreSQL: the rows of every table at one moment, in one compressed file.

    {"newsbot": 1, "schema": "0003", "tables": ["feeds", …]}      a line of JSON each
    {"table": "feeds", "columns": ["id", "url", …], "last": 17}   `last`: the highest id given out
    [1, "https://…", {"at": "2026-…"}, {"bytes": "q1…"}, …]       a row
    {"rows": 1830}                                                all of them: the file is whole

What is read is the tables as they are, not as this code has them: the way back lays the file's own
version of the schema, and `Database.open` upgrades it. Search's index is not kept; it is made anew.
"""

import base64
import gzip
import json
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.errors import BackupError
from bot.storage.database import said
from bot.storage.schema import metadata
from bot.storage.upgrade import upgrade, version

MAGIC: Final = b"\x1f\x8b"
_FORMAT: Final = 1
_SEARCHS_OWN: Final = ("entry_terms", "search_index")
_VERSIONS: Final = "alembic_version"
_BESIDES: Final = frozenset({*_SEARCHS_OWN, "connections", "heartbeats"})
_AT_ONCE: Final = 500
_LAST = "SELECT last_value FROM pg_sequences WHERE schemaname || '.' || sequencename = :name"


async def save(url: str, file: Path) -> str:
    """Write the rows into a file; gives the version of the schema they are in.

    Raises:
        BackupError: There is no database of newsbot's, or it cannot be read.
    """
    async with _connected(url) as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        async with connection.begin():
            await connection.execute(text("SET TRANSACTION READ ONLY"))
            schema = await connection.run_sync(version)
            if schema is None:
                raise BackupError(
                    "newsbot has not run on this database: name yours in DATABASE_URL"
                )
            tables = await connection.run_sync(_tables)
            with gzip.open(file, "wt", encoding="utf-8") as out:
                header = {"newsbot": _FORMAT, "schema": schema, "tables": [t.name for t in tables]}
                out.write(_line(header))
                rows = 0
                for table in tables:
                    async for line in _lines(connection, table):
                        out.write(line)
                        rows += line.startswith("[")
                out.write(_line({"rows": rows}))
    return schema


def check(file: Path) -> str:
    """Make sure that a file is whole; gives the version of its schema.

    Raises:
        BackupError: It is not, or is no backup of newsbot's.
    """
    rows, last = 0, None
    lines = _read(file)
    header = next(lines, None)
    if not isinstance(header, dict) or header.get("newsbot") != _FORMAT:
        raise BackupError(f"{file} is no backup that this newsbot can read")
    for last in lines:
        rows += isinstance(last, list)
    if last != {"rows": rows}:
        raise BackupError(f"{file} is not whole: it breaks off after {rows:,} rows")
    return str(header["schema"])


async def is_empty(url: str) -> bool:
    """Whether nothing of newsbot's is stored there."""
    async with _connected(url) as connection:
        there = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
        for name in sorted((there & metadata.tables.keys()) - _BESIDES):
            if (
                await connection.execute(select(text("1")).select_from(text(name)).limit(1))
            ).first():
                return False
        return True


async def put_back(url: str, file: Path) -> None:
    """Make the database what the file says, in one transaction; the file was checked."""
    async with _connected(url) as connection, connection.begin():
        await connection.run_sync(_drop)
        lines = _read(file)
        await connection.run_sync(upgrade, next(lines)["schema"])
        tables = {table.name: table for table in await connection.run_sync(_tables)}
        table: Table | None = None
        columns: list[str] = []
        rows: list[dict[str, object]] = []
        for line in lines:
            if isinstance(line, list):
                rows.append(dict(zip(columns, map(_thawed, line), strict=True)))
            if table is not None and (len(rows) == _AT_ONCE or not isinstance(line, list)):
                await _add(connection, table, rows)
                rows = []
            if isinstance(line, dict) and "table" in line:
                table, columns = tables[line["table"]], line["columns"]
                await _count_on(connection, table, line["last"])


async def _add(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, object]]
) -> None:
    if rows:
        await connection.execute(insert(table), rows)


async def _count_on(connection: AsyncConnection, table: Table, last: int | None) -> None:
    """Give out no id again, those of rows deleted before the backup included."""
    if last is not None:
        sequence = {"name": await _sequence(connection, table), "last": last}
        await connection.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), sequence)


async def _lines(connection: AsyncConnection, table: Table) -> AsyncIterator[str]:
    columns = [column.name for column in table.columns]
    last = None
    if sequence := await _sequence(connection, table):
        last = (await connection.execute(text(_LAST), {"name": sequence})).scalar()
    yield _line({"table": table.name, "columns": columns, "last": last})
    found = await connection.stream(select(table).execution_options(yield_per=_AT_ONCE))
    async for row in found:
        yield _line([_frozen(value) for value in row])


async def _sequence(connection: AsyncConnection, table: Table) -> str | None:
    """What numbers the table's rows; None where they have no number."""
    if "id" not in table.columns:
        return None
    asked = text("SELECT pg_get_serial_sequence(:table, 'id')")
    found: str | None = (await connection.execute(asked, {"table": table.name})).scalar()
    return found


def _tables(connection: Connection) -> Sequence[Table]:
    """The tables as they are, those that others refer to first."""
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name in metadata.tables.keys() - _SEARCHS_OWN)
    return there.sorted_tables


def _drop(connection: Connection) -> None:
    for name in (_VERSIONS, *_SEARCHS_OWN, *(table.name for table in metadata.sorted_tables)):
        connection.execute(text(f'DROP TABLE IF EXISTS "{name}" CASCADE'))


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _frozen(value: object) -> object:
    """As JSON has it."""
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    return value


def _thawed(value: Any) -> object:  # noqa: ANN401 - whatever JSON has
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    return base64.b64decode(value["bytes"])


def _read(file: Path) -> Iterator[Any]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except (EOFError, ValueError, zlib.error, gzip.BadGzipFile) as error:
        raise BackupError(f"{file} is damaged or no backup of newsbot's: {error}") from error


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            yield connection
    except (SQLAlchemyError, OSError) as error:
        raise BackupError(said(engine.url, error)) from error
    finally:
        await engine.dispose()
