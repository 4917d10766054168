"""What a backtest counts of hits."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.domain.backtest import Backtest, Day, Tally, Watch, days_between
from bot.domain.entry import StoredEntry
from tests.fakes.clock import START
from tests.fakes.news import entry

DAY = timedelta(days=1)
SINCE, UNTIL = START - 3 * DAY, START
LONG = Watch(since=SINCE - 9 * DAY, feeds=2, joined=0)


def stored(
    number: int, *, story: int | None = None, feed: str = "Wire", at: datetime = START
) -> StoredEntry:
    return StoredEntry(
        entry_id=number,
        story_id=story or number,
        feed_id=1,
        feed_name=feed,
        feed_tags=frozenset(),
        entry=entry(number, published=at),
        seen_at=START,
    )


def report(tally: Tally, watch: Watch = LONG) -> Backtest:
    return tally.report(since=SINCE, until=UNTIL, zone=UTC, watch=watch)


def test_nothing_hit_is_a_report_too() -> None:
    found = report(Tally())
    assert (found.hits, found.new, found.per_day, found.feeds) == (0, 0, 0.0, ())
    assert [day.hits for day in found.days] == [0, 0, 0, 0]


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_story_in_two_feeds_counts_once_where_and_when_it_appeared_first(
    newest_first: bool,
) -> None:
    first = stored(7, story=1, feed="Post", at=START - 2 * DAY)
    second = stored(8, story=1, feed="Wire", at=START - DAY)
    tally = Tally()
    for one in (second, first) if newest_first else (first, second):
        tally.add(one, [])
    found = report(tally)
    assert found.hits == 1
    assert found.feeds == (("Post", 1),)
    assert [day.date for day in found.days if day.hits] == [(START - 2 * DAY).date()]
    assert tally.stories[1].entries == 2


def test_a_story_is_had_by_every_topic_that_matches_any_of_its_entries() -> None:
    tally = Tally()
    tally.add(stored(1, story=1), ["ports"])
    tally.add(stored(2, story=1), ["trade", "ports"])
    tally.add(stored(3), ["ports"])
    tally.add(stored(4), [])
    found = report(tally)
    assert found.topics == (("ports", 2), ("trade", 1))
    assert found.new == 1


def test_feeds_with_most_hits_come_first_those_with_as_many_by_name() -> None:
    tally = Tally()
    for number, feed in enumerate(["Wire", "Post", "Wire", "Echo"]):
        tally.add(stored(number + 1, feed=feed), [])
    assert report(tally).feeds == (("Wire", 2), ("Echo", 1), ("Post", 1))


def test_days_are_those_of_the_persons_calendar() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    tally = Tally()
    tally.add(stored(1, at=late), [])
    east = tally.report(since=SINCE, until=UNTIL, zone=timezone(DAY / 24), watch=LONG)
    assert [day.date for day in east.days if day.hits] == [date(2026, 3, 2)]
    assert [day.date for day in report(tally).days if day.hits] == [date(2026, 3, 1)]


def test_a_day_on_which_the_clocks_change_is_one_day() -> None:
    zone = ZoneInfo("Europe/Berlin")
    since = datetime(2026, 3, 28, tzinfo=zone).astimezone(UTC)
    until = datetime(2026, 3, 29, 23, 59, tzinfo=zone).astimezone(UTC)
    assert days_between(since, until, zone) == (date(2026, 3, 28), date(2026, 3, 29))


def test_an_entry_dated_ahead_counts_when_it_was_seen() -> None:
    tally = Tally()
    tally.add(stored(1, at=START + 5 * DAY), [])
    found = tally.report(since=SINCE, until=START + DAY, zone=UTC, watch=LONG)
    assert [day.date for day in found.days if day.hits] == [START.date()]


def test_each_day_says_how_much_was_stored_where_that_was_counted() -> None:
    days = (
        Tally()
        .report(since=SINCE, until=UNTIL, zone=UTC, watch=LONG, stored={START.date(): 4})
        .days
    )
    assert days[-1] == Day(date=START.date(), hits=0, stored=4)
    assert {day.stored for day in days[:-1]} == {0}
    assert {day.stored for day in report(Tally()).days} == {None}


def tally_of(*ages: timedelta) -> Tally:
    tally = Tally()
    for number, age in enumerate(ages, 1):
        tally.add(stored(number, at=START - age), [])
    return tally


def test_the_average_is_that_of_all_days_where_newsbot_watched_before() -> None:
    assert report(tally_of(DAY / 2, DAY, 2 * DAY)).per_day == pytest.approx(1.0)


def test_the_average_leaves_out_what_came_before_newsbot_watched() -> None:
    watch = Watch(since=START - 2 * DAY, feeds=1, joined=1)
    tally = tally_of(DAY, 2.5 * DAY, 2.6 * DAY, 2.7 * DAY)
    assert report(tally, watch).per_day == pytest.approx(0.5)


@pytest.mark.parametrize("since", [None, START - DAY / 2])
def test_there_is_no_average_of_less_than_a_day(since: datetime | None) -> None:
    watch = Watch(since=since, feeds=1, joined=1)
    assert report(tally_of(DAY / 4), watch).per_day is None


def test_samples_are_the_newest_and_then_evenly_from_the_rest() -> None:
    tally = tally_of(*(DAY * number / 10 for number in range(12)))
    assert [story.entry_id for story in tally.newest(2)] == [1, 2]
    assert [story.entry_id for story in tally.spread(5, behind=2)] == [4, 6, 8, 10, 12]


def test_few_hits_give_few_samples_and_none_twice() -> None:
    tally = tally_of(DAY, 2 * DAY, 3 * DAY)
    assert [story.entry_id for story in tally.newest(2)] == [1, 2]
    assert [story.entry_id for story in tally.spread(5, behind=2)] == [3]
    assert tally.spread(5, behind=3) == ()
