"""Search: the stored entries that a query would have alerted.

The index proposes candidates and the matcher that alerts decides on each of them, so that search
and alerts cannot disagree.
"""

import base64
import struct
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.document import document_of
from bot.domain.entry import StoredEntry, appeared_at
from bot.errors import CommandError
from bot.ports.entries import EntryStore, Place, Wanted
from bot.ports.store import Store
from bot.query.explain import Evidence
from bot.query.lookup import lookup
from bot.query.matcher import Matcher
from bot.query.title import by_title
from bot.query.tree import Node

MOST_LOOKED_AT = 20_000
"""Entries that one page may cost: about two seconds."""

_READ_AHEAD = 4
_QUERY, _RANK = "query", "rank"
_CURSOR = struct.Struct(">BQQ")


class Order(StrEnum):
    """Which hits come first."""

    NEWEST = "newest"
    """By the minute in which they appeared."""
    BEST = "best"
    """Those whose headline alone satisfies the query, then those that have something of it in the
    headline, then the rest; the newest of each first. A query that holds no word to look up gives
    the newest first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry found.

    Attributes:
        stored: The entry.
        matches: What it matches of what was asked.
    """

    stored: StoredEntry
    matches: Mapping[str, Evidence]

    @property
    def evidence(self) -> Evidence:
        """The words that decided, worked out when looked at: it takes as long as the search."""
        return self.matches[_QUERY]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A run of hits.

    Attributes:
        hits: In order.
        next: What to ask the next page with, with all else the same; None behind the last one.
        reached: Where the page is short because looking at more would have taken too long: when
            the last entry looked at appeared.
    """

    hits: tuple[Hit, ...]
    next: str | None = None
    reached: datetime | None = None


async def search(
    store: Store,
    query: Node,
    *,
    order: Order = Order.NEWEST,
    since: datetime | None = None,
    until: datetime | None = None,
    feed: str | None = None,
    among: Collection[int] | None = None,
    beyond: Collection[int] | None = None,
    limit: int = 20,
    after: str | None = None,
) -> Page:
    """One page of the entries that satisfy a query.

    Args:
        store: The database.
        query: What to look for.
        order: Which come first.
        since: Only entries that appeared then or later, to the minute: the publisher's time, or
            when newsbot first saw it.
        until: Only entries that appeared before, to the minute.
        feed: Only entries of the feed of this address.
        among: Only entries of the feeds with these rows; None: of any.
        beyond: Only entries of other stories than these rows, and one of each; None: all entries.
        limit: Hits on a page, at least 1.
        after: `Page.next` of the page before. Entries that arrive meanwhile do not shift pages.

    Raises:
        CommandError: `after` is no such thing.
        StorageError: The database cannot be reached.
    """
    mark = _read(after) if after else _Mark()
    # What no index can look up is walked through, which once is enough.
    is_ranked = order is Order.BEST and lookup(query) is not None
    ranks = by_title(query) if is_ranked else (query,)
    wanted = Wanted(since=since, until=until)
    async with store.read() as transaction:
        if feed is not None:
            state = await transaction.feeds.get(feed)
            if state is None:
                return Page(hits=())
            wanted = replace(wanted, feed_id=state.feed_id)
        return await _page(
            transaction.entries,
            query,
            ranks,
            wanted,
            choice=_Choice(among, None if beyond is None else set(beyond)),
            mark=mark,
            limit=limit,
        )


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a page ends: in which rank, and behind which place; None: before the first."""

    rank: int = 0
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which entries may be hits.

    Attributes:
        among: The rows of their feeds; None: any.
        told: The stories that have been told of; None where each entry is by itself.
    """

    among: Collection[int] | None
    told: set[int] | None

    def allows(self, stored: StoredEntry) -> bool:
        """Whether this entry may be one."""
        is_asked = self.among is None or stored.feed_id in self.among
        return is_asked and (self.told is None or stored.story_id not in self.told)

    def take(self, stored: StoredEntry) -> None:
        """Note that this one is."""
        if self.told is not None:
            self.told.add(stored.story_id)


async def _page(
    entries: EntryStore,
    query: Node,
    ranks: Sequence[Node],
    wanted: Wanted,
    *,
    choice: _Choice,
    mark: _Mark,
    limit: int,
) -> Page:
    hits: list[Hit] = []
    looked_at = 0
    for rank, ranked in enumerate(ranks[mark.rank :], mark.rank):
        matcher = Matcher({_QUERY: query} | ({} if ranked is query else {_RANK: ranked}))
        after = mark.place if rank == mark.rank else None
        candidates = entries.candidates(
            replace(wanted, lookup=lookup(ranked)),
            after=after,
            first=limit - len(hits) + _READ_AHEAD,
        )
        async with aclosing(candidates):
            async for place, stored in candidates:
                looked_at += 1
                matches = matcher.match(document_of(stored)) if choice.allows(stored) else {}
                if len(matches) == len(matcher.queries):
                    choice.take(stored)
                    hits.append(Hit(stored, matches))
                if len(hits) == limit:
                    return Page(hits=tuple(hits), next=_written(_Mark(rank, place)))
                if looked_at == MOST_LOOKED_AT:
                    return Page(
                        hits=tuple(hits),
                        next=_written(_Mark(rank, place)),
                        reached=appeared_at(stored.entry, stored.seen_at),
                    )
    return Page(hits=tuple(hits))


def _written(mark: _Mark) -> str:
    place = mark.place or Place(0, 0)
    packed = _CURSOR.pack(mark.rank, place.number, place.entry_id)
    return base64.urlsafe_b64encode(packed).decode()


def _read(cursor: str) -> _Mark:
    try:
        rank, number, entry_id = _CURSOR.unpack(base64.urlsafe_b64decode(cursor))
    except (ValueError, struct.error) as error:
        raise CommandError("this list cannot be continued here; search again") from error
    return _Mark(rank, Place(number, entry_id))
