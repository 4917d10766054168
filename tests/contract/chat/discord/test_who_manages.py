"""Who manages newsbot on a Discord server: those who manage its channels, all of them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.discord.messenger import DiscordMessenger
from bot.domain.channel import Platform
from bot.storage.database import Database
from tests.contract.chat.discord.conftest import Serve
from tests.contract.chat.discord.desk import Desk
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock
from tests.fakes.discord import FakeChannel, FakeDiscord, Who
from tests.fakes.discord_faults import GET_GUILD, Fault
from tests.fakes.discord_interactions import CommandAnswer
from tests.fakes.discord_shapes import (
    ADMINISTRATOR,
    ADMINISTRATORS,
    EDITORS,
    MANAGE_CHANNELS,
    OWNER_ID,
)

OTHER = "112233445566778899"
OF_ONE_CHANNEL = Who(permissions=MANAGE_CHANNELS)
"""Somebody whom one channel's settings, and nothing else, let manage that channel."""
FOR_MANAGERS = {
    "subscribe": ({"what": "us-china", "channel": f"<#{OTHER}>"}, "US and China"),
    "subscriptions": ({"of": "all"}, "0 subscriptions in this workspace"),
    "feed remove": ({"name": "Town Crier"}, "No feed called"),
}
"""What is for those who manage alone, and a part of what they are answered."""


@pytest.fixture
async def newsroom(tmp_path: Path, messenger: DiscordMessenger) -> AsyncIterator[Newsroom]:
    store = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield Newsroom(store, FakeClock(), messengers={Platform.DISCORD: messenger})
    await store.close()


def read(answer: CommandAnswer) -> str:
    assert answer.message is not None
    return str(answer.message.payload)


@pytest.mark.parametrize(
    ("who", "manages"),
    [
        (Who(), False),
        (OF_ONE_CHANNEL, False),
        (Who(permissions=ADMINISTRATOR), False),  # which no channel can give
        (Who(roles=(EDITORS,)), True),
        (Who(roles=(ADMINISTRATORS,)), True),
        (Who(user=OWNER_ID), True),
    ],
)
@pytest.mark.parametrize("told", [True, False])
async def test_the_right_counts_that_roles_give_on_the_whole_server(
    server: FakeDiscord, serve: Serve, who: Who, *, manages: bool, told: bool
) -> None:
    desk = Desk()
    if not told:
        server.gateway.guilds = ()
    async with serve(desk.commands()):
        await server.command("search", {"query": "x"}, who=who)
        assert await desk.requests[0].person.manages() is manages

    assert ("GET /guilds/303" in server.requests) is not told


@pytest.mark.parametrize("verb", FOR_MANAGERS)
async def test_a_right_in_one_channel_changes_no_other_channel_and_no_feed(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom, verb: str
) -> None:
    server.add(FakeChannel(id=OTHER))
    options, expected = FOR_MANAGERS[verb]
    async with serve(newsroom.commands):
        refused = await server.command(verb, options, who=OF_ONE_CHANNEL)
        allowed = await server.command(verb, options, who=Who(roles=(ADMINISTRATORS,)))

    assert "Only people who manage newsbot may" in read(refused)
    assert "Only people who manage newsbot may" not in read(allowed)
    assert expected in read(allowed)


async def test_where_discord_does_not_say_nobody_manages_and_is_told_so(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom
) -> None:
    server.gateway.guilds = ()
    server.faults.add(GET_GUILD, Fault.error(403, 50001, "Missing Access"))
    async with serve(newsroom.commands):
        answer = await server.command("subscriptions", {"of": "all"}, who=Who(roles=(EDITORS,)))

    assert "Discord does not say at present whether you may" in read(answer)


async def test_with_subscribing_left_to_managers_a_right_in_the_channel_is_not_enough(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom
) -> None:
    async with serve(replace(newsroom, anyone_subscribes=False).commands):
        refused = await server.command("subscribe", {"what": "us-china"}, who=OF_ONE_CHANNEL)

    assert "Only people who manage newsbot may change what a channel follows" in read(refused)
