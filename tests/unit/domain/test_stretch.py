"""Times in words behind what is looked for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.stretch import Stretch, stretch_behind

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
"""A Monday, 18:30 in Berlin."""


def utc(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("last week", "2026-11-16 17:30", None),
        ("yesterday", "2026-11-21 23:00", "2026-11-22 23:00"),
        ("since yesterday", "2026-11-21 23:00", None),
        ("from yesterday", "2026-11-21 23:00", None),
        ("last 7 days", "2026-11-16 17:30", None),
        ("in the past 7 days", "2026-11-16 17:30", None),
        ("over the last 24 hours", "2026-11-22 17:30", None),
        ("today", "2026-11-22 23:00", None),
        ("this morning", "2026-11-22 23:00", "2026-11-23 11:00"),
        ("this afternoon", "2026-11-23 11:00", "2026-11-23 17:00"),
        ("this evening", "2026-11-23 17:00", None),
        ("last night", "2026-11-22 17:00", "2026-11-23 05:00"),
        ("this week", "2026-11-22 23:00", None),
        ("this month", "2026-10-31 23:00", None),
        ("since monday 9:00", "2026-11-23 08:00", None),
        ("until yesterday", None, "2026-11-22 23:00"),
        ("before noon", None, "2026-11-23 11:00"),
        ("3 hours ago", "2026-11-23 14:30", None),
        ("an hour ago", "2026-11-23 16:30", None),
        ("yesterday 18:00", "2026-11-22 17:00", None),
        ("since monday until 12:00", "2026-11-22 23:00", "2026-11-23 11:00"),
        ("since yesterday 18:00 until 20:00", "2026-11-22 17:00", "2026-11-22 19:00"),
        ("since 18:00 until midnight", "2026-11-23 17:00", None),
    ],
)
def test_it_is_told_from_the_words_before_it(
    words: str, since: str | None, until: str | None
) -> None:
    found = stretch_behind(f"ferry  AND late {words}", NOW, BERLIN)
    assert found == ("ferry AND late", Stretch(words=words, since=utc(since), until=utc(until)))


@pytest.mark.parametrize(
    "text",
    [
        "last week",
        'ferry "last week"',
        '"ferry last week',
        "ferry (strike last week",
        "ferry OR today",
        "ferry NOT yesterday",
        "ferry -yesterday",
        "title: today",
        "USA Today",
        "Yesterday",
        "since the war",
        "flights from China",
        "storm before christmas",
        "strike until further notice",
        "ferry since tomorrow",
        "ferry since 2030-01-01",
        "ferry last",
        "weekday",
        "fine of 10m",
        "le mans 24h",
        "storm days ago",
        "ferry monday",
        "ferry 2026-11-20",
        "ferry since today until yesterday",
    ],
)
def test_words_that_may_be_meant_as_words_are_left_alone(text: str) -> None:
    assert stretch_behind(text, NOW, BERLIN) is None


def test_alone_it_is_one_where_something_else_says_what_to_look_for() -> None:
    found = stretch_behind("last week", NOW, BERLIN, alone=True)
    assert found == ("", Stretch(words="last week", since=utc("2026-11-16 17:30")))


def test_it_is_read_on_the_wall_where_the_clocks_change() -> None:
    spring = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
    found = stretch_behind("ferry this morning", spring, BERLIN)
    assert found is not None
    assert (found[1].since, found[1].until) == (utc("2026-03-28 23:00"), utc("2026-03-29 10:00"))


@given(
    st.text(max_size=40)
    | st.sampled_from(["ferry since ", "x until "]).flatmap(
        lambda begin: st.text(max_size=12).map(lambda rest: begin + rest)
    )
)
def test_any_text_has_one_or_none(text: str) -> None:
    found = stretch_behind(text, NOW, BERLIN)
    assert found is None or found[0]
