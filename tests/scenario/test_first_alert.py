"""The way to the first alert as the guides tell it: a token, what the log says next, an alert."""

import re
import signal
from pathlib import Path

import pytest

from tests.fakes.discord import FakeChannel, FakeDiscord
from tests.fakes.feed import FakeFeed
from tests.fakes.process import Desk, RunningNewsbot
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import SlackPerson, words

HEADLINE = "Washington and Beijing sign a protocol"
CHANNEL = "112233445566778899"


@pytest.fixture
def desk(tmp_path: Path, wire: FakeFeed) -> Desk:
    """As cloned: topics for the terminal alone, and no channel's ID anywhere."""
    desk = Desk(tmp_path, {"NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8"})
    desk.feeds({"Harbour Wire": wire.url})
    desk.rule("us-china", any=["Beijing"], channels=["console"])
    return desk


def told(newsbot: RunningNewsbot) -> str:
    """What the log says is to be done."""
    ((step),) = [str(event["what"]) for event in newsbot.events("nothing.followed")]
    return step


def subscription(step: str) -> str:
    """What to follow, of a step."""
    found = re.search(r"/news subscribe ([\w-]+)", step)
    assert found is not None
    return found[1]


async def test_in_slack_it_takes_a_command_and_a_button(
    desk: Desk, wire: FakeFeed, tmp_path: Path
) -> None:
    async with FakeSlack() as slack:
        (tmp_path / ".env").write_text(
            f"SLACK_BOT_TOKEN={slack.bot_token}\nSLACK_APP_TOKEN={slack.app_token}\n"
            f"NEWSBOT_SLACK_API_URL={slack.api_url}\n"
        )
        producer = SlackPerson(slack)
        async with desk.running("--log-format", "json", "--verbose") as newsbot:
            await newsbot.says("baseline.taken")
            await newsbot.says("slack.connected")
            await newsbot.says("nothing.followed")
            await producer.types(f"/news subscribe {subscription(told(newsbot))}")
            await slack.until(lambda: len(slack.whispers) > 0)
            offered = slack.whispers[-1]
            await producer.presses(offered, "subscribe-confirm")
            await slack.until(lambda: "follows us-china" in words(slack.whispers[-1].blocks))
            wire.publish(HEADLINE)
            await desk.make_due()
            await slack.until(lambda: len(slack.messages) > 0)
            newsbot.signal(signal.SIGTERM)
            await newsbot.end()
        assert [HEADLINE in message.text for message in slack.messages] == [True]

        async with desk.running("--log-format", "json") as newsbot:
            await newsbot.says("slack.connected")
            newsbot.signal(signal.SIGTERM)
            await newsbot.end()
        assert newsbot.events("nothing.followed") == []


async def test_in_discord_the_link_is_in_the_log_and_an_alert_can_be_had_at_once(
    desk: Desk, tmp_path: Path
) -> None:
    async with FakeDiscord() as discord:
        discord.add(FakeChannel(id=CHANNEL))
        (tmp_path / ".env").write_text(
            f"DISCORD_TOKEN={discord.token}\nNEWSBOT_DISCORD_API_URL={discord.api_url}\n"
            f"NEWSBOT_DISCORD_GATEWAY_URL={discord.gateway_url}\n"
        )
        async with desk.running("--log-format", "json", "--verbose") as newsbot:
            await newsbot.says("baseline.taken")
            await newsbot.says("discord.connected")
            await newsbot.says("nothing.followed")
            step = told(newsbot)
            assert (await desk.run("invite")).out.strip() in step
            offered = await discord.command("subscribe", {"what": subscription(step)})
            assert offered.message is not None
            confirmed = await discord.press(offered.message, "Confirm")
            assert "follows us-china" in str(confirmed.embed)

            found = await discord.command("search", {"topic": "us-china"})
            assert found.message is not None
            await discord.press(found.message, "Share")
            await newsbot.says("delivery.sent")
            newsbot.signal(signal.SIGTERM)
            await newsbot.end()
        embeds = [message.payload["embeds"][0]["title"] for message in discord.messages]
        assert embeds == ["An old story about Beijing"]
