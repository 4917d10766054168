"""Entry keys: by which a feed's entries are known again, for longer than their text is kept."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.news import Known, Standing
from bot.storage.dialect import batches, insert
from bot.storage.schema import entries, entry_keys


async def known_keys(
    connection: AsyncConnection, feed_id: int, keys: Collection[bytes]
) -> Mapping[bytes, Known]:
    """Which of these keys the feed has had, and what stands under them."""
    found: dict[bytes, Known] = {}
    columns = (
        entry_keys.c.digest,
        entry_keys.c.entry_id,
        entry_keys.c.seen_at,
        entries.c.standing,
        entries.c.title,
    )
    for batch in batches(sorted(keys)):
        statement = (
            select(*columns)
            .outerjoin(entries, entries.c.id == entry_keys.c.entry_id)
            .where(entry_keys.c.feed_id == feed_id, entry_keys.c.digest.in_(batch))
        )
        for row in await connection.execute(statement):
            found[bytes(row.digest)] = Known(
                entry_id=row.entry_id,
                standing=Standing(row.standing or Standing.BASELINE),
                seen_at=row.seen_at,
                title=row.title or "",
            )
    return found


async def add_keys(
    connection: AsyncConnection,
    feed_id: int,
    entry_id: int,
    keys: Collection[bytes],
    *,
    now: datetime,
) -> None:
    """Note by which keys an entry is known; those its feed has had stay with their entry."""
    rows = [
        {"feed_id": feed_id, "digest": key, "entry_id": entry_id, "seen_at": now}
        for key in sorted(keys)
    ]
    if rows:
        await connection.execute(insert(connection, entry_keys).on_conflict_do_nothing(), rows)


async def sweep_keys(connection: AsyncConnection, feed_id: int, *, before: datetime) -> None:
    """Forget a feed's keys from before then whose entry is deleted."""
    await connection.execute(
        delete(entry_keys).where(
            entry_keys.c.feed_id == feed_id,
            entry_keys.c.entry_id.is_(None),
            entry_keys.c.seen_at < before,
        )
    )
