"""Search in SQLite: an FTS5 table without text, its rows numbered by place.

FTS5 gives rows in the order of their numbers as it reads them, from the newest down, so that
the newest twenty cost the same however many there are. It keeps positions, since two common words
stand side by side in few of the entries that hold both. Its tokenizer is told that everything but
white space belongs to a term, so that it cuts where we did and nowhere else.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports.entries import Place
from bot.query.lookup import AllOf, AnyOf, Key, Lookup, Pair
from bot.storage.places import PLACES
from bot.storage.search_index import Asked, Indexed

_INSERT = text("INSERT INTO entry_terms (rowid, terms) VALUES (:place, :terms)")
_DELETE = text(
    "INSERT INTO entry_terms (entry_terms, rowid, terms) VALUES ('delete', :place, :terms)"
)
_CLEAR = text("INSERT INTO entry_terms (entry_terms) VALUES ('delete-all')")
_OPTIMIZE = text("INSERT INTO entry_terms (entry_terms) VALUES ('optimize')")
_LAST_PLACES = text("""
    SELECT value AS minute, (
        SELECT max(place) FROM entries
        WHERE place >= value * :places AND place < (value + 1) * :places
    ) AS place
    FROM json_each(:minutes)
""")
_FIND = text("""
    SELECT found.place, entries.id
    FROM (
        SELECT rowid AS place FROM entry_terms
        WHERE entry_terms MATCH :terms AND rowid >= :above AND rowid < :below
        ORDER BY rowid DESC LIMIT :limit
    ) AS found
    LEFT JOIN entries ON entries.place = found.place
    ORDER BY found.place DESC
""")
_WALK = text("""
    SELECT place, id FROM entries WHERE place >= :above AND place < :below
    ORDER BY place DESC LIMIT :limit
""")
_BEGINNING_SO = text("""
    WITH RECURSIVE words(word) AS (
        SELECT (SELECT term FROM entry_words WHERE term >= :prefix LIMIT 1)
        UNION ALL
        SELECT (SELECT term FROM entry_words WHERE term >= word || char(1) LIMIT 1)
        FROM words WHERE substr(word, 1, length(:prefix)) = :prefix
    )
    SELECT word FROM words WHERE substr(word, 1, length(:prefix)) = :prefix LIMIT :limit
""")
_NO_ENTRY = 0
_MOST_WORDS = 300
"""That a prefix is written out as: FTS5 gathers all rows of a prefix before it gives the first."""
_MOST_PAIRS = 50
"""That alternatives are written out as; of more, it is only asked that both sides be there."""


class SqliteIndex:
    """Implements `bot.storage.search_index.EntryIndex`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last_places(self, minutes: Sequence[int]) -> Mapping[int, int]:
        """The highest place taken in each of these minutes that has any."""
        values = {"minutes": json.dumps(minutes), "places": PLACES}
        rows = await self._connection.execute(_LAST_PLACES, values)
        return {row.minute: row.place for row in rows if row.place is not None}

    async def add(self, fresh: Sequence[Indexed]) -> None:
        """Index entries, at least one, that are not in it; faster in the order of their places."""
        await self._connection.execute(_INSERT, [_row(one) for one in fresh])

    async def remove(self, gone: Sequence[Indexed]) -> None:
        """Forget entries, at least one, given as they were added."""
        await self._connection.execute(_DELETE, [_row(one) for one in gone])

    async def clear(self) -> None:
        """Forget all, and be quick to index many."""
        await self._connection.execute(_CLEAR)

    async def finish(self) -> None:
        """End what `clear` began."""
        await self._connection.execute(_OPTIMIZE)

    async def find(self, asked: Asked, *, limit: int) -> Sequence[Place]:
        """The places of the newest entries wanted, newest first."""
        span = {"above": asked.above, "below": asked.below.number, "limit": limit}
        if asked.lookup is None:
            rows = await self._connection.execute(_WALK, span)
        else:
            terms = await self._expression(asked.lookup)
            rows = await self._connection.execute(_FIND, span | {"terms": terms})
        return [Place(place, entry_id or _NO_ENTRY) for place, entry_id in rows]

    async def _expression(self, lookup: Lookup) -> str:
        """The lookup as FTS5 reads it."""
        match lookup:
            case Key(term=term, prefix=True):
                return await self._beginning_so(term)
            case Key(term=term):
                return f'"{term}"'
            case Pair():
                return _pair(lookup)
            case AllOf(parts=parts):
                return "(" + " AND ".join([await self._expression(part) for part in parts]) + ")"
            case AnyOf(parts=parts):
                return _any([await self._expression(part) for part in parts])

    async def _beginning_so(self, prefix: str) -> str:
        rows = await self._connection.execute(
            _BEGINNING_SO, {"prefix": prefix, "limit": _MOST_WORDS + 1}
        )
        words = rows.scalars().all()
        if len(words) > _MOST_WORDS or not words:
            return f'"{prefix}" *'
        return _any(f'"{word}"' for word in words)


def _pair(pair: Pair) -> str:
    if len(pair.one) * len(pair.other) > _MOST_PAIRS:
        sides = (_any(f'"{term}"' for term in side) for side in (pair.one, pair.other))
        return f"({' AND '.join(sides)})"
    pairs = product(pair.one, pair.other)
    if pair.distance is None:
        return _any(f'"{one} {other}"' for one, other in pairs)
    return _any(f'NEAR("{one}" "{other}", {pair.distance})' for one, other in pairs)


def _any(expressions: Iterable[str]) -> str:
    return f"({' OR '.join(expressions)})"


def _row(indexed: Indexed) -> dict[str, object]:
    return {"place": indexed.place.number, "terms": " ".join(indexed.terms)}
