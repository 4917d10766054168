"""Clock time: a time of day as people write it."""

import re
from datetime import time

_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_FORM = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?", re.ASCII)
_NOON = 12


def read_time(text: str) -> time:
    """Read `08:30`, `8.30`, `6pm`, `18` or `noon`.

    Raises:
        ValueError: It is no time of day; says how to write one.
    """
    written = text.strip().lower()
    if written in _NAMED:
        return _NAMED[written]
    found = _FORM.fullmatch(written)
    if found is None:
        raise ValueError(f"“{text}” is no time of day; write for example 08:30 or 6pm")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= _NOON:
        raise ValueError(f"“{text}” is no time of day; write for example 6pm or 18:00")
    if half:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise ValueError(f"“{text}” is no time of day; the last one is 23:59") from error
