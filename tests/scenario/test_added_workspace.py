"""A workspace adds newsbot, asks it, and takes it out again: `newsbot run` as a process."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.slack.door import PATH
from tests.fakes.feed import FakeFeed
from tests.fakes.process import Desk
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_app import SECRET
from tests.fakes.slack_grants import CLIENT_ID, CLIENT_SECRET
from tests.fakes.slack_people import SlackPerson, words
from tests.fakes.slack_transport import Signed
from tests.fakes.slack_world import KEY, Browser


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        slack.team_id = "T0TWO"
        yield slack


@pytest.fixture
def desk(tmp_path: Path, wire: FakeFeed, slack: FakeSlack) -> Desk:
    """A desk without a Slack token of its own."""
    desk = Desk(
        tmp_path,
        {
            "NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8",
            "NEWSBOT_HTTP_LISTEN": "127.0.0.1:0",
            "NEWSBOT_SLACK_API_URL": slack.api_url,
            "NEWSBOT_SECRET_KEY": KEY,
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": CLIENT_SECRET,
            "SLACK_SIGNING_SECRET": SECRET,
        },
    )
    desk.feeds({"Harbour Wire": wire.url})
    desk.rule("us-china", any=["Beijing"], channels=["console"])
    return desk


async def test_an_added_workspace_asks_and_once_it_is_gone_is_asked_nothing(
    desk: Desk, slack: FakeSlack, wire: FakeFeed
) -> None:
    ada = SlackPerson(slack)
    async with desk.running("--log-format", "json", "--verbose") as newsbot:
        await newsbot.says('"poll.done"')
        assert newsbot.events("token.missing") == []
        (event,) = newsbot.events("http.listening")
        slack.transport = Signed(f"http://{event['at']}{PATH}", SECRET)
        browser = Browser(str(event["at"]))
        page = await browser.end(await browser.begin(), slack.grants.agree(slack))
        assert page.text.startswith("newsbot is installed in Desk T0TWO.")

        ((sealed,),) = await desk.sql("SELECT sealed FROM installations")
        assert isinstance(sealed, bytes)
        assert slack.bot_token.encode() not in sealed
        assert slack.bot_token.encode() not in Path(desk.directory, "newsbot.db").read_bytes()  # noqa: ASYNC240 - small

        await ada.types("/news subscribe us-china")
        await slack.until(lambda: len(slack.whispers) == 1)
        await ada.presses(slack.whispers[0], "subscribe-confirm")
        await slack.until(lambda: len(slack.responses) == 2)
        wire.publish("Beijing hosts a summit")
        await desk.make_due()
        await newsbot.says('"delivery.sent"', times=2)
        assert "Beijing hosts a summit" in slack.messages[0].text
        doctor = await desk.run("doctor")

        await ada.removes_newsbot(time.time() + 1)
        await newsbot.says('"slack.uninstalled"')
        asked = len(slack.requests)
        wire.publish("Beijing ends a summit")
        await desk.make_due()
        await newsbot.says('"delivery.sent"', times=3)  # to the console
        await ada.types("/news ping")
        await slack.until(lambda: len(slack.responses) == 3)
        assert "not installed" in words(slack.responses[-1]["blocks"])
        assert slack.requests[asked:] == []

    assert doctor.code == 0
    assert "Slack token: newsbot in the workspace Desk (workspace T0TWO)" in doctor.out
    assert "Slack scopes" in doctor.out
    assert "SLACK_BOT_TOKEN" not in doctor.out
    gone = await desk.run("doctor")
    assert "– Slack: no workspace has added newsbot yet" in gone.out


async def test_a_workspaces_refused_token_is_found_by_doctor(desk: Desk, slack: FakeSlack) -> None:
    async with desk.running("--log-format", "json") as newsbot:
        await newsbot.says('"newsbot.started"')
        (event,) = newsbot.events("http.listening")
        browser = Browser(str(event["at"]))
        await browser.end(await browser.begin(), slack.grants.agree(slack))
    slack.bot_token = "xoxb-fake-another"

    doctor = await desk.run("doctor")

    assert doctor.code == 1
    assert "✗ Slack token: " in doctor.out
    assert "(workspace T0TWO)" in doctor.out


async def test_a_rules_slack_channel_without_a_token_is_found_by_doctor(desk: Desk) -> None:
    desk.rule("us-china", any=["Beijing"], channels=["slack:C0NEWS"])
    assert (await desk.run("migrate")).code == 0

    doctor = await desk.run("doctor")

    assert doctor.code == 1
    assert "✗ There is no SLACK_BOT_TOKEN" in doctor.out
    assert "take Slack's channels out of rules" in doctor.out
