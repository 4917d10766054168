"""News: which entries of a document were never seen before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.entry import Entry
from bot.domain.feed import FeedState
from bot.domain.identity import Identified


class Standing(StrEnum):
    """How an entry came into the store."""

    BASELINE = "baseline"
    """It was there at first sight of its feed: it never alerted."""
    NEWS = "news"
    """It appeared later: it was matched and may have alerted."""
    HELD = "held"
    """It came in a flood that waits for a person."""
    DISCARDED = "discarded"
    """A person decided that it is no news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store has under an entry's keys.

    Attributes:
        entry_id: The row; None where only the identity was kept, after retention.
        standing: How it came in.
        seen_at: When.
        title: As last stored.
    """

    entry_id: int | None
    standing: Standing
    seen_at: datetime
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A known entry that came again, changed.

    Attributes:
        entry_id: The row.
        found: What the feed says now.
        rematch: Whether it may still alert channels that the story has not reached.
    """

    entry_id: int
    found: Identified
    rematch: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A document's entries, told apart.

    Attributes:
        new: Never seen before, in the order in which a channel is to read them.
        edits: Seen before and still in the store.
    """

    new: tuple[Identified, ...]
    edits: tuple[Edit, ...]


REMATCH_FOR = timedelta(hours=24)
"""An edit of an entry younger than this is matched again: a live report whose headline turns to
a topic is news to the channel that has not had the story."""

_FLOOD = 5
_STALE = timedelta(days=1)
_BURST = 5


def tell_apart(
    found: Sequence[Identified], known: Mapping[bytes, Known], *, now: datetime
) -> Sorted:
    """Sort a document's entries into new ones and edits of known ones.

    Any one key in the store makes an entry known: dates never make news.
    """
    new: list[Identified] = []
    edits: list[Edit] = []
    for item in found:
        hits = [known[key] for key in item.keys if key in known]
        if not hits:
            new.append(item)
            continue
        hit = next((hit for hit in hits if hit.entry_id is not None), None)
        if hit is not None and hit.entry_id is not None:
            young = hit.standing is Standing.NEWS and now - hit.seen_at < REMATCH_FOR
            edits.append(Edit(entry_id=hit.entry_id, found=item, rematch=young))
    return Sorted(new=_reading_order(new), edits=tuple(edits))


def is_flood(
    state: FeedState,
    new: Sequence[Entry],
    *,
    total: int,
    known_titles: frozenset[str],
    now: datetime,
) -> bool:
    """Whether most of a known feed looks new for a reason other than news.

    A publisher who renumbers GUIDs or moves every address makes old entries look new. They give
    themselves away: their titles are known, or they are dated a day or more before our last
    successful poll (a batch may well bear the date of its morning), or, undated, they are far
    more than the feed's pace can have brought since then. New entries dated since then are news,
    however many (a busy day, or our own absence).

    Args:
        state: What polling remembers of the feed.
        new: The entries without a known key.
        total: Entries in the document, known ones included.
        known_titles: Which of their titles the feed has had before, verbatim.
        now: The time of the poll.
    """
    if len(new) < _FLOOD or 2 * len(new) <= total or state.succeeded_at is None:
        return False
    last = state.succeeded_at
    doubtful = sum(
        entry.title in known_titles or (entry.dated is not None and entry.dated <= last - _STALE)
        for entry in new
    )
    undated = sum(entry.dated is None and entry.title not in known_titles for entry in new)
    if undated > _BURST * max(1.0, _expected(state, now - last)):
        doubtful += undated
    return 2 * doubtful > len(new)


def _expected(state: FeedState, elapsed: timedelta) -> float:
    """How many new entries the feed's pace would have brought meanwhile."""
    return elapsed / state.gap if state.gap else 0.0


def _reading_order(new: Sequence[Identified]) -> tuple[Identified, ...]:
    """Oldest first: by date where all are dated, else against the document, newest first."""
    upwards = new[::-1]
    dated = [(item.entry.dated, item) for item in upwards if item.entry.dated is not None]
    if len(dated) < len(upwards):
        return tuple(upwards)
    return tuple(item for _, item in sorted(dated, key=lambda pair: pair[0]))
