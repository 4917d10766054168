"""Feed health: how each feed stands, the unwell first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bot.domain.feed import Feed, FeedState
from bot.ports.store import Transaction
from bot.services.visible import Visible


class Condition(IntEnum):
    """How a feed stands, the worst first."""

    FAILING = 0
    """Its last poll failed."""
    UNREACHED = 1
    """Its last poll had no answer, newsbot being offline."""
    HELD = 2
    """Entries of it wait for a person."""
    UNPOLLED = 3
    """It was never polled."""
    WELL = 4
    PAUSED = 5


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One feed.

    Attributes:
        feed: The feed.
        condition: How it stands.
        state: What polling remembers of it; None where it was never seen.
    """

    feed: Feed
    condition: Condition
    state: FeedState | None


async def feed_health(transaction: Transaction, visible: Visible) -> Sequence[FeedHealth]:
    """The feeds that a workspace sees: the unwell first, of those the longest so."""
    states = {state.url: state for state in await transaction.feeds.all()}
    found = [_health(feed, states.get(url)) for url, feed in visible.feeds.items()]
    return sorted(found, key=_rank)


def _health(feed: Feed, state: FeedState | None) -> FeedHealth:
    return FeedHealth(feed, _condition(feed, state), state)


def _condition(feed: Feed, state: FeedState | None) -> Condition:
    if feed.paused:
        return Condition.PAUSED
    if state is None or state.polled_at is None:
        return Condition.UNPOLLED
    if state.failures:
        return Condition.FAILING
    if state.is_unreached:
        return Condition.UNREACHED
    return Condition.HELD if state.held else Condition.WELL


def _rank(one: FeedHealth) -> tuple[Condition, bool, datetime | str, str]:
    since = one.state.failing_since if one.state else None
    return (one.condition, since is None, since or "", one.feed.name.casefold())
