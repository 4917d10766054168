"""Feeds: what polling remembers, in rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.entry import FRAGMENT_BYTES
from bot.domain.feed import FeedState
from bot.domain.identity import KEY_BYTES
from bot.storage.dialect import batches, insert
from bot.storage.digests import pack, unpack
from bot.storage.schema import feeds


class FeedRows:
    """Implements `bot.ports.feeds.FeedStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, urls: Collection[str], *, due_at: datetime) -> None:
        """Begin to remember feeds; those known already are left as they are."""
        rows = [{"url": url, "due_at": due_at} for url in urls]
        if rows:
            statement = insert(self._connection, feeds).on_conflict_do_nothing()
            await self._connection.execute(statement, rows)

    async def get(self, url: str) -> FeedState | None:
        """One feed's state by its configured address."""
        row = (
            await self._connection.execute(select(feeds).where(feeds.c.url == url))
        ).one_or_none()
        return None if row is None else _state(row)

    async def all(self) -> Sequence[FeedState]:
        """Every feed ever polled, configured or not."""
        rows = await self._connection.execute(select(feeds).order_by(feeds.c.id))
        return [_state(row) for row in rows]

    async def ids(self, urls: Collection[str]) -> Mapping[str, int]:
        """The rows of those of these feeds that are remembered, by address."""
        found: dict[str, int] = {}
        for batch in batches(sorted(urls)):
            statement = select(feeds.c.url, feeds.c.id).where(feeds.c.url.in_(batch))
            found.update((row.url, row.id) for row in await self._connection.execute(statement))
        return found

    async def due(self, now: datetime) -> Sequence[str]:
        """Addresses of the feeds due by now, the longest overdue first."""
        statement = select(feeds.c.url).where(feeds.c.due_at <= now).order_by(feeds.c.due_at)
        return (await self._connection.execute(statement)).scalars().all()

    async def save(self, state: FeedState) -> None:
        """Write a state down."""
        await self._connection.execute(
            update(feeds).where(feeds.c.id == state.feed_id).values(_values(state))
        )

    async def lock(self, feed_id: int) -> None:
        """Keep other processes from storing a document of this feed until the transaction ends."""
        await self._connection.execute(
            select(feeds.c.id).where(feeds.c.id == feed_id).with_for_update()
        )

    async def set_held(self, feed_id: int, *, held: bool) -> None:
        """Note whether entries of the feed wait for a person."""
        await self._connection.execute(update(feeds).where(feeds.c.id == feed_id).values(held=held))

    async def forgive(self, urls: Collection[str], *, since: datetime, due_at: datetime) -> int:
        """Undo these feeds' failures that began since then; gives their number."""
        sooner = case((feeds.c.due_at < due_at, feeds.c.due_at), else_=due_at)
        began_since = and_(feeds.c.failing_since >= since, feeds.c.failure_told.is_(False))
        forgiven = 0
        for batch in batches(sorted(urls)):
            result = await self._connection.execute(
                update(feeds)
                .where(feeds.c.url.in_(batch), began_since)
                .values(failures=0, failing_since=None, failure=None, due_at=sooner)
            )
            forgiven += result.rowcount
        return forgiven


def _state(row: Row[Any]) -> FeedState:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to a row as a mapping
    return FeedState(
        feed_id=values.pop("id"),
        fragments=unpack(bytes(values.pop("fragments")), size=FRAGMENT_BYTES),
        shared_keys=unpack(bytes(values.pop("shared_keys")), size=KEY_BYTES),
        skip_hours=_numbers(values.pop("skip_hours")),
        skip_days=_numbers(values.pop("skip_days")),
        **values,
    )


def _values(state: FeedState) -> dict[str, Any]:
    values = {
        field.name: getattr(state, field.name)
        for field in fields(state)
        if field.name not in {"feed_id", "url", "held"}
    }
    values["fragments"] = pack(state.fragments)
    values["shared_keys"] = pack(state.shared_keys)
    values["skip_hours"] = ",".join(map(str, sorted(state.skip_hours)))
    values["skip_days"] = ",".join(map(str, sorted(state.skip_days)))
    return values


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(part) for part in text.split(",") if part)
