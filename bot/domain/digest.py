"""Digest: many alerts of one channel put together."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.message import Alert, Digest, DigestGroup

PAGE_COST = 3600
"""Characters of a page, counted as `_cost` does: Discord takes 4,096 in a description."""
LISTED_HEADLINE_LIMIT = 200
URL_LIMIT = 600
"""Characters of a link; a story with a longer one is listed without."""
OUTLET_LIMIT = 60
GROUP_LIMIT = 80
"""Characters of a group's title."""

_MARKED = re.compile(r"[^\w\s]")
_LINE = 40
"""Characters around a story: its mark-up, its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """An alert that waited for a digest.

    Attributes:
        alert: What it says.
        kept_at: Since when it waited.
        outlets: How many feeds report its story.
    """

    alert: Alert
    kept_at: datetime
    outlets: int = 1


def compose_digest(gathered: Sequence[Gathered]) -> tuple[Digest, ...]:
    """The pages of a digest: by topic, and within it the best stories first.

    Better is what more outlets report, then what more topics want, then what is newer. The topic
    with the most stories comes first; a story stands under the first of its topics.

    Args:
        gathered: What waited, at least one.
    """
    groups: dict[str, list[Gathered]] = {}
    for one in gathered:
        groups.setdefault(one.alert.reasons[0].title, []).append(one)
    best_first = [
        DigestGroup(
            title=title,
            alerts=tuple(_trimmed(one.alert) for one in sorted(ones, key=_merit, reverse=True)),
        )
        for title, ones in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    ]
    pages = _paged(best_first)
    since = min(one.kept_at for one in gathered)
    return tuple(
        Digest(
            since=since,
            stories=len(gathered),
            groups=page,
            page=number,
            pages=len(pages),
        )
        for number, page in enumerate(pages, start=1)
    )


def _merit(one: Gathered) -> tuple[int, int, datetime]:
    return one.outlets, len(one.alert.reasons), one.alert.published


def _trimmed(alert: Alert) -> Alert:
    """What a digest shows of an alert."""
    url = alert.url if alert.url is not None and len(alert.url) <= URL_LIMIT else None
    return replace(alert, url=url, summary="", image=None, mentions=())


def _paged(groups: Iterable[DigestGroup]) -> list[tuple[DigestGroup, ...]]:
    """The groups on as few pages as they fit, in order; one that goes on is named again."""
    pages: list[list[DigestGroup]] = [[]]
    room = PAGE_COST
    for group in groups:
        begun: list[Alert] = []
        for alert in group.alerts:
            needed = _cost(alert) + (0 if begun else _title_cost(group))
            if needed > room and (begun or pages[-1]):
                if begun:
                    pages[-1].append(replace(group, alerts=tuple(begun)))
                pages.append([])
                begun, room = [], PAGE_COST
                needed = _cost(alert) + _title_cost(group)
            begun.append(alert)
            room -= needed
        pages[-1].append(replace(group, alerts=tuple(begun)))
    return [tuple(page) for page in pages]


def _title_cost(group: DigestGroup) -> int:
    return _escaped(group.title[:GROUP_LIMIT]) + _LINE


def _cost(alert: Alert) -> int:
    words = _escaped(alert.headline[:LISTED_HEADLINE_LIMIT]) + _escaped(alert.outlet[:OUTLET_LIMIT])
    return words + len(alert.url or "") + _LINE


def _escaped(text: str) -> int:
    """UTF-16 units of a text where everything that may be mark-up is escaped: the longest count."""
    return len(text.encode("utf-16-le", "replace")) // 2 + len(_MARKED.findall(text))
