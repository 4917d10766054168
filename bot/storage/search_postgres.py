"""Search in PostgreSQL: a table of places and terms, with a GIN index.

Asked for the newest twenty, its planner is tempted to walk back from the newest entry however rare
the word, or to gather a million entries of a common one. So it is not asked that, but

1. to walk the newest few hundred entries, which fills a page of any common word, and further where
   fifteen hundred more should;
2. to gather from the index what it has in a time before, as long as should fill the page, judging
   by what was found so far; and so on;
3. to gather the rest, where that time is longer than 11 days: then there is not much.

For the second, each entry has terms for the spans of time that it belongs to, so that the index
itself leaves out what is older: to look up a place, it would have to read the entry. Spans longer
than that have so many entries that reading those of a rare word takes less.

An entry has to be read to find out whether two words stand close, which is why words keep their
positions there; the index is only asked for entries that have both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports.entries import Place
from bot.storage.places import PLACES, first_place
from bot.storage.search_index import Asked, Indexed
from bot.storage.tsquery import Sought, placed, quoted

_NEAR, _FAR = 300, 1_500
"""Entries to walk at first, which takes half a millisecond, and then where that should be enough.
Statements spell them out for the planner."""
_MARGIN = 1.5
"""That more is gathered than should be enough, since gathering again costs more."""
_TIMES_OF_NOTHING = 48
"""How many times as long to gather as was walked, where that had nothing."""
_SPANS = (8, 10, 12, 14)
"""Lengths of the spans of time that are terms: so many bits of a minute's number, 4 hours to 11
days."""
_GATHERED = 2_000
"""Places to take of what was gathered: gathering cost more than taking them does."""

_INSERT = text("""
    INSERT INTO entry_terms (entry_id, place, terms)
    VALUES (:entry_id, :place, CAST(:terms AS tsvector))
""")
_DELETE = text("DELETE FROM entry_terms WHERE entry_id = :entry_id")
_LAST_PLACES = text("""
    SELECT minute, (
        SELECT max(place) FROM entries
        WHERE place >= minute * :places AND place < (minute + 1) * :places
    ) AS place
    FROM unnest(CAST(:minutes AS bigint[])) AS minute
""")
_WALK = text("""
    SELECT place, entry_id FROM entry_terms
    WHERE place >= :above AND (place, entry_id) < (:below, :below_id)
    ORDER BY place DESC, entry_id DESC LIMIT :limit
""")
_WALK_THROUGH = """
    SELECT place, entry_id, is_found, number
    FROM (
        SELECT
            place,
            entry_id,
            terms @@ (SELECT CAST(:terms AS tsquery)) AS is_found,
            row_number() OVER (ORDER BY place DESC, entry_id DESC) AS number
        FROM entry_terms
        WHERE place >= :above AND (place, entry_id) < (:below, :below_id)
        ORDER BY place DESC, entry_id DESC LIMIT {count}
    ) AS newest
    WHERE is_found OR number IN (1, {count})
    ORDER BY place DESC, entry_id DESC LIMIT :limit + 1
"""
_WALKS = {count: text(_WALK_THROUGH.format(count=count)) for count in (_NEAR, _FAR)}
_GATHER = """
    WITH found AS MATERIALIZED (
        SELECT place, entry_id FROM entry_terms
        WHERE terms @@ (SELECT CAST(:terms AS tsquery)) AND {close}
    )
    SELECT place, entry_id FROM found
    WHERE place >= :above AND (place, entry_id) < (:below, :below_id)
    ORDER BY place DESC, entry_id DESC LIMIT :limit
"""
_GATHER_ALL = text(_GATHER.format(close="true"))
# The operator would have the index look for these too, which has no positions.
_CLOSE = "ts_match_vq(terms, (SELECT CAST(:close AS tsquery)))"
_GATHER_CLOSE = text(_GATHER.format(close=_CLOSE))
_INDEX = text("""
    CREATE INDEX ix_entry_terms_terms ON entry_terms USING gin (terms)
    WITH (gin_pending_list_limit = 1024)
""")


class PostgresIndex:
    """Implements `bot.storage.search_index.EntryIndex`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last_places(self, minutes: Sequence[int]) -> Mapping[int, int]:
        """The highest place taken in each of these minutes that has any."""
        rows = await self._connection.execute(
            _LAST_PLACES, {"minutes": list(minutes), "places": PLACES}
        )
        return {row.minute: row.place for row in rows if row.place is not None}

    async def add(self, fresh: Sequence[Indexed]) -> None:
        """Index entries, at least one, that are not in it."""
        await self._connection.execute(_INSERT, [_row(one) for one in fresh])

    async def remove(self, gone: Sequence[Indexed]) -> None:
        """Forget entries, at least one."""
        ids = [{"entry_id": one.place.entry_id} for one in gone]
        await self._connection.execute(_DELETE, ids)

    async def clear(self) -> None:
        """Forget all, and be quick to index many."""
        await self._connection.execute(text("DROP INDEX IF EXISTS ix_entry_terms_terms"))
        await self._connection.execute(text("TRUNCATE entry_terms"))

    async def finish(self) -> None:
        """End what `clear` began."""
        await self._connection.execute(_INDEX)
        await self._connection.execute(text("ANALYZE entry_terms"))

    async def find(self, asked: Asked, *, limit: int) -> Sequence[Place]:
        """The places of the newest entries wanted, newest first."""
        if asked.lookup is None:
            return await self._places(_WALK, asked, limit=limit)
        sought = Sought.of(asked.lookup)
        found, rest = await self._walk(asked, sought, limit=limit)
        if rest is not None:
            found += await self._gather_back(rest, sought, limit=limit - len(found))
        return found

    async def _walk(
        self, asked: Asked, sought: Sought, *, limit: int, count: int = _NEAR
    ) -> tuple[list[Place], "_Rest | None"]:
        """What is found in the newest entries, and where that is too little, what is left."""
        rows = await self._rows(_WALKS[count], asked, limit=limit, terms=sought.terms)
        found = [Place(row.place, row.entry_id) for row in rows if row.is_found]
        missing = limit - len(found)
        if missing <= 0 or not rows or rows[-1].number < count:
            return found, None
        first, last = rows[0], rows[-1]
        older = replace(asked, below=Place(last.place, last.entry_id))
        times = _times(missing, len(found))
        if count * times <= _FAR:
            more, rest = await self._walk(older, sought, limit=missing, count=_FAR)
            return found + more, rest
        minutes = 1 + first.place // PLACES - last.place // PLACES
        return found, _Rest(older, minutes * times)

    async def _gather_back(self, rest: "_Rest", sought: Sought, *, limit: int) -> list[Place]:
        """What the index has of ever longer times."""
        found: list[Place] = []
        asked, span = rest.asked, _Span.before(rest.asked, rest.minutes)
        while span is not None:
            fresh = await self._gather(span.within(asked), sought, within=f" & {span.terms}")
            found += fresh
            missing = limit - len(found)
            if missing <= 0 or asked.above >= span.start:
                return found
            asked = replace(asked, below=Place(span.start, 0))
            span = _Span.before(asked, span.minutes * _times(missing, len(fresh)))
        return found + await self._gather(asked, sought)

    async def _gather(self, asked: Asked, sought: Sought, *, within: str = "") -> list[Place]:
        values = {"terms": sought.together + within, "limit": _GATHERED}
        if sought.is_close:
            return await self._places(_GATHER_CLOSE, asked, close=sought.terms, **values)
        return await self._places(_GATHER_ALL, asked, **values)

    async def _places(self, statement: TextClause, asked: Asked, **values: object) -> list[Place]:
        rows = await self._rows(statement, asked, **values)
        return [Place(row.place, row.entry_id) for row in rows]

    async def _rows(
        self, statement: TextClause, asked: Asked, **values: object
    ) -> Sequence[Row[Any]]:
        return (await self._connection.execute(statement, _bounds(asked) | values)).all()


def _times(wanted: int, fresh: int) -> float:
    """How many times as long to gather next; always longer, or it would go back to 1970."""
    return max(2, _MARGIN * wanted / fresh) if fresh else _TIMES_OF_NOTHING


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left to be gathered from the index.

    Attributes:
        asked: What is asked for, of what is older than what was walked.
        minutes: How long a time should have enough of it.
    """

    asked: Asked
    minutes: float


@dataclass(frozen=True, slots=True)
class _Span:
    """A time that is a term, and the one before it.

    Attributes:
        bits: Which of the lengths.
        number: Of the later one; a minute's number without these bits.
    """

    bits: int
    number: int

    @classmethod
    def before(cls, asked: Asked, minutes: float) -> Self | None:
        """The shortest that is so long, of what is asked for the newest; None where none is."""
        bits = next((bits for bits in _SPANS if 1 << bits >= minutes), None)
        return None if bits is None else cls(bits, asked.below.number // PLACES >> bits)

    @property
    def minutes(self) -> int:
        """How long each of the two is."""
        return 1 << self.bits

    @property
    def start(self) -> int:
        """The first place in either."""
        return first_place(max(0, self.number - 1) << self.bits)

    def within(self, asked: Asked) -> Asked:
        """What is asked for, of no other time."""
        return replace(asked, above=max(asked.above, self.start))

    @property
    def terms(self) -> str:
        """A tsquery for what is in either."""
        return (
            f"('{_span_term(self.bits, self.number)}' | '{_span_term(self.bits, self.number - 1)}')"
        )


def _span_term(bits: int, number: int) -> str:
    return f"!{bits}:{number}"


def _bounds(asked: Asked) -> dict[str, object]:
    return {
        "above": asked.above,
        "below": asked.below.number,
        "below_id": asked.below.entry_id,
    }


def _row(indexed: Indexed) -> dict[str, object]:
    minute = indexed.place.number // PLACES
    spans = [_span_term(bits, minute >> bits) for bits in _SPANS]
    return {
        "entry_id": indexed.place.entry_id,
        "place": indexed.place.number,
        "terms": " ".join([*placed(indexed.terms), *map(quoted, spans)]),
    }
