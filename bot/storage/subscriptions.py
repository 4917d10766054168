"""Subscriptions: what channels follow, and do not want to hear of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, and_, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.cadence import read_cadence
from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.quiet import read_quiet_hours
from bot.domain.subscription import Following, Mute, MutedKind, Subscription
from bot.errors import CommandError
from bot.ports.subscriptions import Exclusion
from bot.storage.channels import channel_of, channel_row, is_channel, rows_of
from bot.storage.dialect import insert
from bot.storage.revision import following_changed, following_revision
from bot.storage.schema import channels, exclusions, mutes, subscriptions

_CHANNEL = (channels.c.platform, channels.c.workspace, channels.c.address)


class SubscriptionRows:
    """Implements `bot.ports.subscriptions.SubscriptionStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def revision(self) -> int:
        """A number that rises with every change of what is followed, muted, excluded or added."""
        return await following_revision(self._connection)

    async def add(
        self,
        workspace: Workspace,
        channel: Channel,
        following: Following,
        *,
        created_by: str,
        now: datetime,
    ) -> Subscription:
        """Begin to follow; what the channel follows already is changed and keeps its row."""
        values = _values(following)
        channel_id = await channel_row(self._connection, channel)
        which = "topic" if following.topic is not None else "query"
        statement = (
            insert(self._connection, subscriptions)
            .values(
                platform=workspace.platform.value,
                tenant=workspace.id,
                channel_id=channel_id,
                created_by=created_by,
                created_at=now,
                **values,
            )
            .on_conflict_do_update(
                index_elements=["channel_id", which], set_=values, where=_is_of(workspace)
            )
            .returning(subscriptions.c.id)
        )
        row_id = (await self._connection.execute(statement)).scalar()
        if row_id is None:
            raise CommandError("Another workspace has that followed in this channel")
        await following_changed(self._connection)
        [added] = await self._read(subscriptions.c.id == row_id)
        return added

    async def get(self, subscription_id: int) -> Subscription | None:
        """One subscription by its row."""
        found = await self._read(subscriptions.c.id == subscription_id)
        return found[0] if found else None

    async def of_channel(self, channel: Channel) -> Sequence[Subscription]:
        """What a channel follows by subscription, the oldest first."""
        return await self._read(is_channel(channel))

    async def of_workspace(self, workspace: Workspace) -> Sequence[Subscription]:
        """What all channels of a workspace follow, the oldest first."""
        return await self._read(_is_of(workspace))

    async def all(self) -> Sequence[Subscription]:
        """Every subscription, the oldest first."""
        return await self._read()

    async def remove(self, subscription_id: int) -> bool:
        """Follow no longer; gives whether it was followed."""
        return await self._changed(
            delete(subscriptions).where(subscriptions.c.id == subscription_id)
        )

    async def mute(self, mute: Mute) -> None:
        """Mute; what is muted already is muted until this time instead."""
        values = {"until": mute.until, "muted_by": mute.muted_by}
        await self._connection.execute(
            insert(self._connection, mutes)
            .values(
                channel_id=await channel_row(self._connection, mute.channel),
                kind=mute.kind.value,
                subject=mute.subject,
                **values,
            )
            .on_conflict_do_update(index_elements=["channel_id", "kind", "subject"], set_=values)
        )
        await following_changed(self._connection)

    async def unmute(self, channel: Channel, kind: MutedKind, subject: str) -> bool:
        """End a mute; gives whether there was one."""
        return await self._changed(
            delete(mutes).where(
                mutes.c.channel_id.in_(rows_of(channel)),
                mutes.c.kind == kind.value,
                mutes.c.subject == subject,
            )
        )

    async def mutes(self, now: datetime) -> Sequence[Mute]:
        """Every mute in force, by channel."""
        rows = await self._connection.execute(
            select(mutes, *_CHANNEL)
            .join(channels, channels.c.id == mutes.c.channel_id)
            .where(mutes.c.until > now)
            .order_by(mutes.c.channel_id, mutes.c.kind, mutes.c.subject)
        )
        return [
            Mute(
                channel=channel_of(row.platform, row.workspace, row.address),
                kind=MutedKind(row.kind),
                subject=row.subject,
                until=row.until,
                muted_by=row.muted_by,
            )
            for row in rows
        ]

    async def exclude(self, exclusion: Exclusion, *, now: datetime) -> bool:
        """Exclude; gives whether that is new."""
        return await self._changed(
            insert(self._connection, exclusions)
            .values(
                channel_id=await channel_row(self._connection, exclusion.channel),
                subject=exclusion.subject,
                query=exclusion.query,
                added_by=exclusion.added_by,
                added_at=now,
            )
            .on_conflict_do_nothing()
        )

    async def include(self, exclusion: Exclusion) -> bool:
        """End an exclusion; gives whether there was one."""
        return await self._changed(
            delete(exclusions).where(
                exclusions.c.channel_id.in_(rows_of(exclusion.channel)),
                exclusions.c.subject == exclusion.subject,
                exclusions.c.query == exclusion.query,
            )
        )

    async def exclusions(self) -> Sequence[Exclusion]:
        """Every exclusion, by channel."""
        rows = await self._connection.execute(
            select(exclusions, *_CHANNEL)
            .join(channels, channels.c.id == exclusions.c.channel_id)
            .order_by(exclusions.c.channel_id, exclusions.c.subject, exclusions.c.query)
        )
        return [
            Exclusion(
                channel=channel_of(row.platform, row.workspace, row.address),
                subject=row.subject,
                query=row.query,
                added_by=row.added_by,
            )
            for row in rows
        ]

    async def sweep(self, *, before: datetime) -> None:
        """Delete mutes that were over then."""
        await self._connection.execute(delete(mutes).where(mutes.c.until < before))

    async def _changed(self, statement: Any) -> bool:  # noqa: ANN401 - any of SQLAlchemy's writing statements
        changed = bool((await self._connection.execute(statement)).rowcount)
        if changed:
            await following_changed(self._connection)
        return changed

    async def _read(self, *wanted: ColumnElement[bool]) -> Sequence[Subscription]:
        rows = await self._connection.execute(
            select(
                subscriptions,
                channels.c.platform.label("channel_platform"),
                channels.c.workspace,
                channels.c.address,
            )
            .join(channels, channels.c.id == subscriptions.c.channel_id)
            .where(*wanted)
            .order_by(subscriptions.c.id)
        )
        return [_subscription(row) for row in rows]


def _is_of(workspace: Workspace) -> ColumnElement[bool]:
    return and_(
        subscriptions.c.platform == workspace.platform.value,
        subscriptions.c.tenant == workspace.id,
    )


def _values(following: Following) -> dict[str, Any]:
    return {
        "topic": following.topic,
        "query": following.query,
        "cadence": "instant" if following.cadence is None else str(following.cadence),
        "quiet": None if following.quiet is None else str(following.quiet),
        "breaking": following.breaking,
        "zone": following.zone.key,
        "mention": following.mention,
    }


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        subscription_id=row.id,
        workspace=Workspace(Platform(row.platform), row.tenant),
        channel=Channel(Platform(row.channel_platform), row.address, row.workspace),
        following=Following(
            topic=row.topic,
            query=row.query,
            cadence=read_cadence(row.cadence),
            quiet=None if row.quiet is None else read_quiet_hours(row.quiet),
            breaking=row.breaking,
            zone=ZoneInfo(row.zone),
            mention=row.mention,
        ),
        created_by=row.created_by,
        created_at=row.created_at,
    )
