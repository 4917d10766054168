"""Hostile input: how far what strangers send gets, in figures.

    python -m bench.hostile [addresses] [bombs]

Everything stays on loopback; the forms and traps are those of `tests/hostile`. The event loop is
watched all the while (`bench.watch` says what its figures are). Ends with status 1 where anything
reaches a private address, an external reference is followed, or the loop's own thread is at work
for more than 50 ms between two ticks.
"""

import argparse
import asyncio
import gc
import logging
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection

import structlog

from bench.watch import BOUND, Watch
from bot.domain.channel import CONSOLE
from bot.errors import FeedError
from bot.feeds.fetch import HttpFetcher
from bot.feeds.pool import PoolParser
from bot.ports import FetchRequest
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.house import TOPICS, house
from tests.hostile.addresses import FORMS, OPEN, SHUT, Inside, Way
from tests.hostile.bombs import DOCUMENTS, GOOD, TRAPS, Minefield, external, rss

_DATED = b"<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>"
_TAKEN_IN = ("1,000 long entries", "1,000 long addresses", "huge GUIDs")


async def addresses() -> AsyncIterator[str]:
    """How many ways to a private address lead there, the guard shut and open."""
    async with Inside() as inside:
        for name, guard in (("shut", SHUT), ("open", OPEN)):
            reached = 0
            for form in FORMS:
                for way in Way:
                    before = inside.connections
                    await inside.attack(form, way, guard)
                    reached += inside.connections > before
            yield f"guard {name}: {reached} of {len(FORMS) * len(Way)} reach a private listener"
            if reached and guard is SHUT:
                sys.exit(1)


async def bombs() -> AsyncIterator[str]:
    """How each bomb ends, how long it takes and how long it holds the event loop."""
    gc.freeze()  # as `newsbot run` does
    watch, most = Watch(), Watch()
    ticking = asyncio.create_task(watch.run())
    with watch.timing():
        async with _elsewhere() as urls:
            async for line in _fetched(watch, urls):
                most.outdo(watch)
                yield line
        for work in (_parsed, _taken_in):
            async for line in work(watch):
                most.outdo(watch)
                yield line
    ticking.cancel()
    workers, own = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    )
    yield f"the event loop at worst: {most}  {most.name}"
    yield f"memory at most: {own:.0f} MB, a parser {workers:.0f} MB"
    async with Minefield() as field, PoolParser(workers=1) as parser:
        documents = external(field.address)
        for body in documents.values():
            await parser.parse(body, url="https://news.example/feed")
        yield f"external references: {len(field.hits)} hits by {len(documents)} documents"
    if field.hits or most.busy > BOUND:
        sys.exit(1)


async def _fetched(watch: Watch, urls: dict[str, str]) -> AsyncIterator[str]:
    fetcher = HttpFetcher(guard=OPEN, user_agent="newsbot/bench", clock=FakeClock(), timeout=3.0)
    for trap, url in urls.items():
        watch.reset()
        began = time.perf_counter()
        try:
            result = await fetcher.fetch(FetchRequest(url=url))
            end = f"{len(result.body or b'')} bytes"
        except FeedError as error:
            end = str(error).partition(":")[0]
        yield _line(trap, began, watch, end)
    await fetcher.close()


async def _parsed(watch: Watch) -> AsyncIterator[str]:
    async with PoolParser() as parser:
        await parser.parse(rss(GOOD), url="https://news.example/feed")
        for name, bomb in DOCUMENTS.items():
            body = bomb.body()
            await asyncio.sleep(0)
            watch.reset()
            began = time.perf_counter()
            try:
                feed = await parser.parse(body, url="https://news.example/feed")
                end = f"{len(feed.entries)} entries"
            except FeedError as error:
                end = str(error).partition("(")[0]
            yield _line(name, began, watch, end)


async def _taken_in(watch: Watch) -> AsyncIterator[str]:
    """Polls of large documents, from the fetch to the alerts, each entry matched and alerted."""
    topics = [replace(topic, channels=(CONSOLE,)) for topic in TOPICS]
    clock = FakeClock()
    with tempfile.TemporaryDirectory() as folder:
        store = await Database.open(f"sqlite+aiosqlite:///{folder}/newsbot.db")
        async with Minefield() as field, PoolParser() as parser:
            for name in _TAKEN_IN:
                path = f"/{name.replace(' ', '-')}.xml"
                url = field.lay(path, rss(GOOD))
                async with house(store, clock, url, topics=topics, parser=parser) as bot:
                    await bot.rounds.poll_due()
                    field.lay(path, DOCUMENTS[name].body().replace(b"</item>", _DATED))
                    clock.advance(timedelta(hours=2))
                    watch.reset()
                    began = time.perf_counter()
                    (poll,) = await bot.rounds.poll_due()
                end = f"{poll.outcome}, {poll.entries} entries, {poll.alerts} alerts"
                yield _line(f"poll of {name}", began, watch, end)
        await store.close()


@asynccontextmanager
async def _elsewhere() -> AsyncIterator[dict[str, str]]:
    """The traps' addresses, served by another process: this one's loop is being watched."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield await asyncio.to_thread(ours.recv)
    finally:
        ours.send(None)
        await asyncio.to_thread(process.join)


def _serve(pipe: Connection) -> None:
    async def serve() -> None:
        async with Minefield() as field:
            pipe.send({trap: field.url(trap) for trap in TRAPS})
            await asyncio.to_thread(pipe.recv)

    asyncio.run(serve())


def _line(name: str, began: float, watch: Watch, end: str) -> str:
    return f"{name:32} {time.perf_counter() - began:5.2f} s  {watch}  {end[:70]}"


SECTIONS: dict[str, Callable[[], AsyncIterator[str]]] = {"addresses": addresses, "bombs": bombs}


async def _print(names: list[str]) -> None:
    for name in names or SECTIONS:
        async for line in SECTIONS[name]():
            print(f"{name:<10} {line}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []])
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(_print(parser.parse_args().sections))


if __name__ == "__main__":
    main()
