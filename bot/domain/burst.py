"""Burst: more alerts at once than a channel takes one by one."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.duration import duration

_NEVER = ("off", "none")
_FORM = re.compile(r"(?P<alerts>[1-9][0-9]{0,3})\s*/(?P<stretch>.+)")
_LONGEST_STRETCH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Burst:
    """The limit.

    Attributes:
        alerts: How many go out one by one.
        stretch: In how long.
    """

    alerts: int
    stretch: timedelta


def read_burst(text: str) -> Burst | None:
    """Read `10/5m`, of up to 9,999 alerts and a day; None for `off`.

    Raises:
        ValueError: It is neither; says how to write one.
    """
    written = text.strip().lower()
    if written in _NEVER:
        return None
    found = _FORM.fullmatch(written)
    if found is None:
        raise ValueError(f"“{text}” is no limit; write for example 10/5m, or off")
    stretch = duration(found["stretch"])
    if stretch > _LONGEST_STRETCH:
        raise ValueError(f"“{text}” would keep alerts for more than a day; write for example 10/5m")
    return Burst(int(found["alerts"]), stretch)
