"""Failures: what becomes of a poll that failed, until the feed answers again."""

from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.domain import polling
from bot.domain.channel import Channel
from bot.domain.feed import Feed, FeedState
from bot.domain.message import Notice
from bot.errors import FeedError, FetchError, FetchFault
from bot.ports import Clock
from bot.ports.deliveries import Outgoing
from bot.ports.store import Store, Transaction
from bot.services import notices
from bot.services.outages import Outages


class Failures:
    """Counts a feed's failures, tells of those that matter, and of their end."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        outages: Outages,
        ops: Channel,
        spread: Callable[[], float],
    ) -> None:
        """Put the parts together.

        Args:
            store: The database.
            clock: The time.
            outages: What is known of our own network.
            ops: Where notices go.
            spread: Random numbers in [0, 1], for the jitter.
        """
        self._store = store
        self._clock = clock
        self._outages = outages
        self._ops = ops
        self._spread = spread
        self._log = structlog.get_logger(__name__)

    async def note(self, feed: Feed, error: FeedError) -> bool:
        """Write a failure down; gives whether it counts, which it does not in our own outage.

        Raises:
            StorageError: Nothing was written, and the feed is still due.
        """
        now = self._clock.now()
        silent = isinstance(error, FetchError) and error.fault is FetchFault.NETWORK
        await self._outages.record(feed, reached=not silent)
        async with self._store.begin() as transaction:
            # Read anew: the first failures of an outage may have been undone meanwhile.
            before = await remembered(transaction, feed, self._clock)
            counts = not (silent and self._outages.is_on)
            if counts:
                after = polling.after_failure(
                    before, feed.bounds, error, now=now, spread=self._spread()
                )
                if polling.is_to_be_told(after, error, now=now):
                    after = await self._tell_failing(transaction, feed, after)
            else:
                after = polling.after_outage(before, feed.bounds, now=now, spread=self._spread())
            await transaction.feeds.save(after)
        self._report(feed, before, after, error)
        return counts

    async def over(self, transaction: Transaction, feed: Feed, state: FeedState) -> None:
        """Tell of the end of a feed's failures, where they were told."""
        if not state.failures:
            return
        now = self._clock.now()
        if state.failure_told:
            key = f"recovered:{state.feed_id}:{(state.failing_since or now).isoformat()}"
            await self._tell(transaction, key, notices.feed_recovered(feed, state, now=now))
        event = "feed.recovered" if state.failure_told else "poll.recovered"
        self._log.info(event, feed=feed.name, failures=state.failures)

    async def _tell_failing(
        self, transaction: Transaction, feed: Feed, state: FeedState
    ) -> FeedState:
        now = self._clock.now()
        key = f"failing:{state.feed_id}:{(state.failing_since or now).isoformat()}"
        await self._tell(transaction, key, notices.feed_failing(feed, state, now=now))
        return replace(state, failure_told=True)

    async def _tell(self, transaction: Transaction, key: str, notice: Notice) -> None:
        outgoing = Outgoing(channel=self._ops, key=key, message=notice)
        await transaction.deliveries.add([outgoing], now=self._clock.now())

    def _report(self, feed: Feed, before: FeedState, after: FeedState, error: FeedError) -> None:
        """A line for the first failure, for another cause and for what is told; else for debug."""
        log = self._log.bind(feed=feed.name, failures=after.failures, error=str(error))
        if after.failure_told and not before.failure_told:
            log.error("feed.failing", url=feed.url)
        elif after.failures > before.failures and after.failure != before.failure:
            log.warning("poll.failed")
        else:
            log.debug("poll.failed")


async def remembered(transaction: Transaction, feed: Feed, clock: Clock) -> FeedState:
    """The state of a feed, which begins here where there is none."""
    state = await transaction.feeds.get(feed.url)
    if state is None:
        await transaction.feeds.add([feed.url], due_at=clock.now())
        return await remembered(transaction, feed, clock)
    return state
