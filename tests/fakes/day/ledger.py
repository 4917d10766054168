"""Ledger: which stories had to reach which channels, and how that compares with what did."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, assert_never

from bot.domain.channel import Channel
from bot.domain.message import Alert
from tests.fakes.clock import FakeClock
from tests.fakes.day.newsroom import TimedMessenger
from tests.fakes.day.outlet import Outlet, Spell
from tests.fakes.day.plan import Publication, Revision
from tests.fakes.documents import FakeEntry


@dataclass(slots=True, kw_only=True)
class _Showing:
    """A story in one feed.

    Attributes:
        outlet: Whose.
        place: Which of its entries, counted from 0 in the order in which they appeared.
        entry: As it stands there.
        is_backlog: Whether it was there at first sight.
        wanted: The channels it has to reach, each with the topics to be named.
        since: From when on.
    """

    outlet: Outlet
    place: int
    entry: FakeEntry
    is_backlog: bool
    wanted: Mapping[Channel, frozenset[str]]
    since: datetime

    def could_be_seen(self) -> bool:
        """Whether it was in a document that newsbot was given, while it had to alert."""
        last = self.place + self.outlet.home.window
        leaves = self.outlet.appeared[last] if last < len(self.outlet.appeared) else None
        return self.outlet.was_read_in(self.since, leaves)


@dataclass(frozen=True, slots=True)
class Lags:
    """How long after its appearance a story was posted; times of the day's clock.

    Attributes:
        number: Of alerts.
        median: Half of them came sooner.
        p95: So did 95 of 100.
        most: The slowest.
    """

    number: int
    median: timedelta
    p95: timedelta
    most: timedelta

    @classmethod
    def of(cls, lags: Sequence[timedelta]) -> Self:
        """Sum up lags, at least one."""
        ordered = sorted(lags)
        last = len(ordered) - 1
        return cls(len(lags), ordered[last // 2], ordered[last * 95 // 100], ordered[last])


Line = tuple[Channel, str]
"""A story in a channel: the channel and the story's address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the day came to; each line is a story in a channel.

    Attributes:
        published: Entries that appeared after first sight, in however many feeds.
        wanted: Lines that had to come.
        sent: Alerts that came.
        missed: Wanted, could be seen, did not come.
        unseen: Wanted, but gone from the feed's window before newsbot could read it.
        twice: Came more than once.
        unasked: Came though nobody wanted it.
        misnamed: Came, but named other topics than those followed there.
        lags: By what the feed went through.
    """

    published: int
    wanted: int
    sent: int
    missed: Sequence[Line]
    unseen: Sequence[Line]
    twice: Sequence[Line]
    unasked: Sequence[Line]
    misnamed: Sequence[Line]
    lags: Mapping[str, Lags]


class Ledger:
    """Publishes what the plan has, and keeps account of it."""

    def __init__(self, outlets: Sequence[Outlet], clock: FakeClock, cut_off: Spell) -> None:
        self._outlets = outlets
        self._clock = clock
        self._cut_off = cut_off
        self._stories: dict[str, list[_Showing]] = defaultdict(list)

    def enact(self, event: Publication | Revision) -> None:
        """Let something happen, now."""
        match event:
            case Publication():
                self._publish(event)
            case Revision():
                self._revise(event)
            case _:
                assert_never(event)

    def _publish(self, event: Publication) -> None:
        outlet = self._outlets[event.outlet]
        entry = outlet.home.publish(
            event.text.title,
            summary=event.text.summary,
            tags=event.text.tags,
            url=event.url,
            published=event.dated,
        )
        showing = _Showing(
            outlet=outlet,
            place=len(outlet.appeared),
            entry=entry,
            is_backlog=event.is_backlog,
            wanted={} if event.is_backlog else event.text.channels(),
            since=self._clock.now(),
        )
        outlet.appeared.append(self._clock.now())
        self._stories[event.url].append(showing)

    def _revise(self, event: Revision) -> None:
        outlet = self._outlets[event.outlet]
        showing = next(one for one in self._stories[event.url] if one.outlet is outlet)
        revised = FakeEntry(
            title=event.text.title,
            guid=showing.entry.guid,
            url=showing.entry.url,
            published=showing.entry.published,
            summary=event.text.summary,
            tags=event.text.tags,
        )
        outlet.home.revise(showing.entry, revised)
        showing.entry = revised
        wanted = event.text.channels()
        if not showing.is_backlog and wanted != showing.wanted:
            showing.wanted, showing.since = wanted, self._clock.now()

    def settle(self, messengers: Iterable[TimedMessenger]) -> Verdict:
        """Compare with what arrived."""
        arrived = list(_alerts(messengers))
        count = Counter(line for line, _, _ in arrived)
        wanted = dict(self._wanted())
        absent = [line for line in wanted if not count[line]]
        return Verdict(
            published=sum(
                not one.is_backlog for showings in self._stories.values() for one in showings
            ),
            wanted=len(wanted),
            sent=len(arrived),
            missed=[line for line in absent if self._could_be_seen(line)],
            unseen=[line for line in absent if not self._could_be_seen(line)],
            twice=[line for line, times in count.items() if times > 1],
            unasked=[line for line in count if line not in wanted],
            misnamed=[
                line
                for line, alert, _ in arrived
                if line in wanted and {reason.topic for reason in alert.reasons} != wanted[line]
            ],
            lags=self._lags(arrived, wanted),
        )

    def _wanted(self) -> Iterator[tuple[Line, frozenset[str]]]:
        for url, showings in self._stories.items():
            for showing in showings:
                for channel, topics in showing.wanted.items():
                    yield (channel, url), topics

    def _could_be_seen(self, line: Line) -> bool:
        channel, url = line
        return any(one.could_be_seen() for one in self._stories[url] if channel in one.wanted)

    def _lags(
        self, arrived: Iterable[tuple[Line, Alert, datetime]], wanted: Mapping[Line, frozenset[str]]
    ) -> Mapping[str, Lags]:
        lags: dict[str, list[timedelta]] = defaultdict(list)
        for line, _, at in arrived:
            if line in wanted:
                first = self._first(line)
                lags[self._went_through(first, at)].append(at - first.since)
        return {name: Lags.of(found) for name, found in sorted(lags.items())}

    def _first(self, line: Line) -> _Showing:
        channel, url = line
        showings = (one for one in self._stories[url] if channel in one.wanted)
        return min(showings, key=lambda showing: showing.since)

    def _went_through(self, showing: _Showing, at: datetime) -> str:
        if showing.since < self._cut_off.end and at >= self._cut_off.begin:
            return "while newsbot was cut off"
        return "healthy feeds" if showing.outlet.kind.is_healthy else "feeds in trouble"


def _alerts(messengers: Iterable[TimedMessenger]) -> Iterator[tuple[Line, Alert, datetime]]:
    for messenger in messengers:
        for channel, messages in messenger.posted.items():
            for (_, message), at in zip(messages, messenger.times[channel], strict=True):
                if isinstance(message, Alert):
                    yield (channel, (message.url or "").partition("?")[0]), message, at
