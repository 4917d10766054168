"""Passed over: the stories that a channel was not told of because of a mute."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.channel import Channel
from bot.domain.delivery import DeliveryState
from bot.domain.document import document_of
from bot.domain.entry import StoredEntry
from bot.domain.message import Alert
from bot.domain.news import Standing
from bot.domain.subscription import MutedKind
from bot.ports.entries import Wanted
from bot.ports.store import Transaction
from bot.query.lookup import lookup
from bot.query.matcher import Matcher
from bot.query.tree import Node

LONGEST = timedelta(days=30)
"""For which anything is muted."""
MOST = 100
_MOST_LOOKED_AT = 5_000
_UNWANTED = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """A mute of a topic or a feed that is to end.

    Attributes:
        channel: Whose.
        kind: Of what.
        subject: As in `bot.domain.subscription.Mute`.
        queries: What the channel follows, by name; of a muted topic, its own alone.
        excluded: What it does not want of them, by the same names.
        among: The rows of the feeds that its workspace sees.
    """

    channel: Channel
    kind: MutedKind
    subject: str
    queries: Mapping[str, Node]
    excluded: Mapping[str, Sequence[Node]]
    among: Collection[int]


async def passed_over(
    transaction: Transaction, mute: Silenced, now: datetime
) -> Sequence[StoredEntry]:
    """One entry of each story, the newest first, `MOST` at most.

    When a mute began is not kept: what the channel was last told of the same subject says it.
    """
    found: dict[int, StoredEntry] = {}
    matcher = _Matching(mute)
    candidates = transaction.entries.candidates(_wanted(mute, now), after=None, first=MOST)
    looked_at = 0
    async with aclosing(candidates):
        async for _, stored in candidates:
            looked_at += 1
            if looked_at > _MOST_LOOKED_AT or len(found) == MOST:
                break
            names = matcher.names(stored) if stored.feed_id in mute.among else frozenset()
            kept = await transaction.entries.get(stored.entry_id) if names else None
            if kept is None or kept.standing is not Standing.NEWS or not names & set(kept.noted):
                continue
            deliveries = await transaction.deliveries.of_story(stored.story_id)
            told = [
                one.message
                for one in deliveries
                if one.channel == mute.channel and one.state is not DeliveryState.DROPPED
            ]
            if any(_is_of(mute, stored, one) for one in told if isinstance(one, Alert)):
                break
            if not told:
                found.setdefault(stored.story_id, stored)
    return list(found.values())


class _Matching:
    """Which of what a channel follows an entry satisfies."""

    def __init__(self, mute: Silenced) -> None:
        unwanted = {
            f"{_UNWANTED}{number}:{name}": node
            for name, nodes in mute.excluded.items()
            for number, node in enumerate(nodes)
        }
        self._matcher = Matcher({**mute.queries, **unwanted})

    def names(self, stored: StoredEntry) -> frozenset[str]:
        """Their names, without those of which the channel does not want it."""
        found = set(self._matcher.match(document_of(stored)))
        unwanted = {name.partition(":")[2] for name in found if name.startswith(_UNWANTED)}
        return frozenset(name for name in found - unwanted if not name.startswith(_UNWANTED))


def _wanted(mute: Silenced, now: datetime) -> Wanted:
    since, until = now - LONGEST, now + timedelta(minutes=1)
    if mute.kind is MutedKind.FEED:
        return Wanted(feed_id=int(mute.subject), since=since, until=until)
    query = mute.queries.get(mute.subject)
    return Wanted(lookup=lookup(query) if query else None, since=since, until=until)


def _is_of(mute: Silenced, stored: StoredEntry, alert: Alert) -> bool:
    """Whether an alert says that the mute had not begun yet."""
    if mute.kind is MutedKind.FEED:
        return alert.outlet == stored.feed_name
    return any(reason.topic == mute.subject for reason in alert.reasons)
