"""Heartbeats: signs of life of running processes, and how their connections stand."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.channel import Platform
from bot.storage.dialect import insert
from bot.storage.schema import connections, heartbeats


class HeartbeatRows:
    """Implements `bot.ports.store.HeartbeatStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def beat(
        self,
        process: str,
        *,
        started_at: datetime,
        now: datetime,
        lines: Mapping[Platform, datetime | None],
    ) -> None:
        """Note that a process is alive, and since when each of its connections is down."""
        statement = insert(self._connection, heartbeats).values(
            process=process, started_at=started_at, beat_at=now
        )
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["process"], set_={"beat_at": statement.excluded.beat_at}
            )
        )
        for platform, down_since in lines.items():
            line = insert(self._connection, connections).values(
                process=process, platform=platform.value, down_since=down_since
            )
            await self._connection.execute(
                line.on_conflict_do_update(
                    index_elements=["process", "platform"],
                    set_={"down_since": line.excluded.down_since},
                )
            )

    async def latest(self) -> datetime | None:
        """The newest sign of life of any process."""
        statement = select(func.max(heartbeats.c.beat_at))
        latest: datetime | None = (await self._connection.execute(statement)).scalar_one()
        return latest

    async def down(self, *, alive_since: datetime) -> Mapping[Platform, datetime]:
        """Platforms that every process with a connection to them has lost, with since when.

        What a process left that gave no sign of life since `alive_since` tells nothing.
        """
        statement = (
            select(connections.c.platform, func.max(connections.c.down_since).label("since"))
            .join(heartbeats, heartbeats.c.process == connections.c.process)
            .where(heartbeats.c.beat_at >= alive_since)
            .group_by(connections.c.platform)
            .having(func.count() == func.count(connections.c.down_since))
        )
        rows = await self._connection.execute(statement)
        return {Platform(row.platform): row.since for row in rows}

    async def sweep(self, *, before: datetime) -> None:
        """Forget processes that gave no sign of life since then."""
        await self._connection.execute(delete(heartbeats).where(heartbeats.c.beat_at < before))

    async def stop(self, process: str) -> None:
        """Note that a process ended in good order."""
        await self._connection.execute(delete(heartbeats).where(heartbeats.c.process == process))
