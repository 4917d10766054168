"""Channels: their rows."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.channel import Channel, Platform
from bot.storage.dialect import insert
from bot.storage.schema import channels


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


def rows_of(channel: Channel) -> Select[Any]:
    """The row of a channel, if there is one, for use in another statement."""
    return select(channels.c.id).where(is_channel(channel))


def channel_of(platform: str, workspace: str, address: str) -> Channel:
    """The channel of a row's columns."""
    return Channel(Platform(platform), address, workspace)
