"""Campaign: kill or pause newsbot again and again while news comes in, then settle the account."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.fakes.kill.inquest import Pause
from tests.fakes.kill.nursery import Nursery
from tests.fakes.kill.victim import Victim, events
from tests.fakes.kill.weather import LOOK, POLL, POST, Weather
from tests.fakes.kill.world import Account, Extent, World, world

_FIRST_START = 60.0
_LONGEST_START = 10.0
_LONGEST_WAIT = 5.0
"""Seconds to wait for the start, and for what a process is to be ended at; then it ends anyway."""
_LONGEST_LIFE = 1.5
"""Seconds that one is at work which is ended at no request."""
_STARTING, _AT_WORK = "the start", "work"
_TRIGGERS = (_STARTING, _AT_WORK, _AT_WORK, POLL, LOOK, LOOK, POST, POST, POST)
_JITTER = 0.03
_MOST_REQUESTS = {POLL: 6, LOOK: 3, POST: 24}
_TO_THE_END = 900.0
_BIG_NEWS = 0.3
"""Of the blows, at how many all stories are on one topic."""
_GATHERED = 0.3
"""At how many the digests are due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done.

    Attributes:
        blows: How often a process is killed, or paused.
        pauses: Whether it is paused, beside another process on the same database.
        alerts: How many alerts have to come, about.
        share: Of posts that go wrong.
        lease: How long newsbot may take to post what it has begun to post.
        seed: Of chance.
        extent: The world's.
    """

    blows: int
    pauses: bool = False
    alerts: int
    share: float = 0.3
    lease: timedelta = timedelta(seconds=3)
    seed: int = 1
    extent: Extent = field(default_factory=Extent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a campaign comes to.

    Attributes:
        blows: By what set them off.
        account: What came.
        pauses: When processes were stopped.
        posts: How many posts arrived at the platforms.
        faulted: How many of them went wrong, by what.
        events: What newsbot logged, by event.
        orphans: Processes that killed ones left behind.
        unfinished: Deliveries that newsbot was still about when it was given no more time.
    """

    blows: Counter[str]
    account: Account
    pauses: Sequence[Pause]
    posts: int
    faulted: Counter[str]
    events: Counter[str]
    orphans: int
    unfinished: int


class Campaign:
    """One campaign."""

    def __init__(self, plan: Plan, *, database: str | None = None) -> None:
        """Plan it; `database` is the address of an empty one, SQLite where None."""
        self._plan = plan
        self._database = database
        self._chance = Random(plan.seed)  # noqa: S311 - to be repeated
        self._weather = Weather(chance=self._chance, share=plan.share, patience=plan.lease / 4)
        self._blows: Counter[str] = Counter()
        self._pauses: list[Pause] = []

    async def run(self, directory: Path) -> Report:
        """Carry it out on a desk in this empty directory."""
        plan = self._plan
        async with (
            Nursery() as nursery,
            world(
                directory,
                extent=plan.extent,
                weather=self._weather,
                lease=plan.lease,
                database=self._database,
            ) as there,
        ):
            victims = [Victim(there.desk, nursery, f"newsbot{n}") for n in range(1 + plan.pauses)]
            try:
                await _take_baseline(victims[0])
                if plan.pauses:
                    await self._pause(there, victims)
                else:
                    await self._kill(there, victims[0])
                await self._finish(there, victims)
            finally:
                await _kill_all(victims)
            return Report(
                blows=self._blows,
                account=there.account(),
                pauses=self._pauses,
                posts=self._weather.posts,
                faulted=self._weather.faulted,
                events=events(*(one.log for one in victims if one.log.exists())),
                orphans=sum(len(one.orphans()) for one in victims),
                unfinished=await there.open_deliveries(),
            )

    async def _kill(self, there: World, victim: Victim) -> None:
        for number in range(self._plan.blows):
            if not victim.is_running:
                await victim.start()
            news = asyncio.create_task(self._publish(there, number))
            await self._moment()
            await victim.kill()
            await news

    async def _pause(self, there: World, victims: Sequence[Victim]) -> None:
        await victims[1].start()
        for number in range(self._plan.blows):
            news = asyncio.create_task(self._publish(there, number))
            await self._moment()
            victim = self._chance.choice(victims)
            began = datetime.now(UTC)
            victim.pause()
            longest = 2 * self._plan.lease.total_seconds()
            await asyncio.sleep(self._chance.uniform(0.1, longest))
            self._pauses.append(Pause(began=began, ended=datetime.now(UTC)))
            victim.resume()
            await news

    async def _publish(self, there: World, number: int) -> None:
        """This blow's share of the stories, over half a second; newsbot is to look at once."""
        plan = self._plan
        stories = -(-plan.alerts // plan.extent.alerts_a_story)
        due = stories * (number + 1) // plan.blows - stories * number // plan.blows
        topics = range(plan.extent.topics)
        if self._chance.random() < _BIG_NEWS:
            topics = range(topic := self._chance.choice(topics), topic + 1)
        for _ in range(due):
            there.publish(self._chance.choice(topics))
            await asyncio.sleep(0.5 / due)
        await there.desk.make_due()
        if self._chance.random() < _GATHERED:
            await there.gather()

    async def _moment(self) -> None:
        """Wait for the moment of a blow."""
        trigger = self._chance.choice(_TRIGGERS)
        if trigger == _STARTING:
            await asyncio.sleep(self._chance.uniform(0, 1.5))
        else:
            await self._requests(POLL, within=_LONGEST_START)
            if trigger == _AT_WORK:
                await asyncio.sleep(self._chance.uniform(0, _LONGEST_LIFE))
            else:
                number = self._chance.randint(1, _MOST_REQUESTS[trigger])
                if not await self._requests(trigger, number, within=_LONGEST_WAIT):
                    trigger = _AT_WORK
        self._blows[trigger] += 1

    async def _requests(self, kind: str, number: int = 1, *, within: float) -> bool:
        """Wait until some requests of a kind have come and a moment more; whether they came."""
        arrived = asyncio.Event()
        self._weather.seen = _counted(kind, number, arrived)
        try:
            async with asyncio.timeout(within):
                await arrived.wait()
        except TimeoutError:
            return False
        finally:
            self._weather.seen = _nothing
        await asyncio.sleep(self._chance.uniform(0, _JITTER))
        return True

    async def _finish(self, there: World, victims: Sequence[Victim]) -> None:
        """Let newsbot come to the end of its work, and end it."""
        for victim in victims:
            if not victim.is_running:
                await victim.start()
        with suppress(TimeoutError):
            async with asyncio.timeout(_TO_THE_END):
                while not there.is_complete() or await there.open_deliveries():
                    await there.gather()
                    await asyncio.sleep(1)
        for victim in victims:
            await victim.end()


async def _take_baseline(victim: Victim) -> None:
    """Let newsbot see what is there already, which does not alert."""
    await victim.start()
    async with asyncio.timeout(_FIRST_START):
        while not events(victim.log)["baseline.taken"]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)


async def _kill_all(victims: Sequence[Victim]) -> None:
    for victim in victims:
        if victim.is_running:
            await victim.kill()


def _counted(kind: str, number: int, arrived: asyncio.Event) -> Callable[[str], None]:
    left = number

    def seen(one: str) -> None:
        nonlocal left
        left -= one == kind
        if left <= 0:
            arrived.set()

    return seen


def _nothing(kind: str) -> None:
    """Nobody waits for a request."""
