"""Run: a simulated day from the first poll to the last alert."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from http import HTTPStatus
from random import Random
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from bot.domain.channel import Channel, Platform
from bot.domain.message import Notice
from bot.errors import OutcomeUnknownError, PlatformDownError, RateLimitedError
from bot.services.poll_feed import Outcome
from tests.fakes.clock import START, FakeClock
from tests.fakes.day.ledger import Ledger, Verdict
from tests.fakes.day.life import Life, living
from tests.fakes.day.manners import breaches
from tests.fakes.day.newsroom import DISCORD_TRADE, SLACK_WORLD, TimedMessenger
from tests.fakes.day.outlet import Outlet
from tests.fakes.day.plan import Publication, Revision, Size, events
from tests.fakes.day.troubles import found, outage
from tests.fakes.messenger import Fault
from tests.fakes.publisher import Publisher

_DOWN = timedelta(minutes=5)
"""How long the restart takes."""
_PATIENCE = timedelta(hours=12)
"""How long after its end to wait for outlets that are still left alone for their failures."""
_REAL_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hitch:
    """A chat platform's next post goes wrong.

    Attributes:
        at: From when on.
        channel: Where.
        fault: How.
    """

    at: datetime
    channel: Channel
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A day in figures.

    Attributes:
        feeds: Outlets.
        simulated: How long it was, its quiet end included.
        polls: By outcome.
        not_modified: Answers with status 304.
        verdict: The alerts.
        breaches: Questions that came too soon, a sentence each.
        notices: What the ops channel was told, without names, and how often.
        most_asked: The most requests that one host got.
        at_once: The most requests that one host got at a time.
        wall: Seconds it took.
        cpu: Seconds of processor time in this process: newsbot, publishers and simulation.
        parsers_cpu: Seconds of processor time in the parsers.
    """

    feeds: int
    simulated: timedelta
    polls: Mapping[Outcome, int]
    not_modified: int
    verdict: Verdict
    breaches: Sequence[str]
    notices: Mapping[str, int]
    most_asked: int
    at_once: int
    wall: float
    cpu: float
    parsers_cpu: float


class Day:
    """newsbot and the world around it."""

    def __init__(self, size: Size, *, database_url: str) -> None:
        self._size = size
        self._database_url = database_url
        self._clock = FakeClock()
        self._spread = Random(size.seed)  # noqa: S311 - jitter
        self._publisher = Publisher(self._clock, hosts=size.feeds)
        self._messengers = {
            platform: TimedMessenger(platform, self._clock) for platform in Platform
        }
        self._outlets: Sequence[Outlet] = ()
        self._polls: Counter[Outcome] = Counter()

    async def run(self) -> Report:
        """Live through the day, once."""
        began, cpu, parsers_cpu = time.monotonic(), _cpu(RUSAGE_SELF), _cpu(RUSAGE_CHILDREN)
        async with self._publisher:
            self._outlets = found(self._publisher, self._clock, self._size)
            ledger = Ledger(self._outlets, self._clock, outage(self._size))
            world = _World(self._clock, ledger, self._messengers, self._size)
            restarted_at = await self._until_restart(world)
            world.turn(self._clock.now() + _DOWN)
            async with self._living() as life:
                await self._live(life, world, self._is_over)
        verdict = ledger.settle(self._messengers.values())
        hosts = Counter(hit.url.split("/")[2] for hit in self._publisher.requests)
        return Report(
            feeds=self._size.feeds,
            simulated=self._clock.now() - START,
            polls=self._polls,
            not_modified=sum(
                ask.status == HTTPStatus.NOT_MODIFIED
                for outlet in self._outlets
                for ask in outlet.asks
            ),
            verdict=verdict,
            breaches=breaches(self._outlets, broken_off=restarted_at),
            notices=self._notices(),
            most_asked=max(hosts.values()),
            at_once=max(self._publisher.busiest.values()),
            wall=time.monotonic() - began,
            cpu=_cpu(RUSAGE_SELF) - cpu,
            parsers_cpu=_cpu(RUSAGE_CHILDREN) - parsers_cpu,
        )

    def _living(self) -> AbstractAsyncContextManager[Life]:
        return living(
            self._database_url,
            clock=self._clock,
            watched=[outlet.feed for outlet in self._outlets],
            messengers=self._messengers,
            spread=self._spread.random,
        )

    async def _until_restart(self, world: "_World") -> datetime:
        """Live until newsbot is stopped in the middle of its polls; gives when that was."""
        restart_at = self._size.at(0.7)
        async with self._living() as life:
            await self._live(life, world, lambda: self._clock.now() >= restart_at)
            asked = len(self._publisher.requests)
            while not life.rounds._polls:
                world.turn(await life.next_round())
                await life.rounds.start_due_polls()
            async with asyncio.timeout(_REAL_SECONDS):
                while len(self._publisher.requests) == asked:  # noqa: ASYNC110 - nothing to be told by
                    await asyncio.sleep(0)
        return self._clock.now()

    async def _live(self, life: Life, world: "_World", is_over: Callable[[], bool]) -> None:
        while not is_over():
            polls = await life.rounds.poll_due()
            self._polls.update(poll.outcome for poll in polls)
            await life.deliver.drain()
            world.turn(await life.next_round())

    def _is_over(self) -> bool:
        """Whether all has been published and every outlet was read since then."""
        now, end = self._clock.now(), self._size.end
        if now < end:
            return False
        last = [outlet.asks[-1] for outlet in self._outlets]
        return now > end + _PATIENCE or all(ask.is_good and ask.at >= end for ask in last)

    def _notices(self) -> Mapping[str, int]:
        return Counter(
            message.title.partition(":")[0]
            for messages in self._messengers[Platform.CONSOLE].posted.values()
            for _, message in messages
            if isinstance(message, Notice)
        )


class _World:
    """What happens outside newsbot, in order."""

    def __init__(
        self,
        clock: FakeClock,
        ledger: Ledger,
        messengers: Mapping[Platform, TimedMessenger],
        size: Size,
    ) -> None:
        self._clock = clock
        self._ledger = ledger
        self._messengers = messengers
        happening = merge(events(size), _hitches(size), key=lambda event: event.at)
        self._ahead: deque[Publication | Revision | Hitch] = deque(happening)
        self.turn(START)

    def turn(self, now: datetime) -> None:
        """Let it be this time, and everything happen until then."""
        while self._ahead and self._ahead[0].at <= now:
            event = self._ahead.popleft()
            self._clock.set(event.at)
            if isinstance(event, Hitch):
                self._messengers[event.channel.platform].faults[event.channel].append(event.fault)
            else:
                self._ledger.enact(event)
        self._clock.set(now)


def _hitches(size: Size) -> Sequence[Hitch]:
    """Connections that break after and before a post is accepted, a platform down, a limit."""
    unknown, down = OutcomeUnknownError("the connection broke"), PlatformDownError("502")
    limited = RateLimitedError("slow down", retry_after=timedelta(minutes=10))
    return [
        Hitch(at=size.at(share), channel=channel, fault=fault)
        for channel in (SLACK_WORLD, DISCORD_TRADE)
        for share, fault in (
            (0.1, Fault(unknown, accepted=True)),
            (0.3, Fault(unknown)),
            (0.5, Fault(down)),
            (0.69, Fault(limited)),
        )
    ]


def _cpu(who: int) -> float:
    usage = getrusage(who)
    return usage.ru_utime + usage.ru_stime
