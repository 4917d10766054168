"""Since and until, as people on a desk say them."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.window import read_since, read_until

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
"""A Monday, 18:30 in Berlin."""


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("18:00", "2026-11-23 17:00"),
        ("since 18:00", "2026-11-23 17:00"),
        ("18.00", "2026-11-23 17:00"),
        ("at 6pm", "2026-11-23 17:00"),
        ("6:05 p.m.", "2026-11-23 17:05"),
        ("12am", "2026-11-22 23:00"),
        ("12pm", "2026-11-23 11:00"),
        ("19:00", "2026-11-22 18:00"),
        ("now", "2026-11-23 17:30"),
        ("noon", "2026-11-23 11:00"),
        ("yesterday at midnight", "2026-11-21 23:00"),
        ("this morning", "2026-11-22 23:00"),
        ("tonight", "2026-11-23 17:00"),
        ("last night", "2026-11-22 17:00"),
        ("this week", "2026-11-22 23:00"),
        ("this month", "2026-10-31 23:00"),
        ("Today", "2026-11-22 23:00"),
        ("today 19:00", "2026-11-23 18:00"),
        ("yesterday", "2026-11-21 23:00"),
        ("yesterday 18:00", "2026-11-22 17:00"),
        ("monday", "2026-11-22 23:00"),
        ("Monday 18:00", "2026-11-23 17:00"),
        ("Monday 19:00", "2026-11-16 18:00"),
        ("tue 9:30", "2026-11-17 08:30"),
        ("last 7 days", "2026-11-16 17:30"),
        ("the past week", "2026-11-16 17:30"),
        ("2 weeks ago", "2026-11-09 17:30"),
        ("last month", "2026-10-24 17:30"),
        ("last year", "2025-11-23 17:30"),
        ("hour", "2026-11-23 16:30"),
        ("90 minutes", "2026-11-23 16:00"),
        ("3 hours ago", "2026-11-23 14:30"),
        ("2h", "2026-11-23 15:30"),
        ("1h30m", "2026-11-23 16:00"),
        ("7d", "2026-11-16 17:30"),
        ("2026-11-20", "2026-11-19 23:00"),
        ("from 20261120", "2026-11-19 23:00"),
        ("2026-11-20 18:00", "2026-11-20 17:00"),
        ("2026-11-20 18", "2026-11-20 17:00"),
        ("2026-11-20T18:00:30z", "2026-11-20 18:00:30"),
        ("2026-11-20 18:00+05:30", "2026-11-20 12:30"),
        ("2026-07-01 18:00", "2026-07-01 16:00"),
    ],
)
def test_reads_what_people_write(text: str, moment: str) -> None:
    assert read_since(text, NOW, BERLIN) == utc(moment)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("yesterday", "2026-11-22 23:00"),
        ("monday", "2026-11-23 23:00"),
        ("2026-11-20", "2026-11-20 23:00"),
        ("until yesterday 18:00", "2026-11-22 17:00"),
        ("until 20:00", "2026-11-23 19:00"),
        ("2h", "2026-11-23 15:30"),
        ("last night", "2026-11-23 05:00"),
        ("this morning", "2026-11-23 11:00"),
        ("this month", "2026-11-30 23:00"),
    ],
)
def test_until_a_day_is_until_its_end(text: str, moment: str) -> None:
    assert read_until(text, NOW, BERLIN) == utc(moment)


def test_a_time_is_the_walls_where_the_clocks_were_put_back_meanwhile() -> None:
    now = datetime(2026, 10, 25, 12, 0, tzinfo=UTC)
    assert read_since("yesterday 13:00", now, BERLIN) == utc("2026-10-24 11:00")
    assert read_since("last 24 hours", now, BERLIN) == utc("2026-10-24 12:00")


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "5", "0h", "25:00", "13pm", "0am", "noonish", "yesterday 5", "2026-13-01",
        "2026-11-31 10:00", "last 999999 years", "9999-12-31", "someday 18:00",
        "١٨:٠٠", "9" * 5_000 + "h",
    ],
)  # fmt: skip
def test_refuses_the_rest_and_says_what_it_reads(text: str) -> None:
    with pytest.raises(ValueError, match="write for example 18:00, today"):
        read_until(text, NOW, ZoneInfo("Etc/GMT+12") if text.startswith("9999") else BERLIN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomorrow", "is still to come"),
        ("next week", "is still to come"),
        ("in 2 hours", "is still to come"),
        ("18", "lacks a unit: 18:00, 18h or 18d"),
        ("30", "lacks a unit: 30h or 30d"),
        ("0900", "lacks its colon: 09:00"),
        ("31.12.2025", "is written with the year first: 2025-12-31"),
        ("12/31/2025", "is written with the year first: 2025-12-31"),
        ("31/12/2025", "is written with the year first: 2025-12-31"),
        ("03/04/2025", "is written with the year first;"),
    ],
)
def test_what_is_wrong_is_said_where_it_can_be_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_since(text, NOW, BERLIN)


@given(st.text(max_size=20))
def test_any_text_is_a_moment_or_is_refused(text: str) -> None:
    with suppress(ValueError):
        assert read_since(text, NOW, BERLIN).tzinfo is UTC


def test_what_is_before_all_time_is_refused() -> None:
    with pytest.raises(ValueError, match="is no time newsbot can read"):
        read_since("0001-01-01", NOW, BERLIN)
