"""Slack app: newsbot's edge at work against the workspace on loopback, either way it is reached."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

from bot.chat.slack.app import SlackApp
from bot.chat.slack.connection import SlackConnection
from bot.chat.slack.door import PATH
from bot.chat.slack.events import SlackEvents
from bot.chat.slack.teams import Teams
from bot.clock import SystemClock
from bot.commands.core import Commands
from bot.ports import Clock, Connection
from bot.setting_values import Listen
from bot.web import listening
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_transport import Signed

SECRET = "0123456789abcdef0123456789abcdef"
"""The app's signing secret."""
ANY_PORT = Listen("127.0.0.1", 0)


def slack_app(
    slack: FakeSlack,
    commands: Commands,
    *,
    managers: Collection[str] = (),
    clock: Clock | None = None,
) -> SlackApp:
    """The edge, with the workspace's token."""
    teams = Teams(
        token=slack.bot_token,
        api_url=slack.api_url,
        managers=managers,
        clock=clock or SystemClock(),
    )
    return SlackApp(teams=teams, api_url=slack.api_url, commands=commands)


def by_socket(slack: FakeSlack, app: SlackApp, app_token: str = "") -> SlackConnection:
    """Reached by Socket Mode."""
    return SlackConnection(
        app, app_token=app_token or slack.app_token, api_url=slack.api_url, ping_seconds=0.3
    )


@asynccontextmanager
async def at_work(slack: FakeSlack, app: SlackApp, way: str) -> AsyncIterator[None]:
    """The edge connected; `way` is `socket` or `http`."""
    if way == "socket":
        async with running(by_socket(slack, app)):
            await slack.connected()
            yield
        return
    events = SlackEvents(app, signing_secret=SECRET, clock=SystemClock())
    async with listening(events.routes, ANY_PORT) as taken, running(events):
        slack.transport = Signed(f"http://{taken}{PATH}", SECRET)
        yield


@asynccontextmanager
async def running(connection: Connection) -> AsyncIterator[asyncio.Task[None]]:
    """A connection until the block ends."""
    task = asyncio.create_task(connection.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
