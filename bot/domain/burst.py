"""Burst: more alerts at once than a channel takes one by one."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.duration import duration

_NEVER = ("off", "none")


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
    """Read `10/5m`; None for `off`.

    Raises:
        ValueError: It is neither; says how to write one.
    """
    written = text.strip().lower()
    if written in _NEVER:
        return None
    alerts, slash, stretch = written.partition("/")
    if not slash or not alerts.strip().isdecimal() or not int(alerts):
        raise ValueError(f"“{text}” is no limit; write for example 10/5m, or off")
    return Burst(int(alerts), duration(stretch))
