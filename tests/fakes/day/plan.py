"""Plan: what is published when, and what goes wrong, drawn from one seed."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.fakes.clock import START
from tests.fakes.day.newsroom import Text, compose, topics_of_the_hour
from tests.fakes.day.outlet import Kind

KINDS = (
    Kind.FAILING,
    Kind.MOVED,
    Kind.DETOURED,
    Kind.THROTTLING,
    Kind.GONE,
    Kind.CHURNING,
    Kind.CHURNING,
    Kind.WISHING,
    Kind.WISHING,
    Kind.WISHING,
    *(Kind.STEADY,) * 10,
)
"""By an outlet's number, over and over: each is one in twenty, or more."""

_BUSY, _BRISK, _USUAL, _QUIET = 30.0, 4.0, 1.0, 0.2
"""Entries an hour at peak."""
_PACES = (_QUIET, _USUAL, _BRISK, _USUAL, _QUIET, _BRISK, _USUAL)
_MAY_BE_BUSY = frozenset({Kind.STEADY, Kind.MOVED, Kind.DETOURED})
_BUSY_ONE_IN = 11
_PEAK = range(7, 21)
_AT_NIGHT = 0.25
_BACKLOG = 15
_AGENCY, _REVISED, _TURNED, _BACKLOG_TURNED = 0.04, 0.04, 0.03, 0.02
_LONGEST_DELAY = 90 * 60
_LATE_ONE_IN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a day is.

    Attributes:
        feeds: Outlets, each a host of its own.
        hours: How long they publish.
        seed: Of chance.
    """

    feeds: int
    hours: int
    seed: int = 7

    @property
    def end(self) -> datetime:
        """When the last entry has been published."""
        return START + timedelta(hours=self.hours)

    def at(self, share: float) -> datetime:
        """The moment when this share of the day is over."""
        return START + (self.end - START) * share


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An entry appears in a feed.

    Attributes:
        at: When.
        outlet: Whose, by number.
        url: Its address, the same wherever else it appears.
        text: What it says.
        dated: The time it bears.
        is_backlog: Whether it stands there before newsbot looks for the first time.
    """

    at: datetime
    outlet: int
    url: str
    text: Text
    dated: datetime
    is_backlog: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An entry is edited.

    Attributes:
        at: When.
        outlet: Whose, by number.
        url: Its address.
        text: What it says from now on.
    """

    at: datetime
    outlet: int
    url: str
    text: Text


def kind_of(number: int) -> Kind:
    """What is special about an outlet."""
    return KINDS[number % len(KINDS)]


def events(size: Size) -> Sequence[Publication | Revision]:
    """Everything that happens on a day, in order."""
    source = Random(size.seed)  # noqa: S311 - made-up news, the same each time
    happening: list[Publication | Revision] = []
    for number in range(size.feeds):
        own = _appearances(source, size, number)
        happening += own
        happening += _carried(source, size, own)
        happening += _revised(source, size, own)
    return sorted(happening, key=lambda event: event.at)


def _appearances(source: Random, size: Size, number: int) -> list[Publication]:
    """One outlet's own entries: those that are there at first, and those of the day."""
    pace = _pace(number)
    older = [START - timedelta(hours=back / pace) for back in range(_BACKLOG, 0, -1)]
    lateness = timedelta(minutes=20 if number % _LATE_ONE_IN == 0 else 0)
    return [
        Publication(
            at=max(moment, START),
            outlet=number,
            url=f"https://outlet{number}.example/2026/{count}",
            text=compose(source, topics_of_the_hour(source), number=number * 100_000 + count),
            dated=moment - lateness * source.random(),
            is_backlog=moment < START,
        )
        for count, moment in enumerate([*older, *_moments(source, size, pace)], start=1)
    ]


def window_of(number: int) -> int:
    """How many entries an outlet shows: enough for what it publishes in an hour or two."""
    if kind_of(number) is Kind.CHURNING:
        return 15
    return 100 if _pace(number) == _BUSY else 50


def _pace(number: int) -> float:
    if number % _BUSY_ONE_IN == 0 and kind_of(number) in _MAY_BE_BUSY:
        return _BUSY
    return _PACES[number % len(_PACES)]


def _moments(source: Random, size: Size, pace: float) -> Iterator[datetime]:
    """When entries appear: by chance, at night a quarter as often as by day."""
    moment = START
    while True:
        moment += timedelta(hours=-math.log(1 - source.random()) / pace)
        if moment >= size.end:
            return
        if moment.hour in _PEAK or source.random() < _AT_NIGHT:
            yield moment


def _carried(source: Random, size: Size, own: Sequence[Publication]) -> Iterator[Publication]:
    """Entries that a second outlet carries too, under the same address."""
    for one in own:
        at = one.at + timedelta(seconds=source.uniform(0, _LONGEST_DELAY))
        outlet = (one.outlet + source.randrange(1, size.feeds)) % size.feeds
        if source.random() < _AGENCY and not one.is_backlog and at < size.end:
            yield Publication(at=at, outlet=outlet, url=one.url, text=one.text, dated=one.dated)


def _revised(source: Random, size: Size, own: Sequence[Publication]) -> Iterator[Revision]:
    """Headlines that change: some stay on their topics, some turn to one."""
    for one in own:
        at = one.at + timedelta(seconds=source.uniform(60, _LONGEST_DELAY))
        number = int(one.text.title.rpartition(" ")[2])
        topics = one.text.topics
        if not topics and source.random() < (_BACKLOG_TURNED if one.is_backlog else _TURNED):
            topics = frozenset({"ports"})
        elif source.random() >= _REVISED:
            continue
        if at < size.end:
            text = compose(source, topics, number=number)
            yield Revision(at=at, outlet=one.outlet, url=one.url, text=text)
