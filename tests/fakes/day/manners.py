"""Manners: whether any outlet was asked sooner than it, or the configuration, allows."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from tests.fakes.day.outlet import Ask, Outlet


def breaches(outlets: Sequence[Outlet], *, broken_off: datetime) -> Sequence[str]:
    """What was asked too soon, a sentence each.

    Args:
        outlets: With what they were asked.
        broken_off: When a restart broke off polls, which are then asked once more.
    """
    return [
        breach
        for outlet in outlets
        for breach in _of_one(outlet, [ask for ask in outlet.asks if ask.at != broken_off])
    ]


def _of_one(outlet: Outlet, asks: Sequence[Ask]) -> Iterator[str]:
    for before, ask in pairwise(asks):
        gap, least = ask.at - before.at, _least(outlet, before)
        if gap < least:
            yield f"{outlet.name} ({outlet.kind}) asked at {ask.at}, {gap} after {before}: {least}"
        if ask.at.hour in outlet.wishes.skip_hours:
            yield f"{outlet.name} ({outlet.kind}) asked at {ask.at}, in an hour to skip"


def _least(outlet: Outlet, before: Ask) -> timedelta:
    """How long after an answer the next question may come at the soonest."""
    asked = timedelta()
    if before.spell is not None and before.spell.retry_after is not None:
        asked = before.spell.retry_after
    elif before.is_good and outlet.wishes.max_age is not None:
        asked = min(outlet.wishes.max_age, outlet.bounds.slowest)
    return max(asked, outlet.bounds.fastest)
