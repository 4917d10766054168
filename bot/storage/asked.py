"""Asked: what people asked, kept so that a button can go on with it."""

import secrets
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.channel import Workspace
from bot.ports.chat import AskedKind
from bot.storage.schema import asked

_KEY_BYTES = 12


class AskedRows:
    """Implements `bot.ports.chat.AskedStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(
        self, kind: AskedKind, text: str, *, workspace: Workspace, user: str, now: datetime
    ) -> str:
        """Keep a text; gives its key, 16 ASCII characters that cannot be guessed."""
        key = secrets.token_urlsafe(_KEY_BYTES)
        await self._connection.execute(
            insert(asked).values(
                key=key,
                platform=workspace.platform.value,
                tenant=workspace.id,
                user=user,
                kind=kind.value,
                text=text,
                created_at=now,
            )
        )
        return key

    async def get(self, kind: AskedKind, key: str, *, workspace: Workspace) -> str | None:
        """The text of a key; None where this workspace has none of the kind."""
        found = await self._connection.execute(
            select(asked.c.text).where(
                asked.c.key == key,
                asked.c.kind == kind.value,
                asked.c.platform == workspace.platform.value,
                asked.c.tenant == workspace.id,
            )
        )
        return found.scalar()

    async def sweep(self, *, before: datetime) -> None:
        """Delete what was kept before then."""
        await self._connection.execute(delete(asked).where(asked.c.created_at < before))
