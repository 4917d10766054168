"""Loading: entries out of their rows, and into them."""

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.entry import Entry, StoredEntry
from bot.storage.dialect import batches
from bot.storage.schema import entry_tags


async def load(connection: AsyncConnection, statement: Select[Any]) -> list[StoredEntry]:
    """The entries a statement selects, whole, in its order.

    Args:
        connection: Within a transaction.
        statement: Selects all columns of `entries`.
    """
    rows = (await connection.execute(statement)).all()
    own: dict[int, list[str]] = defaultdict(list)
    of_feed: dict[int, set[str]] = defaultdict(set)
    for batch in batches([row.id for row in rows]):
        tags = await connection.execute(
            select(entry_tags)
            .where(entry_tags.c.entry_id.in_(batch))
            .order_by(entry_tags.c.position)
        )
        for tag in tags:
            if tag.of_feed:
                of_feed[tag.entry_id].add(tag.tag)
            else:
                own[tag.entry_id].append(tag.tag)
    return [
        stored_entry(row, _entry(row, tuple(own[row.id])), frozenset(of_feed[row.id]))
        for row in rows
    ]


def labels(stored: StoredEntry) -> list[tuple[str, bool]]:
    """An entry's tags and then its feed's, each once, with whether it is the feed's."""
    own = dict.fromkeys(stored.entry.tags, False)
    return [*own.items(), *((tag, True) for tag in sorted(stored.feed_tags) if tag not in own)]


def entry_values(entry: Entry) -> dict[str, Any]:
    """An entry's own columns."""
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "body": entry.body,
        "authors": json.dumps(entry.authors, ensure_ascii=False),
        "published": entry.published,
        "updated": entry.updated,
        "image": entry.image,
        "language": entry.language,
        "fragment": entry.fragment,
    }


def _entry(row: Row[Any], tags: tuple[str, ...]) -> Entry:
    return Entry(
        title=row.title,
        guid=row.guid,
        url=row.url,
        summary=row.summary,
        body=row.body,
        authors=tuple(json.loads(row.authors)),
        published=row.published,
        updated=row.updated,
        tags=tags,
        image=row.image,
        language=row.language,
        fragment=bytes(row.fragment),
    )


def stored_entry(row: Row[Any], entry: Entry, feed_tags: frozenset[str]) -> StoredEntry:
    """An entry with its place in the store."""
    return StoredEntry(
        entry_id=row.id,
        story_id=row.story_id,
        feed_id=row.feed_id,
        feed_name=row.feed_name,
        feed_tags=feed_tags,
        entry=entry,
        seen_at=row.seen_at,
    )
