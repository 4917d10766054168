"""Shards: Discord spreads a bot on many servers over several connections."""

import asyncio
import threading

import pytest
from discord.gateway import KeepAliveHandler

from bot.chat.discord.connection import DiscordConnection
from tests.contract.chat.discord.conftest import StillClock
from tests.contract.chat.discord.desk import Desk
from tests.fakes.discord import FakeDiscord, Who
from tests.fakes.discord_faults import GET_GATEWAY, Fault

FIRST, SECOND = 5, (1 << 22) + 5
"""Servers, by whose number Discord chooses the shard."""


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def connection(server: FakeDiscord, clock: StillClock, desk: Desk) -> DiscordConnection:
    return DiscordConnection(
        token=server.token,
        commands=desk.commands(),
        clock=clock,
        api_url=server.api_url,
        gateway_url=server.gateway_url,
    )


async def until(server: FakeDiscord, sessions: int) -> None:
    async with asyncio.timeout(5):
        await server.gateway.until_connected(sessions)


@pytest.mark.usefixtures("waits")
async def test_commands_of_every_server_are_answered_over_its_own_shard(
    server: FakeDiscord, connection: DiscordConnection, desk: Desk
) -> None:
    server.gateway.shards = 2
    running = asyncio.create_task(connection.run())
    await until(server, 2)

    for guild in (FIRST, SECOND, None):
        await server.command("search", {"query": "x"}, who=Who(guild=guild))
    running.cancel()
    await asyncio.wait([running])

    assert [request.person.workspace.id for request in desk.requests] == ["5", str(SECOND), "@404"]
    assert server.registrations == 1
    threads = [one for one in threading.enumerate() if isinstance(one, KeepAliveHandler)]
    assert threads == []


@pytest.mark.usefixtures("waits")
async def test_shards_are_resumed_each_by_itself(
    server: FakeDiscord, connection: DiscordConnection, desk: Desk
) -> None:
    server.gateway.shards = 2
    running = asyncio.create_task(connection.run())
    await until(server, 2)
    await server.gateway.ask_to_reconnect()
    await until(server, 4)
    for guild in (FIRST, SECOND):
        await server.command("search", {"query": "x"}, who=Who(guild=guild))
    running.cancel()
    await asyncio.wait([running])

    assert (server.gateway.identified, server.gateway.resumed) == (2, 2)
    assert len(desk.requests) == 2


@pytest.mark.usefixtures("waits")
async def test_cancelled_between_two_shards_it_leaves_nothing_behind(
    server: FakeDiscord, connection: DiscordConnection
) -> None:
    server.gateway.shards = 16
    running = asyncio.create_task(connection.run())
    await until(server, 2)
    running.cancel()
    await asyncio.wait([running])

    threads = [one for one in threading.enumerate() if isinstance(one, KeepAliveHandler)]
    assert threads == []
    left = [one for one in asyncio.all_tasks() if "discord" in repr(one.get_coro())]
    assert [one for one in left if "RequestHandler" not in repr(one)] == []


async def test_a_gateway_that_refuses_is_asked_again_ever_later(
    server: FakeDiscord,
    connection: DiscordConnection,
    clock: StillClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.gateway.refusing = True
    server.faults.add(GET_GATEWAY, Fault.error(404, 0, "gone"), times=2)
    before = clock.now()
    running = asyncio.create_task(connection.run())
    async with asyncio.timeout(5):
        while (clock.now() - before).total_seconds() < 1 + 2 + 4 + 8:  # noqa: ASYNC110 - the clock sets no event
            await asyncio.sleep(0)
    server.gateway.refusing = False
    await until(server, 1)
    running.cancel()
    await asyncio.wait([running])

    assert "Traceback" not in caplog.text
