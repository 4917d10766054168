"""Search: the newest and the best twenty of a million entries, beside LIKE.

    python -m bench.search [--entries 1000000] [--postgres postgresql+asyncpg://user@host/postgres]
        [--keep FOLDER] [--cold]

Making and indexing a million entries takes minutes: with `--keep`, both databases stay, SQLite's
as a file in that folder, and the next run with as many entries asks them again. What adding an
entry takes is then not measured, since the entries would stay too.

Every query is asked once, of a database that was asked others before, and whose files are read
through before each class of queries, so that they come from the machine's memory; with `--cold`
they come from wherever they are. PostgreSQL's extension pg_prewarm reads them there. LIKE looks for
the same words in title, summary and body, walking back from the newest, and is asked fewer, since
it takes long. The columns named cpu are this process's own time, SQLite's included and PostgreSQL's
not, which a busy machine does not draw out as it does the time on the clock.
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bench.search_adding import adding
from bench.search_databases import Made, postgres, read_through, sqlite
from bench.search_queries import classes, like_conditions
from bot.query.tree import Node
from bot.services.search import Order, search
from bot.storage.database import Database

ASKED = 40
"""Queries of a class."""
ASKED_WITH_LIKE = 5
PAGE = 20
LIKE = """
    SELECT id FROM entries WHERE {conditions} ORDER BY place DESC LIMIT 20
"""


@dataclass(slots=True)
class Asked:
    """What queries took: milliseconds on the clock, and of this process's time; and found."""

    times: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    hits: int = 0


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--postgres", default=os.environ.get("NEWSBOT_TEST_POSTGRES"))
    parser.add_argument("--keep", type=Path, help="folder of a database to keep and ask again")
    parser.add_argument("--cold", action="store_true", help="do not read the files into memory")
    arguments = parser.parse_args()
    count, keep = arguments.entries, arguments.keep is not None
    if keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        made = await sqlite(arguments.keep or Path(passing), count)
        await measure(made, count, may_add=not keep, cold=arguments.cold)
    if arguments.postgres:
        async with postgres(arguments.postgres, count, keep=keep) as made:
            await measure(made, count, may_add=not keep, cold=arguments.cold)


async def measure(made: Made, count: int, *, may_add: bool, cold: bool) -> None:
    head(made, count)
    store = await Database.open(made.url)
    engine = create_async_engine(made.url)
    try:
        await warm(store, count)
        for name, make in classes(count).items():
            rng = random.Random(name)
            queries = [make(rng) for _ in range(ASKED)]
            if not cold:
                await read_through(made)
            newest = await asked(store, queries, Order.NEWEST)
            best = await asked(store, queries, Order.BEST)
            async with engine.connect() as connection:
                likes = [await like(connection, query) for query in queries[:ASKED_WITH_LIKE]]
            row(name, newest, best, [ms for ms in likes if ms is not None])
        if may_add:
            await adding(store, count)
    finally:
        await engine.dispose()
        await store.close()


async def warm(store: Database, count: int) -> None:
    for name, make in classes(count).items():
        rng = random.Random(f"warm {name}")
        await asked(store, [make(rng) for _ in range(3)], Order.NEWEST)


async def asked(store: Database, queries: Sequence[Node], order: Order) -> Asked:
    """Ask each query once."""
    result = Asked()
    for query in queries:
        started, spent = time.perf_counter(), time.process_time()
        page = await search(store, query, order=order, limit=PAGE)
        result.times.append((time.perf_counter() - started) * 1e3)
        result.spent.append((time.process_time() - spent) * 1e3)
        result.hits += len(page.hits)
    return result


async def like(connection: AsyncConnection, query: Node) -> float | None:
    """Milliseconds of LIKE for a query's words; None where it is not made of words alone."""
    conditions = like_conditions(query)
    if conditions is None:
        return None
    started = time.perf_counter()
    (await connection.execute(text(LIKE.format(conditions=conditions)))).all()
    return (time.perf_counter() - started) * 1e3


def head(made: Made, count: int) -> None:
    print(f"\n{made.name}, {count:,} entries; load {os.getloadavg()[0]:.1f}")
    print(f"{made.told}\n")
    columns = " | ".join(
        f"{f'{order} p50':>11} {'p95':>7} {'max':>8} {'cpu p50':>8} {'p95':>7}" for order in Order
    )
    print(
        f"{'ms for twenty':18} {'n':>3} {'hits':>5} | {columns} |"
        f" {'LIKE p50':>9} {'ratio':>7} | {'load':>4}"
    )


def row(name: str, newest: Asked, best: Asked, likes: Sequence[float]) -> None:
    beside = " " * 17
    if likes:
        slow = statistics.median(likes)
        beside = f"{slow:>9,.1f} {slow / statistics.median(newest.times):>6,.0f}x"
    print(
        f"{name:18} {len(newest.times):>3} {newest.hits / len(newest.times):>5.1f} |"
        f" {figures(newest)} | {figures(best)} | {beside} | {os.getloadavg()[0]:>4.1f}",
        flush=True,
    )


def figures(of: Asked) -> str:
    return (
        f"{statistics.median(of.times):>11.2f} {quantile(of.times, 0.95):>7.2f}"
        f" {max(of.times):>8.2f} {statistics.median(of.spent):>8.2f}"
        f" {quantile(of.spent, 0.95):>7.2f}"
    )


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    asyncio.run(main())
