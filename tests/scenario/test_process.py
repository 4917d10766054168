"""`newsbot run` as a process: alerts, commands, signals, restarts, changed files, the log."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.log import FOREIGN
from tests.fakes.discord import FakeChannel, FakeDiscord
from tests.fakes.discord_faults import POST_MESSAGE
from tests.fakes.discord_faults import Fault as DiscordFault
from tests.fakes.feed import FakeFeed
from tests.fakes.process import PATIENCE, Desk, RunningNewsbot
from tests.fakes.slack import FakeSlack, Fault

HEADLINE = "Washington and Beijing sign a protocol"
DISCORD_NEWS = "112233445566778899"
ENDS_WITHIN = 10.0
"""Seconds: what is promised of SIGTERM and Ctrl-C."""


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as discord:
        discord.add(FakeChannel(id=DISCORD_NEWS))
        yield discord


@pytest.fixture
def desk(tmp_path: Path, wire: FakeFeed) -> Desk:
    desk = Desk(tmp_path, {"NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8"})
    desk.feeds({"Harbour Wire": wire.url})
    desk.rule("us-china", any=["Beijing"], channels=["console"])
    return desk


def connect_slack(desk: Desk, slack: FakeSlack) -> None:
    """Give newsbot the tokens of a workspace, and alerts to post there."""
    desk.environ["SLACK_BOT_TOKEN"] = slack.bot_token
    desk.environ["SLACK_APP_TOKEN"] = slack.app_token
    desk.environ["NEWSBOT_SLACK_API_URL"] = slack.api_url
    desk.rule("us-china", any=["Beijing"], channels=["slack:C0NEWS"])


def connect_both(desk: Desk, slack: FakeSlack, discord: FakeDiscord) -> None:
    """Give newsbot the tokens of a workspace and a server, and alerts to post everywhere."""
    connect_slack(desk, slack)
    desk.environ["DISCORD_TOKEN"] = discord.token
    desk.environ["NEWSBOT_DISCORD_API_URL"] = discord.api_url
    desk.environ["NEWSBOT_DISCORD_GATEWAY_URL"] = discord.gateway_url
    everywhere = ("console", "slack:C0NEWS", f"discord:{DISCORD_NEWS}")
    desk.rule("us-china", any=["Beijing"], channels=everywhere)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something seen from outside holds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is watched is in other processes' hands
            await asyncio.sleep(0.05)


async def publish(desk: Desk, wire: FakeFeed, *headlines: str) -> None:
    """Publish stories and let newsbot see them at once."""
    for headline in headlines:
        wire.publish(headline)
    await desk.make_due()


async def stopped(newsbot: RunningNewsbot) -> int:
    """Stop newsbot as a service manager does; gives its exit code."""
    newsbot.signal(signal.SIGTERM)
    return await newsbot.end(within=ENDS_WITHIN)


async def test_a_new_story_is_alerted_once_in_slack_discord_and_the_console(
    desk: Desk, wire: FakeFeed, slack: FakeSlack, discord: FakeDiscord
) -> None:
    connect_both(desk, slack, discord)
    async with desk.running("--log-format", "json", "--verbose") as newsbot:
        await newsbot.says("baseline.taken")
        await publish(desk, wire, HEADLINE)
        await newsbot.says("delivery.sent", times=3)
        polls = len(wire.requests)
        await desk.make_due()
        await until(lambda: len(wire.requests) > polls)
        assert (await desk.run("health")).code == 0
        assert await stopped(newsbot) == 0

    assert [HEADLINE in message.text for message in slack.messages] == [True]
    embeds = [message.payload["embeds"][0]["title"] for message in discord.messages]
    assert embeds == [HEADLINE]
    assert newsbot.cards.count(HEADLINE) == 1
    assert [event["entries"] for event in newsbot.events("baseline.taken")] == [1]
    health = await desk.run("health")
    assert health.code == 1
    assert "No newsbot is running" in health.err


async def test_commands_are_answered_on_both_platforms_and_no_secret_is_logged(
    desk: Desk, slack: FakeSlack, discord: FakeDiscord
) -> None:
    connect_both(desk, slack, discord)
    async with desk.running("--log-format", "json", "--verbose") as newsbot:
        await newsbot.says("baseline.taken")
        await newsbot.says("slack.connected")
        await newsbot.says("discord.connected")
        noted = await desk.sql("SELECT platform FROM connections ORDER BY platform")
        assert noted == [("discord",), ("slack",)]
        slack_replies = [
            json.dumps((await slack.command(f"/news {verb}")).reply) for verb in ("ping", "help")
        ]
        discord_replies = [
            json.dumps((await discord.command(verb)).embed) for verb in ("ping", "help")
        ]
        assert await stopped(newsbot) == 0

    for ping, help_ in (slack_replies, discord_replies):
        assert "newsbot is here." in ping
        assert "/news ping" in help_
    assert all(isinstance(json.loads(line), dict) for line in newsbot.log)
    said = "\n".join([*newsbot.log, newsbot.cards])
    for secret in (slack.bot_token, slack.app_token, slack.ticket, discord.token):
        assert secret not in said


async def test_a_post_under_way_is_finished_and_the_rest_sent_by_the_next_start(
    desk: Desk, wire: FakeFeed, slack: FakeSlack
) -> None:
    connect_slack(desk, slack)
    going_on = asyncio.Event()
    slack.faults.add("chat.postMessage", Fault.held(going_on))
    headlines = [f"Beijing story {count}" for count in ("one", "two")]
    async with desk.running() as newsbot:
        await newsbot.says("baseline.taken")
        await publish(desk, wire, *headlines)
        await slack.asked("chat.postMessage")
        newsbot.signal(signal.SIGINT)
        await newsbot.says("newsbot.stopping")
        going_on.set()
        assert await newsbot.end(within=ENDS_WITHIN) == 0
    assert [headlines[0] in message.text for message in slack.messages] == [True]

    async with desk.running() as newsbot:
        await until(lambda: len(slack.messages) == len(headlines))
        assert await stopped(newsbot) == 0
    for headline, message in zip(headlines, slack.messages, strict=True):
        assert headline in message.text


async def test_posts_stuck_at_the_servers_do_not_hold_up_the_end_and_are_not_doubled(
    desk: Desk, wire: FakeFeed, slack: FakeSlack, discord: FakeDiscord
) -> None:
    connect_both(desk, slack, discord)
    going_on = asyncio.Event()
    slack.faults.add("chat.postMessage", Fault.held(going_on))
    stuck = DiscordFault.held(going_on)
    discord.faults.add(POST_MESSAGE, stuck)
    async with desk.running("--log-format", "json") as newsbot:
        await newsbot.says("baseline.taken")
        await publish(desk, wire, HEADLINE)
        await slack.asked("chat.postMessage")
        await stuck.reached.wait()
        assert await stopped(newsbot) == 0
    assert len(newsbot.events("stop.posts_left")) == 1
    assert newsbot.events(FOREIGN) == []
    states = "SELECT state FROM deliveries ORDER BY state"
    assert await desk.sql(states) == [("sending",), ("sending",), ("sent",)]
    # Slack has the whole request and carries it out after all; Discord lost the half it had.
    going_on.set()
    await until(lambda: len(slack.messages) == 1)

    await desk.sql("UPDATE deliveries SET lease_until = '2000-01-01 00:00:00'")
    async with desk.running() as newsbot:
        await newsbot.says("delivery.found")
        await newsbot.says("delivery.sent", times=2)
        assert await stopped(newsbot) == 0
    assert len(slack.messages) == len(discord.messages) == 1
    assert await desk.sql(states) == [("sent",), ("sent",), ("sent",)]


async def test_a_mistake_in_a_changed_rule_leaves_the_last_good_one_in_force_until_it_is_mended(
    desk: Desk, wire: FakeFeed
) -> None:
    async with desk.running() as newsbot:
        await newsbot.says("baseline.taken")
        desk.rule("us-china", anny=["Taipei"], channels=["console"])
        await newsbot.says("configuration.refused")
        await newsbot.shows("Changed configuration not used")
        await publish(desk, wire, HEADLINE)
        await newsbot.shows(HEADLINE)
        desk.rule("us-china", any=["Taipei"], channels=["console"])
        await newsbot.says("configuration.mended")
        await publish(desk, wire, "Beijing again", "A fair opens in Taipei")
        await newsbot.shows("A fair opens in Taipei")
        assert await stopped(newsbot) == 0

    assert "Beijing again" not in newsbot.cards
    refused = "\n".join(newsbot.log)
    assert "rules/us-china.yaml:1:" in refused


async def test_without_the_token_of_a_platform_that_a_rule_names_it_says_how_to_get_it(
    desk: Desk,
) -> None:
    desk.rule("us-china", any=["Beijing"], channels=["slack:C0NEWS"])
    async with desk.running() as newsbot:
        await newsbot.says("newsbot.started")
        assert await stopped(newsbot) == 0

    (missing,) = [line for line in newsbot.log if "token.missing" in line]
    assert "SLACK_BOT_TOKEN is not set: alerts for Slack are shown in the console" in missing
    assert "docs/slack.md says how to get it" in missing
    assert "=" not in missing.split(" — ")[0]


async def test_where_no_rule_names_a_platform_no_token_is_missed(desk: Desk) -> None:
    async with desk.running("--log-format", "json") as newsbot:
        await newsbot.says("newsbot.started")
        assert await stopped(newsbot) == 0

    assert [event["level"] for event in newsbot.events("console.only")] == ["info"]
    assert newsbot.events("token.missing") == []


async def test_a_refused_token_is_told_of_at_the_start_and_once(
    desk: Desk, wire: FakeFeed, slack: FakeSlack
) -> None:
    connect_slack(desk, slack)
    desk.environ["SLACK_BOT_TOKEN"] = "xoxb-of-another-workspace"
    async with desk.running("--log-format", "json") as newsbot:
        await newsbot.says("baseline.taken")
        await newsbot.shows("Slack refuses newsbot's token")
        await publish(desk, wire, HEADLINE)
        await newsbot.says("poll.done")
        assert await stopped(newsbot) == 0

    assert newsbot.cards.count("refuses newsbot's token") == 1
    told = [event["event"] for event in map(json.loads, newsbot.log) if event["level"] == "error"]
    assert told == ["platform.locked"]
    assert slack.messages == []


async def test_a_second_newsbot_on_an_sqlite_file_is_refused_while_the_first_lives(
    desk: Desk,
) -> None:
    async with desk.running() as newsbot:
        await newsbot.says("newsbot.started")
        second = await desk.run("run")
        assert second.code == 1
        assert "another newsbot is at work on" in second.err
        assert "(process " in second.err
        newsbot.signal(signal.SIGKILL)
        assert await newsbot.end() != 0
    async with desk.running() as newsbot:  # the kernel let go of the lock with the process
        await newsbot.says("newsbot.started")
        assert await stopped(newsbot) == 0


async def test_a_refused_start_is_an_event_where_the_log_is_json(desk: Desk) -> None:
    desk.rule("us-china", anny=["Taipei"], channels=["console"])
    started = await desk.run("run", "--log-format", "json")
    assert (started.code, started.out) == (2, "")
    (event,) = map(json.loads, started.err.splitlines())
    assert (event["event"], event["level"]) == ("start.refused", "error")
    assert "rules/us-china.yaml:1:" in event["error"]


async def test_a_setting_that_has_no_effect_is_an_event_where_the_log_is_json(desk: Desk) -> None:
    desk.environ["NEWSBOT_PORT"] = "tcp://10.0.0.1:80"
    desk.rule("us-china", anny=["Taipei"], channels=["console"])
    started = await desk.run("run", "--log-format", "json")
    event, _ = map(json.loads, started.err.splitlines())
    assert (event["event"], event["level"]) == ("setting.ignored", "warning")
    assert event["what"].startswith("NEWSBOT_PORT: ignored")


async def test_a_start_that_cannot_succeed_ends_with_a_line_and_no_traceback(desk: Desk) -> None:
    desk.environ["DATABASE_URL"] = "sqlite:////nowhere/at/all/newsbot.db"
    started = await desk.run("run")
    assert started.code == 1
    assert "Traceback" not in started.err
    assert "nowhere/at/all" in started.err
    assert "DATABASE_URL" in started.err
