"""Added feeds: those that people added in chat, each for its own workspace."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.channel import Platform, Workspace
from bot.ports.chat import AddedFeed
from bot.storage.dialect import insert
from bot.storage.revision import following_changed
from bot.storage.schema import added_feeds, feeds


class AddedFeedRows:
    """Implements `bot.ports.chat.AddedFeedStore`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, feed: AddedFeed) -> bool:
        """Watch a feed for a workspace; gives whether it did not have it yet."""
        # Its row is there from now on, or `owners` would have nobody to name until the next change.
        await self._connection.execute(
            insert(self._connection, feeds)
            .values(url=feed.url, due_at=feed.added_at)
            .on_conflict_do_nothing()
        )
        added = await self._connection.execute(
            insert(self._connection, added_feeds)
            .values(
                platform=feed.workspace.platform.value,
                tenant=feed.workspace.id,
                url=feed.url,
                name=feed.name,
                added_by=feed.added_by,
                added_at=feed.added_at,
            )
            .on_conflict_do_nothing()
        )
        await following_changed(self._connection)
        return bool(added.rowcount)

    async def remove(self, workspace: Workspace, url: str) -> bool:
        """Watch it no longer for this workspace; gives whether it had it."""
        removed = await self._connection.execute(
            delete(added_feeds).where(_of(workspace), added_feeds.c.url == url)
        )
        await following_changed(self._connection)
        return bool(removed.rowcount)

    async def of_workspace(self, workspace: Workspace) -> Sequence[AddedFeed]:
        """A workspace's, by name."""
        rows = await self._connection.execute(
            select(added_feeds)
            .where(_of(workspace))
            .order_by(added_feeds.c.name, added_feeds.c.url)
        )
        return [_added(row) for row in rows]

    async def all(self) -> Sequence[AddedFeed]:
        """Those of every workspace, by address; one that two added stands there twice."""
        rows = await self._connection.execute(
            select(added_feeds).order_by(
                added_feeds.c.url, added_feeds.c.platform, added_feeds.c.tenant
            )
        )
        return [_added(row) for row in rows]

    async def owners(self, *, shared: Collection[str]) -> Mapping[int, frozenset[Workspace]]:
        """Whose the entries of an added feed are, by the feed's row; nobody's once removed."""
        rows = await self._connection.execute(
            select(feeds.c.id, feeds.c.url, added_feeds.c.platform, added_feeds.c.tenant).outerjoin(
                added_feeds, added_feeds.c.url == feeds.c.url
            )
        )
        owners: dict[int, set[Workspace]] = defaultdict(set)
        for row in rows:
            if row.url in shared:
                continue
            whose = owners[row.id]
            if row.tenant is not None:
                whose.add(Workspace(Platform(row.platform), row.tenant))
        return {feed_id: frozenset(workspaces) for feed_id, workspaces in owners.items()}


def _of(workspace: Workspace) -> ColumnElement[bool]:
    return and_(
        added_feeds.c.platform == workspace.platform.value, added_feeds.c.tenant == workspace.id
    )


def _added(row: Row[Any]) -> AddedFeed:
    return AddedFeed(
        workspace=Workspace(Platform(row.platform), row.tenant),
        url=row.url,
        name=row.name,
        added_by=row.added_by,
        added_at=row.added_at,
    )
