"""Poll: fetch, parse and store one feed.

    feed + state ─ fetch ─ parse ─┬─ one transaction ─────────────────────────────┐
                     │       │    │ known keys → new | edits → stories → matches  │
                     └───────┴─┐  │ → deliveries → notices → state                │
                        failed └──┴───────────────────────────────────────────────┘

The decisions are in `bot.domain.polling` and `bot.domain.news`; here is the order of things.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

import structlog

from bot.domain import polling
from bot.domain.channel import Channel
from bot.domain.entry import ParsedFeed, StoredEntry
from bot.domain.feed import Feed, FeedState
from bot.domain.identity import Identified, identify, shared_keys
from bot.domain.news import Sorted, Standing, is_flood, tell_apart
from bot.errors import FeedError, ParseError, StuckError
from bot.ports import Clock, Fetcher, FetchRequest, FetchResult, Parser
from bot.ports.deliveries import Outgoing
from bot.ports.store import Store, Transaction
from bot.services import notices
from bot.services.failures import Failures, remembered
from bot.services.outages import Outages
from bot.services.route import Router, publish

_MOST_SHARED = 2_000
"""Contradicted keys remembered of a feed; with more, the older ones make way."""


class Outcome(StrEnum):
    """How a poll ended."""

    BASELINE = "baseline"
    UNCHANGED = "unchanged"
    READ = "read"
    HELD = "held"
    FAILED = "failed"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll brought.

    Attributes:
        url: The feed.
        outcome: How it ended.
        entries: Entries never seen before.
        alerts: Deliveries written for them and for edits.
        error: Why it failed.
    """

    url: str
    outcome: Outcome
    entries: int = 0
    alerts: int = 0
    error: FeedError | None = None


class PollFeed:
    """The use case."""

    def __init__(
        self,
        *,
        store: Store,
        fetcher: Fetcher,
        parser: Parser,
        clock: Clock,
        outages: Outages,
        ops: Channel,
        spread: Callable[[], float],
    ) -> None:
        """Put the parts together.

        Args:
            store: The database.
            fetcher: The network.
            parser: The reader of documents.
            clock: The time.
            outages: What is known of our own network.
            ops: Where notices go.
            spread: Random numbers in [0, 1], for the jitter.
        """
        self._store = store
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._outages = outages
        self._ops = ops
        self._spread = spread
        self._failures = Failures(store=store, clock=clock, outages=outages, ops=ops, spread=spread)
        self._log = structlog.get_logger(__name__)

    async def __call__(self, feed: Feed, router: Router) -> Poll:
        """Poll once, whatever the time; a failure of the feed is a result, not an exception.

        Raises:
            StuckError: Nothing was written, and the feed is still due.
            StorageError: The same.
        """
        async with self._store.begin() as transaction:
            state = await remembered(transaction, feed, self._clock)
        try:
            result = await self._fetcher.fetch(_request(feed, state))
            await self._outages.record(feed, reached=True)
            poll = await self._digest(feed, router, state, result)
        except FeedError as error:
            poll = await self._failed(feed, error)
        except StuckError:
            raise  # nothing is wrong with the feed
        except Exception as error:  # noqa: BLE001 - the border of one feed
            # Counted as the feed's failure, or it would be asked again every second.
            self._log.exception("poll.crashed", feed=feed.name)
            what = f"newsbot could not take in what it sent ({type(error).__name__})"
            poll = await self._failed(feed, ParseError(feed.url, f"{what}: please report this"))
        self._report(feed, poll)
        return poll

    async def _digest(
        self, feed: Feed, router: Router, state: FeedState, result: FetchResult
    ) -> Poll:
        if result.body is None:
            return await self._unchanged(feed, state, result)
        body_hash = hashlib.sha256(result.body).digest()
        if body_hash == state.body_hash:
            return await self._unchanged(feed, state, result)
        parsed = await self._parser.parse(
            result.body, url=result.url, content_type=result.content_type, known=state.fragments
        )
        state = polling.with_document(state, parsed, body_hash)
        return await self._store_document(feed, router, state, result, parsed)

    async def _unchanged(self, feed: Feed, state: FeedState, result: FetchResult) -> Poll:
        async with self._store.begin() as transaction:
            await self._save_success(transaction, feed, state, result)
        return Poll(url=feed.url, outcome=Outcome.UNCHANGED)

    async def _store_document(
        self,
        feed: Feed,
        router: Router,
        state: FeedState,
        result: FetchResult,
        parsed: ParsedFeed,
    ) -> Poll:
        now = self._clock.now()
        # A thousand entries with long addresses would hold up everything else for seconds.
        state, found = await asyncio.to_thread(_recognised, state, parsed, now)
        async with self._store.begin() as transaction:
            await transaction.feeds.lock(state.feed_id)
            keys = {key for item in found for key in item.keys}
            told = tell_apart(found, await transaction.entries.known(state.feed_id, keys), now=now)
            standing = await self._standing(transaction, state, told, parsed)
            stored = await transaction.entries.add(
                feed, state.feed_id, told.new, standing=standing, now=now
            )
            edited = await _edit(transaction, feed, told, now=now)
            news = [*edited, *stored] if standing is Standing.NEWS else edited
            alerts = await publish(transaction, router, news, now=now)
            if standing is Standing.HELD and not state.held:
                await self._hold(transaction, feed, state, len(told.new), _total(parsed))
            state = _learned(state, standing, told, now=now)
            await self._save_success(transaction, feed, state, result)
        return Poll(url=feed.url, outcome=_OUTCOMES[standing], entries=len(stored), alerts=alerts)

    async def _standing(
        self, transaction: Transaction, state: FeedState, told: Sorted, parsed: ParsedFeed
    ) -> Standing:
        """How this document's new entries are to be taken."""
        if state.baseline_at is None:
            return Standing.BASELINE
        new = [item.entry for item in told.new]
        flood = is_flood(
            state,
            new,
            total=_total(parsed),
            known_titles=await transaction.entries.known_titles(
                state.feed_id, {entry.title for entry in new}
            ),
            now=self._clock.now(),
        )
        return Standing.HELD if flood else Standing.NEWS

    async def _hold(
        self,
        transaction: Transaction,
        feed: Feed,
        state: FeedState,
        count: int,
        total: int,
    ) -> None:
        """Ask a person, once for as long as anything of the feed is held."""
        now = self._clock.now()
        await transaction.feeds.set_held(state.feed_id, held=True)
        notice = notices.feed_flooded(feed, count, total)
        held = Outgoing(
            channel=self._ops, key=f"flood:{state.feed_id}:{now.isoformat()}", message=notice
        )
        await transaction.deliveries.add([held], now=now)

    async def _save_success(
        self, transaction: Transaction, feed: Feed, state: FeedState, result: FetchResult
    ) -> None:
        now = self._clock.now()
        await self._failures.over(transaction, feed, state)
        unchanged = result.body is None
        answer = polling.Answer(
            etag=result.etag or (state.etag if unchanged else None),
            last_modified=result.last_modified or (state.last_modified if unchanged else None),
            max_age=result.max_age,
            moved_to=result.moved_to,
        )
        await transaction.feeds.save(
            polling.after_success(state, feed.bounds, answer, now=now, spread=self._spread())
        )

    async def _failed(self, feed: Feed, error: FeedError) -> Poll:
        counts = await self._failures.note(feed, error)
        outcome = Outcome.FAILED if counts else Outcome.OFFLINE
        return Poll(url=feed.url, outcome=outcome, error=error)

    def _report(self, feed: Feed, poll: Poll) -> None:
        if poll.error is not None:
            return  # told where it was counted
        log = self._log.bind(feed=feed.name, outcome=poll.outcome.value)
        if poll.outcome is not Outcome.BASELINE and (poll.entries or poll.alerts):
            log.info("poll.done", entries=poll.entries, alerts=poll.alerts)
        else:
            log.debug("poll.done")


_OUTCOMES = {
    Standing.BASELINE: Outcome.BASELINE,
    Standing.NEWS: Outcome.READ,
    Standing.HELD: Outcome.HELD,
}


def _recognised(
    state: FeedState, parsed: ParsedFeed, now: datetime
) -> tuple[FeedState, Sequence[Identified]]:
    """The document's entries with their keys, and the state with the keys not to be believed."""
    # Only unseen entries are parsed: what earlier ones showed to be shared must be remembered.
    shared = shared_keys(parsed.entries, feed_link=parsed.link)
    if len(shared) + len(state.shared_keys) <= _MOST_SHARED:
        shared |= state.shared_keys
    found = identify(parsed.entries, seen_at=now, feed_link=parsed.link, shared=shared)
    return replace(state, shared_keys=shared), found


async def _edit(
    transaction: Transaction, feed: Feed, told: Sorted, *, now: datetime
) -> list[StoredEntry]:
    """Write edits down; gives those that may still alert, by what they say now."""
    again = []
    for edit in told.edits:
        edited = await transaction.entries.edit(edit.entry_id, edit.found, feed, now=now)
        if edit.rematch and edited.says_other:
            again.append(edited.stored)
    return again


def _learned(state: FeedState, standing: Standing, told: Sorted, *, now: datetime) -> FeedState:
    """The state with what the arrivals say about the feed's pace."""
    if standing is Standing.BASELINE:
        published = [item.entry.dated for item in told.new if item.entry.dated]
        return polling.with_baseline(state, published, now=now)
    if standing is Standing.HELD:
        return state
    return polling.with_arrivals(state, len(told.new), now=now)


def _total(parsed: ParsedFeed) -> int:
    return max(len(parsed.fragments), len(parsed.entries))


def _request(feed: Feed, state: FeedState) -> FetchRequest:
    url = state.moved_to or feed.url
    return FetchRequest(
        url=url,
        etag=state.etag,
        last_modified=state.last_modified,
        # A login is for the host it was given for, not for where that host now points.
        headers=feed.headers if _origin(url) == _origin(feed.url) else {},
    )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
