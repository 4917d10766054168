"""Search in PostgreSQL: a table of places and terms, with a GIN index.

Asked for the newest twenty, its planner is tempted to walk back from the newest entry however rare
the word, or to gather a million entries of a common one. So it is not asked that, but

1. to walk the newest few thousand entries, which fills a page of any word that is not rare;
2. to gather from the index what it has in a time before, as long as should fill the page, judging
   by what was found so far; and so on;
3. to gather the rest, where that time is longer than 45 days: then there is not much.

For the second, each entry has terms for the spans of time that it belongs to, so that the index
itself leaves out what is older: to look up a place, it would have to read the entry. It would so
to find out whether two words stand close, which is why words keep their positions there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports.entries import Place
from bot.query.lookup import AllOf, AnyOf, Key, Lookup, Pair
from bot.storage.places import PLACES, first_place
from bot.storage.search_index import Asked, Indexed

_NEAR = 2_000
"""Entries to walk, which takes about a millisecond. Statements spell it out for the planner."""
_SPANS = (8, 10, 12, 14, 16)
"""Lengths of the spans of time that are terms: so many bits of a minute's number, 4 hours to 45
days."""
_GATHERED = 2_000
"""Places to take of what was gathered: gathering cost more than taking them does."""

_MOST_POSITIONS, _MOST_EACH = 16_383, 255
"""That a tsvector keeps, in all and of one term (PostgreSQL's limits of text search)."""
_LONG = "!long"
"""A term of the entries that have more, which are kept without positions."""
_MOST_DISTANCE = 30
"""That is asked for: each step is an alternative."""

_INSERT = """
    INSERT INTO entry_terms (entry_id, place, terms)
    VALUES (:entry_id, :place, CAST(:terms AS tsvector))
"""
_DELETE = "DELETE FROM entry_terms WHERE entry_id = :entry_id"
_LAST_PLACES = """
    SELECT minute, (
        SELECT max(place) FROM entries
        WHERE place >= minute * :places AND place < (minute + 1) * :places
    ) AS place
    FROM unnest(CAST(:minutes AS bigint[])) AS minute
"""
_WALK = """
    SELECT place, entry_id FROM entry_terms
    WHERE place >= :above AND (place, entry_id) < (:below, :below_id)
    ORDER BY place DESC, entry_id DESC LIMIT :limit
"""
_WALKED = """
    (
        SELECT place, entry_id FROM entry_terms
        WHERE place >= :above AND (place, entry_id) < (:below, :below_id)
        ORDER BY place DESC, entry_id DESC LIMIT 1
    )
    UNION ALL
    (
        SELECT place, entry_id FROM entry_terms
        WHERE place >= :above AND (place, entry_id) < (:below, :below_id)
        ORDER BY place DESC, entry_id DESC LIMIT 1 OFFSET :near - 1
    )
""".replace(":near", str(_NEAR))
_FIND_NEAR = """
    SELECT place, entry_id
    FROM (
        SELECT place, entry_id, terms FROM entry_terms
        WHERE place >= :above AND (place, entry_id) < (:below, :below_id)
        ORDER BY place DESC, entry_id DESC LIMIT :near
    ) AS newest
    WHERE terms @@ (SELECT CAST(:terms AS tsquery))
    ORDER BY place DESC, entry_id DESC LIMIT :limit
""".replace(":near", str(_NEAR))
_GATHER = """
    WITH found AS MATERIALIZED (
        SELECT place, entry_id FROM entry_terms WHERE terms @@ (SELECT CAST(:terms AS tsquery))
    )
    SELECT place, entry_id FROM found
    WHERE place >= :above AND (place, entry_id) < (:below, :below_id)
    ORDER BY place DESC, entry_id DESC LIMIT :limit
"""
_INDEX = """
    CREATE INDEX ix_entry_terms_terms ON entry_terms USING gin (terms)
    WITH (gin_pending_list_limit = 1024)
"""


class PostgresIndex:
    """Implements `bot.storage.search_index.EntryIndex`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last_places(self, minutes: Sequence[int]) -> Mapping[int, int]:
        """The highest place taken in each of these minutes that has any."""
        rows = await self._connection.execute(
            text(_LAST_PLACES), {"minutes": list(minutes), "places": PLACES}
        )
        return {row.minute: row.place for row in rows if row.place is not None}

    async def add(self, fresh: Sequence[Indexed]) -> None:
        """Index entries, at least one, that are not in it."""
        await self._connection.execute(text(_INSERT), [_row(one) for one in fresh])

    async def remove(self, gone: Sequence[Indexed]) -> None:
        """Forget entries, at least one."""
        ids = [{"entry_id": one.place.entry_id} for one in gone]
        await self._connection.execute(text(_DELETE), ids)

    async def clear(self) -> None:
        """Forget all, and be quick to index many."""
        await self._connection.execute(text("DROP INDEX IF EXISTS ix_entry_terms_terms"))
        await self._connection.execute(text("TRUNCATE entry_terms"))

    async def finish(self) -> None:
        """End what `clear` began."""
        await self._connection.execute(text(_INDEX))
        await self._connection.execute(text("ANALYZE entry_terms"))

    async def find(self, asked: Asked, *, limit: int) -> Sequence[Place]:
        """The places of the newest entries wanted, newest first."""
        if asked.lookup is None:
            return await self._places(_WALK, asked, limit=limit)
        terms = expression(asked.lookup)
        found = await self._places(_FIND_NEAR, asked, limit=limit, terms=terms)
        walked = None if len(found) == limit else await self._walked(asked)
        if walked is None:
            return found
        older = replace(asked, below=walked.last)
        minutes, fresh = walked.minutes, found
        while span := _Span.before(older, minutes * _times(limit - len(found), len(fresh))):
            fresh = await self._gather(span.within(older), f"{terms} & {span.terms}")
            found += fresh
            if len(found) >= limit or older.above >= span.start:
                return found
            older = replace(older, below=Place(span.start, 0))
            minutes = span.minutes
        return found + await self._gather(older, terms)

    async def _gather(self, asked: Asked, terms: str) -> list[Place]:
        return await self._places(_GATHER, asked, limit=_GATHERED, terms=terms)

    async def _walked(self, asked: Asked) -> "_Walked | None":
        """What was walked; None where that is all there is."""
        ends = await self._places(_WALKED, asked)
        return _Walked(*ends) if len(ends) == len(fields(_Walked)) else None

    async def _places(self, statement: str, asked: Asked, **values: object) -> list[Place]:
        rows = await self._connection.execute(text(statement), _bounds(asked) | values)
        return [Place(place, entry_id) for place, entry_id in rows]


def _times(wanted: int, fresh: int) -> float:
    """How many times as long to gather next; always longer, or it would go back to 1970."""
    return max(2, wanted / max(1, fresh))


@dataclass(frozen=True, slots=True)
class _Walked:
    """The places of the first and the last entry that were walked."""

    first: Place
    last: Place

    @property
    def minutes(self) -> int:
        """How long a time that was."""
        return 1 + self.first.number // PLACES - self.last.number // PLACES


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


def expression(lookup: Lookup) -> str:
    """The lookup as a tsquery is written."""
    match lookup:
        case Key(term=term, prefix=prefix):
            return f"{_quoted(term)}:*" if prefix else _quoted(term)
        case Pair():
            return _close(lookup)
        case AllOf(parts=parts):
            return f"({' & '.join(map(expression, parts))})"
        case AnyOf(parts=parts):
            return f"({' | '.join(map(expression, parts))})"


def _close(pair: Pair) -> str:
    """Both sides, and close wherever that is known."""
    one, other = (expression(AnyOf(tuple(map(Key, side)))) for side in (pair.one, pair.other))
    if pair.distance is None:
        near = f"{one} <-> {other}"
    elif pair.distance > _MOST_DISTANCE:
        return f"({one} & {other})"
    else:
        steps = range(pair.distance + 2)
        near = " | ".join(
            f"{left} <{step}> {right}"
            for step in steps
            for left, right in ((one, other), (other, one))
        )
    return f"({one} & {other} & ({_quoted(_LONG)} | {near}))"


def _quoted(term: str) -> str:
    """A term as a tsvector or tsquery is written."""
    doubled = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _row(indexed: Indexed) -> dict[str, object]:
    minute = indexed.place.number // PLACES
    spans = [_span_term(bits, minute >> bits) for bits in _SPANS]
    return {
        "entry_id": indexed.place.entry_id,
        "place": indexed.place.number,
        "terms": " ".join([*_placed(indexed.terms), *map(_quoted, spans)]),
    }


def _placed(terms: Sequence[str]) -> Iterator[str]:
    """The terms with their positions, or marked as too many to have any."""
    positions: dict[str, list[str]] = {}
    for position, term in enumerate(terms, 1):
        positions.setdefault(term, []).append(str(position))
    if len(terms) > _MOST_POSITIONS or max(map(len, positions.values()), default=0) > _MOST_EACH:
        yield from map(_quoted, (*positions, _LONG))
    else:
        yield from (f"{_quoted(term)}:{','.join(those)}" for term, those in positions.items())
