"""Deliveries: what is on its way to channels, as the use cases ask for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.channel import Channel
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.message import Message, MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery to be written.

    Attributes:
        channel: Where to.
        key: What makes it unique there: a second one with the same key is not written.
        message: What.
        story_id: The story it alerts of; None for a notice.
        held_until: When the digest that is to gather it is due; None to send it now.
        thread: The key of the message in whose thread it is to stand; None for the channel itself,
            where it also goes if that message was not sent.
    """

    channel: Channel
    key: str
    message: Message
    story_id: int | None = None
    held_until: datetime | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How an attempt ended.

    Attributes:
        state: The state to write.
        due_at: When to try or look again, for `pending` and `unknown`.
        ref: Where it stands, for `sent`.
        error: What the platform said.
    """

    state: DeliveryState
    due_at: datetime | None = None
    ref: MessageRef | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery taken for sending.

    Attributes:
        delivery: As it stood when it was taken: `pending` is to be sent, `unknown` to be looked
            for first.
        lease: The token that settling must show; another process may have taken over by then.
        known: Of one to be looked for, where the channel's last message before it stands; None
            where there is none.
    """

    delivery: Delivery
    lease: str
    known: MessageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a delivery is.

    Attributes:
        channel: Where to.
        message: What.
        state: Where it stands.
        created_at: When it was written.
        due_at: When it is or was to be tried (again).
        sent_at: When it was sent; None before.
        error: What the platform last said; None for nothing.
    """

    channel: Channel
    message: Message
    state: DeliveryState
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None = None
    error: str | None = None


class DeliveryStore(Protocol):
    """What is on its way to channels."""

    async def add(self, outgoing: Sequence[Outgoing], *, now: datetime) -> int:
        """Write deliveries down; gives how many were not there before.

        One takes the place of one of the same key that was dropped; one that is to be sent now,
        that of one that a digest has yet to gather, too.
        """
        ...

    async def of_story(self, story_id: int) -> Sequence[Progress]:
        """The deliveries that alert of a story, the oldest first."""
        ...

    async def channels_due(self, now: datetime) -> Sequence[Channel]:
        """Channels with something to send or to clear up by now, those set aside left out."""
        ...

    async def claim(self, channel: Channel, *, now: datetime, lease: timedelta) -> Claim | None:
        """Take the channel's oldest open delivery and write it down as `sending`.

        One whose outcome is unknown, or that an ended process left open, is given as `unknown`
        and written down as `checking`. None where nothing is due, or the oldest is in another's
        hands.
        """
        ...

    async def settle(self, claim: Claim, settlement: Settlement, *, now: datetime) -> bool:
        """Write down how an attempt ended; False if the lease had passed to another."""
        ...

    async def expire(
        self, *, before: datetime, now: datetime
    ) -> Mapping[Channel, Sequence[Message]]:
        """Give up what was written before then and is not posted or being posted, by channel."""
        ...

    async def count(self) -> Mapping[DeliveryState, int]:
        """How many deliveries stand in each state."""
        ...

    async def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the most overdue delivery waits, channels set aside left out."""
        ...

    async def sweep(self, *, before: datetime) -> int:
        """Delete finished deliveries written before then; gives their number."""
        ...
