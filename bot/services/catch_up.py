"""Catch up: the newest stories, each once, with the outlets that report it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.entry import StoredEntry
from bot.ports.store import Store
from bot.query.tree import And, Node
from bot.services.search import search
from bot.services.visible import Visible

_EVERYTHING = And(())
_MOST_ROUNDS = 20
"""Reads of one page: of entries that nearly all report stories shown before."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One story.

    Attributes:
        newest: The newest entry asked for that reports it.
        outlets: The names of the feeds that do, the first to be seen first.
    """

    newest: StoredEntry
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """A run of stories.

    Attributes:
        reported: The newest first.
        next: What to ask the next page with; None behind the last one.
        reached: Where the page is short because looking at more would have taken too long: when
            the last entry looked at appeared.
    """

    reported: tuple[Reported, ...]
    next: str | None = None
    reached: datetime | None = None


async def catch_up(
    store: Store,
    query: Node | None,
    visible: Visible,
    *,
    since: datetime | None = None,
    limit: int = 10,
    after: str | None = None,
    shown: Collection[int] = (),
) -> Stories:
    """One page of the newest stories.

    Args:
        store: The database.
        query: What to look for; None for everything.
        visible: The feeds to look in.
        since: Only what appeared then or later, to the minute.
        limit: Stories on a page.
        after: `Stories.next` of the page before.
        shown: The rows of the stories on the pages before.

    Raises:
        CommandError: `after` is no such thing.
        StorageError: The database cannot be reached.
    """
    found: dict[int, StoredEntry] = {}
    mark, reached = after, None
    for _ in range(_MOST_ROUNDS):
        page = await search(
            store,
            query or _EVERYTHING,
            since=since,
            among=visible.rows,
            limit=limit - len(found),
            after=mark,
        )
        for hit in page.hits:
            if hit.stored.story_id not in shown:
                found.setdefault(hit.stored.story_id, hit.stored)
        mark, reached = page.next, page.reached
        if mark is None or reached or len(found) == limit:
            break
    outlets = await _outlets(store, found, visible)
    reported = [
        Reported(one, outlets.get(story_id, (one.feed_name,))) for story_id, one in found.items()
    ]
    return Stories(reported=tuple(reported), next=mark, reached=reached)


async def _outlets(
    store: Store, story_ids: Collection[int], visible: Visible
) -> dict[int, tuple[str, ...]]:
    names: dict[int, dict[str, None]] = defaultdict(dict)
    async with store.read() as transaction:
        for stored in await transaction.entries.of_stories(story_ids):
            if visible.shows(stored):
                names[stored.story_id][stored.feed_name] = None
    return {story_id: tuple(outlets) for story_id, outlets in names.items()}
