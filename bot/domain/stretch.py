"""Stretch: a span of time in words, behind what somebody looks for: `ferry last week`."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.window import read_since, read_until

_COUNTED = r"(?:the )?(?:last|past) (?:\d{1,6} ?)?(?:minute|min|hour|day|week|month|year)s?"
_AGO = r"(?:\d{1,4}|an?) (?:minute|min|hour|day|week|month)s? ago"
_NAMED = (
    r"yesterday(?: (?:at )?\d{1,2}[:.]\d{2})?|last night"
    r"|this (?:morning|afternoon|evening|week|month)|tonight|today"
)
_END = re.compile(
    r"(?:(?P<before>.*?\S) )?(?P<all>"
    rf"(?:(?:since|from|in|during|within|over) )?(?P<words>{_COUNTED}|{_AGO}|{_NAMED})"
    r"|(?P<until>(?:until|before) \S.*)|(?P<since>(?:since|from) \S.*))"
)
"""Small letters alone: `USA Today` and `Yesterday` are names."""
_WHOLE = re.compile(r"yesterday|last night|this (?:morning|afternoon|evening)")
"""Stretches that are over, and are meant to their end."""
_QUOTES = re.compile(r"[\"“”„‟＂«»]")
_OPERATOR = re.compile(r"(?:^|\s)(?:AND|OR|NOT|NEAR(?:/\d+)?)$|[-:]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """When.

    Attributes:
        words: As they were written.
        since: Its beginning, aware, UTC; None where it has none.
        until: Its end; None where it has none.
    """

    words: str
    since: datetime | None = None
    until: datetime | None = None


def stretch_behind(
    text: str, now: datetime, zone: tzinfo, *, alone: bool = False
) -> tuple[str, Stretch] | None:
    """The words before a stretch of time that ends a text, and the stretch; None without one.

    In quotes, in parentheses and behind an operator, words of time are words to look for.

    Args:
        text: What is looked for.
        now: Aware.
        zone: Of days and times.
        alone: Whether it may have no words before it.
    """
    found = _END.fullmatch(" ".join(text.split()))
    if found is None or not (found["before"] or alone):
        return None
    before = found["before"] or ""
    stretch = _read(found, now, zone)
    return (before, stretch) if stretch and _ends_there(before) else None


def _read(found: re.Match[str], now: datetime, zone: tzinfo) -> Stretch | None:
    words = found["all"]
    try:
        if found["until"]:
            return Stretch(words=words, until=read_until(found["until"], now, zone))
        named = found["words"] or found["since"]
        begin, _, end = named.partition(" until ")
        since = read_since(begin, now, zone)
        is_whole = words == named and _WHOLE.fullmatch(named)
        last = named if is_whole else end
        until = read_until(last, now, zone, since=since) if last else None
    except ValueError:
        return None
    if since > now or (until is not None and until <= since):
        return None
    return Stretch(words=words, since=since, until=until if until and until < now else None)


def _ends_there(before: str) -> bool:
    """Whether a query may end behind these words."""
    is_open = len(_QUOTES.findall(before)) % 2 or before.count("(") > before.count(")")
    return not is_open and not _OPERATOR.search(before)
