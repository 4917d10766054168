"""What only Slack has of newsbot's commands: typed lines, its shortcut, newsbot's own page."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.channel import Channel, Platform
from bot.domain.topic import Topic
from bot.query.syntax import parse
from bot.storage.database import Database
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeMessage, FakeSlack
from tests.fakes.slack_app import at_work, slack_app
from tests.fakes.slack_people import SlackPerson, Whisper, words

CHANNEL = Channel(Platform.SLACK, "C0NEWS")
STORY = "https://wire.example/talks-in-beijing"
TOPICS = (
    Topic(name="us-china", title="US and China", query=parse("Beijing"), channels=(CHANNEL,)),
    Topic(name="ferries", title="Ferries", query=parse("ferry")),
)


either_way = pytest.mark.parametrize("way", ["socket", "http"])


@pytest.fixture
async def newsroom(laid_out: Path, tmp_path: Path) -> AsyncIterator[Newsroom]:
    """Two stories on the wire, and one topic followed in the channel that is asked from."""
    shutil.copy(laid_out, tmp_path / "newsbot.db")
    store = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    newsroom = Newsroom(store, FakeClock(), topics=TOPICS)
    await newsroom.publish("Talks in Beijing", "Ferry late again")
    yield newsroom
    await store.close()


async def _asked(slack: FakeSlack, line: str) -> Whisper:
    """What somebody reads who typed this."""
    said = len(slack.whispers)
    await SlackPerson(slack).types(f"/news {line}".rstrip())
    await slack.until(lambda: len(slack.whispers) > said)
    return slack.whispers[-1]


@either_way
async def test_a_mistyped_command_is_answered_with_the_nearest(
    slack: FakeSlack, newsroom: Newsroom, way: str
) -> None:
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        read = words((await _asked(slack, "serch ferry")).blocks)
    assert "Did you mean /news search" in read


async def test_no_command_breaks_with_nothing_typed(slack: FakeSlack, newsroom: Newsroom) -> None:
    commands = newsroom.commands
    async with at_work(slack, slack_app(slack, commands), "socket"):
        for command in commands:
            await SlackPerson(slack).types(f"/news {command.verb}")
        await slack.until(
            lambda: len(slack.whispers) + len(slack.views.windows) == len([*commands])
        )
    assert "something broke" not in str(slack.whispers)


@either_way
async def test_the_own_page_is_written(slack: FakeSlack, newsroom: Newsroom, way: str) -> None:
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        await SlackPerson(slack, "U0ADA").opens_home()
        await slack.until(lambda: "U0ADA" in slack.views.homes)
    assert "/news" in words(slack.views.homes["U0ADA"]["blocks"])


@either_way
async def test_why_of_a_message_names_what_decided(
    slack: FakeSlack, newsroom: Newsroom, way: str
) -> None:
    said = FakeMessage(
        channel="C0NEWS", ts="1.1", text=f"<{STORY}>", blocks=[], metadata={}, arguments={}
    )
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        await SlackPerson(slack).asks_why(said)
        await slack.until(lambda: bool(slack.whispers))
    assert "US and China" in words(slack.whispers[0].blocks)
