"""The connection knows whether commands arrive, through Slack's own client."""

import asyncio

from bot.commands.core import Commands
from bot.ports import Connection
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack_app import by_socket, running, slack_app

OPEN = "apps.connections.open"


async def test_a_socket_that_slack_dropped_is_down_until_it_is_there_again(
    slack: FakeSlack,
) -> None:
    connection = by_socket(slack, slack_app(slack, Commands(())))
    assert not connection.is_up
    seen_down = asyncio.Event()
    async with running(connection), asyncio.timeout(10):
        await until_it_is(connection, up=True)
        slack.faults.add(OPEN, *[Fault.http(503)] * 3, Fault.held(seen_down))
        await slack.drop()
        await until_it_is(connection, up=False)
        seen_down.set()
        await until_it_is(connection, up=True)
    assert not connection.is_up


async def until_it_is(connection: Connection, *, up: bool) -> None:
    """The library tells nobody: look again and again."""
    while connection.is_up is not up:  # noqa: ASYNC110 - see above
        await asyncio.sleep(0.01)
