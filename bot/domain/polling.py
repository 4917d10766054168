"""Polling: when to ask a feed next, decided from what it answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from bot.domain.entry import ParsedFeed
from bot.domain.feed import FeedState, PollBounds
from bot.errors import FeedError, FetchError, FetchFault, ParseError

BACKOFF_MOST = timedelta(hours=6)
"""The longest a failing feed is left alone; it is never given up."""
TELL_AFTER = timedelta(days=1)
"""How long a feed fails before whoever runs the bot is told."""
RETRY_AFTER_MOST = timedelta(days=1)
"""The longest a server may ask us to stay away."""
MOVE_SIGHTINGS = 3
"""How often in a row a permanent redirect must lead to the same place to be remembered."""
NOT_FOUND_SIGHTINGS = 3
"""How often in a row a 404 must be seen to be told; one is a hiccup of a CMS."""
NEVER_WORKED_SIGHTINGS = 3
"""How often a feed that never worked may fail before that is told: its address may be mistaken."""
JITTER = 0.1
"""Intervals are lengthened by up to this share, so that feeds do not fall into step."""

_LOOKS_PER_GAP = 4
"""Polls between two new entries, on average: news waits a quarter of the feed's gap at most."""
_MEMORY = 0.7
"""Weight of the past in the smoothed gap."""
_RECENT = 20
_HOURS = 24
_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a successful fetch says about the next one.

    Attributes:
        etag: Validator for the next request.
        last_modified: Validator for the next request.
        max_age: For how long the server calls its answer fresh.
        moved_to: Where permanent redirects led.
    """

    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None
    moved_to: str | None = None


def interval(state: FeedState, bounds: PollBounds, *, now: datetime) -> timedelta:
    """How long to wait after a successful poll, before jitter and skip hours.

    A quarter of the feed's gap between entries, within the configured bounds. A feed that has
    been silent for longer than its gap is slowed accordingly.
    """
    if state.gap is None:
        return bounds.fastest
    silence = now - state.arrived_at if state.arrived_at else state.gap
    wanted = max(state.gap, silence) / _LOOKS_PER_GAP
    return min(max(wanted, bounds.fastest), bounds.slowest)


def after_success(
    state: FeedState,
    bounds: PollBounds,
    answer: Answer,
    *,
    now: datetime,
    spread: float,
) -> FeedState:
    """The state after a poll that gave a feed, a 304 included.

    What the publisher asks for (ttl, Cache-Control) is honoured up to the slowest interval the
    configuration allows: beyond that, alerts would be late.

    Args:
        state: Before the poll, with what its document said already in it.
        bounds: The configured intervals.
        answer: What the server said.
        now: The time of the poll.
        spread: Random number in [0, 1] for the jitter.
    """
    asked = max(state.ttl or timedelta(), answer.max_age or timedelta())
    wait = max(interval(state, bounds, now=now), min(asked, bounds.slowest))
    due_at = _outside_skips(now + wait * (1 + JITTER * spread), state)
    return replace(
        _after_move(state, answer.moved_to),
        due_at=due_at,
        polled_at=now,
        succeeded_at=now,
        etag=answer.etag,
        last_modified=answer.last_modified,
        failures=0,
        failing_since=None,
        failure=None,
        failure_told=False,
    )


def with_document(state: FeedState, parsed: ParsedFeed, body_hash: bytes) -> FeedState:
    """The state with what a document asks of its pollers."""
    return replace(
        state,
        ttl=parsed.ttl,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
        fragments=parsed.fragments,
        body_hash=body_hash,
    )


def with_arrivals(state: FeedState, count: int, *, now: datetime) -> FeedState:
    """The state after `count` new entries: the gap between entries is learned from them."""
    if count == 0:
        return state
    if state.arrived_at is None:
        return replace(state, arrived_at=now)
    sample = (now - state.arrived_at) / count
    gap = sample if state.gap is None else state.gap * _MEMORY + sample * (1 - _MEMORY)
    return replace(state, arrived_at=now, gap=gap)


def with_baseline(state: FeedState, published: Sequence[datetime], *, now: datetime) -> FeedState:
    """The state after first sight: the gap is read off the dates of the entries that are there."""
    recent = sorted((date for date in published if date <= now), reverse=True)[:_RECENT]
    gaps = [(newer - older).total_seconds() for newer, older in pairwise(recent)]
    return replace(
        state,
        baseline_at=now,
        arrived_at=recent[0] if recent else now,
        gap=timedelta(seconds=median(gaps)) if gaps else None,
    )


def after_failure(
    state: FeedState, bounds: PollBounds, error: FeedError, *, now: datetime, spread: float
) -> FeedState:
    """The state after a failed poll: wait twice as long each time, at most six hours.

    A server's Retry-After is obeyed, and so are hours and days to skip. Where a remembered move
    has become unusable, the configured address is asked again.
    """
    failures = state.failures + 1
    doublings = min(failures - 1, 16)
    wait = min(bounds.fastest * 2**doublings, max(BACKOFF_MOST, bounds.fastest))
    if isinstance(error, FetchError) and error.fault is FetchFault.GONE:
        wait = max(wait, BACKOFF_MOST)
    wait = min(wait * (1 + JITTER * spread), max(BACKOFF_MOST, bounds.fastest))
    if isinstance(error, FetchError) and error.retry_after is not None:
        wait = max(wait, min(error.retry_after, RETRY_AFTER_MOST))
    lost = failures >= MOVE_SIGHTINGS
    return replace(
        state,
        due_at=_outside_skips(now + wait, state),
        polled_at=now,
        failures=failures,
        failing_since=state.failing_since or now,
        failure=str(error),
        moved_to=None if lost else state.moved_to,
        move_seen=None,
        move_sightings=0,
    )


def after_outage(
    state: FeedState, bounds: PollBounds, *, now: datetime, spread: float
) -> FeedState:
    """The state after a poll that failed for want of our own network: it counts for nothing."""
    due_at = _outside_skips(now + bounds.fastest * (1 + JITTER * spread), state)
    return replace(state, due_at=due_at, polled_at=now)


def is_to_be_told(state: FeedState, error: FeedError, *, now: datetime) -> bool:
    """Whether this failure is the one to tell the ops channel of.

    After a day; at once where the server says that the feed is gone; after three sightings where
    it is not found. Of a feed that never worked: after three failures, and at once where another
    attempt will not mend it.
    """
    if state.failure_told or state.failing_since is None:
        return False
    fault = error.fault if isinstance(error, FetchError) else None
    if fault is FetchFault.GONE:
        return True
    if fault is FetchFault.NOT_FOUND and state.failures >= NOT_FOUND_SIGHTINGS:
        return True
    if state.succeeded_at is None:
        final = fault in {FetchFault.REFUSED, FetchFault.TOO_LARGE}
        return final or isinstance(error, ParseError) or state.failures >= NEVER_WORKED_SIGHTINGS
    return now - state.failing_since >= TELL_AFTER


def _after_move(state: FeedState, moved_to: str | None) -> FeedState:
    if moved_to is None or (_is_secure(state.url) and not _is_secure(moved_to)):
        # What was encrypted is not given up for good because somebody in between said so.
        return replace(state, move_seen=None, move_sightings=0)
    sightings = state.move_sightings + 1 if moved_to == state.move_seen else 1
    settled = sightings >= MOVE_SIGHTINGS
    return replace(
        state,
        moved_to=moved_to if settled else state.moved_to,
        move_seen=moved_to,
        move_sightings=sightings,
    )


def _is_secure(url: str) -> bool:
    return url.startswith("https:")


def _outside_skips(due_at: datetime, state: FeedState) -> datetime:
    """The first moment from `due_at` on that the publisher does not ask to skip.

    A feed that asks to skip every hour or every day means nothing by it.
    RSS 2.0, skipHours and skipDays; both are in GMT.
    """
    hours = state.skip_hours if len(state.skip_hours) < _HOURS else frozenset()
    days = state.skip_days if len(state.skip_days) < _DAYS else frozenset()
    moment = due_at.astimezone(UTC)
    while moment.hour in hours or moment.weekday() in days:
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment
