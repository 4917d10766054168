"""Lengths of time as people write and read them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.duration import duration, spell


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        (" 1D 2H ", timedelta(days=1, hours=2)),
        ("90d", timedelta(days=90)),
        ("2 hours", timedelta(hours=2)),
        ("1 hr 30 mins", timedelta(hours=1, minutes=30)),
        ("2hrs", timedelta(hours=2)),
        ("1 week 2 days", timedelta(days=9)),
        ("45 minutes", timedelta(minutes=45)),
        ("1 day 30 seconds", timedelta(days=1, seconds=30)),
        ("36500d", timedelta(days=36_500)),
    ],
)
def test_reads_what_people_write(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", "“5” lacks a unit; write 5s, 5m, 5h or 5d"),
        ("", "write for example 90s"),
        ("soon", "“soon” is no length of time"),
        ("1.5h", "“1.5h” is no length of time"),
        ("2 months", "“2 months” is no length of time"),
        ("30m1h", "“30m1h” is no length of time"),
        ("-5m", "“-5m” is no length of time"),
        ("0s", "“0s” is no time at all"),
        ("36501d", "longer than the longest possible"),
        ("9" * 30 + "d", "longer than the longest possible"),
        ("9" * 5_000 + "d", "longer than the longest possible"),
    ],
)
def test_refuses_the_rest_and_says_why(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        duration(text)


@pytest.mark.parametrize(
    ("length", "spelled"),
    [
        (timedelta(hours=2, minutes=5, seconds=59), "2 h 5 min"),
        (timedelta(days=3, minutes=7), "3 d"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
        (timedelta(minutes=1, seconds=1), "1 min 1 s"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(milliseconds=999), "under 1 s"),
        (timedelta(seconds=-5), "under 1 s"),
    ],
)
def test_spells_the_two_largest_units(length: timedelta, spelled: str) -> None:
    assert spell(length) == spelled


@given(st.integers(1, 36_500 * 86_400))
def test_reads_back_any_whole_number_of_seconds(seconds: int) -> None:
    assert duration(f"{seconds}s") == timedelta(seconds=seconds)
