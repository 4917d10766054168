"""What only Discord has of newsbot's commands: their form, and servers apart from each other."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.channel import Channel, Platform
from bot.domain.topic import Topic
from bot.query.syntax import parse
from bot.storage.database import Database
from tests.contract.chat.discord.conftest import CHANNEL, Serve
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock
from tests.fakes.discord import FakeDiscord, FakeMessage, Who
from tests.fakes.discord_interactions import CommandAnswer
from tests.fakes.discord_limits import command_mistakes

TOPICS = (
    Topic(name="us-china", title="US and China", query=parse("Beijing"), channels=(CHANNEL,)),
    Topic(
        name="ferries",
        title="Ferries",
        query=parse("ferry"),
        channels=(Channel(Platform.DISCORD, "2002"),),
    ),
)


@pytest.fixture
async def newsroom(laid_out: Path, tmp_path: Path) -> AsyncIterator[Newsroom]:
    """Two stories on the wire, and one topic followed in the channel that is asked from."""
    shutil.copy(laid_out, tmp_path / "newsbot.db")
    store = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    newsroom = Newsroom(store, FakeClock(), topics=TOPICS)
    await newsroom.publish("Talks in Beijing", "Ferry late again")
    yield newsroom
    await store.close()


def read(answer: CommandAnswer) -> str:
    """All that stands in an answer."""
    assert answer.private
    assert answer.message is not None
    return str(answer.message.payload).replace("\\\\", "").replace("\\", "")


async def test_every_command_is_registered_within_discords_limits(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom
) -> None:
    async with serve(newsroom.commands):
        pass

    assert command_mistakes(server.commands) == {}
    [group] = server.commands
    assert len(group["options"]) <= 25


async def test_no_command_breaks_without_its_options(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom
) -> None:
    async with serve(newsroom.commands):
        for command in newsroom.commands:
            answer = await server.command(command.verb)
            if not answer.window:
                assert "went wrong" not in read(answer)


async def test_a_button_of_another_server_shows_nothing(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom
) -> None:
    await newsroom.publish(*(f"Ferry number {number}" for number in range(8)))
    async with serve(newsroom.commands):
        first = shown(await server.command("search", {"query": "ferry"}))
        answer = await server.press(first, "Next", who=Who(guild=999))

    assert "ask again" in read(answer)
    assert "Ferry number" not in read(answer)


def shown(answer: CommandAnswer) -> FakeMessage:
    """The private message of an answer."""
    assert answer.message is not None
    return answer.message
