"""Installations: the workspaces that newsbot was added to, their tokens sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.channel import Platform, Workspace
from bot.ports.installations import Installation
from bot.storage.columns import Instant
from bot.storage.dialect import insert
from bot.storage.schema import channels, installations


class InstallationRows:
    """Implements `bot.ports.installations.InstallationStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, installation: Installation) -> None:
        """Note one, in place of an earlier one of its workspace."""
        workspace = installation.workspace
        values = {
            "name": installation.name,
            "sealed": installation.sealed,
            "installed_by": installation.installed_by,
            "installed_at": installation.installed_at,
        }
        await self._connection.execute(
            insert(self._connection, installations)
            .values(platform=workspace.platform.value, tenant=workspace.id, **values)
            .on_conflict_do_update(index_elements=["platform", "tenant"], set_=values)
        )
        await self._connection.execute(
            update(channels)
            .where(_reached_by(workspace))
            .values(dead_since=None, dead_reason=None, retry_at=None)
        )

    async def reseal(self, workspace: Workspace, sealed: bytes, *, was: bytes) -> None:
        """Put the same token sealed otherwise in the place of `was`, if that still stands there."""
        await self._connection.execute(
            update(installations)
            .where(_of(workspace), installations.c.sealed == was)
            .values(sealed=sealed)
        )

    async def get(self, workspace: Workspace) -> Installation | None:
        """A workspace's; None where there is none."""
        rows = await self._connection.execute(select(installations).where(_of(workspace)))
        row = rows.one_or_none()
        return None if row is None else _installation(row)

    async def all(self) -> Sequence[Installation]:
        """Every one, by workspace."""
        rows = await self._connection.execute(
            select(installations).order_by(installations.c.platform, installations.c.tenant)
        )
        return [_installation(row) for row in rows]

    async def remove(
        self, workspace: Workspace, *, reason: str, now: datetime, retry_at: datetime
    ) -> bool:
        """Forget one and set its workspace's channels aside; gives whether there was one."""
        removed = await self._connection.execute(delete(installations).where(_of(workspace)))
        if not removed.rowcount:
            return False
        await self._connection.execute(
            update(channels)
            .where(_reached_by(workspace))
            .values(
                dead_since=func.coalesce(channels.c.dead_since, literal(now, Instant())),
                dead_reason=reason,
                retry_at=retry_at,
            )
        )
        return True


def _of(workspace: Workspace) -> ColumnElement[bool]:
    return and_(
        installations.c.platform == workspace.platform.value,
        installations.c.tenant == workspace.id,
    )


def _reached_by(workspace: Workspace) -> ColumnElement[bool]:
    return and_(
        channels.c.platform == workspace.platform.value, channels.c.workspace == workspace.id
    )


def _installation(row: Row[Any]) -> Installation:
    return Installation(
        workspace=Workspace(Platform(row.platform), row.tenant),
        name=row.name,
        sealed=row.sealed,
        installed_by=row.installed_by,
        installed_at=row.installed_at,
    )
