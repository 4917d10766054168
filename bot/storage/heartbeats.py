"""Heartbeats: signs of life of running processes."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.schema import heartbeats


class HeartbeatRows:
    """Implements `bot.ports.store.HeartbeatStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def beat(self, process: str, *, started_at: datetime, now: datetime) -> None:
        """Note that a process is alive."""
        statement = insert(self._connection, heartbeats).values(
            process=process, started_at=started_at, beat_at=now
        )
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["process"], set_={"beat_at": statement.excluded.beat_at}
            )
        )

    async def latest(self) -> datetime | None:
        """The newest sign of life of any process."""
        statement = select(func.max(heartbeats.c.beat_at))
        latest: datetime | None = (await self._connection.execute(statement)).scalar_one()
        return latest

    async def sweep(self, *, before: datetime) -> None:
        """Forget processes that gave no sign of life since then."""
        await self._connection.execute(delete(heartbeats).where(heartbeats.c.beat_at < before))

    async def stop(self, process: str) -> None:
        """Note that a process ended in good order."""
        await self._connection.execute(delete(heartbeats).where(heartbeats.c.process == process))
