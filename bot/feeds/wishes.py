"""Wish: when a publisher asks to be polled, or not to be."""

import re
from datetime import timedelta

from bot.feeds.rawnode import RawNode, text

_HOURS = re.compile(rb"<skiphours\b[^>]*>(.{0,2000}?)</skiphours>", re.IGNORECASE | re.DOTALL)
_DAYS = re.compile(rb"<skipdays\b[^>]*>(.{0,2000}?)</skipdays>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*([a-z]{3})[a-z]*\s*</day>", re.IGNORECASE)
_WEEKDAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")
_WHOLE = re.compile(r"\s*(\d{1,9})(?:\.\d*)?\s*")


def shortest_interval(feed: RawNode) -> timedelta | None:
    """How long the publisher asks to wait between two polls: RSS 2.0's `ttl`, in minutes.

    `sy:updatePeriod` is not listened to: WordPress writes `hourly` into every feed unasked, and
    a newsroom would hear of its stories an hour late.
    """
    minutes = _number(text(feed, "ttl"))
    return timedelta(minutes=minutes) if minutes else None


def skipped_hours(document: bytes) -> frozenset[int]:
    """GMT hours (0 to 23) of RSS 2.0's `skipHours`; older versions write 24 for midnight."""
    hours = {int(hour) for hour in _listed(_HOURS, _HOUR, document)}
    return frozenset(hour % 24 for hour in hours if hour <= 24)  # noqa: PLR2004 - hours of a day


def skipped_days(document: bytes) -> frozenset[int]:
    """GMT weekdays (Monday is 0) of RSS 2.0's `skipDays`."""
    days = (day.lower() for day in _listed(_DAYS, _DAY, document))
    return frozenset(_WEEKDAYS.index(day) for day in days if day in _WEEKDAYS)


def _listed(element: re.Pattern[bytes], child: re.Pattern[bytes], document: bytes) -> list[bytes]:
    # feedparser keeps the last child only. A feed cannot ask from within an entry.
    found = element.search(document)
    return child.findall(found[1]) if found else []


def _number(written: str) -> int:
    found = _WHOLE.fullmatch(written)
    return int(found[1]) if found else 0
