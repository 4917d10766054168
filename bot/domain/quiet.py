"""Quiet hours: when a channel is not to be disturbed."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.clocktime import read_time


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A stretch of every day, over midnight where it ends before it begins.

    Attributes:
        begin: The local time at which it begins.
        end: The local time at which it is over; another than `begin`.
    """

    begin: time
    end: time

    @property
    def length(self) -> timedelta:
        """How long it is on the clock."""
        begin, end = (timedelta(hours=at.hour, minutes=at.minute) for at in (self.begin, self.end))
        return (end - begin) % timedelta(days=1)

    def over_at(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet around a moment ends, aware, UTC; None where it is not quiet.

        Clock changes are read as by `bot.domain.cadence.Cadence.next_after`.
        """
        today = moment.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            last = day + timedelta(days=self.end < self.begin)
            begin = datetime.combine(day, self.begin, zone).astimezone(UTC)
            end = datetime.combine(last, self.end, zone).astimezone(UTC)
            if begin <= moment < end:
                return end
        return None

    def __str__(self) -> str:
        """The form that `read_quiet_hours` reads."""
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


def read_quiet_hours(text: str) -> QuietHours:
    """Read `22:00-07:00`, with any dash or `to`.

    Raises:
        ValueError: It is no such stretch; says how to write one.
    """
    written = text.lower().replace("–", "-").replace("—", "-").replace(" to ", "-")
    begin, dash, end = written.partition("-")
    if not dash:
        raise ValueError(f"“{text}” is no stretch of the day; write for example 22:00-07:00")
    hours = QuietHours(read_time(begin), read_time(end))
    if hours.begin == hours.end:
        raise ValueError(f"“{text}” would never end; mute the topic instead")
    return hours
