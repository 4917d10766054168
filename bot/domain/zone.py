"""Zone: a time zone as people write it."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.query.suggest import nearest

_SHOWN = 40
"""Characters of what was written."""


def read_zone(text: str) -> ZoneInfo:
    """Read `Europe/Berlin`, a name of the IANA time zone database, in any letter case.

    Raises:
        ValueError: There is none such; says which may be meant.
    """
    known = {name.lower(): name for name in available_timezones()}
    written = text.strip().lower()
    try:
        if written in known:
            return ZoneInfo(known[written])
    except ZoneInfoNotFoundError:
        pass  # listed, and not to be had on this machine
    near = nearest(written, known)
    hint = f"did you mean {known[near]}?" if near else "write for example Europe/Berlin"
    raise ValueError(f"“{text[:_SHOWN]}” is no time zone: {hint}")
