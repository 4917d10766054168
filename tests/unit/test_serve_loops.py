"""What runs for ever beside the schedule is begun again where it dies, and that is told."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from structlog.testing import capture_logs

from bot.bootstrap import assemble
from bot.domain.catalog import Catalog
from bot.metrics.meters import Meters
from bot.metrics.watch import Watch
from bot.serve import serving
from bot.services.lines import Lines
from bot.settings import load_settings
from tests.fakes.clock import FakeClock


class Mortal(Watch):
    """A watch that dies the first time."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(Meters("1"), Lines({}, clock))
        self.begun = 0
        self.lives = asyncio.Event()

    async def run(self) -> None:
        self.begun += 1
        if self.begun == 1:
            raise RuntimeError
        self.lives.set()
        await asyncio.Event().wait()


async def test_a_watch_that_dies_is_told_and_begun_again(tmp_path: Path, clock: FakeClock) -> None:
    settings, catalog = load_settings({}, tmp_path), Catalog(feeds=(), topics=())
    console, watch = Console(quiet=True), Mortal(clock)
    with capture_logs() as logs:
        async with (
            assemble(
                settings, catalog=catalog, source=None, console=console, clock=clock
            ) as newsbot,
            serving(replace(newsbot, watch=watch)),
            asyncio.timeout(10),
        ):
            await clock.until_sleeping()
            clock.advance(timedelta(seconds=5))
            await watch.lives.wait()
            async with newsbot.store.read() as transaction:
                counts = await transaction.deliveries.count()
            figures = newsbot.meters.text().decode()
    assert [event["loop"] for event in logs if event["event"] == "loop.died"] == ["watch"]
    assert sum(counts.values()) == 1
    assert 'newsbot_loop_restarts_total{loop="watch"} 1.0' in figures
