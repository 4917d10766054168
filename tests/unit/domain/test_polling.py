"""When a feed is asked next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import polling
from bot.domain.entry import ParsedFeed
from bot.domain.feed import FeedState, PollBounds
from bot.errors import FetchError, FetchFault, ParseError
from tests.fakes.clock import START

NOW = START
BOUNDS = PollBounds()
URL = "https://news.example/feed"
BEFORE = NOW - timedelta(days=1)
STATE = FeedState(feed_id=1, url=URL, due_at=NOW, baseline_at=BEFORE, succeeded_at=BEFORE)


def failure(fault: FetchFault, *, retry_after: timedelta | None = None) -> FetchError:
    return FetchError(URL, "no luck", fault=fault, retry_after=retry_after)


def succeed(state: FeedState, answer: polling.Answer | None = None, spread: float = 0) -> FeedState:
    return polling.after_success(state, BOUNDS, answer or polling.Answer(), now=NOW, spread=spread)


@pytest.mark.parametrize(
    ("gap", "silence", "expected"),
    [
        (None, timedelta(), timedelta(minutes=2)),
        (timedelta(minutes=1), timedelta(), timedelta(minutes=2)),
        (timedelta(minutes=40), timedelta(), timedelta(minutes=10)),
        (timedelta(minutes=40), timedelta(minutes=80), timedelta(minutes=20)),
        (timedelta(days=3), timedelta(), timedelta(minutes=60)),
    ],
)
def test_the_interval_is_a_quarter_of_the_feeds_gap_within_bounds(
    gap: timedelta | None, silence: timedelta, expected: timedelta
) -> None:
    state = replace(STATE, gap=gap, arrived_at=NOW - silence)
    assert polling.interval(state, BOUNDS, now=NOW) == expected


def test_a_gap_without_an_arrival_is_taken_as_it_is() -> None:
    state = replace(STATE, gap=timedelta(minutes=40))
    assert polling.interval(state, BOUNDS, now=NOW) == timedelta(minutes=10)


def test_success_clears_every_trace_of_failure() -> None:
    failed = replace(STATE, failures=3, failing_since=NOW, failure="no luck", failure_told=True)
    after = succeed(failed)
    assert (after.failures, after.failing_since, after.failure, after.failure_told) == (
        0, None, None, False,
    )  # fmt: skip
    assert after.succeeded_at == after.polled_at == NOW


def test_jitter_lengthens_by_up_to_a_tenth() -> None:
    assert succeed(STATE, spread=1).due_at == NOW + timedelta(minutes=2) * 1.1


@pytest.mark.parametrize(
    ("ttl", "max_age", "expected"),
    [
        (timedelta(minutes=15), None, 15),
        (None, timedelta(minutes=5), 5),
        (timedelta(minutes=15), timedelta(minutes=30), 30),
        (timedelta(days=1), None, 60),
    ],
)
def test_what_the_publisher_asks_is_honoured_up_to_the_slowest_interval(
    ttl: timedelta | None, max_age: timedelta | None, expected: int
) -> None:
    after = succeed(replace(STATE, ttl=ttl), polling.Answer(max_age=max_age))
    assert after.due_at == NOW + timedelta(minutes=expected)


def test_a_skipped_hour_moves_the_poll_to_its_end() -> None:
    state = replace(STATE, skip_hours=frozenset({9, 10}))
    assert succeed(state).due_at == datetime(2026, 3, 2, 11, tzinfo=UTC)


def test_skipped_days_move_the_poll_to_the_next_day_allowed() -> None:
    state = replace(STATE, skip_days=frozenset({0, 1}))
    assert succeed(state).due_at == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "state",
    [
        replace(STATE, skip_hours=frozenset(range(24))),
        replace(STATE, skip_days=frozenset(range(7))),
    ],
)
def test_a_feed_that_asks_to_skip_everything_is_not_believed(state: FeedState) -> None:
    assert succeed(state).due_at == NOW + timedelta(minutes=2)


def test_a_document_brings_its_wishes_and_fragments() -> None:
    parsed = ParsedFeed(
        ttl=timedelta(minutes=9),
        skip_hours=frozenset({3}),
        skip_days=frozenset({6}),
        fragments=frozenset({b"12345678"}),
    )
    after = polling.with_document(STATE, parsed, b"hash")
    assert (after.ttl, after.skip_hours, after.skip_days) == (
        parsed.ttl, parsed.skip_hours, parsed.skip_days,
    )  # fmt: skip
    assert (after.fragments, after.body_hash) == (parsed.fragments, b"hash")


def test_arrivals_teach_the_gap_and_older_ones_weigh_more() -> None:
    first = polling.with_arrivals(STATE, 2, now=NOW)
    assert (first.arrived_at, first.gap) == (NOW, None)
    second = polling.with_arrivals(first, 2, now=NOW + timedelta(minutes=20))
    assert second.gap == timedelta(minutes=10)
    third = polling.with_arrivals(second, 1, now=NOW + timedelta(minutes=40))
    assert third.gap == timedelta(minutes=10) * 0.7 + timedelta(minutes=20) * 0.3


def test_no_arrival_teaches_nothing() -> None:
    assert polling.with_arrivals(STATE, 0, now=NOW) is STATE


def test_the_baseline_reads_the_gap_off_the_dates_in_the_feed() -> None:
    dates = [NOW - timedelta(minutes=minutes) for minutes in (5, 15, 35)]
    after = polling.with_baseline(STATE, [*dates, NOW + timedelta(days=1)], now=NOW)
    assert after.gap == timedelta(minutes=15)
    assert (after.arrived_at, after.baseline_at) == (NOW - timedelta(minutes=5), NOW)


def test_a_baseline_without_dates_leaves_the_gap_open() -> None:
    after = polling.with_baseline(STATE, [], now=NOW)
    assert (after.gap, after.arrived_at) == (None, NOW)


def test_failures_double_the_wait_up_to_six_hours() -> None:
    state, waits = STATE, []
    for _ in range(12):
        state = polling.after_failure(state, BOUNDS, failure(FetchFault.SERVER), now=NOW, spread=0)
        waits.append((state.due_at - NOW) / timedelta(minutes=1))
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == 360
    assert (state.failures, state.failing_since) == (12, NOW)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (timedelta(seconds=5), timedelta(minutes=2)),
        (timedelta(hours=7), timedelta(hours=7)),
        (timedelta(days=30), timedelta(days=1)),
    ],
)
def test_retry_after_is_obeyed_up_to_a_day(asked: timedelta, expected: timedelta) -> None:
    error = failure(FetchFault.THROTTLED, retry_after=asked)
    after = polling.after_failure(STATE, BOUNDS, error, now=NOW, spread=0)
    assert after.due_at == NOW + expected


def test_a_feed_that_is_gone_is_asked_every_six_hours() -> None:
    after = polling.after_failure(STATE, BOUNDS, failure(FetchFault.GONE), now=NOW, spread=0)
    assert after.due_at == NOW + timedelta(hours=6)


def test_a_skipped_hour_moves_the_next_attempt_at_a_failing_feed_to_its_end() -> None:
    state = replace(STATE, skip_hours=frozenset({9, 10}))
    end = datetime(2026, 3, 2, 11, tzinfo=UTC)
    error = failure(FetchFault.SERVER)
    assert polling.after_failure(state, BOUNDS, error, now=NOW, spread=0).due_at == end
    assert polling.after_outage(state, BOUNDS, now=NOW, spread=0).due_at == end


def test_our_own_outage_leaves_no_mark() -> None:
    after = polling.after_outage(STATE, BOUNDS, now=NOW, spread=0)
    assert (after.failures, after.failing_since) == (0, None)
    assert after.due_at == NOW + BOUNDS.fastest


def test_a_move_is_remembered_after_three_sightings_in_a_row() -> None:
    there = polling.Answer(moved_to="https://new.example/feed")
    twice = succeed(succeed(STATE, there), there)
    assert twice.moved_to is None
    assert succeed(twice, there).moved_to == "https://new.example/feed"


def test_a_move_away_from_encryption_is_not_remembered() -> None:
    state = STATE
    for _ in range(5):
        state = succeed(state, polling.Answer(moved_to="http://news.example/feed"))
    assert state.moved_to is None


def test_a_move_that_changes_its_target_is_counted_anew() -> None:
    state = STATE
    for target in ("https://a.example/", "https://a.example/", "https://b.example/"):
        state = succeed(state, polling.Answer(moved_to=target))
    assert (state.moved_to, state.move_sightings) == (None, 1)


def test_a_remembered_move_is_forgotten_when_it_leads_nowhere() -> None:
    state = replace(STATE, moved_to="https://new.example/feed")
    for _ in range(2):
        state = polling.after_failure(state, BOUNDS, failure(FetchFault.NETWORK), now=NOW, spread=0)
    assert state.moved_to == "https://new.example/feed"
    after = polling.after_failure(state, BOUNDS, failure(FetchFault.NETWORK), now=NOW, spread=0)
    assert after.moved_to is None


@pytest.mark.parametrize(
    ("error", "failures", "lasted", "told"),
    [
        (failure(FetchFault.SERVER), 9, timedelta(hours=23), False),
        (failure(FetchFault.SERVER), 9, timedelta(hours=24), True),
        (ParseError(URL, "no feed"), 9, timedelta(hours=24), True),
        (failure(FetchFault.GONE), 1, timedelta(), True),
        (failure(FetchFault.NOT_FOUND), 2, timedelta(), False),
        (failure(FetchFault.NOT_FOUND), 3, timedelta(), True),
    ],
)
def test_a_failure_is_told_after_a_day_or_when_it_is_final(
    error: FetchError | ParseError, failures: int, lasted: timedelta, told: bool
) -> None:
    state = replace(STATE, failures=failures, failing_since=NOW - lasted)
    assert polling.is_to_be_told(state, error, now=NOW) is told
    assert not polling.is_to_be_told(replace(state, failure_told=True), error, now=NOW)


@pytest.mark.parametrize(
    ("error", "failures"),
    [
        (failure(FetchFault.SERVER), 3),
        (failure(FetchFault.NETWORK), 3),
        (failure(FetchFault.DENIED), 3),
        (failure(FetchFault.REFUSED), 1),
        (failure(FetchFault.TOO_LARGE), 1),
        (ParseError(URL, "a web page"), 1),
    ],
)
def test_a_feed_that_never_worked_is_told_of_soon_or_at_once(
    error: FetchError | ParseError, failures: int
) -> None:
    never = replace(STATE, baseline_at=None, succeeded_at=None, failing_since=NOW)
    before, then = (replace(never, failures=number) for number in (failures - 1, failures))
    assert polling.is_to_be_told(then, error, now=NOW)
    assert failures == 1 or not polling.is_to_be_told(before, error, now=NOW)
    assert not polling.is_to_be_told(replace(then, failure_told=True), error, now=NOW)
    worked = replace(then, succeeded_at=BEFORE)
    assert not polling.is_to_be_told(worked, error, now=NOW)


def test_a_feed_that_does_not_fail_has_nothing_to_tell() -> None:
    assert not polling.is_to_be_told(STATE, failure(FetchFault.GONE), now=NOW)
