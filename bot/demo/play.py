"""Play: the demo's story, told by the real bot."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from importlib.resources import as_file, files
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from bot.bootstrap import Newsbot, assemble
from bot.catalog.load import load_catalog
from bot.clock import SystemClock
from bot.demo.site import Site
from bot.domain.catalog import Catalog
from bot.domain.delivery import DeliveryState
from bot.domain.feed import PollBounds
from bot.errors import NewsbotError
from bot.serve import serving
from bot.settings import load_settings

_PATIENCE = 120.0
_LOOK_EVERY = 0.1
_BOUNDS = PollBounds(timedelta(seconds=1), timedelta(seconds=1))
_OLD = 4
"""Entries in the two feeds before newsbot first sees them."""


async def play(console: Console) -> None:
    """Run the demo; alerts and what they mean appear on the console.

    Raises:
        NewsbotError: Something did not happen as the demo says it does.
    """
    with TemporaryDirectory(prefix="newsbot-demo-") as directory:
        site = Site(SystemClock().now())
        async with site.serving():
            settings = load_settings(
                {"NEWSBOT_ALLOW_PRIVATE_FEEDS": str(_LOOPBACK)}, Path(directory)
            )
            catalog = _catalog(site, Path(directory))
            async with (
                assemble(settings, catalog=catalog, source=None, console=console) as newsbot,
                serving(newsbot),
            ):
                await _Play(newsbot, site, console).acts()


_LOOPBACK = ip_network("127.0.0.0/8")


def _catalog(site: Site, directory: Path) -> Catalog:
    """The demo's feeds.yaml and rules, read like anybody's, polled every second."""
    listed = directory / "feeds.yaml"
    listed.write_text(
        f"sections:\n  Demo:\n"
        f"    - {{url: '{site.wire}', name: Harbour Wire, tags: [demo]}}\n"
        f"    - {{url: '{site.post}', name: Meridian Post, tags: [demo]}}\n",
        "utf-8",
    )
    with as_file(files("bot.demo").joinpath("rules")) as rules:
        catalog = load_catalog(listed, rules, {})
    return replace(catalog, feeds=tuple(replace(feed, bounds=_BOUNDS) for feed in catalog.feeds))


class _Play:
    def __init__(self, newsbot: Newsbot, site: Site, console: Console) -> None:
        self._newsbot = newsbot
        self._site = site
        self._console = console

    async def acts(self) -> None:
        """One after the other; each waits until the bot has done its part."""
        self._say("Two made-up outlets on this machine, polled every second by the real bot.")
        await self._first_sight()
        await self._summit()
        await self._correction()
        await self._second_report()
        await self._conclude()

    async def _first_sight(self) -> None:
        self._say("1. First sight of their feeds: what is there already is taken in silently.")
        await self._until("the first polls", lambda: self._stored(_OLD))

    async def _summit(self) -> None:
        self._say("2. The wire publishes two stories: a summit, and fog on the ferry line.")
        self._site.summit, self._site.weather = "harbour-wire-summit.xml", True
        await self._until("the two stories", lambda: self._stored(_OLD + 2))
        await self._until("the alert", lambda: self._sent(1))
        self._add("One card names both topics; the fog alerted nobody.")

    async def _correction(self) -> None:
        self._say("3. The wire corrects its headline, with a new date and a tracking parameter.")
        self._site.summit = "harbour-wire-summit-corrected.xml"
        await self._until("the correction", lambda: self._titled("CORRECTED"))
        self._add("The correction is stored; nobody is alerted again.")

    async def _second_report(self) -> None:
        self._say("4. A second outlet reports the summit: for now, an alert of its own.")
        self._site.report = True
        await self._until("the second outlet's report", lambda: self._stored(_OLD + 3))
        await self._until("its alert", lambda: self._sent(2))

    async def _conclude(self) -> None:
        titles = await self._titles()
        async with self._newsbot.store.read() as transaction:
            counts = await transaction.deliveries.count()
        sent = counts.get(DeliveryState.SENT, 0)
        others = sum(counts.values()) - sent
        if (len(titles), sent, others) != (_OLD + 3, 2, 0):
            raise NewsbotError(f"the demo ended with {len(titles)} entries, {dict(counts)}")
        self._say(
            f"Done: {len(titles)} entries stored, {_OLD} of them silently; "
            f"{sent} alerts sent, 0 repeated, 0 missed, 0 waiting."
        )
        self._add("Next: newsbot check reads your feeds.yaml and rules/, newsbot run starts.")

    def _say(self, text: str) -> None:
        self._console.print(Text(f"» {text}", "bold"))

    def _add(self, text: str) -> None:
        self._console.print(Text(f"  {text}"))

    async def _titles(self) -> list[str]:
        async with self._newsbot.store.read() as transaction:
            return [one.entry.title async for one in transaction.entries.newest_first()]

    async def _stored(self, count: int) -> bool:
        return len(await self._titles()) >= count

    async def _titled(self, beginning: str) -> bool:
        return any(title.startswith(beginning) for title in await self._titles())

    async def _sent(self, count: int) -> bool:
        async with self._newsbot.store.read() as transaction:
            return (await transaction.deliveries.count()).get(DeliveryState.SENT, 0) >= count

    async def _until(self, what: str, holds: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                while not await holds():  # noqa: ASYNC110 - seen from outside, in the store
                    await asyncio.sleep(_LOOK_EVERY)
        except TimeoutError as error:
            raise NewsbotError(
                f"the demo waited {_PATIENCE:.0f} s for {what} in vain; "
                "is this machine very busy? Try again"
            ) from error
