"""Every command of newsbot's own, asked in Slack over a real store, either way it is reached."""

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
ASKED = {
    "search ferry since 2d": "Search: ferry",
    "latest us-china": "Talks in Beijing",
    "since 2d": "Ferry late again",
    "topics": "2 topics, 1 followed here",
    "topic us-china": "Followed in: this channel",
    "preview ferry": "ferry",
    f"why {STORY}": "US and China",
    "feeds": "wire.example",
    "status": "feed",
    "ping": "newsbot is here.",
    "help": "/news search",
}
"""What is typed, and a part of what is then read."""
WRONG = {
    "search ferry AND (": "query cannot be read",
    "latest us-chna": "did you mean us-china?",
    "since soon": "soon",
    "topic nothing like it": "/news topics lists them",
    "preview a AND b OR c": "query cannot be read",
    "why https://wire.example/never": "wire.example/never",
    "serch ferry": "Did you mean /news search",
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


async def _asked(slack: FakeSlack, line: str) -> Whisper:
    """What somebody reads who typed this."""
    said = len(slack.whispers)
    await SlackPerson(slack).types(f"/news {line}".rstrip())
    await slack.until(lambda: len(slack.whispers) > said)
    return slack.whispers[-1]


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_each_command_is_answered(slack: FakeSlack, newsroom: Newsroom, way: str) -> None:
    known = {command.verb for command in newsroom.commands}
    assert {line.split()[0] for line in ASKED} <= {verb.split()[0] for verb in known}
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        for line, expected in ASKED.items():
            assert expected in words((await _asked(slack, line)).blocks), line


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_wrong_input_is_answered_helpfully(
    slack: FakeSlack, newsroom: Newsroom, way: str
) -> None:
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        for line, expected in WRONG.items():
            read = words((await _asked(slack, line)).blocks)
            assert expected in read, line
            assert "something broke" not in read, line


async def test_no_command_breaks_with_nothing_typed(slack: FakeSlack, newsroom: Newsroom) -> None:
    commands = newsroom.commands
    async with at_work(slack, slack_app(slack, commands), "socket"):
        for command in commands:
            await SlackPerson(slack).types(f"/news {command.verb}")
        await slack.until(
            lambda: len(slack.whispers) + len(slack.views.windows) == len([*commands])
        )
    assert "something broke" not in str(slack.whispers)


async def test_a_search_is_leafed_through_in_place_and_a_story_shared(
    slack: FakeSlack, newsroom: Newsroom
) -> None:
    await newsroom.publish(*(f"Ferry number {number}" for number in range(8)))
    ada = SlackPerson(slack)
    async with at_work(slack, slack_app(slack, newsroom.commands), "socket"):
        found = await _asked(slack, "search ferry")
        await ada.presses(found, "search-page")
        await slack.until(lambda: "page 2" in words(found.blocks))
        await ada.presses(found, "share")
        await slack.until(lambda: len(slack.whispers) > 1)

    assert "is on its way to this channel" in words(slack.whispers[-1].blocks)
    async with newsroom.store.begin() as transaction:
        claim = await transaction.deliveries.claim(
            CHANNEL, now=newsroom.clock.now(), lease=timedelta(hours=1)
        )
    assert claim is not None
    assert "Ferry number" in str(claim.delivery.message)


@pytest.mark.parametrize("line", ["since 2d", "topics", "feeds"])
async def test_a_long_list_is_leafed_through(
    slack: FakeSlack, newsroom: Newsroom, line: str
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
    action = f"{'stories' if line.startswith('since') else line}-page"
    ada = SlackPerson(slack)
    async with at_work(slack, slack_app(slack, many.commands), "socket"):
        found = await _asked(slack, line)
        first = words(found.blocks)
        await ada.presses(found, action, nth=-1)
        await slack.until(lambda: words(found.blocks) != first)
        await ada.presses(found, action, nth=0)
        await slack.until(lambda: words(found.blocks) == first)
    assert len(slack.whispers) == 1


async def test_the_own_page_is_written(slack: FakeSlack, newsroom: Newsroom) -> None:
    async with at_work(slack, slack_app(slack, newsroom.commands), "socket"):
        await SlackPerson(slack, "U0ADA").opens_home()
        await slack.until(lambda: "U0ADA" in slack.views.homes)
    assert "/news" in words(slack.views.homes["U0ADA"]["blocks"])


async def test_why_of_a_message_names_what_decided(slack: FakeSlack, newsroom: Newsroom) -> None:
    said = FakeMessage(
        channel="C0NEWS", ts="1.1", text=f"<{STORY}>", blocks=[], metadata={}, arguments={}
    )
    async with at_work(slack, slack_app(slack, newsroom.commands), "socket"):
        await SlackPerson(slack).asks_why(said)
        await slack.until(lambda: bool(slack.whispers))
    assert "US and China" in words(slack.whispers[0].blocks)
