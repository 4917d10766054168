"""A workspace on loopback, and the messenger connected to it."""

from collections.abc import AsyncIterator

import pytest

from bot.chat.slack.messenger import SlackMessenger
from bot.clock import SystemClock
from bot.domain.channel import Channel, Platform
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
async def messenger(slack: FakeSlack) -> AsyncIterator[SlackMessenger]:
    messenger = SlackMessenger(token=slack.bot_token, api_url=slack.api_url, clock=SystemClock())
    yield messenger
    await messenger.close()


@pytest.fixture
def channel() -> Channel:
    return Channel(Platform.SLACK, "C0NEWS")
