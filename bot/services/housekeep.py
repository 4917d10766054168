"""Housekeeping: alerts that are too old, and rows that nobody needs."""

from datetime import timedelta

import structlog

from bot.domain.channel import Channel
from bot.domain.message import Notice
from bot.ports import Clock
from bot.ports.deliveries import Outgoing
from bot.ports.store import Store
from bot.services import notices

KEEP_IDENTITY = timedelta(days=400)
"""How long the identity of a deleted entry is kept: a feed that shows it again after a year of
absence is not believed."""

KEEP_HEARTBEATS = timedelta(days=1)
"""How long a process that was killed is remembered."""


class Housekeeping:
    """The use case."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        ops: Channel,
        expiry: timedelta,
        retention: timedelta,
    ) -> None:
        """Put the parts together.

        Args:
            store: The database.
            clock: The time.
            ops: Where notices go.
            expiry: How long an alert that could not be posted is worth posting.
            retention: How long entries and finished deliveries are kept.
        """
        self._store = store
        self._clock = clock
        self._ops = ops
        self._expiry = expiry
        self._retention = retention
        self._log = structlog.get_logger(__name__)

    async def expire(self) -> None:
        """Give up alerts that have waited too long, and say which."""
        now = self._clock.now()
        async with self._store.begin() as transaction:
            expired = await transaction.deliveries.expire(before=now - self._expiry, now=now)
            told = [
                Outgoing(
                    channel=self._ops,
                    key=f"expired:{channel}:{now.isoformat()}",
                    message=notices.alerts_expired(channel, messages),
                )
                for channel, messages in expired.items()
                # A notice that nobody could be told of in time is not worth another.
                if any(not isinstance(message, Notice) for message in messages)
            ]
            await transaction.deliveries.add(told, now=now)
        for channel, messages in expired.items():
            self._log.warning("delivery.expired", channel=str(channel), number=len(messages))

    async def sweep(self) -> int:
        """Delete what is older than the retention; gives the number of entries deleted.

        Entries that their feed still shows stay, and so does the identity of those that go:
        neither can alert again.
        """
        now = self._clock.now()
        before = now - self._retention
        swept = 0
        async with self._store.read() as transaction:
            states = await transaction.feeds.all()
        for state in states:
            async with self._store.begin() as transaction:
                swept += await transaction.entries.sweep(
                    state.feed_id, before=before, keys_before=now - KEEP_IDENTITY
                )
        async with self._store.begin() as transaction:
            deliveries = await transaction.deliveries.sweep(before=before)
            await transaction.entries.sweep_stories(before=before)
            await transaction.heartbeats.sweep(before=now - KEEP_HEARTBEATS)
            await transaction.subscriptions.sweep(before=now)
            await transaction.asked.sweep(before=before)
        self._log.info("sweep.done", entries=swept, deliveries=deliveries)
        return swept
