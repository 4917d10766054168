"""Feeds: what polling remembers of them, as the use cases ask for it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.feed import FeedState


class FeedStore(Protocol):
    """What polling remembers."""

    async def add(self, urls: Collection[str], *, due_at: datetime) -> None:
        """Begin to remember feeds; those known already are left as they are."""
        ...

    async def get(self, url: str) -> FeedState | None:
        """One feed's state by its configured address."""
        ...

    async def all(self) -> Sequence[FeedState]:
        """Every feed ever polled, configured or not."""
        ...

    async def ids(self, urls: Collection[str]) -> Mapping[str, int]:
        """The rows of those of these feeds that are remembered, by address."""
        ...

    async def due(self, now: datetime) -> Sequence[str]:
        """Addresses of the feeds due by now, the longest overdue first, configured or not."""
        ...

    async def save(self, state: FeedState) -> None:
        """Write a state down, `held` excepted: a person may change that at any time."""
        ...

    async def lock(self, feed_id: int) -> None:
        """Keep other processes from storing a document of this feed until the transaction ends."""
        ...

    async def set_held(self, feed_id: int, *, held: bool) -> None:
        """Note whether entries of the feed wait for a person."""
        ...

    async def forgive(self, urls: Collection[str], *, since: datetime, due_at: datetime) -> int:
        """Undo these feeds' failures that began since then; gives their number.

        They were our own outage. A feed that is not due sooner is due then.
        """
        ...
