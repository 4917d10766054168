"""Soak: simulated days of newsbot over outlets that never rest; does memory or a file leak?

    python -m bench.soak [--days 8] [--feeds 12]

The clock is simulated; HTTP, parser's processes, database, rules and delivery are newsbot's own.
Outlets publish, fail, break off, move and send web pages. Each simulated hour the resident memory
and the open files of this process are read, and those of the parser's beside it; the outlets are in
a process that is not counted. Ends with status 1 where this process's last quarter stands more than
a tenth above its second: the first is newsbot filling its caches.
"""

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import mean

import structlog

from bench.soak.publishers import INTERVAL, publishing
from bot.domain.channel import CONSOLE, Platform
from bot.domain.feed import Feed, PollBounds
from bot.services.housekeep import Housekeeping
from bot.services.pulse import Pulse
from tests.fakes.clock import START, FakeClock
from tests.fakes.day.life import Life, living
from tests.fakes.messenger import FakeMessenger

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_QUARTERS = 4
_MOST = 1.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Sample:
    """What newsbot holds at one moment.

    Attributes:
        memory: Resident bytes of this process.
        files: Its open files.
        parsers: Resident bytes of the processes it started, the outlets' left out.
    """

    memory: int
    files: int
    parsers: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--feeds", type=int, default=12)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    began = time.monotonic()
    with publishing(given.feeds) as (publisher, urls), tempfile.TemporaryDirectory() as folder:
        database = f"sqlite+aiosqlite:///{folder}/newsbot.db"
        soak = Soak(urls, lambda: sample(without=publisher))
        samples = asyncio.run(soak.run(database, days=given.days))
    print(f"{given.feeds} feeds, {given.days} days, {soak.polls:,} polls, {soak.posts:,} messages")
    print("\n".join(lines(samples)))
    print(f"wall time {time.monotonic() - began:.0f} s")
    sys.exit(any(ratio > _MOST for ratio in growth(samples)))


class Soak:
    """newsbot for some days."""

    def __init__(self, urls: Sequence[str], look: Callable[[], Sample]) -> None:
        bounds = PollBounds(INTERVAL, INTERVAL)
        self._feeds = [
            Feed(url=url, name=f"Outlet {n}", bounds=bounds) for n, url in enumerate(urls)
        ]
        self._look = look
        self._clock = FakeClock()
        self._messengers = {platform: FakeMessenger(platform) for platform in Platform}
        self.polls = 0

    @property
    def posts(self) -> int:
        """Messages posted."""
        return sum(messenger.posts for messenger in self._messengers.values())

    async def run(self, database_url: str, *, days: int) -> Sequence[Sample]:
        """Live through the days; gives a sample for each hour."""
        samples: list[Sample] = []
        async with living(
            database_url,
            clock=self._clock,
            watched=self._feeds,
            messengers=self._messengers,
            spread=Random(7).random,
        ) as life:
            for hour in range(1, days * (_DAY // _HOUR) + 1):
                await self._live(life, until=START + hour * _HOUR)
                samples.append(self._look())
                if hour % (_DAY // _HOUR) == 0:
                    _tell(hour, samples[-1])
        return samples

    async def _live(self, life: Life, *, until: datetime) -> None:
        house = Housekeeping(
            store=life.store, clock=self._clock, ops=CONSOLE, expiry=_DAY, retention=_DAY
        )
        pulse = Pulse(store=life.store, clock=self._clock)
        while self._clock.now() < until:
            self.polls += len(await life.rounds.poll_due())
            await life.rounds.deliver_due()
            await life.deliver.drain()
            self._clock.set(min(await life.next_round(), until))
        await pulse.beat()
        await house.expire()
        await house.sweep()
        for messenger in self._messengers.values():
            messenger.posted.clear()


def sample(*, without: int) -> Sample:
    """What this process and those it started hold, one of them left out."""
    ours = Path("/proc/self")
    started = {
        int(child)
        for task in (ours / "task").iterdir()
        for child in (task / "children").read_text().split()
    }
    return Sample(
        memory=_resident(os.getpid()),
        files=len(list((ours / "fd").iterdir())),
        parsers=sum(_resident(process) for process in started - {without}),
    )


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except FileNotFoundError:
        return 0  # it ended just now


def lines(samples: Sequence[Sample]) -> Iterator[str]:
    for name, scale in (("memory", 1e6), ("parsers", 1e6), ("files", 1)):
        quarters = [part / scale for part in _quarters(samples, name)]
        unit = "" if scale == 1 else " MB"
        shown = "  ".join(f"{part:7.1f}" for part in quarters)
        ratio = quarters[-1] / quarters[0]
        late = quarters[-1] / quarters[1]
        yield f"{name + unit:<12} {shown}   last/first {ratio:.3f}  last/second {late:.3f}"


def growth(samples: Sequence[Sample]) -> Iterator[float]:
    for name in ("memory", "files"):
        _, second, _, last = _quarters(samples, name)
        yield last / second


def _quarters(samples: Sequence[Sample], name: str) -> Sequence[float]:
    """The mean of each quarter of the time."""
    size = len(samples) // _QUARTERS
    found = [getattr(one, name) for one in samples]
    return [mean(found[n * size : (n + 1) * size]) for n in range(_QUARTERS)]


def _tell(hour: int, last: Sample) -> None:
    print(f"day {hour // 24}: {last.memory / 1e6:.1f} MB, {last.files} files", flush=True)


if __name__ == "__main__":
    main()
