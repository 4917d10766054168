"""Loop: how long newsbot's own work holds the event loop, in figures.

    python -m bench.loop [WORK …] [--rules 10000] [--entries 20000] [--files 2000]

Each is done while a task ticks beside it (`bench.watch` says what the figures are). Ends with
status 1 where the loop's own thread was at work for more than 50 ms between two ticks.

`newsbot import` and `check` are processes of their own; what the running one has of them is
`reload`.
"""

import argparse
import asyncio
import gc
import json
import logging
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from bench.matcher.made import World
from bench.search_entries import START as FIRST
from bench.search_entries import made_up, vocabulary, write_sqlite
from bench.watch import BOUND, Watch
from bot.catalog.reload import CatalogSource
from bot.chat.discord.render import render as discord_card
from bot.chat.slack.render import render as slack_card
from bot.domain.channel import CONSOLE, Channel, Platform, Workspace
from bot.domain.message import Alert, Message, MessageRef, Reason
from bot.domain.subscription import Following
from bot.domain.topic import Topic
from bot.feeds.pool import PoolParser
from bot.ports import Messenger
from bot.ports.deliveries import Outgoing
from bot.query.syntax import parse
from bot.services.backtest import backtest
from bot.services.deliver import Deliver
from bot.services.health import status
from bot.services.route import Router
from bot.services.search import Order, search
from bot.services.send_digest import SendDigests
from bot.storage.backup import backup
from bot.storage.database import Database
from tests.fakes.clock import START, FakeClock
from tests.fakes.house import house
from tests.fakes.messenger import FakeMessenger
from tests.hostile.bombs import Minefield

_PAUSE: Final = 0.01
_RARER_THAN: Final = 50
_KEPT: Final = 1_000
"""Alerts in one digest."""
_HOUR: Final = timedelta(hours=1)
_WORKSPACE: Final = Workspace(Platform.SLACK, "T1")
_DESKS: Final = (Channel(Platform.SLACK, "C0DESK"), Channel(Platform.DISCORD, "1001"))


@dataclass(frozen=True, slots=True)
class Bench:
    """What every work has.

    Attributes:
        watch: Looks at the loop.
        found: What it saw of the work proper.
        folder: For its files.
        rules: How many topics.
        entries: How many entries are stored.
        files: How many rule files there are, and as many feeds.
    """

    watch: Watch
    found: Watch
    folder: Path
    rules: int
    entries: int
    files: int

    @property
    def file(self) -> Path:
        """The database's."""
        return self.folder / "newsbot.db"

    def topics(self) -> list[Topic]:
        """Made-up topics, told on the console."""
        made = World().queries(self.rules, rarer_than=_RARER_THAN)
        return [
            Topic(name=name, title=name, query=parse(text), channels=(CONSOLE,))
            for name, text in made
        ]

    @asynccontextmanager
    async def store(self, *, filled: bool) -> AsyncIterator[Database]:
        """A database, with entries or empty."""
        url = f"sqlite+aiosqlite:///{self.file}"
        store = await Database.open(url)
        if filled:
            await store.close()
            write_sqlite(str(self.file), made_up(self.entries, vocabulary()))
            store = await Database.open(url)
        try:
            yield store
        finally:
            await store.close()

    @asynccontextmanager
    async def measuring(self) -> AsyncIterator[None]:
        """What happens in the block counts, and nothing of what prepares it or clears it away."""
        await asyncio.sleep(_PAUSE)
        self.watch.reset()
        yield
        await asyncio.sleep(_PAUSE)
        self.found.outdo(self.watch)


class Drawing(FakeMessenger):
    """A chat platform in memory that draws what is posted, as the real one's client does."""

    def __init__(self, platform: Platform, render: Callable[[Message], object]) -> None:
        super().__init__(platform)
        self._render = render

    async def post(
        self,
        channel: Channel,
        message: Message,
        *,
        nonce: str,
        before: datetime | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef:
        """Draw it, and keep it."""
        self._render(message)
        return await super().post(channel, message, nonce=nonce, before=before, thread=thread)


async def poll(bench: Bench) -> None:
    """Take in 1,000 entries, match each against all topics and write their alerts."""
    clock = FakeClock()
    topics = bench.topics()
    async with (
        bench.store(filled=False) as store,
        Minefield() as field,
        PoolParser() as parser,
    ):
        url = field.lay("/feed.xml", _document(1))
        async with house(store, clock, url, topics=topics, parser=parser) as bot:
            await bot.rounds.poll_due()
            field.lay("/feed.xml", _document(_KEPT))
            clock.advance(2 * _HOUR)
            async with bench.measuring():
                await bot.rounds.poll_due()


async def digest(bench: Bench) -> None:
    """Put together digests of 1,000 alerts on each platform, and draw and post them."""
    clock = FakeClock()
    slack, discord = Drawing(Platform.SLACK, slack_card), Drawing(Platform.DISCORD, discord_card)
    messengers: dict[Platform, Messenger] = {one.platform: one for one in (slack, discord)}
    async with bench.store(filled=False) as store:
        digests = SendDigests(store=store, clock=clock, burst=None)
        deliver = Deliver(store=store, messengers=messengers, clock=clock, ops=CONSOLE)
        async with store.begin() as transaction:
            kept = [_kept(number, desk) for number in range(_KEPT) for desk in _DESKS]
            await transaction.deliveries.add(kept, now=clock.now())
        clock.advance(_HOUR)
        async with bench.measuring():
            await digests(Router((), platforms=frozenset()))
            await deliver.start_due()
            await deliver.drain()
            assert slack.posts > 1 < discord.posts


async def keep(bench: Bench) -> None:
    """Write a backup beside."""
    async with bench.store(filled=True), bench.measuring():
        await backup(f"sqlite+aiosqlite:///{bench.file}", bench.folder / "kept")


async def find(bench: Bench) -> None:
    """Search for what the index proposes much of and the matcher refuses most of."""
    common, other, *_ = vocabulary()
    asked = (common, f"{common} AND NOT {other}", "/zz+/", f"({common} OR {other}) AND /zz+/")
    queries = [parse(text) for text in asked]
    async with bench.store(filled=True) as store, bench.measuring():
        for query in queries:
            for order in Order:
                await search(store, query, order=order)


async def preview(bench: Bench) -> None:
    """Show what a query would have alerted, compared with all topics, with words to exclude."""
    topics = bench.topics()[: bench.rules // 10]
    query = parse(vocabulary()[200])
    async with bench.store(filled=True) as store:
        until = FIRST + timedelta(days=30)
        async with bench.measuring():
            await backtest(store, query, topics, since=FIRST, until=until, zone=UTC)


async def reload(bench: Bench) -> None:
    """Take up changed rule files, and as many changed feeds."""
    source = _files(bench)
    async with bench.store(filled=False) as store, house(store, FakeClock(), source=source) as bot:
        await bot.rounds.reread()
        _files(bench, "changed")
        async with bench.measuring():
            assert await bot.rounds.reread()
            for feed in bot.rounds.feeds:
                assert feed.url.endswith("changed")


async def learn(bench: Bench) -> None:
    """Learn 1,000 queries that channels follow, as after a start or changed files."""
    made = World(seed=9).queries(_KEPT, rarer_than=_RARER_THAN)
    async with bench.store(filled=False) as store:
        async with store.begin() as transaction:
            for number, (_, text) in enumerate(made):
                channel = Channel(Platform.SLACK, f"C{number}", workspace="T1")
                following = Following(query=text, zone=ZoneInfo("UTC"))
                await transaction.subscriptions.add(
                    _WORKSPACE, channel, following, created_by="U1", now=START
                )
        router = Router((), platforms=frozenset(Platform))
        async with bench.measuring(), store.read() as transaction:
            await router.catch_up(transaction, START)


async def tell(bench: Bench) -> None:
    """Look how newsbot is doing, as /healthz does, with so many feeds and 2,000 deliveries."""
    urls = {f"https://wire.example/{number}" for number in range(bench.files)}
    async with bench.store(filled=False) as store:
        async with store.begin() as transaction:
            await transaction.feeds.add(urls, due_at=START)
            kept = [_kept(number, desk) for number in range(_KEPT) for desk in _DESKS]
            await transaction.deliveries.add(kept, now=START)
        async with bench.measuring():
            await status(store, FakeClock(), urls=urls)


async def sweep(bench: Bench) -> None:
    """Delete the stored entries, all of them too old."""
    clock = FakeClock()
    clock.advance(timedelta(days=3650))
    async with bench.store(filled=True) as store, house(store, clock) as bot, bench.measuring():
        await bot.housekeeping.sweep()


def _document(count: int) -> bytes:
    entries = (
        f"<item><title>{one.title}</title><guid>g{number}</guid><description>{one.summary}"
        f"</description><link>https://news.example/{number}</link>"
        "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>"
        for number, one in enumerate(World(seed=3).entries(count, words=120))
    )
    channel = f"<title>T</title>{''.join(entries)}"
    return f"<rss version='2.0'><channel>{channel}</channel></rss>".encode()


def _kept(number: int, channel: Channel) -> Outgoing:
    alert = Alert(
        headline=f"Beijing *agrees* with Rotterdam on a matter of {number} ships & more",
        url=f"https://news.example/{number}?with=parameters",
        summary="Beijing and Rotterdam agree at last. " * 8,
        outlet="Example Wire",
        published=START,
        reasons=(Reason(topic="t", title=f"Topic {number % 20}", words=("Beijing",)),),
    )
    until = START + _HOUR
    return Outgoing(channel=channel, key=f"story:{number}", message=alert, held_until=until)


def _files(bench: Bench, again: str = "first") -> CatalogSource:
    folder = bench.folder
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    urls = [f"https://wire.example/{number}/{again}" for number in range(bench.files)]
    feeds = [{"url": url, "name": f"Wire {number}"} for number, url in enumerate(urls)]
    (folder / "feeds.yaml").write_text(json.dumps({"sections": {"Desk": feeds}}))
    for name, text in World().queries(bench.files, rarer_than=_RARER_THAN):
        rule = {"title": again, "query": text, "channels": ["console"]}
        (rules / f"{name}.yaml").write_text(json.dumps(rule))
    return CatalogSource(folder / "feeds.yaml", rules, {})


WORKS: dict[str, Callable[[Bench], Awaitable[None]]] = {
    work.__name__: work for work in (poll, digest, keep, find, preview, reload, learn, tell, sweep)
}


async def measure(given: argparse.Namespace) -> Watch:
    """Do each work; gives the worst."""
    gc.freeze()  # as `newsbot run` does
    sizes = given.rules, given.entries, given.files
    watch, most = Watch(), Watch()
    ticking = asyncio.create_task(watch.run())
    with watch.timing():
        for name in given.works or WORKS:
            with tempfile.TemporaryDirectory() as folder:
                found = Watch()
                await WORKS[name](Bench(watch, found, Path(folder), *sizes))
            print(f"{name:8} {found}  {found.name}", flush=True)
            most.outdo(found)
    ticking.cancel()
    return most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="*", choices=[*WORKS, []])
    parser.add_argument("--rules", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--files", type=int, default=2_000)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    most = asyncio.run(measure(parser.parse_args()))
    print(f"the event loop at worst: {most}  {most.name}")
    sys.exit(most.busy > BOUND)


if __name__ == "__main__":
    main()
