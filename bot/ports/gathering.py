"""Gathering: alerts that wait to go out in a digest, as the use cases ask for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.channel import Channel
from bot.domain.message import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An alert that waits for a digest.

    Attributes:
        delivery_id: The row.
        story_id: The story it alerts of; None where that was swept.
        alert: What it says.
        kept_at: Since when.
        outlets: How many feeds report its story, at least one.
    """

    delivery_id: int
    story_id: int | None
    alert: Alert
    kept_at: datetime
    outlets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """A channel's latest alerts.

    Attributes:
        channel: Which.
        sent: How many were sent in the stretch, or may have been.
        waiting: The rows of those that are not being sent yet, the oldest first.
        held_up: The first row that is kept and overdue, its channel being held up; None for none.
        first_at: When the first of all of these was written.
    """

    channel: Channel
    sent: int
    waiting: tuple[int, ...]
    held_up: int | None
    first_at: datetime


class GatheringStore(Protocol):
    """What is kept for digests."""

    async def due(self, now: datetime, *, held_up: datetime) -> Sequence[Channel]:
        """Channels of which a digest is due by now, without those that are held up.

        Args:
            now: The moment.
            held_up: A channel is that has messages on their way since before then.
        """
        ...

    async def oldest_due(self, now: datetime, *, held_up: datetime) -> datetime | None:
        """When the most overdue digest should have been written, held up channels left out."""
        ...

    async def take(self, channel: Channel, now: datetime) -> Sequence[Kept]:
        """What a channel's due digest is to hold, the oldest first; locked for this transaction."""
        ...

    async def mark_gathered(self, delivery_ids: Collection[int]) -> None:
        """Note that a digest that was written holds these."""
        ...

    async def drop(self, delivery_id: int, *, because: str) -> None:
        """Note that one is not to be sent; another alert of its story may take its place."""
        ...

    async def rewrite(self, delivery_id: int, alert: Alert, *, until: datetime) -> None:
        """Have one say this instead, in a digest that is due then."""
        ...

    async def send_alone(self, delivery_id: int, *, now: datetime) -> None:
        """Send one by itself after all."""
        ...

    async def crowds(
        self, *, since: datetime, more_than: int, held_up: datetime
    ) -> Sequence[Crowd]:
        """Channels with alerts waiting, and more of them and of those sent since then than that.

        Those too in which alerts are kept that were due before `held_up`.
        """
        ...

    async def keep(self, delivery_ids: Collection[int], *, until: datetime) -> None:
        """Keep alerts that wait to be sent for a digest, due then."""
        ...
