"""Channels: their rows, and which are set aside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.channel import Channel, Platform
from bot.storage.dialect import insert
from bot.storage.schema import channels


class ChannelRows:
    """Implements `bot.ports.channels.ChannelStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def set_aside(
        self, channel: Channel, *, reason: str, now: datetime, retry_at: datetime
    ) -> bool:
        """Send nothing to a channel until then; gives whether it was not set aside before."""
        fresh = await self._connection.execute(
            update(channels)
            .where(is_channel(channel), channels.c.dead_since.is_(None))
            .values(dead_since=now)
        )
        await self._connection.execute(
            update(channels)
            .where(is_channel(channel))
            .values(dead_reason=reason, retry_at=retry_at)
        )
        return bool(fresh.rowcount)

    async def restore(self, channel: Channel) -> bool:
        """Take a channel up again; gives whether it had been set aside."""
        result = await self._connection.execute(
            update(channels)
            .where(is_channel(channel), channels.c.dead_since.is_not(None))
            .values(dead_since=None, dead_reason=None, retry_at=None)
        )
        return bool(result.rowcount)

    async def all_set_aside(self) -> Mapping[Channel, str]:
        """The channels set aside, each with the reason."""
        rows = await self._connection.execute(
            select(channels).where(channels.c.dead_since.is_not(None)).order_by(channels.c.id)
        )
        return {
            channel_of(row.platform, row.workspace, row.address): row.dead_reason for row in rows
        }


async def channel_row(connection: AsyncConnection, channel: Channel) -> int:
    """The row of a channel, which is made where there is none."""
    found = (await connection.execute(rows_of(channel))).scalar()
    if found is None:
        await connection.execute(
            insert(connection, channels)
            .values(
                platform=channel.platform.value, workspace=channel.workspace, address=channel.id
            )
            .on_conflict_do_nothing()
        )
        found = (await connection.execute(rows_of(channel))).scalar_one()
    row_id: int = found
    return row_id


def is_channel(channel: Channel) -> ColumnElement[bool]:
    """Whether a row of `channels` is this one."""
    return and_(
        channels.c.platform == channel.platform.value,
        channels.c.workspace == channel.workspace,
        channels.c.address == channel.id,
    )


def is_served(now: datetime) -> ColumnElement[bool]:
    """Whether a row of `channels` is not set aside, or to be tried again by now."""
    return or_(channels.c.retry_at.is_(None), channels.c.retry_at <= now)


def rows_of(channel: Channel) -> Select[Any]:
    """The row of a channel, if there is one, for use in another statement."""
    return select(channels.c.id).where(is_channel(channel))


def channel_of(platform: str, workspace: str, address: str) -> Channel:
    """The channel of a row's columns."""
    return Channel(Platform(platform), address, workspace)
