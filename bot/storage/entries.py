"""Entries: what was published, with identity, tags, stories and matches."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.entry import FRAGMENT_BYTES, Entry, StoredEntry
from bot.domain.feed import Feed
from bot.domain.identity import Identified
from bot.domain.message import Reason
from bot.domain.news import Known, Standing
from bot.ports.entries import Edited, Kept, Place, Wanted
from bot.storage.dialect import batches, insert
from bot.storage.digests import unpack
from bot.storage.entry_keys import add_keys, known_keys, sweep_keys
from bot.storage.loading import entry_values, labels, load, stored_entry
from bot.storage.schema import entries, entry_keys, entry_tags, feeds, matches, stories
from bot.storage.search import SearchRows
from bot.storage.stories import story_rows, sweep_stories

_PAGE = 500


class EntryRows:
    """Implements `bot.ports.entries.EntryStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._search = SearchRows(connection)

    async def known(self, feed_id: int, keys: Collection[bytes]) -> Mapping[bytes, Known]:
        """Which of these identity keys the feed has had, and what stands under them."""
        return await known_keys(self._connection, feed_id, keys)

    async def known_titles(self, feed_id: int, titles: Collection[str]) -> frozenset[str]:
        """Which of these titles the feed has had, on any day."""
        found: set[str] = set()
        for batch in batches(sorted(titles)):
            statement = select(entries.c.title).where(
                entries.c.feed_id == feed_id, entries.c.title.in_(batch)
            )
            found.update((await self._connection.execute(statement)).scalars())
        return frozenset(found)

    async def add(
        self,
        feed: Feed,
        feed_id: int,
        found: Sequence[Identified],
        *,
        standing: Standing,
        now: datetime,
    ) -> Sequence[StoredEntry]:
        """Store new entries, each with its story, in the order given."""
        if not found:
            return []
        story_ids = await story_rows(self._connection, found, now=now)
        places = await self._search.places([one.entry for one in found], seen_at=now)
        common = {
            "feed_id": feed_id,
            "standing": standing.value,
            "feed_name": feed.name,
            "seen_at": now,
        }
        ids = await self._insert(
            [
                entry_values(one.entry) | common | {"story_id": story_id, "place": place}
                for one, story_id, place in zip(found, story_ids, places, strict=True)
            ]
        )
        stored = [
            StoredEntry(
                entry_id=entry_id,
                story_id=story_id,
                feed_id=feed_id,
                feed_name=feed.name,
                feed_tags=feed.tags,
                entry=one.entry,
                seen_at=now,
            )
            for entry_id, story_id, one in zip(ids, story_ids, found, strict=True)
        ]
        for entry_id, one in zip(ids, found, strict=True):
            await add_keys(self._connection, feed_id, entry_id, one.keys, now=now)
        await self._add_tags(stored)
        await self._search.add(stored, places)
        return stored

    async def _insert(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
        """The new rows' ids, in the same order."""
        statement = entries.insert().returning(entries.c.id, sort_by_parameter_order=True)
        ids: Sequence[int] = (await self._connection.execute(statement, rows)).scalars().all()
        return ids

    async def edit(self, entry_id: int, found: Identified, feed: Feed, *, now: datetime) -> Edited:
        """Replace an entry's content and add the keys it has now."""
        of_entry = select(entries).where(entries.c.id == entry_id)
        (before,) = await load(self._connection, of_entry)
        await add_keys(self._connection, before.feed_id, entry_id, found.keys, now=now)
        if replace(before.entry, fragment=found.entry.fragment) == found.entry:
            return Edited(stored=await self._touch(before, found), says_other=False)
        row = (
            await self._connection.execute(
                update(entries)
                .where(entries.c.id == entry_id)
                .values(entry_values(found.entry) | {"feed_name": feed.name})
                .returning(entries)
            )
        ).one()
        stored = stored_entry(row, found.entry, feed.tags)
        await self._connection.execute(delete(entry_tags).where(entry_tags.c.entry_id == entry_id))
        await self._add_tags([stored])
        await self._search.replace(before, stored)
        said = _said(before.entry) != _said(found.entry)
        return Edited(stored=stored, says_other=said)

    async def _touch(self, before: StoredEntry, found: Identified) -> StoredEntry:
        """Note the new raw form of an entry that says what it said before."""
        await self._connection.execute(
            update(entries)
            .where(entries.c.id == before.entry_id)
            .values(fragment=found.entry.fragment)
        )
        return replace(before, entry=found.entry)

    async def set_standing(self, entry_ids: Collection[int], standing: Standing) -> None:
        """Move entries from one standing to another."""
        for batch in batches(sorted(entry_ids)):
            await self._connection.execute(
                update(entries).where(entries.c.id.in_(batch)).values(standing=standing.value)
            )

    async def of_standing(
        self, feed_id: int, standing: Standing, *, newest: int | None = None
    ) -> Sequence[StoredEntry]:
        """A feed's entries of one standing, oldest publication first."""
        when = func.coalesce(entries.c.published, entries.c.seen_at)
        statement = (
            select(entries)
            .where(entries.c.feed_id == feed_id, entries.c.standing == standing.value)
            # Among equals, a feed's document lists the newest first.
            .order_by(when.desc(), entries.c.id)
            .limit(newest)
        )
        return (await load(self._connection, statement))[::-1]

    async def at(self, key: bytes) -> Sequence[Kept]:
        """Entries of any feed that have this key of an address, the earliest seen first."""
        of_story = select(entries.c.id).join(stories).where(stories.c.key == key)
        # By each feed, since that is how the keys are indexed.
        of_key = select(entry_keys.c.entry_id).where(
            entry_keys.c.feed_id.in_(select(feeds.c.id)), entry_keys.c.digest == key
        )
        return await self._kept(or_(entries.c.id.in_(of_story), entries.c.id.in_(of_key)))

    async def get(self, entry_id: int) -> Kept | None:
        """One entry by its row."""
        return next(iter(await self._kept(entries.c.id == entry_id)), None)

    async def of_stories(self, story_ids: Collection[int]) -> Sequence[StoredEntry]:
        """The entries of any feed that report these stories, the earliest seen first."""
        found: list[StoredEntry] = []
        for batch in batches(sorted(story_ids)):
            found += await load(
                self._connection,
                select(entries).where(entries.c.story_id.in_(batch)).order_by(entries.c.id),
            )
        return sorted(found, key=lambda stored: stored.entry_id)

    async def newest_first(self) -> AsyncIterator[StoredEntry]:
        """All entries as first seen, newest first, read in batches."""
        below: ColumnElement[bool] | None = None
        while True:
            statement = select(entries).order_by(entries.c.id.desc()).limit(_PAGE)
            page = await load(
                self._connection, statement if below is None else statement.where(below)
            )
            for one in page:
                yield one
            if len(page) < _PAGE:
                return
            below = entries.c.id < page[-1].entry_id

    def candidates(
        self, wanted: Wanted, *, after: Place | None, first: int
    ) -> AsyncGenerator[tuple[Place, StoredEntry], None]:
        """Entries that may be what a search looks for, none left out, newest first."""
        return self._search.candidates(wanted, after=after, first=first)

    async def add_matches(self, entry_id: int, reasons: Sequence[Reason], *, now: datetime) -> None:
        """Note which topics an entry matched; known ones are left as they are."""
        rows = [
            {
                "entry_id": entry_id,
                "topic": reason.topic,
                "words": json.dumps(reason.words, ensure_ascii=False),
                "matched_at": now,
            }
            for reason in reasons
        ]
        if rows:
            statement = insert(self._connection, matches).on_conflict_do_nothing()
            await self._connection.execute(statement, rows)

    async def sweep(self, feed_id: int, *, before: datetime, keys_before: datetime) -> int:
        """Delete entries first seen before then that the feed no longer shows."""
        packed = (
            await self._connection.execute(select(feeds.c.fragments).where(feeds.c.id == feed_id))
        ).scalar_one()
        shown = unpack(bytes(packed), size=FRAGMENT_BYTES)
        old = await self._connection.execute(
            select(entries.c.id, entries.c.fragment).where(
                entries.c.feed_id == feed_id, entries.c.seen_at < before
            )
        )
        gone = [row.id for row in old if bytes(row.fragment) not in shown]
        for batch in batches(gone):
            await self._search.remove(batch)
            await self._connection.execute(delete(entries).where(entries.c.id.in_(batch)))
        await sweep_keys(self._connection, feed_id, before=keys_before)
        return len(gone)

    async def sweep_stories(self, *, before: datetime) -> None:
        """Delete stories from before then that no entry reports any more."""
        await sweep_stories(self._connection, before=before)

    async def _kept(self, which: ColumnElement[bool]) -> Sequence[Kept]:
        stored = await load(self._connection, select(entries).where(which).order_by(entries.c.id))
        standings = await self._connection.execute(
            select(entries.c.id, entries.c.standing).where(which)
        )
        standing = {row.id: Standing(row.standing) for row in standings}
        noted: dict[int, dict[str, datetime]] = {one.entry_id: {} for one in stored}
        for batch in batches(list(noted)):
            rows = await self._connection.execute(
                select(matches).where(matches.c.entry_id.in_(batch)).order_by(matches.c.topic)
            )
            for row in rows:
                noted[row.entry_id][row.topic] = row.matched_at
        return [
            Kept(stored=one, standing=standing[one.entry_id], noted=noted[one.entry_id])
            for one in stored
        ]

    async def _add_tags(self, stored: Sequence[StoredEntry]) -> None:
        rows = [
            {"entry_id": one.entry_id, "tag": tag, "position": place, "of_feed": of_feed}
            for one in stored
            for place, (tag, of_feed) in enumerate(labels(one))
        ]
        if rows:
            await self._connection.execute(entry_tags.insert(), rows)


def _said(entry: Entry) -> tuple[object, ...]:
    """What of an entry a query of words and tags is asked of."""
    return entry.title, entry.summary, entry.body, entry.tags
