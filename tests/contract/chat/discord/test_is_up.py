"""The connection knows whether commands arrive, through discord.py."""

import asyncio
from contextlib import suppress

from bot.chat.discord.connection import DiscordConnection
from bot.commands.core import Commands
from tests.contract.chat.discord.conftest import StillClock
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_faults import GET_ME, Fault

GIVEN_UP = 4012
"""A close after which discord.py itself does not connect again."""


async def test_a_connection_that_discord_closed_is_down_until_it_is_there_again(
    server: FakeDiscord, clock: StillClock
) -> None:
    connection = DiscordConnection(
        token=server.token,
        commands=Commands(()),
        clock=clock,
        api_url=server.api_url,
        gateway_url=server.gateway_url,
    )
    assert not connection.is_up
    seen_down = asyncio.Event()
    running = asyncio.create_task(connection.run())
    try:
        async with asyncio.timeout(10):
            await until_it_is(connection, up=True)
            server.faults.add(GET_ME, Fault.http(503, "down"), times=3)
            server.faults.add(GET_ME, Fault.held(seen_down))
            await server.gateway.close_all(GIVEN_UP)
            await until_it_is(connection, up=False)
            seen_down.set()
            await until_it_is(connection, up=True)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert not connection.is_up


async def until_it_is(connection: DiscordConnection, *, up: bool) -> None:
    """The library tells nobody: look again and again."""
    while connection.is_up is not up:  # noqa: ASYNC110 - see above
        await asyncio.sleep(0.01)
