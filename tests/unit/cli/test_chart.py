"""Bars of characters."""

from datetime import date, timedelta

from bot.cli.chart import bars
from bot.domain.backtest import Day

MONDAY = date(2026, 3, 2)


def days(*hits: int, stored: int | None = None) -> list[Day]:
    return [
        Day(date=MONDAY + timedelta(days=number), hits=one, stored=stored)
        for number, one in enumerate(hits)
    ]


def drawn(*hits: int, room: int = 40, plain: bool = False) -> list[str]:
    return [bar.drawn for bar in bars(days(*hits), room=room, plain=plain)]


def test_each_day_has_a_row_with_its_weekday() -> None:
    rows = list(bars(days(3, 0), room=40, plain=False))
    assert [(row.label, row.hits) for row in rows] == [("Mon  2 Mar", 3), ("Tue  3 Mar", 0)]


def test_the_longest_bar_fills_the_room_and_the_others_are_in_proportion() -> None:
    assert drawn(40, 20, 5, room=20) == ["█" * 20, "█" * 10, "██▌"]


def test_few_hits_do_not_look_like_many() -> None:
    assert drawn(2, 1, 0) == ["█" * 8, "█" * 4, ""]


def test_a_single_hit_among_very_many_is_still_seen() -> None:
    assert drawn(10_000, 1)[1] == "▏"
    assert drawn(10_000, 1, plain=True)[1] == "#"


def test_bars_are_drawn_in_ascii_where_nothing_else_can_be_shown() -> None:
    assert drawn(10, 5, room=10, plain=True) == ["#" * 10, "#" * 5]


def test_bars_have_room_however_narrow_the_terminal() -> None:
    assert drawn(10, room=-5) == ["█"]


def test_very_many_days_are_drawn_by_the_week() -> None:
    rows = list(bars(days(*([1] * 50), stored=2), room=40, plain=False))
    assert [row.label for row in rows[:2]] == ["week of  2 Mar", "week of  9 Mar"]
    assert [row.hits for row in rows] == [7] * 7 + [1]
    assert not any(row.is_gap for row in rows)


def test_a_day_or_week_of_which_nothing_is_stored_is_a_gap() -> None:
    assert [row.is_gap for row in bars(days(0, stored=0), room=40, plain=False)] == [True]
    assert [row.is_gap for row in bars(days(0), room=40, plain=False)] == [False]
    by_week = bars(days(*([0] * 50), stored=0), room=40, plain=False)
    assert {row.is_gap for row in by_week} == {True}
    assert {row.is_gap for row in bars(days(*([0] * 50)), room=40, plain=False)} == {False}
