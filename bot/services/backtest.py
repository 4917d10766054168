"""Backtest: what a query would have alerted, counted over the stored entries.

The matcher that alerts decides on each entry, together with the topics, so that a backtest and
the alerts of the same entries cannot disagree. Entries are read in batches, newest first: once
those the index proposes, to count the hits; for proposals once all of the same days, to know what
words are usual, and once more those proposed, to see what each exclusion would remove.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from bot.domain.alert import compose_alert
from bot.domain.backtest import Backtest, Exclusion, Sample, Story, Tally, Watch, day_of
from bot.domain.document import document_of
from bot.domain.entry import StoredEntry, appeared_at
from bot.domain.exclusions import Phrases, Removals
from bot.domain.news import Standing
from bot.domain.topic import Topic
from bot.ports.entries import EntryStore, Wanted
from bot.ports.store import Store, Transaction
from bot.query.lookup import lookup
from bot.query.matcher import Matcher
from bot.query.tree import Field, Node, Words

SAMPLES = 5
"""Newest hits shown, and as many from all over the stretch."""

_QUERY = ""
"""No topic has this name."""
_TITLE = frozenset({Field.TITLE})
_FIRST = 100
_MINUTE = timedelta(minutes=1)
_NO_NEWS = (Standing.HELD, Standing.DISCARDED)


async def backtest(
    store: Store,
    query: Node,
    topics: Sequence[Topic],
    *,
    since: datetime,
    until: datetime,
    zone: tzinfo,
    among: Collection[int] | None = None,
    proposals: bool = True,
    progress: Callable[[float], None] = lambda _: None,
) -> Backtest:
    """What the query would have alerted.

    An entry counts when the publisher says it appeared, or newsbot first saw it, and with the
    text it has now. Entries that were there when a feed was first read count as well, though they
    did not alert; those held or discarded as no news do not.

    Args:
        store: The database.
        query: What to look for.
        topics: Those it is compared with; itself is to be left out.
        since: The stretch's beginning, to the minute.
        until: Its end, usually now; the minute that is running then counts.
        zone: The person's, which says where a day begins.
        among: Only entries of the feeds with these rows; None: of any.
        proposals: Whether to look for words to exclude and to count what is stored, which reads
            every entry of the stretch; without, only what the index proposes.
        progress: Told how far it is, from 0 to 1, after each entry.

    Raises:
        StorageError: The database cannot be reached.
    """
    stretch = _Stretch(since, until, among, progress, rounds=3 if proposals else 1)
    async with store.read() as transaction:
        # Beside the loop: a thousand topics take a tenth of a second to prepare.
        run = await asyncio.to_thread(_Run, transaction.entries, query, topics, stretch)
        await run.count(with_phrases=proposals)
        stored = await run.compare(zone) if proposals else None
        report = run.tally.report(
            since=since,
            until=until,
            zone=zone,
            watch=await _watch(transaction, since, among),
            stored=stored,
        )
        return replace(
            report,
            newest=await run.samples(run.tally.newest(SAMPLES)),
            spread=await run.samples(run.tally.spread(SAMPLES, behind=SAMPLES)),
            exclusions=await run.propose() if proposals else (),
        )


@dataclass(slots=True)
class _Stretch:
    """The days, and how far the reading of them is."""

    since: datetime
    until: datetime
    among: Collection[int] | None
    progress: Callable[[float], None]
    rounds: int
    done: int = 0

    async def entries(
        self, store: EntryStore, query: Node | None = None
    ) -> AsyncGenerator[StoredEntry, None]:
        """The entries, newest first; with a query, those that may satisfy it."""
        asked = None if query is None else lookup(query)
        wanted = Wanted(lookup=asked, since=self.since, until=self.until + _MINUTE)
        candidates = store.candidates(wanted, after=None, first=_FIRST)
        async with aclosing(candidates):
            async for _, stored in candidates:
                if self.among is None or stored.feed_id in self.among:
                    yield stored
                await asyncio.sleep(0)  # a batch takes a quarter of a second: others ask meanwhile
                behind = self.until - appeared_at(stored.entry, stored.seen_at)
                part = behind / (self.until - self.since)
                self.progress((self.done + min(1.0, part)) / self.rounds)
        self.done += 1
        self.progress(self.done / self.rounds)


class _Run:
    """One backtest within one moment's view of the database."""

    def __init__(
        self, entries: EntryStore, query: Node, topics: Sequence[Topic], stretch: _Stretch
    ) -> None:
        self.tally = Tally()
        self._entries = entries
        self._query = query
        self._stretch = stretch
        queries = {_QUERY: query} | {topic.name: topic.query for topic in topics}
        self._matcher = Matcher(queries)
        self._phrases = Phrases(query, [topic.query for topic in topics])
        self._no_news: dict[int, frozenset[int]] = {}

    async def count(self, *, with_phrases: bool) -> None:
        """Count the hits."""
        async with aclosing(self._hits(self._matcher)) as hits:
            async for stored, topics in hits:
                self.tally.add(stored, topics)
                if with_phrases:
                    self._phrases.add_hit(stored, is_shared=bool(topics))

    async def compare(self, zone: tzinfo) -> Counter[date]:
        """Count the phrases of everything; gives the number of entries of each day."""
        stored_on: Counter[date] = Counter()
        async with aclosing(self._stretch.entries(self._entries)) as entries:
            async for stored in entries:
                self._phrases.add_any(stored)
                stored_on[day_of(appeared_at(stored.entry, stored.seen_at), zone)] += 1
        return stored_on

    async def samples(self, stories: Sequence[Story]) -> tuple[Sample, ...]:
        """The stories as alerts would have shown them."""
        return tuple([await self._sample(story) for story in stories])

    async def propose(self) -> tuple[Exclusion, ...]:
        """What to leave out."""
        phrases = self._phrases.ranked()
        if not phrases:
            return ()
        removals = Removals(phrases)
        matcher = Matcher({_QUERY: self._query} | {phrase: Words(phrase) for phrase in phrases})
        async with aclosing(self._hits(matcher)) as hits:
            async for stored, found in hits:
                removals.add(stored.story_id, found)
        chosen = removals.chosen(self.tally.stories)
        return tuple([await self._exclusion(*pair) for pair in chosen.items()])

    async def _exclusion(self, phrase: str, removed: Sequence[int]) -> Exclusion:
        stories = [self.tally.stories[story_id] for story_id in removed]
        in_title = Matcher({_QUERY: Words(phrase, _TITLE)})
        newest = [await self._stored(story) for story in stories[:SAMPLES]]
        telling = (stored for stored in newest if in_title.match(document_of(stored)))
        return Exclusion(
            words=phrase,
            removes=len(stories),
            shared=sum(bool(story.topics) for story in stories),
            example=compose_alert(next(telling, newest[0]), ()).headline,
        )

    async def _hits(self, matcher: Matcher) -> AsyncGenerator[tuple[StoredEntry, list[str]], None]:
        """What the query matches, with the names of the matcher's other queries that do."""
        async with aclosing(self._stretch.entries(self._entries, self._query)) as entries:
            async for stored in entries:
                matches = matcher.match(document_of(stored))
                if _QUERY in matches and await self._is_news(stored):
                    yield stored, [name for name in matches if name != _QUERY]

    async def _sample(self, story: Story) -> Sample:
        stored = await self._stored(story)
        return Sample(
            headline=compose_alert(stored, ()).headline,
            url=stored.entry.url,
            feed=stored.feed_name,
            appeared_at=story.appeared_at,
            words=self._matcher.match(document_of(stored))[_QUERY].phrases(),
            topics=tuple(sorted(story.topics)),
        )

    async def _stored(self, story: Story) -> StoredEntry:
        kept = await self._entries.get(story.entry_id)
        if kept is None:  # within one moment's view, no entry goes
            raise LookupError(story.entry_id)
        return kept.stored

    async def _is_news(self, stored: StoredEntry) -> bool:
        """Whether nobody holds or held it for no news."""
        feed_id = stored.feed_id
        if feed_id not in self._no_news:
            those = [await self._entries.of_standing(feed_id, standing) for standing in _NO_NEWS]
            self._no_news[feed_id] = frozenset(one.entry_id for some in those for one in some)
        return stored.entry_id not in self._no_news[feed_id]


async def _watch(transaction: Transaction, since: datetime, among: Collection[int] | None) -> Watch:
    states = await transaction.feeds.all()
    asked = [state for state in states if among is None or state.feed_id in among]
    begun = [state.baseline_at for state in asked if state.baseline_at is not None]
    return Watch(
        since=min(begun, default=None),
        feeds=len(begun),
        joined=sum(first > since for first in begun),
    )
