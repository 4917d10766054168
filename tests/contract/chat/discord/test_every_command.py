"""Every command of newsbot's own, asked on Discord over a real store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.channel import Channel, Platform
from bot.domain.feed import Feed
from bot.domain.topic import Topic
from bot.query.syntax import parse
from bot.storage.database import Database
from tests.contract.chat.discord.conftest import CHANNEL, Serve
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock
from tests.fakes.discord import FakeDiscord, FakeMessage, Who
from tests.fakes.discord_interactions import CommandAnswer
from tests.fakes.discord_limits import command_mistakes

STORY = "https://wire.example/talks-in-beijing"
TOPICS = (
    Topic(name="us-china", title="US and China", query=parse("Beijing"), channels=(CHANNEL,)),
    Topic(
        name="ferries",
        title="Ferries",
        query=parse("ferry"),
        channels=(Channel(Platform.DISCORD, "2002"),),
    ),
)
ASKED: dict[str, tuple[dict[str, str], str]] = {
    "search": ({"query": "ferry", "since": "2d"}, "Search: ferry"),
    "latest": ({"topic": "us-china"}, "Talks in Beijing"),
    "since": ({"time": "2d"}, "Ferry late again"),
    "topics": ({}, "2 topics, 1 followed here"),
    "topic": ({"name": "us-china"}, "Followed in: this channel"),
    "preview": ({"query": "ferry"}, "ferry"),
    "why": ({"link": STORY}, "US and China"),
    "feeds": ({}, "wire.example"),
    "status": ({}, "feed"),
    "ping": ({}, "newsbot is here."),
    "help": ({}, "/news search"),
}
"""What is filled in, and a part of what is then read."""
WRONG: dict[str, tuple[dict[str, str], str]] = {
    "search": ({"query": "ferry AND ("}, "query cannot be read"),
    "latest": ({"topic": "us-chna"}, "did you mean us-china?"),
    "since": ({"time": "soon"}, "soon"),
    "topic": ({"name": "nothing like it"}, "/news topics lists them"),
    "preview": ({"query": "a AND b OR c"}, "query cannot be read"),
    "why": ({"link": "https://wire.example/never"}, "wire.example/never"),
    "help": ({"command": "serch"}, "search"),
}
"""What cannot be carried out, and a part of what helps."""


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """Two stories on the wire, and one topic followed in the channel that is asked from."""
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


@pytest.mark.parametrize("verb", ASKED)
async def test_a_command_is_answered(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom, verb: str
) -> None:
    options, expected = ASKED[verb]
    async with serve(newsroom.commands):
        answer = await server.command(verb, options)

    assert expected in read(answer)


@pytest.mark.parametrize("verb", WRONG)
async def test_wrong_input_is_answered_helpfully(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom, verb: str
) -> None:
    options, expected = WRONG[verb]
    async with serve(newsroom.commands):
        answer = await server.command(verb, options)

    assert expected in read(answer)
    assert "went wrong" not in read(answer)


async def test_no_command_breaks_without_its_options(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom
) -> None:
    async with serve(newsroom.commands):
        for command in newsroom.commands:
            answer = await server.command(command.verb)
            if not answer.window:
                assert "went wrong" not in read(answer)


@pytest.mark.parametrize(
    ("typing", "values"),
    [
        (("latest", "topic", "china"), ["us-china"]),
        (("search", "topic", ""), ["us-china", "ferries"]),
        (("search", "feed", "wi"), ["Wire"]),
        (("why", "topic", "ferr"), ["ferries"]),
        (("help", "command", "top"), ["topics", "topic"]),
    ],
)
async def test_topics_feeds_and_commands_are_suggested(
    server: FakeDiscord,
    serve: Serve,
    newsroom: Newsroom,
    typing: tuple[str, str, str],
    values: list[str],
) -> None:
    async with serve(newsroom.commands):
        suggested = await server.suggest(*typing)

    assert [one["value"] for one in suggested] == values


async def test_a_search_is_leafed_through_and_a_story_shared(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom
) -> None:
    await newsroom.publish(*(f"Ferry number {number}" for number in range(8)))
    async with serve(newsroom.commands):
        first = shown(await server.command("search", {"query": "ferry"}))
        second = shown(await server.press(first, "Next"))
        shared = await server.press(second, "Share 1")

    assert second.id == first.id
    assert "page 2" in second.payload["content"]
    assert "is on its way to this channel" in read(shared)
    async with newsroom.store.begin() as transaction:
        claim = await transaction.deliveries.claim(
            CHANNEL, now=newsroom.clock.now(), lease=timedelta(hours=1)
        )
    assert claim is not None
    assert "Ferry number" in str(claim.delivery.message)


async def test_a_button_of_another_server_shows_nothing(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom
) -> None:
    await newsroom.publish(*(f"Ferry number {number}" for number in range(8)))
    async with serve(newsroom.commands):
        first = shown(await server.command("search", {"query": "ferry"}))
        answer = await server.press(first, "Next", who=Who(guild=999))

    assert "ask again" in read(answer)
    assert "Ferry number" not in read(answer)


@pytest.mark.parametrize("verb", ["since", "topics", "feeds"])
async def test_a_long_list_is_leafed_through(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom, verb: str
) -> None:
    many = replace(
        newsroom,
        topics=tuple(replace(TOPICS[0], name=f"t{n}", title=f"T{n}") for n in range(12)),
        feeds=(
            *newsroom.feeds,
            *(Feed(url=f"https://{n}.example/", name=str(n)) for n in range(12)),
        ),
    )
    await many.publish(*(f"Story number {number}" for number in range(30)))
    async with serve(many.commands):
        first = shown(await server.command(verb, ASKED[verb][0]))
        second = shown(await server.press(first, "Next"))
        again = shown(await server.press(second, "Previous"))

    assert second.id == first.id
    assert second.payload["embeds"] != first.payload["embeds"]
    assert again.payload["embeds"] == first.payload["embeds"]


def shown(answer: CommandAnswer) -> FakeMessage:
    """The private message of an answer."""
    assert answer.message is not None
    return answer.message
