"""Inquest: how an alert came to stand in its channel more than once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.fakes.kill.standing import Line, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A process was stopped.

    Attributes:
        began: Before it was.
        ended: Before it was woken.
    """

    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """An alert that came more than once.

    Attributes:
        line: Which.
        standing: Where it stands, in the order in which it came.
        looks: When the history of its channel was read, in order.
    """

    line: Line
    standing: Sequence[Standing]
    looks: Sequence[datetime]

    def __str__(self) -> str:
        """All that is known of it, in order."""
        came = [
            (one.at, f"accepted ({'digest' if one.listed else 'alert'} {one.nonce})")
            for one in self.standing
        ]
        told = sorted([*came, *((look, "looked for") for look in self.looks)])
        around = [f"{at:%H:%M:%S.%f} {what}" for at, what in told if at <= self.standing[-1].at]
        return ", ".join(around[-6:])


def under_way(doubled: Doubled, pauses: Iterable[Pause], *, soon: timedelta) -> str:
    """How a process that was stopped with its request under way doubled an alert.

    It is that only where all of this holds: both messages came of one delivery; while a process was
    stopped its message was looked for and was not there; one of the two messages came soon after
    that process was woken; and nobody looked between the two messages, or it would have been found.

    Args:
        doubled: The alert.
        pauses: The times when processes were stopped.
        soon: How long after that a request may arrive and be accepted.

    Returns:
        What happened when; empty where it was something else.
    """
    first, *others = doubled.standing
    if len(others) != 1 or first.nonce != others[0].nonce:
        return ""
    second = others[0]
    before = [look for look in doubled.looks if look < first.at]
    if not before or any(first.at <= look <= second.at for look in doubled.looks):
        return ""
    look = before[-1]
    for pause in pauses:
        for one in (first, second):
            if pause.began < look and pause.ended <= one.at <= pause.ended + soon:
                return (
                    f"stopped for {_seconds(pause.ended - pause.began)} with the request under "
                    f"way, which was accepted {_seconds(one.at - pause.ended)} after its process "
                    f"was woken and {_seconds(one.at - look)} after another had looked for it"
                )
    return ""


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds():.2f} s"
