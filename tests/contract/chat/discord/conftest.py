import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import discord.client
import discord.http
import pytest

from bot.chat.discord.connection import DiscordConnection
from bot.chat.discord.messenger import DiscordMessenger
from bot.commands.core import Commands
from bot.domain.channel import Channel, Platform
from bot.domain.message import Alert, Reason
from tests.fakes.discord import NEWS, FakeDiscord

CHANNEL = Channel(Platform.DISCORD, NEWS)
NOW = datetime(2025, 11, 4, 9, 10, tzinfo=UTC)
ALERT = Alert(
    headline="Harbour talks resume after a night of delay",
    url="https://news.example/world/harbour-talks",
    summary="Both sides returned to the table.",
    outlet="Example World",
    published=datetime(2025, 11, 4, 9, 4, tzinfo=UTC),
    reasons=(Reason(topic="ports", title="Ports", words=("“harbour” in the title",)),),
    tags=("ports",),
    image="https://news.example/harbour.jpg",
)


Serve = Callable[[Commands], AbstractAsyncContextManager[None]]


class StillClock:
    """A clock that moves only when somebody sleeps by it or sets it."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        """The time set."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Jump ahead."""
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class HurriedAsyncio:
    """asyncio as discord.py's clients see it, with waits noted down and not waited for."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever asyncio has
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        """Note the wait."""
        self.waits.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def server(clock: StillClock) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(now=clock.now) as server:
        yield server


@pytest.fixture
async def messenger(server: FakeDiscord, clock: StillClock) -> AsyncIterator[DiscordMessenger]:
    messenger = DiscordMessenger(
        token=server.token,
        clock=clock,
        api_url=server.api_url,
        timeout=timedelta(seconds=5),
    )
    yield messenger
    await messenger.close()


@pytest.fixture
def passing(clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The waits of discord.py pass at once, by the clock."""
    hurried = HurriedAsyncio()
    monkeypatch.setattr(hurried, "sleep", clock.sleep)
    monkeypatch.setattr(discord.http, "asyncio", hurried)
    monkeypatch.setattr(discord.client, "asyncio", hurried)


@pytest.fixture
def serve(server: FakeDiscord, clock: StillClock) -> Serve:
    """Answers commands over the gateway for as long as it is entered."""

    @asynccontextmanager
    async def serve(commands: Commands) -> AsyncIterator[None]:
        before = server.gateway.identified
        connection = DiscordConnection(
            token=server.token,
            commands=commands,
            clock=clock,
            api_url=server.api_url,
            gateway_url=server.gateway_url,
        )
        running = asyncio.create_task(connection.run())
        async with asyncio.timeout(5):
            await server.gateway.until_connected(before + 1)
        yield
        running.cancel()
        await asyncio.wait([running])

    return serve


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What must be had at once must be had sooner."""
    monkeypatch.setattr("bot.chat.discord.answers._AT_ONCE_SECONDS", 0.05)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits of discord.py, none of which is waited for."""
    hurried = HurriedAsyncio()
    monkeypatch.setattr(discord.http, "asyncio", hurried)
    monkeypatch.setattr(discord.client, "asyncio", hurried)
    return hurried.waits
