"""Irrelevant: what a channel might leave out, by a story it does not want."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alert import compose_alert
from bot.domain.document import document_of
from bot.domain.entry import StoredEntry
from bot.domain.marks import Mark, Marked, candidates
from bot.ports.entries import Wanted
from bot.ports.store import Store
from bot.query.lookup import lookup
from bot.query.matcher import Matcher
from bot.query.tree import Node, Words

DAYS = 30
SAMPLES = 3
_MOST_LOOKED_AT = 20_000
_QUERY, _TOPIC, _WORDS = "query", "topic ", "words "


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Words to leave out, and what that would have done.

    Attributes:
        words: One word, or two that follow each other.
        removes: How many stories of the last `DAYS` would not have alerted.
        shared: How many of those another topic has too.
        samples: Some of their headlines, the newest first.
    """

    words: str
    removes: int
    shared: int
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """What was found.

    Attributes:
        hits: How many stories the query had in the last `DAYS`.
        proposals: The best first; none where nothing sets the story apart.
    """

    hits: int
    proposals: tuple[Proposal, ...]


async def consider(
    store: Store,
    story_id: int,
    query: Node,
    topics: Sequence[Node],
    *,
    among: Collection[int],
    now: datetime,
) -> Considered:
    """What to leave out so that a story does not alert, and what goes with it.

    Args:
        store: The database.
        story_id: The story that is not wanted.
        query: Why it alerted.
        topics: The other topics' queries.
        among: The rows of the feeds that the workspace sees.
        now: The moment.
    """
    async with store.read() as transaction:
        reports = await transaction.entries.of_stories([story_id])
        own = [stored for stored in reports if stored.feed_id in among]
        phrases = candidates(own, query, topics)
        marked, headlines = Marked(phrases), dict[int, str]()
        matcher = Matcher(
            {_QUERY: query}
            | {f"{_TOPIC}{number}": topic for number, topic in enumerate(topics)}
            | {f"{_WORDS}{phrase}": Words(phrase) for phrase in phrases}
        )
        wanted = Wanted(
            lookup=lookup(query), since=now - timedelta(days=DAYS), until=now + timedelta(minutes=1)
        )
        found = transaction.entries.candidates(wanted, after=None, first=100)
        looked_at = 0
        async with aclosing(found):
            async for _, stored in found:
                looked_at += 1
                if looked_at > _MOST_LOOKED_AT:
                    break
                if stored.feed_id in among:
                    _count(stored, matcher, marked, headlines)
    recent = frozenset(marked.seen)
    if story_id not in recent:  # an alert months old has its buttons still
        for stored in own:
            _count(stored, matcher, marked, headlines)
    return Considered(
        hits=len(recent),
        proposals=tuple(
            _proposal(mark, marked, recent, headlines)
            for mark in marked.proposed()
            if story_id in mark.removed
        ),
    )


def _proposal(
    mark: Mark, marked: Marked, recent: Collection[int], headlines: Mapping[int, str]
) -> Proposal:
    removed = [story for story in mark.removed if story in recent]
    return Proposal(
        words=mark.words,
        removes=len(removed),
        shared=len(marked.shared.intersection(removed)),
        samples=tuple(headlines[story] for story in removed[:SAMPLES]),
    )


def _count(
    stored: StoredEntry, matcher: Matcher, marked: Marked, headlines: dict[int, str]
) -> None:
    names = matcher.match(document_of(stored))
    if _QUERY not in names:
        return
    phrases = [name.removeprefix(_WORDS) for name in names if name.startswith(_WORDS)]
    is_shared = any(name.startswith(_TOPIC) for name in names)
    marked.add(stored.story_id, phrases, is_shared=is_shared)
    headlines.setdefault(stored.story_id, compose_alert(stored, ()).headline)
