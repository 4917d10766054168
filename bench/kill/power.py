"""The power fails 100 times: writes that were not synced are lost, torn or come alone.

    python -m bench.kill.power [--losses 100] [--stories 120]

newsbot reads a feed and posts, to two channels at once and to one in digests, bursts in one digest
too, things going wrong in a third of the rounds, while its statements are written down. They are
carried out again on a disk that notes each write and each sync. For each loss a moment between two
of them is drawn, a disk made as it may stand then, and newsbot started on it: every story must
stand in every channel once. Needs `apsw`; ends with status 1 where one does not.
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import apsw
import structlog
from sqlalchemy import Connection, event

from bench.kill.disk import Mark, Recorder, RecordingVFS, Step, Sync, after_power_loss, marks
from bot.domain.burst import Burst
from bot.domain.cadence import Cadence
from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.message import Alert, Digest, Message, MessageRef
from bot.domain.subscription import Following
from bot.errors import OutcomeUnknownError, PlatformDownError
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.feed import FakeFeed
from tests.fakes.house import BOTH, US_CHINA, House, house
from tests.fakes.messenger import FakeMessenger, Fault
from tests.fakes.publisher import Publisher

NAME = "newsbot.db"
MINUTE = timedelta(minutes=1)
BEGUN = "begun"
TOLD_HOURLY = Channel(Platform.SLACK, "C0HOURLY")
CHANNELS = (US_CHINA, BOTH, TOLD_HOURLY)
BURST = Burst(3, 10 * MINUTE)
_AT_ONCE = (1, 1, 1, 6)
"""Stories published between two rounds."""
Accepted = tuple[datetime, Channel, str, Message]
Posted = tuple[Channel, Message]
Tape = list[tuple[str, object] | Mark]
"""Statements with their parameters, and what was accepted, in order."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--losses", type=int, default=100)
    parser.add_argument("--stories", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(asyncio.run(_run(Path(folder), given)))


async def _run(folder: Path, given: argparse.Namespace) -> bool:
    chance, clock = Random(given.seed), FakeClock()
    async with Publisher(clock) as publisher:
        feed = publisher.feed("/feed.xml")
        feed.window = given.stories
        before, tape = await _live(folder, clock, feed, given.stories, chance)
        steps = _replay(folder, before, tape)
        syncs = sum(isinstance(step, Sync) for step in steps)
        print(f"{'recorded':<12} {len(steps):,} writes and syncs, {syncs:,} of them syncs")
        lost, doubled, interrupted, digests = 0, 0, 0, 0
        begun = steps.index(Mark(BEGUN))
        for _ in range(given.losses):
            until = chance.randrange(begun, len(steps))
            disk = after_power_loss(before, steps[:until], chance, name=NAME)
            accepted = [one for one in marks(steps[:until]) if isinstance(one, tuple)]
            messages, found = await _recover(folder, disk, clock.now(), feed.url, accepted)
            count = Counter(_standing(messages))
            digests += sum(isinstance(message, Digest) for _, message in messages)
            lost += sum(not count[line] for line in _wanted(given.stories))
            doubled += sum(times > 1 for times in count.values())
            interrupted += found
    print(f"{'losses':<12} {given.losses}, {interrupted} messages looked up afterwards")
    alerts = given.losses * len(CHANNELS) * given.stories
    print(f"{'alerts':<12} {alerts:,}, in {digests:,} digests and by themselves")
    print(f"lost {lost}, duplicated {doubled}")
    return bool(lost or doubled)


async def _live(
    folder: Path,
    clock: FakeClock,
    feed: FakeFeed,
    stories: int,
    chance: Random,
) -> tuple[bytes, Tape]:
    """Take a feed's news in and post it; gives the database before, and what was done to it."""
    path = folder / NAME
    store = await Database.open(f"sqlite+aiosqlite:///{path}")
    await store.close()
    before, tape = path.read_bytes(), Tape()
    store = await Database.open(f"sqlite+aiosqlite:///{path}", migrate=False)
    try:
        with _taped(store, tape):
            async with house(store, clock, feed.url, burst=BURST) as desk:
                _watch(desk.slack, clock, tape)
                await desk.round()
                await _follow(desk)
                tape.append(Mark(BEGUN))
                coming = iter(range(stories))
                while published := [*islice(coming, chance.choice(_AT_ONCE))]:
                    for number in published:
                        feed.publish(_headline(number))
                    if chance.random() < 0.3:
                        fault = chance.choice((OutcomeUnknownError("cut"), PlatformDownError("no")))
                        accepted = isinstance(fault, OutcomeUnknownError) and chance.random() < 0.5
                        desk.slack.faults[chance.choice(CHANNELS)] = [Fault(fault, accepted)]
                    await desk.round(MINUTE * chance.randint(1, 30))
    finally:
        await store.close()
    return before, tape


async def _follow(desk: House) -> None:
    hourly = Following(topic="us-china", cadence=Cadence(), zone=ZoneInfo("UTC"))
    async with desk.store.begin() as transaction:
        await transaction.subscriptions.add(
            Workspace(Platform.SLACK), TOLD_HOURLY, hourly, created_by="U1", now=desk.clock.now()
        )


@contextmanager
def _taped(store: Database, tape: Tape) -> Iterator[None]:
    engine = store._engine.sync_engine  # noqa: SLF001 - there is no other way to see statements

    def writes(connection: Connection) -> bool:
        return not connection.get_execution_options().get("newsbot_read_only")

    @event.listens_for(engine, "before_cursor_execute")
    def statement(connection, _, sql, parameters, *__):  # noqa: ANN001, ANN002, ANN202
        if writes(connection):
            several = bool(parameters) and isinstance(parameters[0], tuple)
            tape.extend((sql, one) for one in (parameters if several else [parameters]))

    @event.listens_for(engine, "commit")
    def commit(connection):  # noqa: ANN001, ANN202
        if writes(connection):
            tape.append(("COMMIT", ()))

    @event.listens_for(engine, "rollback")
    def rollback(connection):  # noqa: ANN001, ANN202
        if writes(connection):
            tape.append(("ROLLBACK", ()))

    try:
        yield
    finally:
        for name, listener in (
            ("before_cursor_execute", statement),
            ("commit", commit),
            ("rollback", rollback),
        ):
            event.remove(engine, name, listener)


def _watch(messenger: FakeMessenger, clock: FakeClock, tape: Tape) -> None:
    """Note on the tape what the platform accepts."""
    post = messenger.post

    async def watched(
        channel: Channel,
        message: Message,
        *,
        nonce: str,
        before: datetime | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef:
        already = len(messenger.posted[channel])
        try:
            return await post(channel, message, nonce=nonce, before=before, thread=thread)
        finally:
            if len(messenger.posted[channel]) > already:
                tape.append(Mark((clock.now(), channel, nonce, message)))

    messenger.post = watched  # type: ignore[method-assign]


def _replay(folder: Path, before: bytes, tape: Tape) -> Sequence[Step]:
    """Carry out the same on a disk that notes each step."""
    place = folder / "replayed"
    place.mkdir()
    (place / NAME).write_bytes(before)
    recorder = Recorder()
    vfs = RecordingVFS(recorder)
    connection = apsw.Connection(str(place / NAME), vfs="recording")
    # Without shared memory, which apsw does not pass on; what is written and synced is the same.
    for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    for one in tape:
        if isinstance(one, Mark):
            recorder.steps.append(one)
        else:
            sql, parameters = one
            connection.execute(sql, parameters).fetchall()
    steps = list(recorder.steps)
    connection.close()
    del vfs
    return steps


async def _recover(
    folder: Path,
    disk: dict[str, bytes],
    now: datetime,
    url: str,
    accepted: Sequence[Accepted],
) -> tuple[Sequence[Posted], int]:
    """Start newsbot on the disk; gives what stands in the channels, and how often it looked."""
    place = folder / "recovered"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name, content in disk.items():
        (place / name).write_bytes(content)
    store = await Database.open(f"sqlite+aiosqlite:///{place / NAME}")
    try:
        async with house(store, FakeClock(now), url, burst=BURST) as desk:
            for _, channel, nonce, message in accepted:
                desk.slack.posted[channel].append((nonce, message))
            for _ in range(8):
                await desk.round(20 * MINUTE)
            posted = [(one, message) for one in CHANNELS for message in desk.slack.messages(one)]
            return posted, desk.slack.looks
    finally:
        await store.close()


def _standing(posted: Sequence[Posted]) -> Iterator[tuple[Channel, str]]:
    for channel, message in posted:
        match message:
            case Alert():
                yield channel, message.headline
            case Digest():
                for group in message.groups:
                    yield from ((channel, alert.headline) for alert in group.alerts)


def _wanted(stories: int) -> Iterator[tuple[Channel, str]]:
    return ((channel, _headline(n)) for channel in CHANNELS for n in range(stories))


def _headline(number: int) -> str:
    return f"Talks in Beijing, day {number}"


if __name__ == "__main__":
    main()
