"""When digests are due, clock changes included."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.cadence import EVERY_DAY, WORKDAYS, Cadence, read_cadence, spell_cadence

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
KOLKATA = ZoneInfo("Asia/Kolkata")
KATHMANDU = ZoneInfo("Asia/Kathmandu")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "cadence"),
    [
        ("instant", None),
        ("Hourly", Cadence()),
        ("daily 08:30", Cadence(time(8, 30))),
        ("every day at 6pm", Cadence(time(18))),
        ("weekdays 8.30", Cadence(time(8, 30), WORKDAYS)),
        ("mon,thu 17:00", Cadence(time(17), frozenset({0, 3}))),
        ("Monday, Thursday at 12am", Cadence(time(0), frozenset({0, 3}))),
        ("sun 12pm", Cadence(time(12), frozenset({6}))),
        ("every hour", Cadence()),
        ("weekly monday 09:00", Cadence(time(9), frozenset({0}))),
        ("weekly on Friday at 4pm", Cadence(time(16), frozenset({4}))),
        ("every Tuesday and Friday 9:00", Cadence(time(9), frozenset({1, 4}))),
        ("weds, thurs 9:00", Cadence(time(9), frozenset({2, 3}))),
        ("mondays 9:00", Cadence(time(9), frozenset({0}))),
        ("daily at noon", Cadence(time(12))),
        ("every weekday midnight", Cadence(time(0), WORKDAYS)),
        # No time of day, or no day, is named.
        ("daily", Cadence(time(8, 30))),
        ("weekdays", Cadence(time(8, 30), WORKDAYS)),
        ("every friday", Cadence(time(8, 30), frozenset({4}))),
        ("weekly", Cadence(time(8, 30), frozenset({0}))),
        ("weekly 09:00", Cadence(time(9), frozenset({0}))),
    ],
)
def test_what_people_write_is_read(text: str, cadence: Cadence | None) -> None:
    assert read_cadence(text) == cadence


@pytest.mark.parametrize("text", ["hourly", "daily 08:30", "weekdays 00:00", "mon,thu 17:05"])
def test_what_is_written_down_is_read_as_the_same(text: str) -> None:
    assert str(read_cadence(text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sometimes", "is no rhythm for alerts"),
        ("every 2 hours", "is no rhythm for alerts"),
        ("monthly 08:30", "is no rhythm for alerts; write instant, hourly, daily 08:30"),
        ("someday 08:30", "is no rhythm for alerts"),
        ("daily 25:00", "the last one is 23:59"),
        ("daily 13pm", "write for example 6pm"),
        ("daily 08:61", "the last one is 23:59"),
        ("", "is no rhythm for alerts"),
    ],
)
def test_what_is_none_is_refused_with_the_forms_there_are(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_cadence(text)


@pytest.mark.parametrize(
    ("cadence", "moment", "zone", "due"),
    [
        # On the hour of the local clock, which in India is half past of UTC's.
        ("hourly", "2026-11-23 10:00", BERLIN, "2026-11-23 11:00"),
        ("hourly", "2026-11-23 10:59:59", BERLIN, "2026-11-23 11:00"),
        ("hourly", "2026-11-23 10:00", KOLKATA, "2026-11-23 10:30"),
        ("hourly", "2026-11-23 10:16", KATHMANDU, "2026-11-23 11:15"),
        # Each hour of a night with a clock change, 25 in autumn and 23 in spring.
        ("hourly", "2026-10-25 00:30", BERLIN, "2026-10-25 01:00"),
        ("hourly", "2026-03-29 00:30", BERLIN, "2026-03-29 01:00"),
        # The very moment is over: a digest that was just sent is due again the next day.
        ("daily 08:30", "2026-11-23 07:29", BERLIN, "2026-11-23 07:30"),
        ("daily 08:30", "2026-11-23 07:30", BERLIN, "2026-11-24 07:30"),
        # The local time stays, the distance changes.
        ("daily 08:30", "2026-03-28 08:00", BERLIN, "2026-03-29 06:30"),
        ("daily 08:30", "2026-10-24 08:00", BERLIN, "2026-10-25 07:30"),
        # 02:30 is skipped in spring: the offset from before the change makes it 03:30.
        ("daily 02:30", "2026-03-28 12:00", BERLIN, "2026-03-29 01:30"),
        ("daily 02:30", "2026-03-29 01:30", BERLIN, "2026-03-30 00:30"),
        # 02:30 comes twice in autumn: the first counts, the second does not.
        ("daily 02:30", "2026-10-24 12:00", BERLIN, "2026-10-25 00:30"),
        ("daily 02:30", "2026-10-25 00:30", BERLIN, "2026-10-26 01:30"),
        ("daily 01:30", "2026-10-31 12:00", NEW_YORK, "2026-11-01 05:30"),
        ("daily 01:30", "2026-11-01 05:30", NEW_YORK, "2026-11-02 06:30"),
        ("daily 02:30", "2026-03-07 12:00", NEW_YORK, "2026-03-08 07:30"),
        # Friday afternoon to Monday; Sunday to Thursday.
        ("weekdays 08:30", "2026-11-20 12:00", BERLIN, "2026-11-23 07:30"),
        ("mon,thu 17:00", "2026-11-23 16:00", BERLIN, "2026-11-26 16:00"),
        ("mon 17:00", "2026-11-23 16:00", BERLIN, "2026-11-30 16:00"),
        # The weekday is the local one.
        ("mon 00:10", "2026-11-22 12:00", BERLIN, "2026-11-22 23:10"),
    ],
)
def test_a_digest_is_due_on_the_desks_clock(
    cadence: str, moment: str, zone: ZoneInfo, due: str
) -> None:
    read = read_cadence(cadence)
    assert read is not None
    assert read.next_after(at(moment), zone) == at(due)


def test_a_year_of_daily_digests_has_one_for_every_day() -> None:
    moment, local_days = at("2025-12-31 12:00"), []
    for _ in range(365):
        moment = Cadence(time(2, 30), EVERY_DAY).next_after(moment, BERLIN)
        local_days.append(moment.astimezone(BERLIN).date())
    assert len(set(local_days)) == 365


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("hourly", "every hour"),
        ("daily 8:30", "daily at 08:30"),
        ("weekdays 9:00", "on weekdays at 09:00"),
        ("weekly monday 9:00", "on Mondays at 09:00"),
        ("mon,thu,sat 17:00", "on Mondays, Thursdays and Saturdays at 17:00"),
    ],
)
def test_it_is_spelled_for_people(written: str, spelled: str) -> None:
    cadence = read_cadence(written)
    assert cadence is not None
    assert spell_cadence(cadence) == spelled
