"""Outages: our own lost network, noticed across feeds and counted against none."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from bot.domain.channel import Channel
from bot.domain.feed import Feed
from bot.domain.outage import WINDOW, HostWatch
from bot.ports import Clock
from bot.ports.deliveries import Outgoing
from bot.ports.store import Store, Transaction
from bot.services import notices

_CUT_OFF = "Most feeds cannot be reached: check this machine's network. It counts against none."


class Outages:
    """Watches what all hosts answer."""

    def __init__(self, *, store: Store, clock: Clock, ops: Channel) -> None:
        self._store = store
        self._clock = clock
        self._ops = ops
        self._watch = HostWatch()
        self._silent: dict[str, timedelta] = {}
        self._since: datetime | None = None
        self._turn = asyncio.Lock()
        self._log = structlog.get_logger(__name__)

    @property
    def is_on(self) -> bool:
        """Whether we are cut off ourselves, as far as the hosts' last words tell."""
        return self._since is not None

    async def record(self, feed: Feed, *, reached: bool) -> None:
        """Note the last word of a feed's host.

        When an outage is first seen, the failures of feeds that began within its window are
        undone: they were the outage's beginning. So are, when it ends, those of polls that were
        under way when it was seen. Where there was an answer, if only that we are to wait, the
        failure is the publisher's and stays.
        """
        now = self._clock.now()
        self._watch.record(urlsplit(feed.url).hostname or feed.url, reached=reached, now=now)
        if reached:
            self._silent.pop(feed.url, None)
        else:
            self._silent[feed.url] = feed.bounds.fastest
        async with self._turn:
            cut_off = self._watch.is_outage(now)
            if cut_off and self._since is None:
                await self._begin(now)
            elif not cut_off and self._since is not None:
                await self._end(self._since, now)

    async def _begin(self, now: datetime) -> None:
        async with self._store.begin() as transaction:
            forgiven = await _forgive(transaction, self._silent, since=now, now=now)
        self._since = now
        self._log.warning("outage.begun", feeds_forgiven=forgiven, what=_CUT_OFF)

    async def _end(self, since: datetime, now: datetime) -> None:
        notice = Outgoing(
            channel=self._ops,
            key=f"outage:{since.isoformat()}",
            message=notices.outage_over(since, now),
        )
        async with self._store.begin() as transaction:
            await _forgive(transaction, self._silent, since=since, now=now)
            await transaction.deliveries.add([notice], now=now)
        self._since = None
        self._log.info("outage.over", seconds=(now - since).total_seconds())


async def _forgive(
    transaction: Transaction, silent: Mapping[str, timedelta], *, since: datetime, now: datetime
) -> int:
    """Undo failures; each feed is asked again as soon as its interval allows."""
    by_wait: dict[timedelta, list[str]] = defaultdict(list)
    for url, wait in silent.items():
        by_wait[wait].append(url)
    forgiven = 0
    for wait, urls in by_wait.items():
        forgiven += await transaction.feeds.forgive(urls, since=since - WINDOW, due_at=now + wait)
    return forgiven
