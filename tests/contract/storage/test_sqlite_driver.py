"""What newsbot's own SQLite driver does that aiosqlite leaves undone."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from bot.storage.database import Database

_LONG = text(
    "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT 100000000)"
    " SELECT count(*) FROM number"
)
"""Half a minute, at the least."""


async def test_a_statement_that_is_given_up_ends(tmp_path: Path) -> None:
    store = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/newsbot.db")

    async def ask() -> None:
        async with store._engine.connect() as connection:
            await connection.execute(_LONG)

    asking = asyncio.create_task(ask())
    await asyncio.wait({asking}, timeout=0.1)
    asking.cancel()
    done, _ = await asyncio.wait({asking}, timeout=5)
    assert done
    assert asking.cancelled()
    await store.close()
