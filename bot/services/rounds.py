"""Rounds: what newsbot does again and again; whoever holds the clock says when."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import structlog

from bot.domain.catalog import Catalog
from bot.domain.channel import Channel, Platform
from bot.domain.feed import Feed
from bot.domain.message import Notice
from bot.errors import ConfigError, NewsbotError
from bot.ports import CatalogSource, Clock
from bot.ports.deliveries import Outgoing
from bot.ports.store import Store
from bot.services import notices
from bot.services.deliver import Deliver
from bot.services.first_look import FirstLook
from bot.services.poll_feed import Poll
from bot.services.route import Router
from bot.services.send_digest import SendDigests

POLLS_AT_ONCE = 16
POLLS_A_HOST = 2
NOT_STORED_WAIT = timedelta(minutes=1)
"""How long a feed is left alone whose poll could not be written down."""


class Rounds:
    """Polling what is due, sending what is due, and keeping up with changed files."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        source: CatalogSource | None,
        store: Store,
        poll_feed: Callable[[Feed, Router], Awaitable[Poll]],
        deliver: Deliver,
        digests: SendDigests,
        clock: Clock,
        ops: Channel,
        platforms: frozenset[Platform],
    ) -> None:
        """Put the parts together.

        Args:
            catalog: The feeds and topics to begin with.
            source: Where changed files are read again; None where there are no files.
            store: The database.
            poll_feed: Polls one feed.
            deliver: Sends what is due.
            digests: Puts together what is to be read together.
            clock: The time.
            ops: Where notices go.
            platforms: Those newsbot is connected to.
        """
        self._source = source
        self._store = store
        self._poll_feed = poll_feed
        self._deliver = deliver
        self._digests = digests
        self._clock = clock
        self._ops = ops
        self._platforms = platforms
        self._polls: dict[str, asyncio.Task[Poll | None]] = {}
        self._not_before: dict[str, datetime] = {}
        self._places = asyncio.Semaphore(POLLS_AT_ONCE)
        self._refused = False
        self._untold: tuple[str, Notice] | None = None
        self._first_look = FirstLook()
        self._log = structlog.get_logger(__name__)
        self._adopt(catalog, self._routing(catalog))

    @property
    def router(self) -> Router:
        """The topics in force."""
        return self._router

    @property
    def catalog(self) -> Catalog:
        """The files in force."""
        return self._catalog

    @property
    def feeds(self) -> Sequence[Feed]:
        """The feeds in force, those added in chat included."""
        return tuple(self._feeds.values())

    def _routing(self, catalog: Catalog) -> Router:
        shared = {feed.url for feed in catalog.feeds}
        return Router(catalog.topics, platforms=self._platforms, shared=shared)

    def _adopt(self, catalog: Catalog, router: Router) -> None:
        self._catalog = catalog
        self._configured: Mapping[str, Feed] = {feed.url: feed for feed in catalog.feeds}
        self._feeds = self._configured
        self._router = router
        self._topics = len(catalog.topics)
        self._remembered: int | None = None

    async def start_due_polls(self) -> None:
        """Begin to poll every feed that is due and not being polled."""
        now = self._clock.now()
        async with self._store.read() as transaction:
            revision = await transaction.subscriptions.revision()
        if self._remembered != revision:
            await self._remember(now)
        async with self._store.read() as transaction:
            due = await transaction.feeds.due(now)
        for url in due:
            feed = self._feeds.get(url)
            if feed is not None and self._may_start(feed, now):
                task = asyncio.create_task(self._poll(feed), name=f"poll {url}")
                self._polls[url] = task
                task.add_done_callback(partial(self._done, url))

    async def _remember(self, now: datetime) -> None:
        """Have every feed in force in the database, those added in chat since then too."""
        async with self._store.begin() as transaction:
            revision = await transaction.subscriptions.revision()
            added = await transaction.added_feeds.all()
            feeds = {feed.url: Feed(url=feed.url, name=feed.name) for feed in added}
            self._feeds = {**feeds, **self._configured}
            await transaction.feeds.add(self._feeds.keys(), due_at=now)
            states = await transaction.feeds.all()
        unseen = [state.url for state in states if state.polled_at is None]
        self._first_look.expect(
            [url for url in unseen if url in self._feeds and not self._feeds[url].paused]
        )
        self._remembered = revision

    def _may_start(self, feed: Feed, now: datetime) -> bool:
        """Whether a due feed is to be begun now.

        No more of a host are begun than it is asked at a time: those that would only wait for
        their turn must not take the places of others.
        """
        host = _host(feed.url)
        under_way = sum(host == _host(url) for url in self._polls)
        return (
            not feed.paused
            and feed.url not in self._polls
            and under_way < POLLS_A_HOST
            and self._not_before.get(feed.url, now) <= now
        )

    def _done(self, url: str, task: asyncio.Task[Poll | None]) -> None:
        self._polls.pop(url, None)
        if not task.cancelled() and task.result() is None:
            # Nothing could be written, so it is still due: do not ask the publisher every second.
            self._not_before[url] = self._clock.now() + NOT_STORED_WAIT
        else:
            self._not_before.pop(url, None)

    async def poll_due(self) -> Sequence[Poll]:
        """Poll every feed that is due, and wait for the outcomes."""
        polls: list[Poll | None] = []
        await self.start_due_polls()
        while self._polls:
            polls += await asyncio.gather(*self._polls.values())
            await self.start_due_polls()
        return [poll for poll in polls if poll is not None]

    async def deliver_due(self) -> None:
        """Begin to send in every channel that has something due, digests included."""
        await self._digests(self._router)
        await self._deliver.start_due()

    async def reread(self) -> bool:
        """Adopt changed files; where they hold mistakes, go on with the last good ones.

        Returns:
            Whether other files are in force now.
        """
        if self._source is None:
            return False
        adopted = await self._reread(self._source)
        await self._tell()
        return adopted

    async def _reread(self, source: CatalogSource) -> bool:
        try:
            catalog = await asyncio.to_thread(source.refresh)
        except ConfigError as error:
            self._refused = True
            self._log.error("configuration.refused", mistakes=str(error))
            self._untold = ("refused", notices.configuration_refused(str(error)))
            return False
        if catalog is None:
            return False
        # Beside the loop: some thousands of topics take tenths of a second to prepare.
        self._adopt(catalog, await asyncio.to_thread(self._routing, catalog))
        counts = {"feeds": len(self._feeds), "topics": self._topics}
        event = "configuration.mended" if self._refused else "configuration.adopted"
        self._log.info(event, **counts)
        if self._refused:
            self._refused = False
            self._untold = ("adopted", notices.configuration_adopted(counts))
        return True

    async def stop(self) -> None:
        """Break off polls, which lose nothing, and wait for the posts under way."""
        polls = list(self._polls.values())
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)
        await self._deliver.stop()

    async def abandon(self) -> None:
        """Break off the posts under way too."""
        await self._deliver.abandon()

    async def _poll(self, feed: Feed) -> Poll | None:
        async with self._places:
            poll = await self._supervised_poll(feed)
        self._first_look.record(feed.url, poll)
        return poll

    async def _supervised_poll(self, feed: Feed) -> Poll | None:
        try:
            poll = await self._poll_feed(feed, self._router)
            if poll.alerts:
                await self.deliver_due()
        except NewsbotError as error:
            self._log.error("poll.not_stored", feed=feed.name, error=str(error))
        except Exception:  # noqa: BLE001 - a supervised loop
            # A mistake of ours over one feed's document must not end the others' polls.
            self._log.exception("poll.crashed", feed=feed.name)
        else:
            return poll
        return None

    async def _tell(self) -> None:
        """Write down what is to be told; where that fails, the next reading tries again."""
        if self._untold is None:
            return
        what, notice = self._untold
        now: datetime = self._clock.now()
        outgoing = Outgoing(
            channel=self._ops, key=f"configuration:{what}:{now.isoformat()}", message=notice
        )
        async with self._store.begin() as transaction:
            await transaction.deliveries.add([outgoing], now=now)
        self._untold = None


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
