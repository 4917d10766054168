"""newsbot added to workspaces by their own people, over OAuth, and removed by them."""

import logging
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from bot.chat.slack.check import SCOPES
from bot.chat.slack.install import STATE_LASTS
from bot.chat.slack.installed import REMOVED
from bot.chat.slack.seal import Seal
from bot.commands.core import Commands
from bot.domain.channel import Channel, Platform
from bot.domain.message import Notice
from bot.ports.deliveries import Outgoing
from bot.storage.database import Database
from tests.fakes.clock import START, FakeClock
from tests.fakes.slack import Fault
from tests.fakes.slack_grants import CLIENT_ID
from tests.fakes.slack_world import KEY, OTHER_KEY, workspace, world
from tests.fakes.store import MoodyStore

NONE = Commands(())
THERE = Channel(Platform.SLACK, "C0TWO", "T0TWO")
NOTICE = Notice(title="A notice", text="Its text.")


async def _channel(store: Database) -> None:
    """Let something be on its way to a channel of the second workspace."""
    async with store.begin() as transaction:
        await transaction.deliveries.add(
            [Outgoing(channel=THERE, key="n", message=NOTICE)], now=START
        )


async def _set_aside(store: Database) -> dict[Channel, str]:
    async with store.read() as transaction:
        return dict(await transaction.channels.all_set_aside())


async def test_the_page_leads_to_slack_with_a_state_for_this_browser(
    store: Database, clock: FakeClock
) -> None:
    async with world(store, clock, NONE) as there:
        page, another = await there.begin(), await there.begin()
        asked = parse_qs(urlsplit(page.leads_to).query)

    assert (page.status, page.leads_to.partition("?")[0]) == (
        302,
        "https://slack.com/oauth/v2/authorize",
    )
    assert asked["client_id"] == [CLIENT_ID]
    assert asked["scope"] == [",".join(SCOPES)]
    assert page.cookie == f"newsbot-install={asked['state'][0]}"
    assert "; Secure; HttpOnly; Path=/; Max-Age=600" in page.set_cookie
    assert another.cookie != page.cookie


async def test_an_installation_is_kept_with_its_token_sealed(
    store: Database, clock: FakeClock
) -> None:
    async with world(store, clock, NONE) as there:
        page = await there.add_to(there.two, user="U0ADA")
        async with store.read() as transaction:
            kept = await transaction.installations.get(workspace(there.two))

        assert (page.status, page.text.partition("\n")[0]) == (
            200,
            "newsbot is installed in Desk T0TWO.",
        )
        assert "deleted" in page.cookie
        assert kept is not None
        assert (kept.name, kept.installed_by, kept.installed_at) == ("Desk T0TWO", "U0ADA", START)
        assert there.two.bot_token.encode() not in kept.sealed
        assert "sealed" not in repr(kept)
        assert await there.installed.token("T0TWO") == there.two.bot_token
        assert await there.installed.token("T0ONE") is None
        assert there.welcomed == [workspace(there.two)]


async def test_adding_it_again_replaces_the_token_and_takes_the_channels_up(
    store: Database, clock: FakeClock
) -> None:
    async with world(store, clock, NONE) as there:
        await there.add_to(there.two)
        await _channel(store)
        await there.is_removed_by(there.two, clock.now())
        assert await _set_aside(store) == {THERE: REMOVED}
        there.two.bot_token = "xoxb-fake-another"
        await there.add_to(there.two)

        assert await there.installed.token("T0TWO") == "xoxb-fake-another"
        assert await _set_aside(store) == {}
        assert await there.installed.teams() == {"T0TWO": "Desk T0TWO"}
        async with store.read() as transaction:
            assert await transaction.deliveries.channels_due(clock.now()) == [THERE]


@pytest.mark.parametrize("how", ["no cookie", "another browser", "too late", "made up"])
async def test_a_state_holds_for_its_browser_and_ten_minutes(
    store: Database, clock: FakeClock, how: str
) -> None:
    async with world(store, clock, NONE) as there:
        begun = await there.begin()
        cookie = begun.cookie
        if how == "no cookie":
            cookie = ""
        elif how == "another browser":
            cookie = (await there.begin()).cookie
        elif how == "too late":
            clock.advance(STATE_LASTS + timedelta(seconds=1))
        else:
            forged = Seal([OTHER_KEY], clock).close("x", about="state").decode()
            cookie = f"newsbot-install={forged}"
            leads_to = f"https://slack.example/?state={forged}"
            begun = type(begun)(status=302, text="", leads_to=leads_to, set_cookie=cookie)
        page = await there.end(begun, there.one.grants.agree(there.two), cookie=cookie)

        assert page.status == 400
        assert "Begin again at /slack/install." in page.text
        assert there.one.requests == []
        assert await there.installed.teams() == {}


async def test_a_token_is_no_state(store: Database, clock: FakeClock) -> None:
    async with world(store, clock, NONE) as there:
        stolen = Seal([KEY], clock).close("xoxb-1", about="T0TWO").decode()
        page = await there.end(
            type(await there.begin())(
                status=302, text="", leads_to=f"https://a.example/?state={stolen}", set_cookie=""
            ),
            there.one.grants.agree(there.two),
            cookie=f"newsbot-install={stolen}",
        )
        assert page.status == 400


async def test_who_declines_is_told_that_nothing_was_installed(
    store: Database, clock: FakeClock
) -> None:
    async with world(store, clock, NONE) as there:
        page = await there.end(await there.begin(), "")
        assert (page.status, there.one.requests) == (200, [])
        assert page.text.startswith("newsbot was not installed: Slack was told not to.")


async def test_a_code_works_once(store: Database, clock: FakeClock) -> None:
    async with world(store, clock, NONE) as there:
        begun, code = await there.begin(), there.one.grants.agree(there.two)
        assert (await there.end(begun, code)).status == 200
        there.one.faults.add("oauth.v2.access", Fault.http(503))
        for _ in range(2):
            page = await there.end(begun, code)
            assert (page.status, page.text.partition("\n")[0]) == (
                502,
                "newsbot was not installed: Slack did not confirm it.",
            )


@pytest.mark.parametrize(
    ("granted", "said"),
    [
        ({"is_enterprise_install": True, "team": None}, "not to an organisation"),
        ({"token_type": "user"}, "no bot token that lasts"),
        ({"access_token": None}, "no bot token that lasts"),
        ({"refresh_token": "xoxe-1", "expires_in": 43200}, "no bot token that lasts"),
    ],
)
async def test_what_newsbot_cannot_work_with_is_not_kept(
    store: Database, clock: FakeClock, granted: dict[str, object], said: str
) -> None:
    async with world(store, clock, NONE) as there:
        assert said in (await there.add_to(there.two, **granted)).text
        assert await there.installed.teams() == {}


async def test_the_workspace_of_the_settings_token_is_not_kept_twice(
    store: Database, clock: FakeClock
) -> None:
    async with world(store, clock, NONE, own=True) as there:
        assert "is at work in Desk T0ONE already" in (await there.add_to(there.one)).text
        assert await there.installed.teams() == {}


async def test_a_database_that_refuses_is_told_of(store: Database, clock: FakeClock) -> None:
    moody = MoodyStore(store)
    async with world(moody, clock, NONE) as there:
        begun, code = await there.begin(), there.one.grants.agree(there.two)
        moody.refusals = 1
        page = await there.end(begun, code)
        assert (page.status, there.welcomed) == (503, [])
        assert "cannot write to its database" in page.text


async def test_a_workspace_that_removes_newsbot_is_forgotten_and_its_channels_set_aside(
    store: Database, clock: FakeClock
) -> None:
    async with world(store, clock, NONE) as there:
        await there.add_to(there.one)
        await there.add_to(there.two)
        await _channel(store)
        await there.is_removed_by(there.two, clock.now())

        assert await there.installed.teams() == {"T0ONE": "Desk T0ONE"}
        assert await _set_aside(store) == {THERE: REMOVED}


@pytest.mark.parametrize("kind", ["tokens_revoked", "app_uninstalled"])
async def test_either_event_removes_and_a_late_one_does_not(
    store: Database, clock: FakeClock, kind: str
) -> None:
    async with world(store, clock, NONE) as there:
        await there.add_to(there.two)
        before = clock.now() - timedelta(minutes=1)
        await there.is_removed_by(there.two, before, kind)
        assert await there.installed.teams() == {"T0TWO": "Desk T0TWO"}
        await there.is_removed_by(there.two, clock.now(), kind)
        assert await there.installed.teams() == {}


async def test_a_new_key_takes_over_and_the_old_one_can_go(
    store: Database, clock: FakeClock
) -> None:
    async with world(store, clock, NONE, keys=[OTHER_KEY]) as there:
        await there.add_to(there.two)
    async with world(store, clock, NONE, keys=[KEY, OTHER_KEY]) as there:
        await there.installed.reseal()
        assert await there.installed.token("T0TWO") == there.two.bot_token
    async with world(store, clock, NONE, keys=[KEY]) as there:
        assert await there.installed.token("T0TWO") == there.two.bot_token


async def test_a_token_whose_key_is_gone_is_none_and_told_of(
    store: Database, clock: FakeClock
) -> None:
    async with world(store, clock, NONE, keys=[OTHER_KEY]) as there:
        await there.add_to(there.two)
    async with world(store, clock, NONE, keys=[KEY]) as there:
        with capture_logs() as logs:
            assert await there.installed.token("T0TWO") is None
        assert {log["event"] for log in logs} == {"slack.token_unreadable"}
        assert (await there.add_to(there.two)).status == 200
        assert await there.installed.token("T0TWO") == there.two.bot_token


async def test_a_sealed_token_moved_to_another_workspace_opens_nothing(
    store: Database, clock: FakeClock
) -> None:
    async with world(store, clock, NONE) as there:
        await there.add_to(there.one)
        await there.add_to(there.two)
        async with store.begin() as transaction:
            mine = await transaction.installations.get(workspace(there.one))
            theirs = await transaction.installations.get(workspace(there.two))
            assert mine is not None
            assert theirs is not None
            await transaction.installations.reseal(mine.workspace, theirs.sealed, was=mine.sealed)
        assert await there.installed.token("T0ONE") is None


async def test_nothing_secret_is_logged(
    store: Database, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        async with world(store, clock, NONE) as there:
            await there.add_to(there.two)
            await there.add_to(there.two, is_enterprise_install=True)
            for fault in (Fault.http(503), Fault.cut_before(), Fault.error("bad_client_secret")):
                there.one.faults.add("oauth.v2.access", fault)
                await there.add_to(there.two)
            await there.is_removed_by(there.two, clock.now())
            code = there.one.grants.agree(there.two)
            await there.end(await there.begin(), code)

    records = [record for record in caplog.records if record.name != "aiohttp.access"]
    written = str(logs) + "\n".join(caplog.handler.format(record) for record in records)
    assert "slack.installed" in written
    for secret in (there.two.bot_token, "fedcba9876543210", KEY, code):
        assert secret not in written
