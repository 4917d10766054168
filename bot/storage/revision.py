"""Revision: a number by which every process sees that what is followed has changed."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert
from bot.storage.schema import revisions

_FOLLOWING = "following"


async def following_revision(connection: AsyncConnection) -> int:
    """The number as it stands."""
    found = await connection.execute(
        select(revisions.c.number).where(revisions.c.name == _FOLLOWING)
    )
    return found.scalar() or 0


async def following_changed(connection: AsyncConnection) -> None:
    """Raise the number, as part of the transaction that changes something."""
    await connection.execute(
        insert(connection, revisions)
        .values(name=_FOLLOWING, number=1)
        .on_conflict_do_update(index_elements=["name"], set_={"number": revisions.c.number + 1})
    )
