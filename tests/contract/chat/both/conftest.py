"""Both platforms, each reached by each of its ways; a test does what docs/commands.md says."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.commands_page import driven_by
from tests.fakes.chat.discord import DiscordChat
from tests.fakes.chat.member import Chat
from tests.fakes.chat.office import Office, PassingClock, office
from tests.fakes.chat.simcord import simcord_chat
from tests.fakes.chat.slack import SlackChat
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack

WAYS = {
    "socket and gateway": ("socket", "gateway"),
    "http and simcord": ("http", "simcord"),
    "restarted at each press": ("socket", "gateway"),
}


@pytest.fixture
def clock() -> PassingClock:
    return PassingClock()


@asynccontextmanager
async def chat(way: str, clock: PassingClock) -> AsyncIterator[Chat]:
    """A platform, reached this way."""
    if way == "simcord":
        async with simcord_chat() as simulated:
            yield simulated
    elif way == "gateway":
        async with FakeDiscord(now=clock.now) as discord:
            yield DiscordChat(discord)
    else:
        async with FakeSlack(now=clock.now) as slack:
            yield SlackChat(slack, way, clock)


@pytest.fixture(params=WAYS)
async def desk(
    request: pytest.FixtureRequest, clock: PassingClock, laid_out: Path, tmp_path: Path
) -> AsyncIterator[Office]:
    """Newsbot at work in a channel of each platform; the wire has been looked at."""
    shutil.copy(laid_out, tmp_path / "newsbot.db")
    async with AsyncExitStack() as stack:
        chats = [await stack.enter_async_context(chat(way, clock)) for way in WAYS[request.param]]
        restarts = request.param.startswith("restarted")
        made = await stack.enter_async_context(office(chats, tmp_path, clock, restarts=restarts))
        yield made
        (slack,) = (one for one in chats if isinstance(one, SlackChat))
        assert {*driven_by(request.node.originalname)} <= {*slack.done(made.commands)}
