"""`newsbot doctor`: each trouble is named with its remedy."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.clock import SystemClock
from tests.fakes.discord import VIEW, FakeChannel, FakeDiscord
from tests.fakes.faults import Redirect, Status
from tests.fakes.feed import FakeFeed
from tests.fakes.process import Desk, Ended
from tests.fakes.publisher import Publisher
from tests.fakes.slack import ALL_SCOPES, FakeSlack

DISCORD_NEWS = "112233445566778899"


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with Publisher(SystemClock()) as publisher:
        yield publisher


@pytest.fixture
def wire(publisher: Publisher) -> FakeFeed:
    feed = publisher.feed("/wire.xml")
    feed.publish("A story about Beijing")
    return feed


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
def desk(tmp_path: Path, wire: FakeFeed, slack: FakeSlack, discord: FakeDiscord) -> Desk:
    """A desk where all is well."""
    desk = Desk(
        tmp_path,
        {
            "NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "NEWSBOT_SLACK_API_URL": slack.api_url,
            "DISCORD_TOKEN": discord.token,
            "NEWSBOT_DISCORD_API_URL": discord.api_url,
        },
    )
    desk.feeds({"Harbour Wire": wire.url})
    desk.rule("us-china", any=["Beijing"], channels=["slack:C0NEWS", f"discord:{DISCORD_NEWS}"])
    return desk


def trouble(ended: Ended) -> tuple[str, str]:
    """The only thing that is wrong, and its remedy; the exit code says so too."""
    assert ended.code == 1
    assert "Traceback" not in ended.err
    lines = ended.out.splitlines()
    (number,) = [number for number, line in enumerate(lines) if line.startswith("✗")]
    assert "1 of " in ended.err
    return lines[number], lines[number + 1]


async def test_all_is_well_and_nothing_is_posted_or_changed(
    desk: Desk, slack: FakeSlack, discord: FakeDiscord
) -> None:
    doctor = await desk.run("doctor")
    assert doctor.code == 0
    assert "✗" not in doctor.out
    for thing in (
        "Database: not there yet", "1 feed, 1 topic", "newsbot in the workspace Desk",
        "Slack scopes", "slack:C0NEWS", "/news can be answered", "Discord token: newsbot",
        f"discord:{DISCORD_NEWS}", "Harbour Wire: 1 entry", "things are as they should be",
    ):  # fmt: skip
        assert thing in doctor.out
    assert (slack.messages, discord.messages) == ([], [])
    assert not await asyncio.to_thread(Path(desk.directory, "newsbot.db").exists)


async def test_a_database_that_is_there_is_well(desk: Desk) -> None:
    assert (await desk.run("migrate")).code == 0
    doctor = await desk.run("doctor")
    assert doctor.code == 0
    assert "newsbot.db, schema up to date" in doctor.out


async def test_without_tokens_nothing_is_wrong_but_told(desk: Desk) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_TOKEN"):
        del desk.environ[name]
    doctor = await desk.run("doctor")
    assert doctor.code == 0
    assert "– SLACK_BOT_TOKEN is not set" in doctor.out
    assert "docs/discord.md says how to get it" in doctor.out


async def test_a_wrong_slack_token(desk: Desk) -> None:
    desk.environ["SLACK_BOT_TOKEN"] = "xoxb-another-0123456789"
    what, remedy = trouble(await desk.run("doctor"))
    assert "Slack token" in what
    assert "SLACK_BOT_TOKEN" in remedy


async def test_a_wrong_slack_app_token(desk: Desk) -> None:
    desk.environ["SLACK_APP_TOKEN"] = "xapp-another-0123456789"
    what, remedy = trouble(await desk.run("doctor"))
    assert "/news does not answer" in what
    assert "connections:write" in remedy


async def test_a_wrong_discord_token(desk: Desk, discord: FakeDiscord) -> None:
    discord.token = "MjAy.another.token"
    what, remedy = trouble(await desk.run("doctor"))
    assert "Discord token: not accepted" in what
    assert "DISCORD_TOKEN" in remedy


async def test_a_missing_scope(desk: Desk, slack: FakeSlack) -> None:
    slack.scopes = tuple(scope for scope in ALL_SCOPES if scope != "groups:history")
    what, remedy = trouble(await desk.run("doctor"))
    assert "groups:history missing" in what
    assert "install the app again" in remedy


async def test_a_slack_channel_the_bot_is_not_in(desk: Desk, slack: FakeSlack) -> None:
    slack.channels["C0NEWS"].member = False
    what, remedy = trouble(await desk.run("doctor"))
    assert "C0NEWS" in what
    assert "/invite @newsbot" in remedy


async def test_a_discord_channel_the_bot_cannot_see(desk: Desk, discord: FakeDiscord) -> None:
    discord.channels[DISCORD_NEWS].denied = VIEW
    what, remedy = trouble(await desk.run("doctor"))
    assert f"discord:{DISCORD_NEWS}" in what
    assert "→" in remedy


@pytest.mark.parametrize(
    ("status", "named", "to_do"),
    [
        (410, "Harbour Wire", "Take it out of feeds.yaml"),
        (404, "Harbour Wire", "the feed's new address"),
        (403, "Harbour Wire", "login:"),
        (500, "Harbour Wire", "try again later"),
        (429, "Harbour Wire", "Try again later"),
    ],
)
async def test_a_feed_that_cannot_be_had(
    desk: Desk, wire: FakeFeed, status: int, named: str, to_do: str
) -> None:
    wire.fault = Status(status)
    what, remedy = trouble(await desk.run("doctor"))
    assert named in what
    assert to_do in remedy
    assert wire.url in remedy


async def test_an_address_that_leads_to_a_web_page(desk: Desk, wire: FakeFeed) -> None:
    async def page(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        del feed, request
        return web.Response(text="<!doctype html><title>News</title>", content_type="text/html")

    wire.fault = page
    what, remedy = trouble(await desk.run("doctor"))
    assert "Harbour Wire: " in what
    assert "web page" in what
    assert wire.url in remedy


async def test_a_feed_without_entries_and_an_old_schema_are_told(
    desk: Desk, wire: FakeFeed
) -> None:
    await desk.run("migrate")
    await desk.sql("UPDATE alembic_version SET version_num = '0000'")
    wire.entries.clear()
    doctor = await desk.run("doctor")
    what, remedy = trouble(doctor)
    assert "its schema is 0000" in what
    assert "newsbot migrate" in what
    assert "newsbot run" in remedy
    assert "– Harbour Wire: a feed without entries" in doctor.out


async def test_a_feed_that_moved(desk: Desk, wire: FakeFeed, publisher: Publisher) -> None:
    new = publisher.feed("/new.xml")
    new.publish("A story about Beijing")
    wire.fault = Redirect(new.url)
    what, remedy = trouble(await desk.run("doctor"))
    assert f"Harbour Wire: moved for good from {wire.url} to {new.url}" in what
    assert "into feeds.yaml" in remedy


async def test_feeds_that_can_none_be_reached_are_one_trouble(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    desk.feeds({f"Feed {number}": f"http://127.0.0.1:{port}/{number}" for number in range(6)})
    what, remedy = trouble(await desk.run("doctor"))
    assert "None of the 6 feeds can be reached" in what
    assert "connection to the internet" in remedy


async def test_a_mistake_in_a_rule(desk: Desk) -> None:
    desk.rule("us-china", any=["Beijing"], nonne=["Peking"], channels=["console"])
    what, remedy = trouble(await desk.run("doctor"))
    assert "rules/us-china.yaml:1: " in what
    assert "nonne" in what
    assert "newsbot check" in remedy


async def test_a_database_that_is_down(desk: Desk) -> None:
    desk.environ["DATABASE_URL"] = "postgresql://desk:c4nary@127.0.0.1:1/newsbot"
    doctor = await desk.run("doctor")
    what, remedy = trouble(doctor)
    assert "postgresql://desk:***@127.0.0.1:1/newsbot" in what
    assert "Check DATABASE_URL" in remedy
    assert "c4nary" not in doctor.out + doctor.err
