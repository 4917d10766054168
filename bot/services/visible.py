"""Visible: the feeds that a workspace sees; other workspaces' added feeds are none of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.entry import StoredEntry
from bot.domain.feed import Feed
from bot.ports.store import Transaction


@dataclass(frozen=True, slots=True)
class Visible:
    """What a workspace sees.

    Attributes:
        feeds: By address.
        rows: Of those that are remembered, by row.
    """

    feeds: Mapping[str, Feed]
    rows: Mapping[int, Feed]

    def shows(self, stored: StoredEntry) -> bool:
        """Whether an entry is of one of them."""
        return stored.feed_id in self.rows


async def visible_feeds(
    transaction: Transaction, *, configured: Iterable[Feed], added: Iterable[Feed]
) -> Visible:
    """The feeds that a workspace sees.

    Args:
        transaction: Within which they are looked up.
        configured: Those of feeds.yaml, which everybody sees.
        added: Those that the workspace added itself.
    """
    feeds = {feed.url: feed for feed in (*added, *configured)}
    ids = await transaction.feeds.ids(feeds)
    return Visible(feeds, {row: feeds[url] for url, row in ids.items()})
