"""Loading: entries out of their rows, and into them."""

import json
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import BigInteger, Label, Row, Select, Text, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.entry import Entry, StoredEntry
from bot.storage.schema import entries, entry_tags


def _as_json(array: Callable[..., Any], gather: Callable[..., Any]) -> Label[str]:
    """The tags of a row's entry, in no order, each with its position and whether its feed's."""
    one = array(entry_tags.c.position, entry_tags.c.tag, entry_tags.c.of_feed)
    every = select(cast(gather(one), Text)).where(entry_tags.c.entry_id == entries.c.id)
    return every.correlate(entries).scalar_subquery().label("tags")


_TAGS = {
    "sqlite": _as_json(func.json_array, func.json_group_array),
    "postgresql": _as_json(func.json_build_array, func.json_agg),
}
"""One statement reads entries with their tags: a second takes as long as the rows do."""


_IDS = func.json_each(bindparam("ids")).table_valued("value")
_BY_IDS = {
    "sqlite": select(entries, _TAGS["sqlite"]).where(entries.c.id.in_(select(_IDS.c.value))),
    "postgresql": select(entries, _TAGS["postgresql"]).where(
        entries.c.id == any_(bindparam("ids", type_=ARRAY(BigInteger)))
    ),
}
"""All ids are one value, so that one statement is compiled and planned: IN (…) is another one for
each length."""


async def load(connection: AsyncConnection, statement: Select[Any]) -> list[StoredEntry]:
    """The entries a statement selects, whole, in its order.

    Args:
        connection: Within a transaction.
        statement: Selects from `entries`; which columns makes no difference.
    """
    tags = _TAGS[connection.dialect.name]
    rows = await connection.execute(statement.with_only_columns(entries, tags))
    return [_stored(row) for row in rows]


async def load_rows(connection: AsyncConnection, ids: Collection[int]) -> list[StoredEntry]:
    """The entries of these rows, whole, in no order.

    Args:
        connection: Within a transaction.
        ids: Of the rows; those that are not there are left out.
    """
    dialect = connection.dialect.name
    values = list(ids)
    given = json.dumps(values) if dialect == "sqlite" else values
    rows = await connection.execute(_BY_IDS[dialect], {"ids": given})
    return [_stored(row) for row in rows]


def _stored(row: Row[Any]) -> StoredEntry:
    own: list[str] = []
    of_feed: list[str] = []
    for _, tag, is_of_feed in sorted(json.loads(row.tags)) if row.tags else ():
        (of_feed if is_of_feed else own).append(tag)
    return stored_entry(row, _entry(row, tuple(own)), frozenset(of_feed))


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
