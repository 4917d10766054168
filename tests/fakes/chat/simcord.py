"""SimCord: a channel in SimCord's model of Discord, and people who do only what its clients let."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import simcord

from bot.bootstrap import Newsbot
from bot.chat.discord.client import Addresses
from bot.chat.discord.connection import _CommandClient
from bot.chat.discord.messenger import DiscordMessenger
from bot.commands.core import Commands
from bot.domain.channel import Channel, Platform
from tests.fakes.chat.discord import button, commands_of, message_screen, window_screen
from tests.fakes.chat.screen import Screen

Seen = discord.Message | simcord.ResponseMessage


class SimcordChat:
    """A `tests.fakes.chat.member.Chat`; newsbot posts through SimCord's client, which has no REST.

    Attributes:
        commands: What newsbot is asked.
        place: The channel.
    """

    def __init__(self, env: simcord.Env) -> None:
        """A channel with people; newsbot is not at work yet."""
        guild = env.create_guild()
        editors = guild.create_role(
            "Editors", permissions=discord.Permissions(manage_channels=True)
        )
        self.commands: Commands | None = None
        self.place = guild.create_text_channel("news")
        self._env = env
        self._people = {
            name: guild.add_member(env.create_user(name), roles=[editors] * (name == "lead"))
            for name in ("ada", "mate", "lead")
        }

    @property
    def channel(self) -> Channel:
        return Channel(Platform.DISCORD, str(self.place.id))

    @property
    def settings(self) -> Mapping[str, str]:
        return {"DISCORD_TOKEN": "MjAy.made-up.token"}

    @asynccontextmanager
    async def serving(self, newsbot: Newsbot) -> AsyncIterator[None]:
        self.commands = commands_of(newsbot)
        client = _CommandClient(Addresses(), self.commands)
        await self._env.restart_bot(client)
        messenger = newsbot.messengers[Platform.DISCORD]
        assert isinstance(messenger, DiscordMessenger)
        messenger._client = client
        yield
        messenger._client = None

    def member(self, name: str) -> "SimcordMember":
        return SimcordMember(self, self._people[name])

    def posted(self) -> Sequence[Screen]:
        return [self.screen(message) for message in self.place.history()]

    async def suggested(self, verb: str, option: str, typed: str) -> Sequence[str]:
        """What is proposed while an option is typed."""
        ada = self._people["ada"]
        found = await ada.autocomplete(self.place, f"news {verb}", option, typed)
        return [one["value"] for one in found]

    def screen(self, seen: Seen) -> Screen:
        """A message."""
        names = {str(person.id): name for name, person in self._people.items()}
        names[str(self.place.id)] = "news"
        return message_screen(seen, seen.id, payload_of(seen), names)


@dataclass(frozen=True, slots=True)
class SimcordMember:
    """A `tests.fakes.chat.member.Member`."""

    chat: SimcordChat
    person: simcord.MemberActor

    async def asks(self, line: str, **options: str) -> Screen:
        assert self.chat.commands is not None
        verb, _ = self.chat.commands.split(line)
        return self._private(await self.person.slash(self.chat.place, f"news {verb}", **options))

    async def presses(self, screen: Screen, label: str, nth: int = 0) -> Screen:
        return self._private(await self._clicked(screen, label, nth))

    async def redraws(self, card: Screen, label: str) -> Screen:
        message = _message(card)
        await self._clicked(card, label, 0)
        (drawn,) = (one for one in self.chat.place.history() if one.id == message.id)
        return self.chat.screen(drawn)

    async def fills(self, window: Screen, **values: str) -> Screen:
        shown = window.seen
        assert isinstance(shown, simcord.InteractionResult)
        assert shown.modal is not None
        kinds = {
            label["component"]["custom_id"]: label["component"]["type"]
            for label in shown.modal["components"]
        }
        given = {name: value for name, value in ({**window.fields} | values).items() if value}
        chosen = {name: [one] if kinds[name] == 3 else one for name, one in given.items()}
        return self._private(await self.person.submit_modal(shown, chosen))

    async def _clicked(self, screen: Screen, label: str, nth: int) -> simcord.InteractionResult:
        message = _message(screen)
        pressed = button(screen, payload_of(message), label, nth)
        return await self.person.click(message, custom_id=pressed["custom_id"])

    def _private(self, result: simcord.InteractionResult) -> Screen:
        """What they alone see."""
        if result.modal is not None:
            return window_screen(result, result.modal)
        message = result.followups[-1] if result.followups else result.response
        assert message is not None
        assert message.ephemeral
        return self.chat.screen(message)


@asynccontextmanager
async def simcord_chat() -> AsyncIterator[SimcordChat]:
    """SimCord's Discord while the block lasts."""
    # simcord.run marks the context it is entered in, and a fixture is left in another.
    env = simcord.Env(_CommandClient(Addresses(), Commands(())), shard_count=1)
    await env.start()
    try:
        yield SimcordChat(env)
    finally:
        await env.shutdown()
    env.raise_errors()


def payload_of(seen: Seen) -> dict[str, Any]:
    """A message as it is sent."""
    components = seen.components
    return {
        "content": seen.content,
        "embeds": [embed.to_dict() for embed in seen.embeds],
        "components": [one if isinstance(one, dict) else one.to_dict() for one in components],
    }


def _message(screen: Screen) -> Seen:
    assert isinstance(screen.seen, (discord.Message, simcord.ResponseMessage))
    return screen.seen
