"""Canaries in every setting that is secret: no error path writes one anywhere."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from tests.fakes.discord import FakeChannel, FakeDiscord
from tests.fakes.discord_faults import POST_MESSAGE
from tests.fakes.discord_faults import Fault as DiscordFault
from tests.fakes.faults import Cut, Redirect, Status
from tests.fakes.feed import Fault as FeedFault
from tests.fakes.process import Desk
from tests.fakes.publisher import Publisher
from tests.fakes.slack import FakeSlack, Fault

BOT, APP = "xoxb-canary-1f7a", "xapp-canary-2e8b"
DISCORD, PASSWORD, HEADER, DATABASE = "canary.3d9c.xyz", "canary4c0d", "canary5b1e", "canary6a2f"
CANARIES = ("canary-1f7a", "canary-2e8b", "canary.3d9c", PASSWORD, HEADER, DATABASE)
NEWS = "112233445566778899"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        slack.bot_token, slack.app_token = BOT, APP
        yield slack


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as discord:
        discord.token = DISCORD
        discord.add(FakeChannel(id=NEWS))
        yield discord


def found_in(*texts: str) -> list[str]:
    """The canaries that stand in any of these texts."""
    return [canary for text in texts for canary in CANARIES if canary in text]


async def test_no_secret_is_written_on_any_error_path(
    tmp_path: Path, slack: FakeSlack, discord: FakeDiscord
) -> None:
    desk = Desk(
        tmp_path,
        {
            "NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8",
            "SLACK_BOT_TOKEN": BOT,
            "SLACK_APP_TOKEN": APP,
            "NEWSBOT_SLACK_API_URL": slack.api_url,
            "DISCORD_TOKEN": DISCORD,
            "NEWSBOT_DISCORD_API_URL": discord.api_url,
            "NEWSBOT_DISCORD_GATEWAY_URL": discord.gateway_url,
            "PAPER_PASSWORD": PASSWORD,
            "PAPER_KEY": HEADER,
        },
    )
    said: list[str] = []
    async with Publisher(SystemClock(), hosts=2) as publisher:
        wire = publisher.feed("/wire.xml")
        wire.publish("An old story about Beijing")
        moved = Redirect(publisher.url("/moved", host=1))
        faults: list[FeedFault] = [Status(401), Status(500), moved, Cut()]
        broken = [publisher.feed(f"/{number}.xml") for number in range(len(faults))]
        for feed, trouble in zip(broken, faults, strict=True):
            feed.fault = trouble
        login = {"user": "desk", "password": "${PAPER_PASSWORD}"}
        listed = [{"url": wire.url, "name": "Wire", "headers": {"X-Key": "${PAPER_KEY}"}}]
        listed += [{"url": feed.url, "name": feed.url[-5:], "login": login} for feed in broken]
        (tmp_path / "feeds.yaml").write_text(json.dumps({"sections": {"Desk": listed}}))
        desk.rule("china", any=["Beijing"], channels=["slack:C0NEWS", f"discord:{NEWS}"])
        for fault in (Fault.error("internal_error"), Fault.cut_before(), Fault.http(503)):
            slack.faults.add("chat.postMessage", fault)
        discord.faults.add(POST_MESSAGE, DiscordFault.http(503))
        async with desk.running("--log-format", "json", "--verbose") as newsbot:
            await newsbot.says("baseline.taken")
            await newsbot.says("poll.failed")
            await newsbot.says("slack.connected")
            await newsbot.says("discord.connected")
            await slack.command("/news help")
            wire.publish("Beijing and Washington sign")
            await desk.make_due()
            await newsbot.says("delivery.", times=2)
            slack.bot_token, slack.app_token = "xoxb-other", "xapp-other"
            await slack.drop()
            wire.publish("Beijing once more")
            await desk.make_due()
            await newsbot.says("slack.", times=2)
        said += [*newsbot.log, newsbot.cards]
        for arguments in (("doctor",), ("check",), ("feeds",), ("poll", broken[0].url)):
            ended = await desk.run(*arguments, within=60)
            said += [ended.out, ended.err]
        sent = [f"{hit.headers}" for hit in publisher.requests]
    said += [await _refused(desk, name, value) for name, value in _WRONG]
    said += [str(slack.messages), str(discord.messages)]
    said += [file.read_bytes().decode("latin-1") for file in _database_files(tmp_path)]
    print(f"{len(found_in(*said))} of {len(CANARIES)} canaries in {len(said)} texts")  # noqa: T201 - the figure

    assert found_in(*said) == []
    assert found_in(*sent).count(HEADER) > 0
    assert any("Basic" in headers for headers in sent)


def _database_files(folder: Path) -> list[Path]:
    return [*folder.glob("newsbot.db*")]


_WRONG = (
    ("SLACK_BOT_TOKEN", f"xoxp-{CANARIES[0]}"),
    ("SLACK_BOT_TOKEN", f"'{BOT}'"),
    ("SLACK_APP_TOKEN", BOT),
    ("DISCORD_TOKEN", f"Bot {DISCORD}"),
    ("DISCORD_TOKEN", f"{DATABASE}"),
    ("DATABASE_URL", f"postgresql://desk:{DATABASE}@127.0.0.1:1/news"),
    ("DATABASE_URL", f"postgresql://desk:{DATABASE}@[::1/news"),
    ("DATABASE_URL", f"postgresql://127.0.0.1/news?password={DATABASE}"),
    ("DATABASE_URL", f"mysql://desk:{DATABASE}@127.0.0.1/news"),
)
"""Secrets written wrongly, and a database that does not answer."""


async def _refused(desk: Desk, name: str, value: str) -> str:
    right = desk.environ.get(name)
    desk.environ[name] = value
    ended = await desk.run("run", within=60)
    assert ended.code != 0, name
    desk.environ.pop(name)
    if right is not None:
        desk.environ[name] = right
    return ended.out + ended.err
