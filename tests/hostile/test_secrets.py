"""Canaries in every setting that is secret: no error path writes one anywhere."""

import asyncio
import io
import json
import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import structlog

from bot.chat.slack.door import PATH
from bot.clock import SystemClock
from bot.errors import SettingsError
from bot.log import LogFormat, set_up_logging
from bot.settings import Settings, load_settings
from tests.fakes.discord import FakeChannel, FakeDiscord
from tests.fakes.discord_faults import POST_MESSAGE
from tests.fakes.discord_faults import Fault as DiscordFault
from tests.fakes.faults import Cut, Redirect, Status
from tests.fakes.feed import Fault as FeedFault
from tests.fakes.process import Desk
from tests.fakes.publisher import Publisher
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack_grants import CLIENT_ID
from tests.fakes.slack_transport import Signed
from tests.fakes.slack_world import OTHER_KEY, Browser
from tests.hostile.canaries import (
    FEED_SECRETS,
    PLAIN,
    VALUES,
    found_in,
    secret_settings,
    wrongly_written,
)

NEWS = "112233445566778899"
ALONE = {name: value for name, value in VALUES.items() if name != "DATABASE_URL"}
"""The secrets of a desk whose database is a file."""


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        slack.bot_token, slack.app_token = VALUES["SLACK_BOT_TOKEN"], VALUES["SLACK_APP_TOKEN"]
        yield slack


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as discord:
        discord.token = VALUES["DISCORD_TOKEN"]
        discord.add(FakeChannel(id=NEWS))
        yield discord


@pytest.fixture
def desk(tmp_path: Path, slack: FakeSlack, discord: FakeDiscord) -> Desk:
    """A desk with a canary in every secret, in feeds.yaml too."""
    places = {
        "NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8",
        "NEWSBOT_HTTP_LISTEN": "127.0.0.1:0",
        "NEWSBOT_SLACK_API_URL": slack.api_url,
        "NEWSBOT_DISCORD_API_URL": discord.api_url,
        "NEWSBOT_DISCORD_GATEWAY_URL": discord.gateway_url,
        "SLACK_CLIENT_ID": CLIENT_ID,
    }
    desk = Desk(tmp_path, {**places, **ALONE, **FEED_SECRETS})
    desk.rule("china", any=["Beijing"], channels=["slack:C0NEWS", f"discord:{NEWS}"])
    return desk


def list_feeds(desk: Desk, wire: str, *others: str) -> None:
    """feeds.yaml: one feed with a header, the others with a login."""
    login = {"user": "desk", "password": "${PAPER_PASSWORD}"}
    listed = [{"url": wire, "name": "Wire", "headers": {"X-Key": "${PAPER_KEY}"}}]
    listed += [{"url": url, "name": url[-6:], "login": login} for url in others]
    (desk.directory / "feeds.yaml").write_text(json.dumps({"sections": {"Desk": listed}}))


def written(folder: Path) -> list[str]:
    """What stands in the database's files, and in those beside."""
    files = [file for file in folder.iterdir() if file.is_file() and file.name != ".env"]
    return [file.read_bytes().decode("latin-1") for file in files]


async def outputs(desk: Desk, *commands: str) -> list[str]:
    """What commands say on both streams."""
    ended = [await desk.run(*command.split(), within=60) for command in commands]
    return [said for one in ended for said in (one.out, one.err)]


def test_each_setting_is_secret_by_its_type_or_known_to_be_plain() -> None:
    secret = secret_settings()
    assert secret == VALUES.keys(), "a new secret needs a canary"
    assert secret.isdisjoint(PLAIN)
    assert secret | PLAIN == {*Settings.names()}, "a new setting is a SecretStr, or plain"


def test_the_canaries_are_taken_and_no_text_of_the_settings_shows_one(tmp_path: Path) -> None:
    settings = load_settings({**VALUES, "SLACK_CLIENT_ID": CLIENT_ID}, tmp_path)
    assert found_in(repr(settings), str(settings), f"{settings.model_dump()}") == []
    assert found_in(settings.model_dump_json()) == []


@pytest.mark.parametrize("name", [*VALUES])
def test_no_mistake_about_a_secret_repeats_it(tmp_path: Path, name: str) -> None:
    refusals = [refusal(tmp_path, name, value) for value in wrongly_written(name)]
    assert sum(map(bool, refusals)) > 2
    assert found_in(*refusals) == []


def refusal(folder: Path, name: str, value: str) -> str:
    """All that an exception shows of a setting so written; nothing where it is taken."""
    try:
        load_settings({**ALONE, "SLACK_CLIENT_ID": CLIENT_ID, name: value}, folder)
    except SettingsError as error:
        shown = [repr(error), repr(error.__context__), *traceback.format_exception(error)]
        return "".join(shown)
    return ""


@pytest.mark.parametrize("form", LogFormat)
def test_a_traceback_shows_no_local_variable(form: LogFormat) -> None:
    stream = io.StringIO()
    set_up_logging(form, stream=stream)

    def fail(token: str) -> None:
        raise RuntimeError(f"{len(token)} characters are too many")

    try:
        fail(VALUES["SLACK_BOT_TOKEN"])
    except RuntimeError:
        structlog.get_logger("test").exception("loop.died")
    assert "characters are too many" in stream.getvalue()
    assert "Traceback" in stream.getvalue()
    assert found_in(stream.getvalue()) == []


@pytest.mark.parametrize("form", ["json", "console"])
async def test_no_secret_is_written_where_platforms_and_feeds_fail(
    desk: Desk, slack: FakeSlack, discord: FakeDiscord, form: str
) -> None:
    said: list[str] = []
    async with Publisher(SystemClock(), hosts=2) as publisher:
        wire = publisher.feed("/wire.xml")
        wire.publish("An old story about Beijing")
        moved = Redirect(publisher.url("/moved", host=1))
        faults: list[FeedFault] = [Status(401), Status(403), Status(500), moved, Cut()]
        broken = [publisher.feed(f"/{number}.xml") for number in range(len(faults))]
        for feed, trouble in zip(broken, faults, strict=True):
            feed.fault = trouble
        list_feeds(desk, wire.url, *(feed.url for feed in broken))
        for code in ("internal_error", "fatal_error", "msg_blocks_too_long", "not_in_channel"):
            slack.faults.add("chat.postMessage", Fault.error(code))
        slack.faults.add("chat.postMessage", Fault.cut_before(), Fault.http(503))
        slack.faults.add("apps.connections.open", Fault.error("internal_error"), Fault.http(500))
        discord.faults.add(POST_MESSAGE, DiscordFault.http(503), DiscordFault.cut_before())
        discord.faults.add(POST_MESSAGE, DiscordFault.error(403, 50013, "Missing Permissions"))
        async with desk.running("--log-format", form, "--verbose") as newsbot:
            await newsbot.says("baseline.taken")
            await newsbot.says("poll.failed")
            await newsbot.says("slack.connected")
            await newsbot.says("discord.connected")
            await slack.command("/news help")
            await slack.command("/news search (")
            wire.publish("Beijing and Washington sign")
            await desk.make_due()
            await newsbot.says("delivery.", times=2)
            slack.bot_token, slack.app_token = "xoxb-other", "xapp-other"
            discord.token = "other.other.other"
            await slack.drop()
            wire.publish("Beijing once more")
            await desk.make_due()
            await newsbot.says("platform.locked", times=2)
            said += await outputs(desk, "health", "feeds", "backup kept")
        said += [*newsbot.log, newsbot.cards]
        said += await outputs(
            desk, "doctor", "check", "feeds", "health", "migrate", "invite", "export",
            f"poll {broken[0].url}", f"match {broken[2].url}", "backup kept", "restore kept",
            "restore feeds.yaml", "search (", "search Beijing", "why nothing",
        )  # fmt: skip
        sent = [f"{hit.headers}" for hit in publisher.requests]
    said += [str(slack.messages), str(discord.messages), *written(desk.directory)]
    total = len(ALONE) + len(FEED_SECRETS)
    print(f"{len(found_in(*said))} of {total} secrets in {len(said)} texts")  # noqa: T201 - the figure

    assert found_in(*said) == []
    assert {"PAPER_KEY", "PAPER_PASSWORD"} <= {*found_in(*sent)}


async def test_no_secret_is_written_where_workspaces_are_added_in_vain(
    desk: Desk, slack: FakeSlack
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_TOKEN"):
        del desk.environ[name]
    slack.team_id = "T0TWO"
    async with Publisher(SystemClock()) as publisher:
        wire = publisher.feed("/wire.xml")
        list_feeds(desk, wire.url)
        async with desk.running("--log-format", "json", "--verbose") as newsbot:
            await newsbot.says('"http.listening"')
            (event,) = newsbot.events("http.listening")
            address = str(event["at"])
            browser = Browser(address)
            begun = await browser.begin()
            pages = [begun, await browser.end(begun, "no code of Slack's")]
            pages += [await browser.end(await browser.begin(), slack.grants.agree(slack))]
            slack.faults.add("oauth.v2.access", Fault.http(500, "oops"), Fault.cut_before())
            slack.faults.add("oauth.v2.access", Fault.error("bad_client_secret"))
            pages += [await browser.end(await browser.begin(), "x") for _ in range(3)]
            forged = Signed(f"http://{address}{PATH}", "0" * 32)
            with pytest.raises(AssertionError, match="401"):
                await forged.deliver("commands", {"command": "/news"})
            async with aiohttp.ClientSession() as session:
                for path in ("metrics", "healthz"):
                    async with session.get(f"http://{address}/{path}") as answer:
                        pages_text = await answer.text()
                        assert found_in(pages_text, str(answer.headers)) == []
            await _own_installation(desk, slack, browser)
        said = [*newsbot.log, newsbot.cards, *(f"{page}" for page in pages)]
    desk.environ["NEWSBOT_SECRET_KEY"] = OTHER_KEY
    said += await outputs(desk, "doctor", "health")
    said += written(desk.directory)

    assert found_in(*said) == []
    assert any("not_installed" in line for line in said)


async def _own_installation(desk: Desk, slack: FakeSlack, browser: Browser) -> None:
    """Somebody adds newsbot whose token is the canary: it is sealed in the database."""
    slack.bot_token = VALUES["SLACK_BOT_TOKEN"]
    await browser.end(await browser.begin(), slack.grants.agree(slack))
    assert await desk.sql("SELECT count(*) FROM installations") == [(1,)]


@pytest.mark.parametrize(
    "url",
    [
        VALUES["DATABASE_URL"],
        "postgresql://desk:canary6a2f@[::1/news",
        "postgresql://127.0.0.1/news?password=canary6a2f",
        "postgresql://desk:canary6a2f@no-such-host.invalid/news",
        "postgresql://desk:canary6a2f@127.0.0.1:1/news?sslmode=canary",
        "mysql://desk:canary6a2f@127.0.0.1/news",
        "sqlite:///canary6a2f/news.db?x",
    ],
)
async def test_no_command_repeats_the_password_of_a_database_it_cannot_reach(
    desk: Desk, url: str
) -> None:
    list_feeds(desk, "http://127.0.0.1:1/wire.xml")
    desk.environ["DATABASE_URL"] = url
    said = await asyncio.gather(
        *(outputs(desk, command) for command in ("run --verbose", "health", "doctor", "backup x"))
    )
    assert found_in(*(text for texts in said for text in texts)) == []
    assert all("Traceback" not in text for texts in said for text in texts)


@pytest.mark.parametrize("command", ["run --verbose", "check", "doctor", "feeds"])
async def test_no_mistake_in_feeds_yaml_repeats_a_secret(desk: Desk, command: str) -> None:
    password = "canary4c0d"
    for feed in (
        {"login": {"user": "a:b", "password": "${PAPER_PASSWORD}"}},
        {"login": {"user": "desk", "password": f"${{PAPER_PASSWORD}}{password}"}},
        {"headers": {"X-Key": password}},
        {"headers": {"Host": "${PAPER_KEY}", "X Key": "${PAPER_KEY}"}},
        {"headers": {"Authorization": "${PAPER_KEY}"}, "login": {"user": "${PAPER_PASSWORD}"}},
    ):
        listed = {"sections": {"Desk": [{"url": "https://paper.example/", **feed}]}}
        (desk.directory / "feeds.yaml").write_text(json.dumps(listed))
        assert found_in(*await outputs(desk, command)) == []
