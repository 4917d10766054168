"""Cadence: when digests are due, on the clock of a desk."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.clocktime import read_time

EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
USUAL_TIME = time(8, 30)
"""Of a digest for which none is named."""
_MONDAY = frozenset({0})
_LEAST_LETTERS = 3
_FORMS = "instant, hourly, daily 08:30, weekdays 08:30, weekly monday 09:00 or mon,thu 17:00"
_HOUR = timedelta(hours=1)
_WRITTEN = re.compile(
    r"(?P<days>[a-z, ]+?)(?:\s+(?:at\s+)?(?P<at>[\d:.]+\s*(?:[ap]m)?|noon|midday|midnight))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Cadence:
    """A digest's regular times.

    Attributes:
        at: The time of day; None for every full hour of every day.
        days: Weekdays, Monday is 0; at least one.
    """

    at: time | None = None
    days: frozenset[int] = EVERY_DAY

    def next_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first time that comes after a moment, each local time once.

        A time that the clocks skip in spring is read by the offset from before the change, as in
        RFC 5545, section 3.3.5: 02:30 is then 03:30. Of one that comes twice in autumn, the first
        counts.

        Args:
            moment: Aware.
            zone: The desk's.

        Returns:
            Aware, UTC.
        """
        if self.at is None:
            return _next_hour(moment, zone)
        first = moment.astimezone(zone).date() - timedelta(days=1)
        coming = (
            datetime.combine(day, self.at, zone).astimezone(UTC)
            for day in (first + timedelta(days=count) for count in range(len(EVERY_DAY) + 2))
            if day.weekday() in self.days
        )
        return next(due for due in coming if due > moment)

    def __str__(self) -> str:
        """The form that `read_cadence` reads."""
        if self.at is None:
            return "hourly"
        return f"{_spell_days(self.days)} {self.at:%H:%M}"


def read_cadence(text: str) -> Cadence | None:
    """Read how often a channel is to be told; None for at once, story by story.

    Without a time of day it is `USUAL_TIME`, and `weekly` without a day is Mondays.

    Args:
        text: `instant`, `hourly`, `daily 08:30`, `weekdays 08:30`, `weekly monday 09:00`,
            `every monday 09:00`, `mon,thu 17:00`, `daily`.

    Raises:
        ValueError: It is none of these; says which there are.
    """
    written = " ".join(text.lower().split())
    if written == "instant":
        return None
    if written in ("hourly", "every hour"):
        return Cadence()
    found = _WRITTEN.fullmatch(written)
    days = _read_days(found["days"]) if found else None
    if found is None or days is None:
        raise ValueError(f"“{text}” is no rhythm for alerts; write {_FORMS}")
    return Cadence(read_time(found["at"]) if found["at"] else USUAL_TIME, days)


def names_time(text: str) -> bool:
    """Whether a rhythm that `read_cadence` reads says itself when its digests are due."""
    written = " ".join(text.lower().split())
    found = _WRITTEN.fullmatch(written)
    return written in ("instant", "hourly", "every hour") or bool(found and found["at"])


def _next_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """The next full hour on the local clock, which some zones have at half past of UTC's."""
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    beyond = (moment + offset - datetime.min.replace(tzinfo=UTC)) % _HOUR
    return moment.astimezone(UTC) + _HOUR - beyond


def _read_days(text: str) -> frozenset[int] | None:
    named = {
        "daily": EVERY_DAY,
        "day": EVERY_DAY,
        "weekdays": WORKDAYS,
        "weekday": WORKDAYS,
        "weekly": _MONDAY,
        "week": _MONDAY,
    }
    which = re.sub(r"^(?:weekly(?: on)?|every|each|on) ", "", text)
    if which in named:
        return named[which]
    days = [_day(word) for word in re.split(r"(?:,|\s|\band\b)+", which)]
    return frozenset(day for day in days if day is not None) if None not in days else None


def _day(word: str) -> int | None:
    """Monday is 0; from `mon`, `tues`, `weds`, `thursdays` or any other beginning of its name."""
    stem = word.removesuffix("s")
    known = (number for number, name in enumerate(_NAMES) if name.lower().startswith(stem))
    return next(known, None) if len(stem) >= _LEAST_LETTERS else None


def spell_cadence(cadence: Cadence) -> str:
    """How often, for people: `every hour`, `daily at 08:30`, `on Mondays and Fridays at 17:00`."""
    if cadence.at is None:
        return "every hour"
    if cadence.days == EVERY_DAY:
        return f"daily at {cadence.at:%H:%M}"
    if cadence.days == WORKDAYS:
        return f"on weekdays at {cadence.at:%H:%M}"
    *others, last = [_NAMES[day] for day in sorted(cadence.days)]
    named = f"{', '.join(others)} and {last}" if others else last
    return f"on {named} at {cadence.at:%H:%M}"


def _spell_days(days: frozenset[int]) -> str:
    if days == EVERY_DAY:
        return "daily"
    if days == WORKDAYS:
        return "weekdays"
    return ",".join(_DAYS[day] for day in sorted(days))
