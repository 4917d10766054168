"""Entries: what was published, as the use cases ask for it."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.entry import StoredEntry
from bot.domain.feed import Feed
from bot.domain.identity import Identified
from bot.domain.message import Reason
from bot.domain.news import Known, Standing
from bot.query.lookup import Lookup


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where search has an entry: by the minute it appeared in, then as newsbot saw them.

    Attributes:
        number: Higher for the newer.
        entry_id: Decides between two of the same number.
    """

    number: int
    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries a search looks at.

    Attributes:
        lookup: What an index must have for them; None: nothing in particular.
        feed_id: Those of one feed only.
        since: Those that appeared then or later, to the minute.
        until: Those that appeared before, to the minute.
    """

    lookup: Lookup | None = None
    feed_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry and what newsbot made of it.

    Attributes:
        stored: The entry.
        standing: How it came in.
        noted: The topics it matched when it was routed, each with the time.
    """

    stored: StoredEntry
    standing: Standing
    noted: Mapping[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An entry that came again.

    Attributes:
        stored: As it stands now.
        says_other: Whether its words or tags changed; a new date alone says nothing.
    """

    stored: StoredEntry
    says_other: bool


class EntryStore(Protocol):
    """What was published."""

    async def known(self, feed_id: int, keys: Collection[bytes]) -> Mapping[bytes, Known]:
        """Which of these identity keys the feed has had, and what stands under them."""
        ...

    async def known_titles(self, feed_id: int, titles: Collection[str]) -> frozenset[str]:
        """Which of these titles the feed has had, on any day."""
        ...

    async def add(
        self,
        feed: Feed,
        feed_id: int,
        found: Sequence[Identified],
        *,
        standing: Standing,
        now: datetime,
    ) -> Sequence[StoredEntry]:
        """Store new entries, each with its story, in the order given.

        An entry whose story key is known joins that story.
        """
        ...

    async def edit(self, entry_id: int, found: Identified, feed: Feed, *, now: datetime) -> Edited:
        """Replace an entry's content and add the keys it has now."""
        ...

    async def set_standing(self, entry_ids: Collection[int], standing: Standing) -> None:
        """Move entries from one standing to another."""
        ...

    async def of_standing(
        self, feed_id: int, standing: Standing, *, newest: int | None = None
    ) -> Sequence[StoredEntry]:
        """A feed's entries of one standing, oldest publication first; `newest` limits them."""
        ...

    async def at(self, key: bytes) -> Sequence[Kept]:
        """Entries of any feed that have this key of an address, the earliest seen first."""
        ...

    async def get(self, entry_id: int) -> Kept | None:
        """One entry by its row."""
        ...

    async def of_stories(self, story_ids: Collection[int]) -> Sequence[StoredEntry]:
        """The entries of any feed that report these stories, the earliest seen first."""
        ...

    def newest_first(self) -> AsyncIterator[StoredEntry]:
        """All entries as first seen, newest first, read in batches."""
        ...

    def candidates(
        self, wanted: Wanted, *, after: Place | None, first: int
    ) -> AsyncGenerator[tuple[Place, StoredEntry], None]:
        """Entries that may be what a search looks for, none left out, newest first.

        Args:
            wanted: What it looks for.
            after: Go on behind this place.
            first: How many to read at first; further ones are read in larger batches.
        """
        ...

    async def add_matches(self, entry_id: int, reasons: Sequence[Reason], *, now: datetime) -> None:
        """Note which topics an entry matched; known ones are left as they are."""
        ...

    async def sweep(self, feed_id: int, *, before: datetime, keys_before: datetime) -> int:
        """Delete entries first seen before then that the feed no longer shows.

        Identity keys stay until `keys_before`. Gives the number of entries deleted.
        """
        ...

    async def sweep_stories(self, *, before: datetime) -> None:
        """Delete stories from before then that no entry reports any more."""
        ...
