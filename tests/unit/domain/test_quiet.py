"""Quiet hours, over midnight and over clock changes."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.quiet import QuietHours, read_quiet_hours

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(22), time(7))
NOON = QuietHours(time(12), time(13, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["22:00-07:00", "22 – 7", "10pm to 7am", " 22.00—07.00 "])
def test_what_people_write_is_read(text: str) -> None:
    assert read_quiet_hours(text) == NIGHT
    assert str(NIGHT) == "22:00-07:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("22:00", "is no stretch of the day"),
        ("22:00-22:00", "would never end"),
        ("late-early", "is no time of day"),
    ],
)
def test_what_is_none_is_refused_with_an_example(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_quiet_hours(text)


@pytest.mark.parametrize(
    ("hours", "moment", "over"),
    [
        (NIGHT, "2026-11-23 20:59", None),
        (NIGHT, "2026-11-23 21:00", "2026-11-24 06:00"),
        (NIGHT, "2026-11-24 05:59", "2026-11-24 06:00"),
        (NIGHT, "2026-11-24 06:00", None),
        (NOON, "2026-11-23 10:59", None),
        (NOON, "2026-11-23 11:00", "2026-11-23 12:30"),
        (NOON, "2026-11-23 12:30", None),
        # The night of a clock change ends at seven on the local clock.
        (NIGHT, "2026-03-28 23:00", "2026-03-29 05:00"),
        (NIGHT, "2026-10-24 23:00", "2026-10-25 06:00"),
    ],
)
def test_a_quiet_moment_tells_when_the_quiet_is_over(
    hours: QuietHours, moment: str, over: str | None
) -> None:
    assert hours.over_at(at(moment), BERLIN) == (None if over is None else at(over))
