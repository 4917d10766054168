"""Zone: a time zone as people write it."""

from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.query.suggest import nearest

_REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
"""Whose zones are called after a city; among the others are `Etc/GMT` and `US/Central`."""
_SHOWN = 40
"""Characters of what was written."""


def read_zone(text: str) -> ZoneInfo:
    """Read `Europe/Berlin`, a name of the IANA time zone database, or `Berlin` alone.

    Letter case does not matter, and a space is as good as the underscore: `new york`.

    Raises:
        ValueError: There is none such; says which may be meant.
    """
    known = _known()
    written = "_".join(text.lower().split())
    try:
        if written in known:
            return ZoneInfo(known[written])
    except ZoneInfoNotFoundError:
        pass  # listed, and not to be had on this machine
    near = nearest(written, known)
    hint = f"did you mean {known[near]}?" if near else "write for example Europe/Berlin"
    raise ValueError(f"“{text[:_SHOWN]}” is no time zone: {hint}")


def is_zone(text: str) -> bool:
    """Whether `read_zone` reads it."""
    try:
        read_zone(text)
    except ValueError:
        return False
    return True


@cache  # looking through the files of all zones takes 50 ms
def _known() -> Mapping[str, str]:
    """The zones' names, by themselves and by their cities in small letters."""
    names = sorted(available_timezones())
    of_cities = [name.split("/") for name in names if name.startswith(_REGIONS)]
    cities = {parts[-1].lower(): "/".join(parts) for parts in of_cities}
    return cities | {name.lower(): name for name in names}
