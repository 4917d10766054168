"""Which entries were never seen before."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.entry import Entry
from bot.domain.feed import FeedState
from bot.domain.identity import Identified, identify
from bot.domain.news import Known, Standing, is_flood, tell_apart
from tests.fakes.clock import START

NOW = START
STATE = FeedState(
    feed_id=1,
    url="https://news.example/feed",
    due_at=NOW,
    baseline_at=NOW - timedelta(days=9),
    succeeded_at=NOW - timedelta(minutes=10),
    gap=timedelta(hours=1),
)


def entry(number: int, *, published: datetime | None = None) -> Entry:
    return Entry(
        title=f"Story number {number}",
        guid=f"guid-{number}",
        url=f"https://news.example/{number}",
        published=published,
    )


def found(*entries: Entry) -> tuple[Identified, ...]:
    return identify(entries, seen_at=NOW, feed_link=None)


def known(item: Identified, *, standing: Standing = Standing.NEWS, age: timedelta) -> Known:
    return Known(entry_id=7, standing=standing, seen_at=NOW - age, title=item.entry.title)


def test_an_entry_without_a_known_key_is_new() -> None:
    told = tell_apart(found(entry(1)), {}, now=NOW)
    assert [item.entry.title for item in told.new] == ["Story number 1"]
    assert told.edits == ()


def test_any_one_known_key_makes_an_entry_an_edit() -> None:
    (item,) = found(entry(1))
    for key in item.keys:
        told = tell_apart([item], {key: known(item, age=timedelta(hours=1))}, now=NOW)
        assert told.new == ()
        assert [edit.entry_id for edit in told.edits] == [7]


@pytest.mark.parametrize(
    ("standing", "age", "rematch"),
    [
        (Standing.NEWS, timedelta(hours=23), True),
        (Standing.NEWS, timedelta(hours=25), False),
        (Standing.BASELINE, timedelta(hours=1), False),
        (Standing.HELD, timedelta(hours=1), False),
        (Standing.DISCARDED, timedelta(hours=1), False),
    ],
)
def test_only_young_news_is_matched_again_when_edited(
    standing: Standing, age: timedelta, rematch: bool
) -> None:
    (item,) = found(entry(1))
    stored = dict.fromkeys(item.keys, known(item, standing=standing, age=age))
    assert [edit.rematch for edit in tell_apart([item], stored, now=NOW).edits] == [rematch]


def test_an_entry_of_which_only_the_identity_is_left_is_neither_new_nor_an_edit() -> None:
    (item,) = found(entry(1))
    old = replace(known(item, age=timedelta(days=300)), entry_id=None)
    told = tell_apart([item], dict.fromkeys(item.keys, old), now=NOW)
    assert (told.new, told.edits) == ((), ())


def test_dated_news_is_read_oldest_first() -> None:
    dates = [NOW - timedelta(minutes=minutes) for minutes in (1, 30, 10)]
    told = tell_apart(
        found(*(entry(n, published=date) for n, date in enumerate(dates))), {}, now=NOW
    )
    assert [item.entry.guid for item in told.new] == ["guid-1", "guid-2", "guid-0"]


def test_undated_news_is_read_against_the_documents_order() -> None:
    told = tell_apart(found(entry(0, published=NOW), entry(1), entry(2)), {}, now=NOW)
    assert [item.entry.guid for item in told.new] == ["guid-2", "guid-1", "guid-0"]


def flood(
    entries: list[Entry],
    *,
    total: int | None = None,
    titles: frozenset[str] = frozenset(),
    state: FeedState = STATE,
) -> bool:
    return is_flood(
        state,
        entries,
        total=len(entries) if total is None else total,
        known_titles=titles,
        now=NOW,
    )


OLD = [entry(n, published=NOW - timedelta(days=n + 1)) for n in range(8)]
FRESH = [entry(n, published=NOW - timedelta(minutes=n)) for n in range(8)]
UNDATED = [entry(n) for n in range(8)]


def test_a_feed_whose_old_entries_all_look_new_is_held() -> None:
    assert flood(OLD)


def test_a_feed_full_of_known_headlines_under_new_links_and_dates_is_held() -> None:
    assert flood(FRESH, titles=frozenset(item.title for item in FRESH))


def test_a_daily_batch_that_bears_the_date_of_its_morning_is_news() -> None:
    assert not flood([entry(n, published=NOW - timedelta(hours=9)) for n in range(8)])


def test_a_busy_quarter_of_an_hour_is_news() -> None:
    assert not flood(FRESH)


def test_a_feed_full_of_undated_entries_is_held_if_its_pace_is_slow() -> None:
    assert flood(UNDATED)
    assert flood(UNDATED, state=replace(STATE, gap=None))


def test_undated_entries_after_a_long_absence_are_news() -> None:
    assert not flood(UNDATED, state=replace(STATE, succeeded_at=NOW - timedelta(hours=8)))


def test_a_few_old_entries_are_no_flood() -> None:
    assert not flood(OLD[:4])


def test_a_minority_of_the_document_is_no_flood() -> None:
    assert not flood(OLD, total=17)


def test_a_feed_that_never_answered_before_cannot_be_judged() -> None:
    assert not flood(OLD, state=replace(STATE, succeeded_at=None))


def test_the_time_of_the_last_update_stands_in_where_publication_is_not_dated() -> None:
    updated = [replace(item, published=None, updated=item.published) for item in OLD]
    assert flood(updated)
    told = tell_apart(found(*updated[:3]), {}, now=NOW)
    assert [item.entry.guid for item in told.new] == ["guid-2", "guid-1", "guid-0"]
