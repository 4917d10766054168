"""Meters: what is counted and measured, in a registry of their own.

Every label has a few values that are known beforehand: no address, title or channel is one.
"""

import platform
from datetime import datetime, timedelta
from math import nan
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from bot.domain.channel import Platform
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.message import Alert
from bot.errors import FeedError, FetchError, FetchFault
from bot.services.health import Status
from bot.services.poll_feed import Outcome, Poll

_NO_FEED: Final = "no feed"
"""The kind of error of a document that could not be read; the others are `FetchFault`."""
_LAG_BUCKETS: Final = (5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)
_LOOP_BUCKETS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Meters:
    """All of them; `text` is what Prometheus reads."""

    def __init__(self, version: str) -> None:
        """Everything stands at nought.

        Args:
            version: newsbot's own.
        """
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        build = self._gauge("newsbot_build_info", "Which newsbot runs.", "version", "python")
        build.labels(version, platform.python_version()).set(1)
        self._polls = self._counter("newsbot_polls", "Polls, by how they ended.", "outcome")
        self._errors = self._counter("newsbot_feed_errors", "Polls that failed, by why.", "kind")
        self._restarts = self._counter(
            "newsbot_loop_restarts", "Loops that died and were begun again.", "loop"
        )
        self._lag = self._histogram(
            "newsbot_lag_seconds",
            "From a story's publication, as its feed dates it, to the alert in the channel.",
            _LAG_BUCKETS,
        )
        self._loop_lag = self._histogram(
            "newsbot_event_loop_lag_seconds",
            "By how much the event loop woke later than it was to.",
            _LOOP_BUCKETS,
        )
        self._deliveries = self._gauge(
            "newsbot_deliveries", "Deliveries that are stored, by state.", "state"
        )
        self._connections = self._gauge(
            "newsbot_connection_up", "Whether commands arrive, by platform.", "platform"
        )
        self._queue_age = self._gauge(
            "newsbot_queue_age_seconds", "For how long the most overdue delivery has waited."
        )
        self._digest_age = self._gauge(
            "newsbot_digest_age_seconds", "For how long the most overdue digest has waited."
        )
        self._feeds = self._gauge("newsbot_feeds", "Feeds that are polled.")
        self._failing = self._gauge("newsbot_feeds_failing", "Feeds whose last poll failed.")
        self._overdue = self._gauge(
            "newsbot_feeds_overdue", "Feeds that should have been polled long ago."
        )
        self._healthy = self._gauge("newsbot_healthy", "1 where /healthz answers 200.")
        self._begin()

    def polled(self, poll: Poll) -> None:
        """Count a poll."""
        self._polls.labels(poll.outcome.value).inc()
        if poll.error is not None:
            self._errors.labels(_kind(poll.error)).inc()

    def sent(self, delivery: Delivery, now: datetime) -> None:
        """Measure how old the news is that stands in a channel now."""
        message = delivery.message
        if isinstance(message, Alert):
            self._lag.observe(max(now - message.published, timedelta()).total_seconds())

    def woke_late(self, seconds: float) -> None:
        """Measure the event loop."""
        self._loop_lag.observe(seconds)

    def restarted(self, loop: str) -> None:
        """Count a loop that died; its name is one word, or two with a platform."""
        self._restarts.labels(loop).inc()

    def connected(self, platform: Platform, *, up: bool) -> None:
        """Note whether commands arrive."""
        self._connections.labels(platform.value).set(up)

    def found(self, status: Status | None, now: datetime, *, well: bool) -> None:
        """Note how newsbot is doing; None where the database does not say."""
        self._healthy.set(well)
        for state in DeliveryState:
            number = nan if status is None else status.deliveries.get(state, 0)
            self._deliveries.labels(state.value).set(number)
        self._feeds.set(nan if status is None else status.feeds)
        self._failing.set(nan if status is None else status.failing)
        self._overdue.set(nan if status is None else status.overdue)
        self._queue_age.set(nan if status is None else _age(status.waiting_since, now))
        self._digest_age.set(nan if status is None else _age(status.digest_since, now))

    def text(self) -> bytes:
        """The figures, in Prometheus' text format 0.0.4."""
        return generate_latest(self._registry)

    def _begin(self) -> None:
        """Have every series from the start: a rate needs a nought to rise from."""
        for outcome in Outcome:
            self._polls.labels(outcome.value)
        for kind in (*FetchFault, _NO_FEED):
            self._errors.labels(kind)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self._registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(name, what, labels, registry=self._registry)

    def _histogram(self, name: str, what: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, what, buckets=buckets, registry=self._registry)


def _age(since: datetime | None, now: datetime) -> float:
    """Seconds; none where nothing waits."""
    return (now - (since or now)).total_seconds()


def _kind(error: FeedError) -> str:
    return error.fault.value if isinstance(error, FetchError) else _NO_FEED
