"""Backtest: what a query would have alerted over a stretch of the past; pure counting."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from bot.domain.entry import StoredEntry, appeared_at

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One story that would have been alerted.

    Attributes:
        headline: As the alert would have had it.
        url: Where it leads; None where the feed gives no link.
        feed: The name of the feed that had it first.
        appeared_at: When it did.
        words: What decided, for people.
        topics: The names of the topics that it matches too.
    """

    headline: str
    url: str | None
    feed: str
    appeared_at: datetime
    words: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day in the person's zone.

    Attributes:
        date: Which.
        hits: Stories that would have been alerted.
        stored: Entries of all kinds that appeared; None where they were not counted.
    """

    date: date
    hits: int
    stored: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Words that might be left out: a proposal, for a person to judge.

    Attributes:
        words: One word, or two that follow each other.
        removes: Stories that would no longer be alerted.
        shared: How many of those another topic has too, and which are therefore likely wanted.
        example: A headline that would go.
    """

    words: str
    removes: int
    shared: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Since when the archive is what the feeds published, not only what they still showed.

    Attributes:
        since: When the first feed was first read; None where none has been.
        feeds: How many have been read.
        joined: How many of them were first read within the stretch.
    """

    since: datetime | None
    feeds: int
    joined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The report. A story counts once, however many feeds had it, where it appeared first.

    Attributes:
        since: The stretch's beginning.
        until: Its end.
        watch: What the archive can be trusted for.
        days: Every day of the stretch, the first first.
        hits: Stories that would have been alerted.
        per_day: Of them a day, from when newsbot watched on; None where that is less than a day.
        feeds: Hits by the name of the feed, the most first.
        newest: The newest hits, the newest first.
        spread: Others, from evenly over all that were hit, the newest first.
        topics: How many of the hits each topic has too, the most first, those without left out.
        new: Hits that no topic has.
        exclusions: Proposals, the one that removes most first.
    """

    since: datetime
    until: datetime
    watch: Watch
    days: tuple[Day, ...]
    hits: int
    per_day: float | None
    feeds: tuple[tuple[str, int], ...]
    newest: tuple[Sample, ...] = ()
    spread: tuple[Sample, ...] = ()
    topics: tuple[tuple[str, int], ...]
    new: int
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One story among the hits.

    Attributes:
        entry_id: The entry that had it first.
        feed: The name of that entry's feed.
        appeared_at: When.
        topics: The topics that any of its entries matches.
        entries: How many of its entries the query matches.
    """

    entry_id: int
    feed: str
    appeared_at: datetime
    topics: frozenset[str]
    entries: int = 1


class Tally:
    """Counts hits, which come in any order; keeps a few words of each story, no text.

    Attributes:
        stories: By the story's row.
    """

    def __init__(self) -> None:
        self.stories: dict[int, Story] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._names: dict[str, str] = {}

    def add(self, stored: StoredEntry, topics: Collection[str]) -> None:
        """Count an entry that the query matches.

        Args:
            stored: The entry.
            topics: The names of the other topics that it matches.
        """
        known = self.stories.get(stored.story_id)
        matched = frozenset(topics) | (known.topics if known else frozenset())
        shared = self._sets.setdefault(matched, matched)  # many stories, few different sets
        name = self._names.setdefault(stored.feed_name, stored.feed_name)
        appeared = appeared_at(stored.entry, stored.seen_at)
        found = Story(stored.entry_id, name, appeared, shared)
        if known:
            first = min(known, found, key=_age)
            found = replace(first, topics=shared, entries=known.entries + 1)
        self.stories[stored.story_id] = found

    def newest(self, count: int) -> tuple[Story, ...]:
        """The newest, the newest first."""
        return tuple(self._newest_first()[:count])

    def spread(self, count: int, *, behind: int) -> tuple[Story, ...]:
        """So many, evenly from all but the newest, the newest first.

        Args:
            count: How many at most.
            behind: How many of the newest to pass over.
        """
        others = self._newest_first()[behind:]
        number = min(count, len(others))
        return tuple(others[(2 * n + 1) * len(others) // (2 * number)] for n in range(number))

    def report(
        self,
        *,
        since: datetime,
        until: datetime,
        zone: tzinfo,
        watch: Watch,
        stored: Mapping[date, int] | None = None,
    ) -> Backtest:
        """What was counted, without samples and proposals.

        Args:
            since: The stretch's beginning.
            until: Its end.
            zone: The person's.
            watch: What the archive can be trusted for.
            stored: Entries that appeared on each day, where they were counted.
        """
        stories = self.stories.values()
        by_day = Counter(day_of(story.appeared_at, zone) for story in stories)
        by_topic = Counter(topic for story in stories for topic in story.topics)
        return Backtest(
            since=since,
            until=until,
            watch=watch,
            days=tuple(
                Day(
                    date=day,
                    hits=by_day[day],
                    stored=None if stored is None else stored.get(day, 0),
                )
                for day in days_between(since, until, zone)
            ),
            hits=len(stories),
            per_day=self._per_day(since, until, watch),
            feeds=_most_first(Counter(story.feed for story in stories)),
            topics=_most_first(by_topic),
            new=sum(not story.topics for story in stories),
        )

    def _per_day(self, since: datetime, until: datetime, watch: Watch) -> float | None:
        if watch.since is None or until - (begin := max(since, watch.since)) < _DAY:
            return None
        hits = sum(story.appeared_at >= begin for story in self.stories.values())
        return hits / ((until - begin) / _DAY)

    def _newest_first(self) -> Sequence[Story]:
        return sorted(self.stories.values(), key=_age, reverse=True)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day on a calendar in the zone."""
    return moment.astimezone(zone).date()


def days_between(since: datetime, until: datetime, zone: tzinfo) -> tuple[date, ...]:
    """The days of a stretch, the one in which it ends included."""
    first, last = day_of(since, zone), day_of(until, zone)
    return tuple(first + number * _DAY for number in range((last - first).days + 1))


def _age(story: Story) -> tuple[datetime, int]:
    return story.appeared_at, story.entry_id


def _most_first(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
