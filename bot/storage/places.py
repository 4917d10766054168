"""Places: the order in which search gives entries, one number for each.

A place is the minute in which an entry appeared, and its number within that minute. The index
of SQLite knows entries by nothing else and reads them in this order without sorting, which
is why the order is a number and why that number is small.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)

PLACES = 1 << 20
"""In a minute: more than anyone will see dated to the same one, a day's midnight included."""


def minute_of(moment: datetime) -> int:
    """Minutes since 1970; what lies before counts as 1970."""
    return max(0, (moment - _EPOCH) // _MINUTE)


def first_place(minute: int) -> int:
    """The first place of a minute."""
    return minute * PLACES


def next_places(minutes: Sequence[int], last: Mapping[int, int]) -> list[int]:
    """A place for each entry of a batch.

    Args:
        minutes: In which each appeared.
        last: The highest place taken of each minute that has any.

    Returns:
        One each, in the same order; among those of one minute, ascending.
    """
    free = {minute: place + 1 for minute, place in last.items()}
    found = []
    for minute in minutes:
        place = free.get(minute, first_place(minute))
        free[minute] = place + 1
        found.append(place)
    return found
