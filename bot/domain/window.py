"""Window: the span of time that a person's "since" and "until" mean."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.domain.duration import duration

_FORMS = (
    "18:00, today, yesterday 18:00, Monday, last 7 days, 2h, 2026-11-23, 2026-11-23 18:00 or"
    " 2026-11-23T18:00+01:00"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LEAST_LETTERS_OF_A_DAY = 3
_DAYS_OF = {"day": 1, "week": 7, "month": 30, "year": 365}
_SECONDS_OF = {"minute": 60, "min": 60, "hour": 3_600}
_AGO = re.compile(
    r"(?:(?:the\s+)?(?:last|past)\s+)?(?:(?P<count>\d{1,6})\s*|an?\s+)?"
    r"(?P<unit>minute|min|hour|day|week|month|year)s?(?:\s+ago)?",
    re.ASCII,
)
_CLOCK = re.compile(
    r"(?:at\s+)?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?", re.ASCII
)
_OPENING = re.compile(r"(?:since|from|after|until|before|on)\s+")
_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}", re.ASCII)
_DIGITS_OF_A_CLOCK = len("0900")
_NOON = 12
_MONTHS = 12
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_PARTS = {
    "this morning": (0, 0, 12),
    "this afternoon": (0, 12, 18),
    "this evening": (0, 18, 24),
    "tonight": (0, 18, 24),
    "last night": (-1, 18, 30),
}
"""Of which day, from today, and from and to which hour of it."""
_TO_COME = re.compile(r"tomorrow\b.*|(?:next|coming)\s.+|in\s+\d.*")
_ELSEWHERE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)


def read_since(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Read when something is to begin, as people on a desk say it.

    A time alone is today's, or yesterday's where today's is still to come, and a weekday the last
    one, this day's included; a length of time is counted back from now, a month as 30 days and a
    year as 365; a day without a time begins at midnight.

    Args:
        text: `18:00`, `6pm`, `yesterday 18:00`, `monday 9:30`, `last 7 days`, `2h`,
            `this morning`, `2026-11-23`, `2026-11-23 18:00` or any other ISO 8601 date and time.
        now: Aware.
        zone: Of a time that names no zone itself.

    Returns:
        Aware, UTC.

    Raises:
        ValueError: It is none of these; says which there are.
    """
    return _read(text, now, zone, end_of_day=False)


def read_until(
    text: str, now: datetime, zone: tzinfo, *, since: datetime | None = None
) -> datetime:
    """Read when something is to end.

    As `read_since`, but a day without a time is all of it, and a time alone is the first after the
    beginning; without one, today's, even where that is still to come.

    Args:
        text: As for `read_since`.
        now: Aware.
        zone: Of a time that names no zone itself.
        since: The beginning, aware; None where there is none.
    """
    at = _time_of_day(_plain(text))
    if at is not None:
        day = (since or now).astimezone(zone).date()
        moment = datetime.combine(day, at, zone)
        if since is not None and moment <= since:
            moment = datetime.combine(day + timedelta(days=1), at, zone)
        return moment.astimezone(UTC)
    return _read(text, now, zone, end_of_day=True)


def _read(text: str, now: datetime, zone: tzinfo, *, end_of_day: bool) -> datetime:
    written = _plain(text)
    local = now.astimezone(zone)
    try:
        day = _day(written, local)
        if day is None:
            part = _part(written, local)
            moment = part[end_of_day] if part else None
            readings = (read(written, local) for read in _READINGS)
            moment = moment or next(filter(None, readings), None)
        else:
            moment = datetime.combine(day + timedelta(days=end_of_day), time.min, zone)
        if moment is not None:
            return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        pass
    raise ValueError(f"“{text}” {_lack(written)}; write for example {_FORMS}")


def _plain(text: str) -> str:
    return _OPENING.sub("", " ".join(text.lower().split()), count=1)


def _lack(written: str) -> str:
    """Why that is no time, where it can be told."""
    if _TO_COME.fullmatch(written):
        return "is still to come"
    if written.isdecimal():
        clock = f"{written[:-2]}:{written[-2:]}"
        if len(written) == _DIGITS_OF_A_CLOCK and _time_of_day(clock) is not None:
            return f"lacks its colon: {clock}"
        hour = f"{written}:00, " if _time_of_day(f"{written}:00") is not None else ""
        return f"lacks a unit: {hour}{written}h or {written}d"
    if found := _ELSEWHERE.fullmatch(written):
        day, month, year = (int(found[place]) for place in (1, 3, 4))
        if found[2] == "/" and month > _MONTHS:
            day, month = month, day
        if found[2] != "/" or day > _MONTHS >= month:
            return f"is written with the year first: {year}-{month:02}-{day:02}"
        return "is written with the year first"
    return "is no time newsbot can read"


def _time_of_day(text: str) -> time | None:
    """As `_clock`; None for 25:00 too."""
    try:
        return _clock(text)
    except ValueError:
        return None


def _part(text: str, local: datetime) -> tuple[datetime, datetime] | None:
    """From when to when a part of a day, or this week or month, is."""
    today = local.date()
    if text == "this week":
        first = today - timedelta(days=today.weekday())
        return _midnight(first, local), _midnight(first + timedelta(days=7), local)
    if text == "this month":
        first = today.replace(day=1)
        behind = (first + timedelta(days=31)).replace(day=1)
        return _midnight(first, local), _midnight(behind, local)
    if text not in _PARTS:
        return None
    days, begin, end = _PARTS[text]
    midnight = _midnight(today + timedelta(days=days), local)
    return midnight + timedelta(hours=begin), midnight + timedelta(hours=end)


def _midnight(day: date, local: datetime) -> datetime:
    return datetime.combine(day, time.min, local.tzinfo)


def _now(text: str, local: datetime) -> datetime | None:
    return local if text == "now" else None


def _day(text: str, local: datetime) -> date | None:
    """The day of a text that names one and no time."""
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    return dict(_days(local)).get(text)


def _iso(text: str, local: datetime) -> datetime | None:
    if not _DATE.match(text):
        return None
    moment = datetime.fromisoformat(text.upper())
    return moment.replace(tzinfo=local.tzinfo) if moment.tzinfo is None else moment


def _ago(text: str, local: datetime) -> datetime | None:
    if found := _AGO.fullmatch(text):
        count, unit = int(found["count"] or 1), found["unit"]
        # Seconds that passed, not hours on the wall: a clock may have been put back meanwhile.
        seconds = _SECONDS_OF.get(unit) or _DAYS_OF[unit] * 86_400
        return local.astimezone(UTC) - timedelta(seconds=count * seconds)
    if text[:1].isdecimal() and text[-1:] in "smhd" and not _CLOCK.fullmatch(text):
        return local.astimezone(UTC) - duration(text)
    return None


def _day_and_time(text: str, local: datetime) -> datetime | None:
    name, _, clock = text.partition(" ")
    day, at = dict(_days(local)).get(name), _clock(clock)
    if day is None or at is None:
        return None
    moment = datetime.combine(day, at, local.tzinfo)
    is_to_come = moment > local and name != "today"
    return moment - timedelta(days=7) if is_to_come else moment


def _days(local: datetime) -> Iterator[tuple[str, date]]:
    today = local.date()
    yield "today", today
    yield "yesterday", today - timedelta(days=1)
    for number, name in enumerate(_WEEKDAYS):
        day = today - timedelta(days=(today.weekday() - number) % 7)
        yield name, day
        yield name[:_LEAST_LETTERS_OF_A_DAY], day


def _time_alone(text: str, local: datetime) -> datetime | None:
    at = _clock(text)
    if at is None:
        return None
    moment = datetime.combine(local.date(), at, local.tzinfo)
    if moment <= local:
        return moment
    return datetime.combine(local.date() - timedelta(days=1), at, local.tzinfo)


def _clock(text: str) -> time | None:
    """The time of day; None where it is none, or a bare number."""
    if text.removeprefix("at ") in _NAMED:
        return _NAMED[text.removeprefix("at ")]
    found = _CLOCK.fullmatch(text)
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if found["half"].startswith("p") else 0)
    return time(hour, minute)


_READINGS: tuple[Callable[[str, datetime], datetime | None], ...] = (
    _now,
    _iso,
    _day_and_time,
    _time_alone,
    _ago,
)
