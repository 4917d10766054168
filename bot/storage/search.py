"""Search: the index over entries, kept in step with them, and what it proposes.

How an index is kept and asked is the database's own business (`search_sqlite`,
`search_postgres`); what goes in and when is decided here, once for both.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Select, delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.document import document_of
from bot.domain.entry import Entry, StoredEntry, appeared_at
from bot.ports.entries import Place, Wanted
from bot.query.lookup import NOTHING, Key, both, index_terms
from bot.storage.dialect import batches
from bot.storage.loading import load, load_rows
from bot.storage.places import first_place, minute_of, next_places
from bot.storage.schema import entries, search_index
from bot.storage.search_index import Asked, EntryIndex, Indexed
from bot.storage.search_postgres import PostgresIndex
from bot.storage.search_sqlite import SqliteIndex

VERSION = 4
"""To be raised, with a migration of its own, whenever `bot.query.lookup.index_terms` gives other
terms than before or an index keeps them in another way."""

_BEFORE_ALL = Place(1 << 62, 0)
_MOST_AT_ONCE = 400
_OF_FEED = "="


class SearchRows:
    """Keeps the index and reads from it, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        is_postgres = connection.dialect.name == "postgresql"
        self._index: EntryIndex = (PostgresIndex if is_postgres else SqliteIndex)(connection)

    async def places(self, fresh: Sequence[Entry], *, seen_at: datetime) -> list[int]:
        """The number of a place for each of these entries, which have none yet."""
        minutes = [minute_of(appeared_at(entry, seen_at)) for entry in fresh]
        return next_places(minutes, await self._index.last_places(sorted(set(minutes))))

    async def add(self, stored: Sequence[StoredEntry], places: Sequence[int]) -> None:
        """Index new entries.

        Args:
            stored: As they stand in their rows.
            places: As `places` gave them.
        """
        fresh = []
        for one, number in zip(stored, places, strict=True):
            fresh.append(indexed(one, Place(number, one.entry_id)))
            await asyncio.sleep(0)  # the words of a thousand long ones take half a second
        await self._index.add(sorted(fresh, key=lambda one: one.place))

    async def replace(self, before: StoredEntry, after: StoredEntry) -> None:
        """Index an entry again whose row was changed."""
        place = await self._place_of(after.entry_id)
        if _minute(before) == _minute(after):
            moved = place
        else:
            (number,) = await self.places([after.entry], seen_at=after.seen_at)
            moved = replace(place, number=number)
            await self._connection.execute(
                update(entries).where(entries.c.id == after.entry_id).values(place=number)
            )
        old, new = indexed(before, place), indexed(after, moved)
        if new != old:
            await self._index.remove([old])
            await self._index.add([new])

    async def remove(self, entry_ids: Sequence[int]) -> None:
        """Forget entries that are about to be deleted."""
        going = select(entries).where(entries.c.id.in_(entry_ids))
        await self._index.remove(await self._indexed(going.order_by(entries.c.place)))

    async def candidates(
        self, wanted: Wanted, *, after: Place | None, first: int
    ) -> AsyncGenerator[tuple[Place, StoredEntry], None]:
        """What the index proposes, newest first, read in batches, the first of which is small."""
        asked = _asked(wanted, after)
        size = first
        while asked.lookup != NOTHING:
            found = await self._index.find(asked, limit=size)
            for batch in batches(found, size):
                for pair in await self._load(batch):
                    yield pair
            if len(found) < size:
                return
            asked = replace(asked, below=found[-1])
            size = min(2 * size, _MOST_AT_ONCE)

    async def catch_up(self) -> None:
        """Index everything anew where the index has not the terms this code looks for."""
        versions = (await self._connection.execute(select(search_index.c.version))).scalars().all()
        if versions == [VERSION]:
            return
        total = select(func.count()).select_from(entries)
        count: int = (await self._connection.execute(total)).scalar_one()
        if count:  # minutes for a million
            structlog.get_logger(__name__).info("search.indexing", entries=count)
        await self._index.clear()
        fresh = await self._above(Place(-1, 0))
        while fresh:
            await self._index.add(fresh)
            fresh = await self._above(fresh[-1].place)
        await self._index.finish()
        await self._connection.execute(delete(search_index))
        await self._connection.execute(insert(search_index).values(version=VERSION))
        if count:
            structlog.get_logger(__name__).info("search.indexed", entries=count)

    async def _above(self, place: Place) -> list[Indexed]:
        """The next entries to be indexed, in the order of their places."""
        behind = tuple_(entries.c.place, entries.c.id) > tuple_(place.number, place.entry_id)
        statement = select(entries).where(behind).order_by(entries.c.place, entries.c.id)
        return await self._indexed(statement.limit(_MOST_AT_ONCE))

    async def _indexed(self, statement: Select[Any]) -> list[Indexed]:
        """What the index is to have for the entries a statement selects."""
        stored = await load(self._connection, statement)
        numbers = await self._connection.execute(statement.with_only_columns(entries.c.place))
        pairs = zip(stored, numbers.scalars(), strict=True)
        return [indexed(one, Place(number, one.entry_id)) for one, number in pairs]

    async def _place_of(self, entry_id: int) -> Place:
        statement = select(entries.c.place).where(entries.c.id == entry_id)
        return Place((await self._connection.execute(statement)).scalar_one(), entry_id)

    async def _load(self, places: Sequence[Place]) -> list[tuple[Place, StoredEntry]]:
        by_id = {place.entry_id: place for place in places}
        stored = await load_rows(self._connection, by_id)
        pairs = [(by_id[one.entry_id], one) for one in stored]
        return sorted(pairs, key=lambda pair: pair[0], reverse=True)


def indexed(stored: StoredEntry, place: Place) -> Indexed:
    """What the index keeps of an entry."""
    terms = index_terms(document_of(stored))
    return Indexed(place, (*terms, _term_of(stored.feed_id)))


def _term_of(feed_id: int) -> str:
    return f"{_OF_FEED}{feed_id}"


def _minute(stored: StoredEntry) -> int:
    return minute_of(appeared_at(stored.entry, stored.seen_at))


def _asked(wanted: Wanted, after: Place | None) -> Asked:
    of_feed = None if wanted.feed_id is None else Key(_term_of(wanted.feed_id))
    until = _BEFORE_ALL if wanted.until is None else Place(_start(wanted.until), 0)
    return Asked(
        lookup=both((wanted.lookup, of_feed)),
        above=0 if wanted.since is None else _start(wanted.since),
        below=until if after is None else min(until, after),
    )


def _start(moment: datetime) -> int:
    return first_place(minute_of(moment))
