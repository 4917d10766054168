"""/metrics and /healthz tell the truth, the database's trouble included."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.domain.channel import Channel, Platform
from bot.domain.message import Notice
from bot.errors import StorageError
from bot.metrics.endpoints import Endpoints
from bot.metrics.meters import Meters
from bot.ports.deliveries import Outgoing
from bot.services.health import LOST_AFTER, Status, status
from bot.services.lines import Lines
from bot.services.pulse import Pulse
from bot.setting_values import Listen
from bot.storage.database import Database
from bot.web import listening
from tests.fakes.clock import FakeClock

URL = "https://wire.example/feed"
HOUR = timedelta(hours=1)


class Line:
    """A live connection, up or down as told."""

    is_up = True

    async def run(self) -> None:
        await asyncio.Event().wait()


class World:
    """What stands behind the endpoints."""

    def __init__(self, store: Database, clock: FakeClock) -> None:
        self.store = store
        self.clock = clock
        self.line = Line()
        self.lines = Lines({Platform.SLACK: self.line}, clock)
        self.looks = 0
        self.trouble: StorageError | None = None
        self.stuck = asyncio.Event()
        self.stuck.set()

    async def look(self) -> Status:
        self.looks += 1
        await self.stuck.wait()
        if self.trouble is not None:
            raise self.trouble
        self.lines.look()
        return await status(self.store, self.clock, urls={URL}, down=self.lines.down)

    @asynccontextmanager
    async def served(self, *, patience: float = 5.0) -> AsyncIterator["Asking"]:
        endpoints = Endpoints(Meters("1.2.3"), self.look, self.clock, patience=patience)
        async with (
            listening(endpoints.routes, Listen("127.0.0.1", 0)) as address,
            ClientSession(f"http://{address}") as session,
        ):
            yield Asking(session)
        await endpoints.close()


class Asking:
    """Who asks."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def health(self) -> tuple[int, list[str]]:
        async with self._session.get("/healthz") as answer:
            found = await answer.json()
            assert found["well"] is (answer.status == 200)
            return answer.status, found["problems"]

    async def metric(self, name: str) -> str:
        async with self._session.get("/metrics") as answer:
            assert answer.status == 200
            lines = (await answer.text()).splitlines()
        (value,) = [line.rpartition(" ")[2] for line in lines if line.rpartition(" ")[0] == name]
        return value


@pytest.fixture
async def world(tmp_path: Path, clock: FakeClock) -> AsyncIterator[World]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    await Pulse(store=database, clock=clock).beat()
    yield World(database, clock)
    await database.close()


async def test_a_newsbot_at_work_is_well(world: World) -> None:
    async with world.served() as asking:
        assert await asking.health() == (200, [])
        assert await asking.metric("newsbot_healthy") == "1.0"
        assert await asking.metric('newsbot_deliveries{state="sent"}') == "0.0"
        assert await asking.metric("newsbot_queue_age_seconds") == "0.0"


async def test_stalled_polling_is_a_503_and_a_figure(world: World) -> None:
    async with world.store.begin() as transaction:
        await transaction.feeds.add([URL], due_at=world.clock.now())
    world.clock.advance(HOUR)
    await Pulse(store=world.store, clock=world.clock).beat()
    async with world.served() as asking:
        code, (problem,) = await asking.health()
        assert (code, "overdue" in problem) == (503, True)
        assert await asking.metric("newsbot_feeds_overdue") == "1.0"
        assert await asking.metric("newsbot_healthy") == "0.0"


async def test_a_connection_down_for_more_than_five_minutes_is_a_503(world: World) -> None:
    world.lines.look()
    world.line.is_up = False
    async with world.served() as asking:
        assert await asking.health() == (200, [])
        world.clock.advance(LOST_AFTER)
        await Pulse(store=world.store, clock=world.clock).beat()
        assert await asking.health() == (200, [])
        world.clock.advance(timedelta(seconds=1))
        code, (problem,) = await asking.health()
        assert code == 503
        assert problem.startswith("Slack has been disconnected for 5 min 1 s")
        world.line.is_up = True
        assert await asking.health() == (200, [])


async def test_a_digest_that_did_not_go_out_is_a_503_and_a_figure(world: World) -> None:
    async with world.store.begin() as transaction:
        held = Outgoing(
            channel=Channel(Platform.SLACK, "C1"),
            key="k",
            message=Notice(title="x", text="y"),
            held_until=world.clock.now() + HOUR,
        )
        await transaction.deliveries.add([held], now=world.clock.now())
    async with world.served() as asking:
        assert await asking.metric("newsbot_digest_age_seconds") == "0.0"
        world.clock.advance(2 * HOUR)
        await Pulse(store=world.store, clock=world.clock).beat()
        code, (problem,) = await asking.health()
        assert (code, "A digest has been due for 1 h" in problem) == (503, True)
        assert await asking.metric("newsbot_digest_age_seconds") == "3600.0"
        assert await asking.metric("newsbot_queue_age_seconds") == "0.0"


async def test_a_database_that_refuses_is_a_503_and_its_figures_are_no_numbers(
    world: World,
) -> None:
    world.trouble = StorageError("database sqlite:///newsbot.db: disk I/O error")
    async with world.served() as asking:
        code, (problem,) = await asking.health()
        assert (code, "disk I/O error" in problem) == (503, True)
        assert await asking.metric("newsbot_feeds_overdue") == "NaN"
        assert await asking.metric("newsbot_healthy") == "0.0"


async def test_a_database_that_hangs_is_asked_once_and_not_waited_for(world: World) -> None:
    world.stuck.clear()
    async with world.served(patience=0.01) as asking:
        answers = await asyncio.gather(*(asking.health() for _ in range(5)))
        assert [code for code, _ in answers] == [503] * 5
        assert world.looks == 1
        world.stuck.set()
        await asyncio.sleep(0)
    async with world.served() as asking:
        assert await asking.health() == (200, [])
