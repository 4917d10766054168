"""The platforms as they are built from the settings."""

from datetime import timedelta
from pathlib import Path

from rich.console import Console

from bot.chat.discord.messenger import DiscordMessenger
from bot.chat.slack.messenger import SlackMessenger
from bot.domain.channel import Platform
from bot.platforms import open_messengers
from bot.settings import load_settings
from tests.fakes.clock import FakeClock


async def test_a_request_takes_a_quarter_of_the_lease_at_most(clock: FakeClock) -> None:
    """Begun in its first half, it ends a quarter before another process may look for it."""
    environ = {"SLACK_BOT_TOKEN": "xoxb-1", "DISCORD_TOKEN": "a.b.c", "NEWSBOT_LEASE": "8s"}
    settings = load_settings(environ, Path("/srv/newsbot"))
    async with open_messengers(settings, Console(), clock) as messengers:
        slack, discord = messengers[Platform.SLACK], messengers[Platform.DISCORD]
        assert isinstance(slack, SlackMessenger)
        assert isinstance(discord, DiscordMessenger)
        assert slack._timeout == 2
        assert discord._timeout == timedelta(seconds=2)
