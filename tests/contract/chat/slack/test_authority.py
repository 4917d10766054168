"""Who manages in a Slack workspace, asked of the workspace on loopback."""

from collections.abc import Mapping

import pytest

from bot.chat.slack.authority import KEPT, Authority
from bot.chat.slack.web import web_client
from bot.errors import CommandError
from tests.fakes.clock import FakeClock
from tests.fakes.slack import ALL_SCOPES, FakeSlack, Fault


def _authority(slack: FakeSlack, *named: str, clock: FakeClock | None = None) -> Authority:
    client = web_client(token=slack.bot_token, api_url=slack.api_url)
    return Authority(client, named=named, clock=clock or FakeClock())


@pytest.mark.parametrize(
    ("person", "manages"),
    [
        ({}, False),
        ({"is_admin": True}, True),
        ({"is_owner": True}, True),
        ({"is_primary_owner": True}, True),
        ({"is_admin": True, "deleted": True}, False),
        ({"is_admin": True, "is_restricted": True}, False),
        ({"is_admin": True, "is_stranger": True}, False),
        ({"is_admin": "yes"}, False),
    ],
)
async def test_administrators_and_owners_of_the_workspace_manage(
    slack: FakeSlack, person: Mapping[str, object], manages: bool
) -> None:
    slack.people["U1"] = dict(person)
    assert await _authority(slack).manages("U1") is manages


async def test_who_is_named_manages_without_being_asked_about(slack: FakeSlack) -> None:
    assert await _authority(slack, "U1").manages("U1")
    assert slack.requests == []


async def test_people_of_a_named_group_manage_and_others_do_not() -> None:
    async with FakeSlack(scopes=(*ALL_SCOPES, "usergroups:read")) as slack:
        slack.groups["S1"] = ["U1"]
        authority = _authority(slack, "S1")
        assert await authority.manages("U1")
        assert not await authority.manages("U2")


async def test_slacks_answer_is_believed_for_five_minutes(slack: FakeSlack) -> None:
    clock = FakeClock()
    authority = _authority(slack, clock=clock)
    slack.people["U1"] = {"is_admin": True}
    assert await authority.manages("U1")
    slack.people["U1"] = {}
    assert await authority.manages("U1")
    clock.advance(KEPT)
    assert not await authority.manages("U1")
    assert len(slack.calls("users.info")) == 2


@pytest.mark.parametrize(
    "fault", [Fault.cut_before(), Fault.http(503), Fault.error("missing_scope")]
)
async def test_where_slack_does_not_say_nobody_manages_and_is_told_so(
    slack: FakeSlack, fault: Fault
) -> None:
    slack.people["U1"] = {"is_admin": True}
    # aiohttp asks once more by itself where the connection breaks and nothing is changed by asking.
    slack.faults.add("users.info", fault, times=2 if fault.cut else 1)
    authority = _authority(slack)
    with pytest.raises(CommandError, match="Slack does not say at present"):
        await authority.manages("U1")
    assert await authority.manages("U1")


async def test_a_group_that_cannot_be_looked_into_lets_nobody_manage(slack: FakeSlack) -> None:
    with pytest.raises(CommandError):
        await _authority(slack, "S1").manages("U1")
