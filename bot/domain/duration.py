"""Duration: a length of time as people write and read it."""

import re
from datetime import timedelta

_FORM = re.compile(
    r"""(?:(?P<weeks>\d+)\s*w(?:eeks?|ks?)?)?\s*
    (?:(?P<days>\d+)\s*d(?:ays?)?)?\s*
    (?:(?P<hours>\d+)\s*h(?:(?:ou)?rs?)?)?\s*
    (?:(?P<minutes>\d+)\s*m(?:in(?:ute)?s?)?)?\s*
    (?:(?P<seconds>\d+)\s*s(?:ec(?:ond)?s?)?)?""",
    re.ASCII | re.VERBOSE,
)
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_LONGEST = timedelta(days=36_500)
_EXAMPLES = "90s, 5m, 1h30m or 90d"


class TooLongError(ValueError):
    """A length beyond any that is ever meant."""


def duration(text: str) -> timedelta:
    """Read `90s`, `5m`, `2h`, `1h30m` or `90d`; or the units in words: `2 hours`, `1 hr 30 min`.

    Raises:
        ValueError: It is no such length, or no time at all; says so in words for a person.
        TooLongError: It is longer than a hundred years.
    """
    written = text.strip().lower()
    if written.isdecimal() and written.strip("0"):
        choices = f"{written}s, {written}m, {written}h or {written}d"
        raise ValueError(f"“{text}” lacks a unit; write {choices}")
    found = _FORM.fullmatch(f"{written}s" if written.isdecimal() else written)
    if found is None or not written:
        raise ValueError(f"“{text}” is no length of time; write for example {_EXAMPLES}")
    try:
        length = timedelta(**{unit: int(count) for unit, count in found.groupdict("0").items()})
    except (OverflowError, ValueError):  # int() refuses thousands of digits
        length = timedelta.max
    if length > _LONGEST:
        raise TooLongError(f"“{text[:20]}” is longer than the longest possible, {_LONGEST.days}d")
    if not length:
        raise ValueError(f"“{text}” is no time at all; write for example {_EXAMPLES}")
    return length


def spell(length: timedelta) -> str:
    """A length for people, in its two largest units: `2 h 5 min`, `3 d`, `40 s`.

    What is shorter than a second, or negative, is `under 1 s`.
    """
    rest = int(length.total_seconds())
    if rest < 1:
        return "under 1 s"
    counts = []
    for unit, seconds in _UNITS:
        count, rest = divmod(rest, seconds)
        counts.append((count, unit))
    first = next(place for place, (count, _) in enumerate(counts) if count)
    return " ".join(f"{count} {unit}" for count, unit in counts[first : first + 2] if count)
