"""Entries for the search bench: made up, and written into a database in bulk.

Words follow Zipf's law; the commonest is in nine entries of ten. The entries are written past the
code that polls, and without the index, which `Database.open` then fills as at an upgrade.
"""

import itertools
import math
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from bot.storage.places import first_place, minute_of

START = datetime(2026, 1, 1, tzinfo=UTC)
FEEDS = 300
TAGS = 40
TOPICS = 997
GAP = 8.6
"""Seconds between two entries: 10,000 a day."""
_VOCABULARY = 60_000
_RARE_EVERY = 1_000
_RARE_EACH = 20
_PHRASES = 2_000
_BATCH = 10_000
_ENTRY_COLUMNS = [
    *("id", "feed_id", "story_id", "standing", "url", "title", "summary", "body", "authors"),
    *("published", "language", "fragment", "feed_name", "seen_at", "place"),
]
_TAG_COLUMNS = ["entry_id", "tag", "position", "of_feed"]


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up entry and where it stands."""

    number: int
    feed: int
    published: datetime
    place: int
    title: str
    summary: str
    body: str
    tags: tuple[str, ...]


def vocabulary() -> list[str]:
    """Made-up words, the commoner first and the shorter."""
    rng = random.Random(1)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    weights = [1 / (n + 2) for n in range(len(letters))]
    words: dict[str, None] = {}
    while len(words) < _VOCABULARY:
        length = 2 + int(math.log(len(words) + 1, 6)) + rng.randrange(3)
        words["".join(rng.choices(letters, weights, k=length))] = None
    return list(words)


def phrases(words: Sequence[str]) -> list[str]:
    """Pairs of words that keep each other's company, the commoner first."""
    rng = random.Random(3)
    return [" ".join(rng.choices(words[50:3_000], k=2)) for _ in range(_PHRASES)]


def rare_words(count: int) -> list[str]:
    """Words of which each is in about twenty of so many entries."""
    return [f"rare{n}" for n in range(max(1, count // (_RARE_EVERY * _RARE_EACH)))]


def made_up(count: int, words: Sequence[str]) -> Iterator[Made]:
    """The entries, oldest first; the same ones on every run."""
    rng = random.Random(2)
    cumulative = list(itertools.accumulate(1 / (n + 2.7) for n in range(len(words))))
    rare, pairs = rare_words(count), phrases(words)
    published, place = START, 0
    for number in range(1, count + 1):
        published += timedelta(seconds=rng.expovariate(1 / GAP))
        place = max(place + 1, first_place(minute_of(published)))
        length = rng.randint(40, 130)
        spoken = rng.choices(words, cum_weights=cumulative, k=length)
        if number % _RARE_EVERY == 0:
            spoken[rng.randrange(length)] = rng.choice(rare)
        for start in (rng.randrange(8), rng.randrange(9, length - 2)):
            spoken[start : start + 2] = pairs[int(_PHRASES * rng.random() ** 3)].split()
        feed = rng.randrange(FEEDS)
        own = () if number % 3 else (f"topic-{number % TOPICS}",)
        yield Made(
            number,
            feed + 1,
            published,
            place,
            " ".join(spoken[:9]).capitalize(),
            " ".join(spoken[9:30]).capitalize() + ".",
            " ".join(spoken[30:]).capitalize() + ".",
            (*own, f"desk-{feed % TAGS}"),
        )


def write_sqlite(path: str, entries: Iterator[Made]) -> None:
    """Write entries into a database that has its schema."""
    connection = sqlite3.connect(path)
    connection.executemany(
        "INSERT INTO feeds (id, url, due_at, skip_hours, skip_days, fragments, shared_keys,"
        " failures, failure_told, move_sightings, held)"
        " VALUES (?, ?, ?, '', '', x'', x'', 0, 0, 0, 0)",
        [(n, _feed_url(n), _sqlite(START)) for n in range(1, FEEDS + 1)],
    )
    for batch in _batches(entries):
        connection.executemany(
            "INSERT INTO stories (id, created_at) VALUES (?, ?)",
            [(made.number, _sqlite(made.published)) for made in batch],
        )
        rows = [tuple(_sqlite(v) if isinstance(v, datetime) else v for v in _row(m)) for m in batch]
        _insert(connection, "entries", _ENTRY_COLUMNS, rows)
        _insert(connection, "entry_tags", _TAG_COLUMNS, [row for m in batch for row in _tags(m)])
        connection.commit()
    connection.execute("DELETE FROM search_index")
    connection.commit()
    connection.close()


async def write_postgres(url: str, entries: Iterator[Made]) -> None:
    """Write entries into a database that has its schema."""
    connection = await asyncpg.connect(url)
    await connection.executemany(
        "INSERT INTO feeds (id, url, due_at, skip_hours, skip_days, fragments, shared_keys,"
        " failures, failure_told, move_sightings, held)"
        " VALUES ($1, $2, $3, '', '', '', '', 0, false, 0, false)",
        [(n, _feed_url(n), START) for n in range(1, FEEDS + 1)],
    )
    for batch in _batches(entries):
        for table, columns, rows in (
            ("stories", ["id", "created_at"], [(m.number, m.published) for m in batch]),
            ("entries", _ENTRY_COLUMNS, [_row(m) for m in batch]),
            ("entry_tags", _TAG_COLUMNS, [row for m in batch for row in _tags(m)]),
        ):
            await connection.copy_records_to_table(table, columns=columns, records=rows)
    for table in ("feeds", "stories", "entries"):
        await connection.execute(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"  # noqa: S608 - ours
        )
    await connection.execute("DELETE FROM search_index")
    await connection.execute("ANALYZE")
    await connection.close()


def _batches(entries: Iterator[Made]) -> Iterator[list[Made]]:
    while batch := list(itertools.islice(entries, _BATCH)):
        yield batch


def _insert(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Sequence[Any]
) -> None:
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - ours
    connection.executemany(statement, rows)


def _row(made: Made) -> tuple[Any, ...]:
    return (
        made.number,
        made.feed,
        made.number,
        "news",
        f"https://site{made.feed}.example/{made.number}",
        made.title,
        made.summary,
        made.body,
        "[]",
        made.published,
        "en",
        made.number.to_bytes(8, "big"),
        f"Outlet {made.feed}",
        made.published + timedelta(minutes=2),
        made.place,
    )


def _tags(made: Made) -> list[tuple[int, str, int, bool]]:
    last = len(made.tags) - 1
    return [(made.number, tag, n, n == last) for n, tag in enumerate(made.tags)]


def _feed_url(number: int) -> str:
    return f"https://site{number}.example/feed"


def _sqlite(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")
