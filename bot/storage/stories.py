"""Stories: which one each entry reports."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.identity import Identified
from bot.storage.dialect import batches, insert
from bot.storage.schema import entries, stories


async def story_rows(
    connection: AsyncConnection, found: Sequence[Identified], *, now: datetime
) -> list[int]:
    """The story of each entry: the one under its key, or a new one."""
    keys = sorted({one.story_key for one in found if one.story_key is not None})
    if keys:
        await connection.execute(
            insert(connection, stories).on_conflict_do_nothing(),
            [{"key": key, "created_at": now} for key in keys],
        )
    by_key: dict[bytes, int] = {}
    for batch in batches(keys):
        rows = await connection.execute(
            select(stories.c.key, stories.c.id).where(stories.c.key.in_(batch))
        )
        by_key.update({bytes(row.key): row.id for row in rows})
    return [
        by_key[one.story_key] if one.story_key is not None else await _new_story(connection, now)
        for one in found
    ]


async def _new_story(connection: AsyncConnection, now: datetime) -> int:
    statement = stories.insert().values(created_at=now).returning(stories.c.id)
    story_id: int = (await connection.execute(statement)).scalar_one()
    return story_id


async def sweep_stories(connection: AsyncConnection, *, before: datetime) -> None:
    """Delete stories from before then that no entry reports any more."""
    reported = select(entries.c.id).where(entries.c.story_id == stories.c.id).exists()
    await connection.execute(delete(stories).where(stories.c.created_at < before, ~reported))
