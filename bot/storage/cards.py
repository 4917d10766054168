"""Cards: alerts that stand in channels, and who has taken them on."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import Alert, MessageRef
from bot.ports.chat import Card
from bot.storage.channels import channel_of
from bot.storage.dialect import insert
from bot.storage.messages import thaw
from bot.storage.schema import channels, claims, deliveries


class CardRows:
    """Implements `bot.ports.chat.CardStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, nonce: str) -> Card | None:
        """One card; None where it was swept or is no alert."""
        found = await self._connection.execute(
            select(
                deliveries.c.message,
                deliveries.c.story_id,
                deliveries.c.ref_id,
                deliveries.c.ref_channel,
                channels.c.platform,
                channels.c.workspace,
                channels.c.address,
                claims.c.user,
            )
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .outerjoin(claims, claims.c.delivery_id == deliveries.c.id)
            .where(deliveries.c.nonce == nonce)
        )
        row = found.one_or_none()
        message = None if row is None else thaw(row.message)
        if row is None or not isinstance(message, Alert):
            return None
        return Card(
            nonce=nonce,
            channel=channel_of(row.platform, row.workspace, row.address),
            alert=replace(message, claimed_by=row.user),
            story_id=row.story_id,
            ref=None if row.ref_id is None else MessageRef(row.ref_id, row.ref_channel),
        )

    async def claim(self, nonce: str, user: str, *, now: datetime) -> str | None:
        """Take a story on, unless somebody has; gives who has it now, None without such a card."""
        delivery = select(deliveries.c.id).where(deliveries.c.nonce == nonce)
        delivery_id = (await self._connection.execute(delivery)).scalar()
        if delivery_id is None:
            return None
        await self._connection.execute(
            insert(self._connection, claims)
            .values(delivery_id=delivery_id, user=user, claimed_at=now)
            .on_conflict_do_nothing()
        )
        holder = select(claims.c.user).where(claims.c.delivery_id == delivery_id)
        holding: str = (await self._connection.execute(holder)).scalar_one()
        return holding

    async def release(self, nonce: str) -> None:
        """Give a story back."""
        delivery = select(deliveries.c.id).where(deliveries.c.nonce == nonce)
        await self._connection.execute(
            delete(claims).where(claims.c.delivery_id == delivery.scalar_subquery())
        )
