"""Adding: what it takes to add an entry, with the index and without."""

import statistics
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from bench.search_entries import GAP, START, made_up, vocabulary
from bot.domain.entry import Entry
from bot.domain.feed import Feed
from bot.domain.identity import identify
from bot.domain.news import Standing
from bot.storage.database import Database

ADDED, AT_ONCE = 1_000, 20


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
