"""Freshness: how long an answer may be kept, and when a server wants to be asked again."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST = timedelta(seconds=2**31)
"""Anything longer means the same, RFC 9111 §1.2.2."""

_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;]*)))?')
_NONE = timedelta()


def max_age(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Tell for how long an answer is fresh, RFC 9111 §4.2.

    `s-maxage` is for shared caches and says nothing to us.

    Args:
        headers: The answer's, looked up in any letter case.
        now: Our time, for an answer that carries none.

    Returns:
        What is left of it, zero where the answer must be asked for again each time, None where
        the server does not say.
    """
    directives = _directives(headers.get("Cache-Control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return _NONE
    age = _seconds(headers.get("Age", "")) or _NONE
    lifetime = _seconds(directives.get("max-age", ""))
    if lifetime is None and "Expires" in headers:
        expires = _date(headers["Expires"])
        # "0" and other nonsense mean "already expired", RFC 9111 §5.3.
        lifetime = expires - _sent_at(headers, now) if expires else _NONE
    return None if lifetime is None else _within_bounds(lifetime - age)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Tell how long a server asks us to stay away, RFC 9110 §10.2.3; None if it does not.

    Args:
        headers: The answer's, looked up in any letter case.
        now: Our time, for an answer that carries none.
    """
    text = headers.get("Retry-After", "")
    wait = _seconds(text)
    if wait is None and (until := _date(text)):
        wait = until - _sent_at(headers, now)
    return None if wait is None else _within_bounds(wait)


def _directives(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, quoted, plain in _DIRECTIVE.findall(text):
        found.setdefault(name.lower(), quoted or plain)
    return found


def _seconds(text: str) -> timedelta | None:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    enough = len(str(2**31))
    return _LONGEST if len(digits) > enough else min(timedelta(seconds=int(digits)), _LONGEST)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # The asctime form that RFC 9110 §5.6.7 still allows names no zone: it is UTC.
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _sent_at(headers: Mapping[str, str], now: datetime) -> datetime:
    # Dates in one answer come from one clock; measured on it, a clock that is wrong does no harm.
    return _date(headers.get("Date", "")) or now


def _within_bounds(time: timedelta) -> timedelta:
    return max(_NONE, min(time, _LONGEST))
