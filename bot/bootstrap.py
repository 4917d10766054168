"""Bootstrap: builds the parts from Settings, once.

It and `bot.platforms` are the only importers of concrete adapters.
"""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from rich.console import Console

from bot.clock import SystemClock
from bot.commands.all import all_commands
from bot.commands.core import Commands
from bot.commands.desk import Desk
from bot.domain.catalog import Catalog
from bot.domain.channel import CONSOLE, Channel, Platform
from bot.domain.feed import Feed
from bot.metrics.endpoints import Endpoints
from bot.metrics.meters import Meters
from bot.metrics.watch import Watch
from bot.platforms import open_connections, open_messengers
from bot.ports import CatalogSource, Clock, Connection, Fetcher, Messenger, Parser
from bot.ports.store import Store
from bot.services.curate import Curate
from bot.services.deaths import Deaths
from bot.services.deliver import Deliver
from bot.services.find_feed import FindFeed
from bot.services.greet import Greet
from bot.services.health import Status, status
from bot.services.housekeep import Housekeeping
from bot.services.lines import Lines
from bot.services.outages import Outages
from bot.services.poll_feed import Poll, PollFeed
from bot.services.pulse import Pulse
from bot.services.rounds import Rounds
from bot.services.route import Router
from bot.services.send_digest import SendDigests
from bot.setting_values import Listen, Subscribers
from bot.settings import Settings
from bot.storage.alone import alone
from bot.storage.database import Database

if TYPE_CHECKING:
    from aiohttp import web


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads a feed: `newsbot poll` needs no more."""

    fetcher: Fetcher
    parser: Parser


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsbot:
    """The whole bot, put together.

    Attributes:
        store: The database.
        rounds: Polling and sending.
        deliver: Sending alone.
        greet: Asking a platform whether it accepts the token.
        housekeeping: Expiry and retention.
        pulse: This process's sign of life.
        curate: Backfill, release, discard.
        connections: The platforms' live connections.
        routes: What is served over HTTP.
        listen: Where; None where nothing is to be reached.
        endpoints: Those of the routes that tell how newsbot is doing.
        meters: What is counted.
        watch: Looks after the event loop and the connections.
        deaths: Tells of loops that died.
        messengers: What posts, by platform.
        clock: The time.
    """

    store: Store
    rounds: Rounds
    deliver: Deliver
    greet: Greet
    housekeeping: Housekeeping
    pulse: Pulse
    curate: Curate
    connections: Mapping[Platform, Connection]
    routes: "Sequence[web.RouteDef]"
    listen: Listen | None
    endpoints: Endpoints
    meters: Meters
    watch: Watch
    deaths: Deaths
    messengers: Mapping[Platform, Messenger]
    clock: Clock


def user_agent(settings: Settings) -> str:
    """Who we tell publishers we are."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return f"newsbot/{version('newsbot')}{contact}"


@asynccontextmanager
async def open_store(settings: Settings, *, migrate: bool = True) -> AsyncIterator[Database]:
    """The database, its schema up to date.

    Args:
        settings: Name the database.
        migrate: Bring the schema up to date; False to change nothing that is there.

    Raises:
        StorageError: It cannot be reached.
        SchemaError: It is not to be migrated, and its schema is of another version.
        NeverRunError: It is not to be migrated, and newsbot's tables are not there.
    """
    database = await Database.open(settings.database_url.get_secret_value(), migrate=migrate)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def open_reader(settings: Settings, clock: Clock) -> AsyncIterator[Reader]:
    """The network and the parser."""
    from bot.feeds.fetch import HttpFetcher  # noqa: PLC0415 - `newsbot health` needs none of these
    from bot.feeds.guard import Guard  # noqa: PLC0415 - see above
    from bot.feeds.pool import PoolParser  # noqa: PLC0415 - see above

    fetcher = HttpFetcher(
        guard=Guard(settings.allow_private_feeds), user_agent=user_agent(settings), clock=clock
    )
    try:
        async with PoolParser() as parser:
            yield Reader(fetcher, parser)
    finally:
        await fetcher.close()


@asynccontextmanager
async def assemble(
    settings: Settings,
    *,
    catalog: Catalog,
    source: CatalogSource | None,
    console: Console,
    clock: Clock | None = None,
) -> AsyncIterator[Newsbot]:
    """Put the whole bot together; nothing runs yet.

    Args:
        settings: The environment.
        catalog: The feeds and topics to begin with.
        source: Where changed files are read again; None where there are none.
        console: Where the console channel is.
        clock: The time; the machine's where not given.

    Raises:
        StorageError: The database cannot be reached.
        OccupiedError: It is an SQLite file that another newsbot is at work on.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        url = settings.database_url.get_secret_value()
        stack.enter_context(alone(url, since=clock.now()))
        store = await stack.enter_async_context(open_store(settings))
        reader = await stack.enter_async_context(open_reader(settings, clock))
        messengers = await stack.enter_async_context(
            open_messengers(settings, console, clock, store)
        )
        yield _newsbot(
            settings=settings,
            catalog=catalog,
            source=source,
            store=store,
            reader=reader,
            messengers=messengers,
            clock=clock,
        )


def _newsbot(
    *,
    settings: Settings,
    catalog: Catalog,
    source: CatalogSource | None,
    store: Store,
    reader: Reader,
    messengers: Mapping[Platform, Messenger],
    clock: Clock,
) -> Newsbot:
    ops = ops_channel(settings)
    meters = Meters(version("newsbot"))
    deliver = Deliver(
        store=store,
        messengers=messengers,
        clock=clock,
        ops=ops,
        lease=settings.lease,
        hold=settings.hold_unclear,
        sent=meters.sent,
    )
    poll_feed = PollFeed(
        store=store,
        fetcher=reader.fetcher,
        parser=reader.parser,
        clock=clock,
        outages=Outages(store=store, clock=clock, ops=ops),
        ops=ops,
        spread=random.random,
    )
    rounds = Rounds(
        catalog=catalog,
        source=source,
        store=store,
        poll_feed=_counted(poll_feed, meters),
        deliver=deliver,
        digests=SendDigests(store=store, clock=clock, burst=settings.burst),
        clock=clock,
        ops=ops,
        platforms=frozenset(messengers),
    )
    housekeeping = Housekeeping(
        store=store,
        clock=clock,
        ops=ops,
        expiry=settings.alert_expiry,
        retention=settings.retention,
    )
    commands = _commands(
        settings, store, rounds=rounds, reader=reader, messengers=messengers, clock=clock
    )
    connections, routes = open_connections(settings, commands, clock, store, deliver.unlock)
    lines = Lines(connections, clock)

    async def look() -> Status:
        urls = {feed.url for feed in rounds.feeds if not feed.paused}
        return await status(store, clock, urls=urls, platforms=settings.platforms, down=lines.down)

    endpoints = Endpoints(meters, look, clock)
    return Newsbot(
        store=store,
        rounds=rounds,
        deliver=deliver,
        greet=Greet(messengers=messengers, deliver=deliver),
        housekeeping=housekeeping,
        pulse=Pulse(store=store, clock=clock, lines=lines),
        curate=Curate(store=store, clock=clock),
        connections=connections,
        routes=(*routes, *endpoints.routes),
        listen=settings.http_listen if routes or settings.listens else None,
        endpoints=endpoints,
        meters=meters,
        watch=Watch(meters, lines),
        deaths=Deaths(store=store, clock=clock, ops=ops),
        messengers=messengers,
        clock=clock,
    )


def _counted(poll_feed: PollFeed, meters: Meters) -> Callable[[Feed, Router], Awaitable[Poll]]:
    async def poll_and_count(feed: Feed, router: Router) -> Poll:
        poll = await poll_feed(feed, router)
        meters.polled(poll)
        return poll

    return poll_and_count


def ops_channel(settings: Settings) -> Channel:
    """Where notices go: the console, where the channel configured is on no connected platform."""
    channel = settings.ops_channel
    return channel if channel.platform in settings.platforms else CONSOLE


def _commands(
    settings: Settings,
    store: Store,
    *,
    rounds: Rounds,
    reader: Reader,
    messengers: Mapping[Platform, Messenger],
    clock: Clock,
) -> Commands:
    from bot.feeds.discover import named_feeds  # noqa: PLC0415 - `newsbot health` needs none of it

    desk = Desk(
        store=store,
        clock=clock,
        zone=settings.time_zone,
        catalog=lambda: rounds.catalog,
        messengers=messengers,
        find_feed=FindFeed(fetcher=reader.fetcher, parser=reader.parser, links=named_feeds),
        anyone_subscribes=settings.subscribe is Subscribers.ANYONE,
    )
    return all_commands(desk, platforms=settings.platforms)
