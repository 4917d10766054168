"""Search: the newest and the best twenty of a million entries, beside LIKE.

    python -m bench.search [--entries 1000000] [--postgres postgresql+asyncpg://user@host/postgres]
        [--keep FOLDER]

Making and indexing a million entries takes minutes: with `--keep`, both databases stay, SQLite's
as a file in that folder, and the next run with as many entries asks them again. What adding an
entry takes is then not measured, since the entries would stay too.

Every query is asked once, of a database that was asked others before. LIKE looks for the same words
in title, summary and body, walking back from the newest, and is asked fewer, since it takes long.
The columns named cpu are this process's own time, which a busy machine does not draw out.
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bench.search_entries import (
    GAP,
    START,
    made_up,
    phrases,
    rare_words,
    vocabulary,
    write_postgres,
    write_sqlite,
)
from bot.domain.entry import Entry
from bot.domain.feed import Feed
from bot.domain.identity import identify
from bot.domain.news import Standing
from bot.query.tree import And, Field, Near, Node, Not, Or, Regex, Site, Tagged, Words
from bot.services.search import Order, search
from bot.storage.database import Database

ASKED = 40
"""Queries of a class."""
ASKED_WITH_LIKE = 5
ADDED, AT_ONCE = 1_000, 20
PAGE = 20
TITLE = frozenset({Field.TITLE})
LIKE = """
    SELECT id FROM entries WHERE {conditions} ORDER BY place DESC LIMIT 20
"""
FIELDS = "lower(title || ' ' || summary || ' ' || body)"


@dataclass(slots=True)
class Asked:
    """What queries took: milliseconds on the clock, and of this process's time; and found."""

    times: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    hits: int = 0


def classes(count: int) -> Mapping[str, Callable[[random.Random], Node]]:
    """Made-up queries by class."""
    words, rare = vocabulary(), rare_words(count)
    pairs = phrases(words)

    def word(rng: random.Random, first: int, last: int) -> Words:
        return Words(words[rng.randrange(first, last)])

    def near(rng: random.Random) -> Node:
        one, other = map(Words, rng.choice(pairs).split())
        return Near((one,), (other,), 5)

    return {
        "rare word": lambda rng: Words(rng.choice(rare)),
        "medium word": lambda rng: word(rng, 1_000, 8_000),
        "common word": lambda rng: word(rng, 50, 500),
        "very common words": lambda rng: And((word(rng, 0, 10), word(rng, 10, 30))),
        "two words": lambda rng: And((word(rng, 100, 2_000), word(rng, 100, 2_000))),
        "any of ten words": lambda rng: Or(tuple(word(rng, 500, 9_000) for _ in range(10))),
        "phrase": lambda rng: Words(rng.choice(pairs)),
        "near": near,
        "NOT": lambda rng: And((word(rng, 300, 5_000), Not(word(rng, 30, 1_000)))),
        "prefix": lambda rng: Words(words[rng.randrange(300, 9_000)][:4], prefix=True),
        "tag": lambda rng: Tagged(f"desk-{rng.randrange(40)}"),
        "tag and word": lambda rng: And(
            (Tagged(f"desk-{rng.randrange(40)}"), word(rng, 50, 3_000))
        ),
        "in the title": lambda rng: Words(words[rng.randrange(100, 5_000)], TITLE),
        "site and word": lambda rng: And(
            (Site(f"site{rng.randrange(1, 300)}.example"), word(rng, 0, 300))
        ),
        "chance phrase": lambda rng: Words(
            f"{words[rng.randrange(30)]} {words[rng.randrange(300)]}"
        ),
        "no word, NOT": lambda rng: Not(word(rng, 0, 300)),
        "no word, regex": lambda rng: Regex(rf"\b{words[rng.randrange(30, 300)]}\b"),
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--postgres", default=os.environ.get("NEWSBOT_TEST_POSTGRES"))
    parser.add_argument("--keep", type=Path, help="folder of a database to keep and ask again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        await sqlite(arguments.keep, Path(passing), arguments.entries)
    if arguments.postgres:
        await postgres(arguments.postgres, arguments.entries, keep=arguments.keep is not None)


async def sqlite(kept: Path | None, passing: Path, count: int) -> None:
    path = (kept or passing) / f"bench-{count}.db"
    url = f"sqlite+aiosqlite:///{path}"
    made = "made by an earlier run"
    if not path.exists():
        await (await Database.open(url)).close()
        write_sqlite(str(path), made_up(count, vocabulary()))
        before = megabytes(path)
        seconds = await indexing(url)
        made = (
            f"indexed in {seconds:,.0f} s, {seconds / count * 1e6:,.0f} µs an entry;"
            f" file {before:,.0f} MB, with the index {megabytes(path):,.0f} MB"
        )
    head("SQLite", count, made)
    await measure(url, count, may_add=kept is None)


def megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6


async def postgres(server: str, count: int, *, keep: bool) -> None:
    name = f"newsbot_bench_search_{count if keep else os.getpid()}"
    url = make_url(server).set(database=name)
    address = url.render_as_string(hide_password=False)
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
            made = await fill(url, count) if is_new else "made by an earlier run"
            head("PostgreSQL", count, made)
            await measure(address, count, may_add=not keep)
        finally:
            if not keep:
                async with admin.connect() as connection:
                    await connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        await admin.dispose()


async def fill(url: URL, count: int) -> str:
    """Make and index the entries; says what that took."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    address = url.render_as_string(hide_password=False)
    await (await Database.open(address)).close()
    await write_postgres(plain, made_up(count, vocabulary()))
    seconds = await indexing(address)
    engine = create_async_engine(address)
    async with engine.connect() as connection:
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
    return f"indexed in {seconds:,.0f} s, {seconds / count * 1e6:,.0f} µs an entry; {taken}"


async def indexing(url: str) -> float:
    """Seconds that opening takes where nothing is indexed yet."""
    started = time.perf_counter()
    await (await Database.open(url)).close()
    return time.perf_counter() - started


def head(name: str, count: int, made: str) -> None:
    print(f"\n{name}, {count:,} entries; load {os.getloadavg()[0]:.1f}")
    print(f"{made}\n")
    print(
        f"{'ms for twenty':18} {'n':>3} {'hits':>5} | {'newest p50':>10} {'p95':>7} {'max':>8} |"
        f" {'cpu':>6} {'p95':>7} | {'best p50':>10} {'p95':>7} {'max':>8} |"
        f" {'LIKE p50':>9} {'ratio':>7}"
    )


async def measure(url: str, count: int, *, may_add: bool) -> None:
    store = await Database.open(url)
    engine = create_async_engine(url)
    try:
        await warm(store, count)
        for name, make in classes(count).items():
            rng = random.Random(name)
            queries = [make(rng) for _ in range(ASKED)]
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


def like_conditions(query: Node) -> str | None:
    match query:
        case Words(fields=fields) if fields == TITLE:
            return f"lower(title) LIKE '%{query.text}%'"
        case Words():
            return f"{FIELDS} LIKE '%{query.text}%'"
        case And(parts=parts) | Or(parts=parts):
            found = [like_conditions(part) for part in parts]
            joint = " AND " if isinstance(query, And) else " OR "
            return None if None in found else f"({joint.join(map(str, found))})"
        case Not(part=part):
            inner = like_conditions(part)
            return None if inner is None else f"NOT {inner}"
        case _:
            return None


def row(name: str, newest: Asked, best: Asked, likes: Sequence[float]) -> None:
    beside = ""
    if likes:
        slow = statistics.median(likes)
        beside = f"{slow:>9,.1f} {slow / statistics.median(newest.times):>6,.0f}x"
    hits = newest.hits / len(newest.times)
    spent = f"{statistics.median(newest.spent):>6.2f} {quantile(newest.spent, 0.95):>7.2f}"
    print(
        f"{name:18} {len(newest.times):>3} {hits:>5.1f} {figures(newest.times)} | {spent}"
        f" {figures(best.times)} | {beside}",
        flush=True,
    )


def figures(times: Sequence[float]) -> str:
    return f"| {statistics.median(times):>10.2f} {quantile(times, 0.95):>7.2f} {max(times):>8.2f}"


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


class NoSearch:
    """Keeps nothing: what adding costs without search."""

    async def places(self, fresh: Sequence[Entry], *, seen_at: datetime) -> list[int]:
        """A place each, wherever."""
        return [int(seen_at.timestamp()) << 20] * len(fresh)

    async def add(self, stored: Sequence[object], places: Sequence[int]) -> None:
        """Nothing."""
        del stored, places


async def adding(store: Database, count: int) -> None:
    """Microseconds to add an entry, in transactions of twenty, with the index and without."""
    words = vocabulary()
    made = list(made_up(2 * ADDED, words))
    taken: dict[str, list[float]] = {"without": [], "with": []}
    feed = Feed(url="https://site1.example/feed", name="Outlet 1", tags=frozenset({"desk-1"}))
    for start in range(0, 2 * ADDED, AT_ONCE):
        kind = "with" if (start // AT_ONCE) % 2 else "without"
        now = START + timedelta(seconds=GAP * (count + start + 100_000))
        fresh = [
            Entry(
                title=one.title,
                summary=one.summary,
                body=one.body,
                guid=f"added-{one.number}",
                url=f"https://site1.example/added/{one.number}",
                published=now,
                tags=one.tags,
                fragment=one.number.to_bytes(8, "big"),
            )
            for one in made[start : start + AT_ONCE]
        ]
        found = identify(fresh, seen_at=now, feed_link=None)
        started = time.perf_counter()
        async with store.begin() as transaction:
            if kind == "without":
                transaction.entries._search = NoSearch()  # noqa: SLF001 - to leave it out
            await transaction.entries.add(feed, 1, found, standing=Standing.NEWS, now=now)
        taken[kind].append((time.perf_counter() - started) / AT_ONCE * 1e6)
    without, with_index = (statistics.median(taken[kind]) for kind in ("without", "with"))
    print(
        f"\nadding an entry: {without:,.0f} µs without the index, {with_index:,.0f} µs with it,"
        f" {with_index / without:.2f}x; n = {ADDED} each, in transactions of {AT_ONCE}"
    )


if __name__ == "__main__":
    asyncio.run(main())
