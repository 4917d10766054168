"""Databases of made-up entries: made and indexed once, and where they are to stay, asked again."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.search_entries import made_up, vocabulary, write_postgres, write_sqlite
from bot.storage.database import Database

_KEPT = "made by an earlier run"
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Made:
    """A database with its entries.

    Attributes:
        name: Of the kind of database.
        url: Where it is.
        told: What making it took.
    """

    name: str
    url: str
    told: str


_RELATIONS = """
    SELECT sum(pg_prewarm(oid, 'read')) FROM pg_class
    WHERE relname ~ 'entr' AND relkind IN ('r', 'i')
"""


async def read_through(made: Made) -> None:
    """Read a database's files from one end to the other, so that the machine has them in memory."""
    url = make_url(made.url)
    if url.get_backend_name() == "sqlite":
        _read_file(Path(str(url.database)))
        return
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_prewarm"))
        await connection.execute(text(_RELATIONS))
    await engine.dispose()


def _read_file(path: Path) -> None:
    with path.open("rb", buffering=0) as file:
        while file.read(_AT_ONCE):
            pass


async def sqlite(folder: Path, count: int) -> Made:
    """A file in this folder, made where it is not there yet."""
    path = folder / f"bench-{count}.db"
    url = f"sqlite+aiosqlite:///{path}"
    if path.exists():
        return Made("SQLite", url, _KEPT)
    await (await Database.open(url)).close()
    write_sqlite(str(path), made_up(count, vocabulary()))
    before = _megabytes(path)
    indexed = await _indexed(url, count)
    sizes = f"file {before:,.0f} MB, with the index {_megabytes(path):,.0f} MB"
    return Made("SQLite", url, f"{indexed}; {sizes}")


@asynccontextmanager
async def postgres(server: str, count: int, *, keep: bool) -> AsyncIterator[Made]:
    """A database of this server, dropped in the end unless it is to be kept."""
    name = f"newsbot_bench_search_{count if keep else os.getpid()}"
    url = make_url(server).set(database=name)
    admin = create_async_engine(server, isolation_level="AUTOCOMMIT")
    try:
        async with admin.connect() as connection:
            known = await connection.execute(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
            )
            is_new = known.first() is None
            if is_new:
                await connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            told = await _fill(url, count) if is_new else _KEPT
            yield Made("PostgreSQL", url.render_as_string(hide_password=False), told)
        finally:
            if not keep:
                async with admin.connect() as connection:
                    await connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        await admin.dispose()


async def _fill(url: URL, count: int) -> str:
    """Make and index the entries; says what that took."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    address = url.render_as_string(hide_password=False)
    await (await Database.open(address)).close()
    await write_postgres(plain, made_up(count, vocabulary()))
    indexed = await _indexed(address, count)
    engine = create_async_engine(address, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))  # as autovacuum will sooner or later
        sizes = await connection.execute(
            text(
                "SELECT pg_total_relation_size('entries') / 1e6,"
                " pg_table_size('entry_terms') / 1e6,"
                " pg_indexes_size('entry_terms') / 1e6"
            )
        )
        rows = "entries {:,.0f} MB, terms {:,.0f} MB, their indexes {:,.0f} MB"
        taken = rows.format(*sizes.one())
    await engine.dispose()
    return f"{indexed}; {taken}"


async def _indexed(url: str, count: int) -> str:
    """Open a database in which nothing is indexed yet; says what that took."""
    started = time.perf_counter()
    await (await Database.open(url)).close()
    seconds = time.perf_counter() - started
    return f"indexed in {seconds:,.0f} s, {seconds / count * 1e6:,.0f} µs an entry"


def _megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6
