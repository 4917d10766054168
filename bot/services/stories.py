"""Stories: what a search finds, each story once, with the outlets that report it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.ports.store import Store
from bot.query.tree import Node
from bot.services.search import Hit, search
from bot.services.visible import Visible


@dataclass(frozen=True, slots=True)
class Reported:
    """One story.

    Attributes:
        hit: The newest entry found that reports it.
        outlets: The names of the feeds that do, whether found or not: the hit's, then the first to
            be seen first.
    """

    hit: Hit
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

    @property
    def story_ids(self) -> tuple[int, ...]:
        """Their rows."""
        return tuple(one.hit.stored.story_id for one in self.reported)


async def search_stories(
    store: Store,
    query: Node,
    visible: Visible,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    feed: str | None = None,
    limit: int = 10,
    after: str | None = None,
    shown: Collection[int] = (),
) -> Stories:
    """One page of the newest stories that have an entry which satisfies a query.

    Args:
        store: The database.
        query: What to look for.
        visible: The feeds to look in.
        since: Only what appeared then or later, to the minute.
        until: Only what appeared before, to the minute.
        feed: Only entries of the feed of this address.
        limit: Stories on a page.
        after: `Stories.next` of the page before.
        shown: The rows of the stories on the pages before.

    Raises:
        CommandError: `after` is no such thing.
        StorageError: The database cannot be reached.
    """
    page = await search(
        store,
        query,
        since=since,
        until=until,
        feed=feed,
        among=visible.rows,
        beyond=shown,
        limit=limit,
        after=after,
    )
    outlets = await _outlets(store, [hit.stored.story_id for hit in page.hits], visible)
    reported = [
        Reported(hit, tuple(dict.fromkeys((hit.stored.feed_name, *outlets[hit.stored.story_id]))))
        for hit in page.hits
    ]
    return Stories(reported=tuple(reported), next=page.next, reached=page.reached)


async def _outlets(
    store: Store, story_ids: Collection[int], visible: Visible
) -> Mapping[int, Sequence[str]]:
    names: dict[int, list[str]] = {story_id: [] for story_id in story_ids}
    async with store.read() as transaction:
        for stored in await transaction.entries.of_stories(story_ids):
            if visible.shows(stored):
                names[stored.story_id].append(stored.feed_name)
    return names
