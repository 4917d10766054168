"""Delivery: the tracked sending of one message to one channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.channel import Channel
from bot.domain.message import Message, MessageRef


class DeliveryState(StrEnum):
    """Where a delivery stands.

    `pending → sending → sent`; back to `pending` only when the platform is known not to have
    accepted; `unknown` when that cannot be told, then `checking` while the channel's history is
    read, which makes it `sent` or `pending` again, for one more attempt: if that is not accepted,
    it is `unknown` as before, for the first may arrive after all. What an ended process left
    `sending` or `checking` is `unknown` when its lease has run out.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    CHECKING = "checking"
    DEAD = "dead"
    """The platform refuses this message for good."""
    EXPIRED = "expired"
    """It waited longer than an alert is worth."""
    GATHERING = "gathering"
    """It waits to go out in a digest."""
    GATHERED = "gathered"
    """A digest that was written for its channel holds it."""
    DROPPED = "dropped"
    """Its channel no longer wanted it when its digest was due."""


OPEN = (
    DeliveryState.PENDING,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
    DeliveryState.CHECKING,
)
"""What is on its way; the others are kept for later, or done with."""

HELD_UP = timedelta(minutes=1)
"""How long a message is on its way in a channel that takes none: its digests wait until it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message on its way to one channel.

    Attributes:
        delivery_id: The row; rising in the order in which a channel is to read its messages.
        channel_id: The channel's row.
        channel: Where it goes.
        key: What makes it unique in its channel, e.g. `story:42`.
        nonce: The platform's idempotency key: random, at most 25 characters, kept over restarts.
        message: The content, frozen when the delivery was written.
        state: Where it stands.
        attempts: How often the socket was touched for it.
        created_at: When it was written.
        due_at: Not to be sent before.
        first_sent_at: When the socket was first touched for it; None as long as nothing of it can
            stand in the channel.
        ref: Where it stands on the platform, once sent.
        thread: The message in whose thread it is to stand; None for the channel itself.
    """

    delivery_id: int
    channel_id: int
    channel: Channel
    key: str
    nonce: str
    message: Message
    state: DeliveryState
    attempts: int
    created_at: datetime
    due_at: datetime
    first_sent_at: datetime | None = None
    ref: MessageRef | None = None
    thread: MessageRef | None = None
