"""Gathering: alerts that wait to go out in a digest."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.channel import Channel
from bot.domain.delivery import OPEN, DeliveryState
from bot.domain.message import Alert
from bot.ports.gathering import Crowd, Kept
from bot.storage.channels import channel_of, is_channel
from bot.storage.dialect import batches
from bot.storage.messages import freeze, thaw
from bot.storage.schema import channels, deliveries, entries

_CHANNEL = (channels.c.platform, channels.c.workspace, channels.c.address)


class GatheringRows:
    """Implements `bot.ports.gathering.GatheringStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def due(self, now: datetime, *, held_up: datetime) -> Sequence[Channel]:
        """Channels of which a digest is due by now, without those that are held up."""
        rows = await self._connection.execute(
            select(*_CHANNEL)
            .join(deliveries, deliveries.c.channel_id == channels.c.id)
            .where(_is_due(now), ~_is_held_up(held_up))
            .distinct()
        )
        return [channel_of(row.platform, row.workspace, row.address) for row in rows]

    async def oldest_due(self, now: datetime, *, held_up: datetime) -> datetime | None:
        """When the most overdue digest should have been written, held up channels left out."""
        statement = (
            select(func.min(deliveries.c.due_at))
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .where(_is_due(now), ~_is_held_up(held_up))
        )
        oldest: datetime | None = (await self._connection.execute(statement)).scalar_one()
        return oldest

    async def take(self, channel: Channel, now: datetime) -> Sequence[Kept]:
        """What a channel's due digest is to hold, the oldest first; locked for this transaction."""
        outlets = (
            select(func.count(entries.c.feed_id.distinct()))
            .where(entries.c.story_id == deliveries.c.story_id)
            .scalar_subquery()
        )
        rows = await self._connection.execute(
            select(
                deliveries.c.id,
                deliveries.c.story_id,
                deliveries.c.message,
                deliveries.c.created_at,
                outlets.label("outlets"),
            )
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .where(_is_due(now), is_channel(channel))
            .order_by(deliveries.c.id)
            .with_for_update(of=deliveries)
        )
        kept, unreadable = [], []
        for row in rows:
            alert = _alert(row.message)
            if alert is None:
                unreadable.append(row.id)
            else:
                kept.append(
                    Kept(
                        delivery_id=row.id,
                        story_id=row.story_id,
                        alert=alert,
                        kept_at=row.created_at,
                        outlets=max(row.outlets, 1),
                    )
                )
        # Written by another version; its channel must not be due for it for ever.
        await self._write(unreadable, state=DeliveryState.DEAD.value, error="cannot be read")
        return kept

    async def mark_gathered(self, delivery_ids: Collection[int]) -> None:
        """Note that a digest that was written holds these."""
        await self._write(delivery_ids, state=DeliveryState.GATHERED.value)

    async def drop(self, delivery_id: int, *, because: str) -> None:
        """Note that one is not to be sent; another alert of its story may take its place."""
        await self._write([delivery_id], state=DeliveryState.DROPPED.value, error=because)

    async def rewrite(self, delivery_id: int, alert: Alert, *, until: datetime) -> None:
        """Have one say this instead, in a digest that is due then."""
        await self._write([delivery_id], message=freeze(alert), due_at=until)

    async def send_alone(self, delivery_id: int, *, now: datetime) -> None:
        """Send one by itself after all; its age counts from now, however long it was kept."""
        await self._write(
            [delivery_id], state=DeliveryState.PENDING.value, created_at=now, due_at=now
        )

    async def crowds(
        self, *, since: datetime, more_than: int, held_up: datetime
    ) -> Sequence[Crowd]:
        """Channels with alerts waiting, and more of them and of those sent since then than that.

        Those too in which alerts are kept that were due before `held_up`.
        """
        waiting = deliveries.c.state == DeliveryState.PENDING.value
        sent = and_(deliveries.c.state == DeliveryState.SENT.value, deliveries.c.sent_at > since)
        asked = select(deliveries.c.channel_id).where(_is_fresh(), _is_alert()).distinct()
        rows = await self._connection.execute(
            select(
                deliveries.c.id,
                _is_fresh().label("is_fresh"),
                _is_due(held_up).label("is_overdue"),
                deliveries.c.created_at,
                *_CHANNEL,
            )
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .where(deliveries.c.channel_id.in_(asked), _is_alert())
            .where(or_(waiting, sent, _is_due(held_up)))
            .order_by(deliveries.c.id)
        )
        by_channel: dict[Channel, list[Any]] = defaultdict(list)
        for row in rows:
            by_channel[channel_of(row.platform, row.workspace, row.address)].append(row)
        found = [_crowd(channel, rows) for channel, rows in by_channel.items()]
        return [
            crowd
            for crowd in found
            if crowd.sent + len(crowd.waiting) > more_than or crowd.held_up is not None
        ]

    async def keep(self, delivery_ids: Collection[int], *, until: datetime) -> None:
        """Keep alerts that wait to be sent for a digest, due then."""
        await self._write(
            delivery_ids,
            _is_fresh(),
            state=DeliveryState.GATHERING.value,
            due_at=until,
        )

    async def _write(
        self,
        delivery_ids: Collection[int],
        *where: ColumnElement[bool],
        **values: Any,  # noqa: ANN401 - of any column
    ) -> None:
        for batch in batches(sorted(delivery_ids)):
            await self._connection.execute(
                update(deliveries).where(deliveries.c.id.in_(batch), *where).values(**values)
            )


def _alert(message: str) -> Alert | None:
    """The alert of a row; None where it cannot be read."""
    try:
        thawed = thaw(message)
    except ValueError:
        return None
    return thawed if isinstance(thawed, Alert) else None


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(deliveries.c.state == DeliveryState.GATHERING.value, deliveries.c.due_at <= now)


def _is_held_up(before: datetime) -> ColumnElement[bool]:
    """Whether a message is on its way in the channel since before then."""
    waiting = deliveries.alias()
    return exists().where(
        waiting.c.channel_id == channels.c.id,
        waiting.c.state.in_(OPEN),
        waiting.c.created_at < before,
    )


def _is_fresh() -> ColumnElement[bool]:
    """It waits to be sent, and nothing of it can stand in its channel.

    One that may stand there keeps its own message, by which it is found and known as a repeat.
    """
    pending = deliveries.c.state == DeliveryState.PENDING.value
    return and_(pending, deliveries.c.first_sent_at.is_(None))


def _is_alert() -> ColumnElement[bool]:
    return deliveries.c.key.startswith("story:")


def _crowd(channel: Channel, rows: Sequence[Any]) -> Crowd:
    waiting = tuple(row.id for row in rows if row.is_fresh)
    overdue = [row.id for row in rows if row.is_overdue]
    return Crowd(
        channel=channel,
        sent=len(rows) - len(waiting) - len(overdue),
        waiting=waiting,
        held_up=min(overdue, default=None),
        first_at=min(row.created_at for row in rows if not row.is_overdue),
    )
