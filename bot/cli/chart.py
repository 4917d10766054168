"""Chart: days and their numbers as bars of characters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bot.domain.backtest import Day

_MOST_ROWS = 45
_WIDEST = 40
"""Cells of the longest bar."""
_MOST_CELLS = 4
"""For one hit, where there are few."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row.

    Attributes:
        label: The day, or the week's first day.
        drawn: The bar; empty for nothing.
        hits: The number it shows.
        is_gap: Whether nothing at all was stored, so that nothing could be hit.
    """

    label: str
    drawn: str
    hits: int
    is_gap: bool


def bars(days: Sequence[Day], *, room: int, plain: bool) -> Iterator[Bar]:
    """A row for each day, or for each week where the days are very many.

    Args:
        days: In their order, without gaps.
        room: Columns there are for a bar.
        plain: Whether to draw with signs of ASCII.
    """
    by_week = len(days) > _MOST_ROWS
    rows = list(_weeks(days)) if by_week else days
    most = max((row.hits for row in rows), default=0)
    cells = min(_MOST_CELLS, max(1, min(room, _WIDEST)) / most) if most else 0
    for row in rows:
        name = f"{row.date:%a} {row.date.day:2} {row.date:%b}"
        yield Bar(
            label=f"week of {row.date.day:2} {row.date:%b}" if by_week else name,
            drawn=_draw(row.hits * cells, plain=plain),
            hits=row.hits,
            is_gap=row.stored == 0,
        )


def _weeks(days: Sequence[Day]) -> Iterator[Day]:
    for monday, of_week in groupby(days, key=lambda day: _monday(day.date)):
        week = list(of_week)
        stored = [day.stored for day in week if day.stored is not None]
        yield Day(
            date=monday,
            hits=sum(day.hits for day in week),
            stored=sum(stored) if stored else None,
        )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _draw(cells: float, *, plain: bool) -> str:
    if plain:
        return "#" * max(round(cells), cells > 0)
    eighths = max(round(cells * 8), cells > 0)
    return (_EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()
