"""Outage: telling our own lost network from publishers' troubles."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)
"""How long a host's last answer speaks for it."""
FEWEST_HOSTS = 3
"""With fewer hosts than this nothing can be told."""
DEAD_AFTER = timedelta(hours=1)
"""A host silent for this long while another answers is dead: our own network reaches someone."""


@dataclass(frozen=True, slots=True)
class _Word:
    """What a host last did.

    Attributes:
        at: When.
        silent_since: Since when it gives no answer; None where it answered.
    """

    at: datetime
    silent_since: datetime | None


class HostWatch:
    """The last word of each host, and whether most fell silent together.

    Only a lack of any answer counts as silence: a host that answers 500 was reached.
    """

    def __init__(self) -> None:
        self._last: dict[str, _Word] = {}

    def record(self, host: str, *, reached: bool, now: datetime) -> None:
        """Note whether a host gave any answer."""
        before = self._last.get(host)
        silent_since = (before and before.silent_since) or now
        self._last[host] = _Word(now, None if reached else silent_since)

    def is_outage(self, now: datetime) -> bool:
        """Whether most of the hosts asked lately were not reached, dead ones left out."""
        since = [word.silent_since for word in self._last.values() if word.at >= now - WINDOW]
        answering = sum(moment is None for moment in since)
        silent = sum(
            moment is not None and not (answering and now - moment > DEAD_AFTER) for moment in since
        )
        return silent + answering >= FEWEST_HOSTS and silent > answering
