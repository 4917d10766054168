"""Life: one process of newsbot, between two restarts, put together as in `bot.bootstrap`."""

import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from sqlalchemy import func, select, union_all

from bot.domain.catalog import Catalog
from bot.domain.channel import CONSOLE, Platform
from bot.domain.delivery import DeliveryState
from bot.domain.feed import Feed
from bot.feeds.fetch import HttpFetcher
from bot.feeds.guard import Guard
from bot.feeds.pool import PoolParser
from bot.ports import Messenger
from bot.services.deliver import Deliver
from bot.services.outages import Outages
from bot.services.poll_feed import PollFeed
from bot.services.rounds import Rounds
from bot.services.send_digest import SendDigests
from bot.storage.database import Database
from bot.storage.schema import deliveries, feeds
from tests.fakes.clock import START, FakeClock
from tests.fakes.day.newsroom import TOPICS

_ROUND = timedelta(seconds=1)
"""How often newsbot's own schedule looks for what is due."""
_TIMEOUT = 0.5
"""Seconds, real ones, that a fetch may take; outlets that stall take it out."""
_WAITING = (DeliveryState.PENDING.value, DeliveryState.UNKNOWN.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a day needs of a process.

    Attributes:
        rounds: Polling.
        deliver: Sending.
        store: The database.
        clock: The time.
    """

    rounds: Rounds
    deliver: Deliver
    store: Database
    clock: FakeClock

    async def next_round(self) -> datetime:
        """The next second in which something is due."""
        async with self.store.read() as transaction:
            due = await transaction.feeds._connection.scalar(_DUE)
        soonest = max(due or START, self.clock.now() + _ROUND)
        return START + _ROUND * math.ceil((soonest - START) / _ROUND)


_MOMENTS = union_all(
    select(feeds.c.due_at), select(deliveries.c.due_at).where(deliveries.c.state.in_(_WAITING))
).subquery()
_DUE = select(func.min(_MOMENTS.c.due_at))


@asynccontextmanager
async def living(
    database_url: str,
    *,
    clock: FakeClock,
    watched: Sequence[Feed],
    messengers: Mapping[Platform, Messenger],
    spread: Callable[[], float],
) -> AsyncIterator[Life]:
    """Start a process on a database; at the end, stop it as a signal would."""
    async with AsyncExitStack() as stack:
        store = await Database.open(database_url)
        stack.push_async_callback(store.close)
        fetcher = HttpFetcher(
            guard=Guard([ip_network("127.0.0.0/8")]),
            user_agent="newsbot/day",
            clock=clock,
            timeout=_TIMEOUT,
        )
        stack.push_async_callback(fetcher.close)
        parser = await stack.enter_async_context(PoolParser())
        deliver = Deliver(store=store, messengers=messengers, clock=clock, ops=CONSOLE)
        rounds = Rounds(
            catalog=Catalog(feeds=tuple(watched), topics=TOPICS),
            source=None,
            store=store,
            poll_feed=PollFeed(
                store=store,
                fetcher=fetcher,
                parser=parser,
                clock=clock,
                outages=Outages(store=store, clock=clock, ops=CONSOLE),
                ops=CONSOLE,
                spread=spread,
            ),
            deliver=deliver,
            digests=SendDigests(store=store, clock=clock, burst=None),
            clock=clock,
            ops=CONSOLE,
            platforms=frozenset(messengers),
        )
        stack.push_async_callback(rounds.stop)
        yield Life(rounds=rounds, deliver=deliver, store=store, clock=clock)
