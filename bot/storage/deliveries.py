"""Deliveries: what is on its way to channels, and how far it is."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.channel import Channel
from bot.domain.delivery import OPEN, Delivery, DeliveryState
from bot.domain.message import Message, MessageRef
from bot.ports.deliveries import Claim, Outgoing, Progress, Settlement
from bot.storage.channels import channel_of, channel_row, is_channel, is_served
from bot.storage.dialect import insert
from bot.storage.messages import freeze, thaw
from bot.storage.schema import channels, deliveries

_WAITING = (DeliveryState.PENDING.value, DeliveryState.UNKNOWN.value)
_IN_HAND = (DeliveryState.SENDING.value, DeliveryState.CHECKING.value)
_DONE = (
    DeliveryState.SENT.value,
    DeliveryState.DEAD.value,
    DeliveryState.EXPIRED.value,
    DeliveryState.GATHERED.value,
    DeliveryState.DROPPED.value,
)
_NONCE_BYTES = 12
_LEASE_BYTES = 16


class DeliveryRows:
    """Implements `bot.ports.deliveries.DeliveryStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, outgoing: Sequence[Outgoing], *, now: datetime) -> int:
        """Write deliveries down; gives how many were not there before."""
        wanted = sorted({one.channel for one in outgoing})
        ids = {channel: await channel_row(self._connection, channel) for channel in wanted}
        added = 0
        for one in outgoing:
            how = {
                "message": freeze(one.message),
                "state": _first_state(one).value,
                "created_at": now,
                "due_at": one.held_until or now,
                "thread": one.thread,
                "error": None,
            }
            statement = insert(self._connection, deliveries).values(
                channel_id=ids[one.channel],
                key=one.key,
                nonce=secrets.token_hex(_NONCE_BYTES),
                story_id=one.story_id,
                attempts=0,
                **how,
            )
            unique = ["channel_id", "key"]
            gives_way = [DeliveryState.DROPPED.value]
            if one.held_until is None:
                gives_way.append(DeliveryState.GATHERING.value)
            statement = statement.on_conflict_do_update(
                index_elements=unique, set_=how, where=deliveries.c.state.in_(gives_way)
            )
            added += (await self._connection.execute(statement)).rowcount
        return added

    async def of_story(self, story_id: int) -> Sequence[Progress]:
        """The deliveries that alert of a story, the oldest first."""
        rows = await self._connection.execute(
            select(deliveries, channels.c.platform, channels.c.workspace, channels.c.address)
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .where(deliveries.c.story_id == story_id)
            .order_by(deliveries.c.id)
        )
        return [
            Progress(
                channel=channel_of(row.platform, row.workspace, row.address),
                message=thaw(row.message),
                state=DeliveryState(row.state),
                created_at=row.created_at,
                due_at=row.due_at,
                sent_at=row.sent_at,
                error=row.error,
            )
            for row in rows
        ]

    async def channels_due(self, now: datetime) -> Sequence[Channel]:
        """Channels with something to send or to clear up by now, those set aside left out."""
        # Only the oldest counts: what is behind it waits for it.
        oldest = (
            select(func.min(deliveries.c.id))
            .where(deliveries.c.state.in_(OPEN))
            .group_by(deliveries.c.channel_id)
        )
        statement = (
            select(channels)
            .join(deliveries, deliveries.c.channel_id == channels.c.id)
            .where(deliveries.c.id.in_(oldest), _is_due(now), is_served(now))
            .order_by(deliveries.c.id)
        )
        return [
            channel_of(row.platform, row.workspace, row.address)
            for row in await self._connection.execute(statement)
        ]

    async def claim(self, channel: Channel, *, now: datetime, lease: timedelta) -> Claim | None:
        """Take the channel's oldest open delivery and write it down as `sending`."""
        statement = (
            select(deliveries, channels.c.platform, channels.c.workspace, channels.c.address)
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .where(is_channel(channel), deliveries.c.state.in_(OPEN))
            .order_by(deliveries.c.id)
            .limit(1)
        )
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None or row.due_at > now or _is_leased(row, now):
            return None
        try:
            delivery = replace(_delivery(row), thread=await self._sent(channel, row.thread))
        except ValueError as error:
            # Written by another version; what is behind it must not wait for it for ever.
            await self._bury(row.id, str(error))
            return None
        token = secrets.token_hex(_LEASE_BYTES)
        is_first = delivery.state is DeliveryState.PENDING
        taken = await self._connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id == row.id,
                deliveries.c.state == row.state,
                deliveries.c.lease.is_not_distinct_from(row.lease),
            )
            .values(
                state=(DeliveryState.SENDING if is_first else DeliveryState.CHECKING).value,
                attempts=row.attempts + is_first,
                first_sent_at=row.first_sent_at or now,
                lease=token,
                lease_until=now + lease,
            )
        )
        if not taken.rowcount:
            return None
        known = None if is_first else await self._last_sent(row.channel_id, before=row.id)
        return Claim(delivery=delivery, lease=token, known=known)

    async def _sent(self, channel: Channel, key: str | None) -> MessageRef | None:
        """Where a message of ours stands, by its key."""
        if key is None:
            return None
        rows = await self._connection.execute(
            select(deliveries.c.ref_id, deliveries.c.ref_channel)
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .where(is_channel(channel), deliveries.c.key == key, deliveries.c.ref_id.is_not(None))
        )
        row = rows.one_or_none()
        return None if row is None else MessageRef(row.ref_id, row.ref_channel)

    async def _last_sent(self, channel_id: int, *, before: int) -> MessageRef | None:
        """Where the last message of ours in a channel stands."""
        rows = await self._connection.execute(
            select(deliveries.c.ref_id, deliveries.c.ref_channel)
            .where(
                deliveries.c.channel_id == channel_id,
                deliveries.c.state == DeliveryState.SENT.value,
                deliveries.c.ref_id.is_not(None),
                deliveries.c.thread.is_(None),
                deliveries.c.id < before,
            )
            .order_by(deliveries.c.id.desc())
            .limit(1)
        )
        row = rows.one_or_none()
        return None if row is None else MessageRef(row.ref_id, row.ref_channel)

    async def settle(self, claim: Claim, settlement: Settlement, *, now: datetime) -> bool:
        """Write down how an attempt ended; False if the lease had passed to another."""
        values: dict[str, Any] = {
            "state": settlement.state.value,
            "error": settlement.error,
            "lease": None,
            "lease_until": None,
        }
        if settlement.due_at is not None:
            values["due_at"] = settlement.due_at
        if settlement.state is DeliveryState.PENDING:
            # Of this attempt nothing can stand in the channel; of an earlier one something may.
            values["first_sent_at"] = claim.delivery.first_sent_at
        if settlement.ref is not None:
            values |= {
                "sent_at": now,
                "ref_id": settlement.ref.id,
                "ref_channel": settlement.ref.channel,
            }
        result = await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id == claim.delivery.delivery_id, deliveries.c.lease == claim.lease)
            .values(values)
        )
        return bool(result.rowcount)

    async def expire(
        self, *, before: datetime, now: datetime
    ) -> Mapping[Channel, Sequence[Message]]:
        """Give up what was written before then and is still pending, by channel."""
        state = deliveries.c.state
        let_go = or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now)
        late = and_(state.in_(OPEN), let_go, deliveries.c.created_at < before)
        rows = await self._connection.execute(
            update(deliveries)
            .where(late)
            .values(state=DeliveryState.EXPIRED.value, due_at=now)
            .returning(deliveries.c.id, deliveries.c.channel_id, deliveries.c.message)
        )
        by_id = {
            row.id: channel_of(row.platform, row.workspace, row.address)
            for row in await self._connection.execute(select(channels))
        }
        expired: dict[Channel, list[Message]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.id):
            with suppress(ValueError):  # written by another version
                expired[by_id[row.channel_id]].append(thaw(row.message))
        return expired

    async def count(self) -> Mapping[DeliveryState, int]:
        """How many deliveries stand in each state."""
        rows = await self._connection.execute(
            select(deliveries.c.state, func.count().label("number")).group_by(deliveries.c.state)
        )
        return {DeliveryState(row.state): row.number for row in rows}

    async def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the most overdue delivery waits, channels set aside left out."""
        statement = (
            select(func.min(deliveries.c.due_at))
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .where(_is_due(now), is_served(now))
        )
        oldest: datetime | None = (await self._connection.execute(statement)).scalar_one()
        return oldest

    async def sweep(self, *, before: datetime) -> int:
        """Delete finished deliveries written before then; gives their number."""
        result = await self._connection.execute(
            delete(deliveries).where(
                deliveries.c.state.in_(_DONE), deliveries.c.created_at < before
            )
        )
        return result.rowcount

    async def _bury(self, delivery_id: int, error: str) -> None:
        await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery_id)
            .values(state=DeliveryState.DEAD.value, error=f"cannot be read: {error[:500]}")
        )


def _first_state(outgoing: Outgoing) -> DeliveryState:
    return DeliveryState.PENDING if outgoing.held_until is None else DeliveryState.GATHERING


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Something can be done for this delivery now."""
    state = deliveries.c.state
    return or_(
        and_(
            state.in_(_WAITING),
            deliveries.c.due_at <= now,
            or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now),
        ),
        and_(state.in_(_IN_HAND), deliveries.c.lease_until <= now),
    )


def _is_leased(row: Row[Any], now: datetime) -> bool:
    return row.lease_until is not None and row.lease_until > now


def _delivery(row: Row[Any]) -> Delivery:
    state = DeliveryState(row.state)
    interrupted = state.value in _IN_HAND
    return Delivery(
        delivery_id=row.id,
        channel_id=row.channel_id,
        channel=channel_of(row.platform, row.workspace, row.address),
        key=row.key,
        nonce=row.nonce,
        message=thaw(row.message),
        state=DeliveryState.UNKNOWN if interrupted else state,
        attempts=row.attempts,
        created_at=row.created_at,
        due_at=row.due_at,
        first_sent_at=row.first_sent_at,
        ref=None if row.ref_id is None else MessageRef(row.ref_id, row.ref_channel),
    )
