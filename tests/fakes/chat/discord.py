"""Discord: a channel, and people at their Discord, over discord.py by the gateway."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.bootstrap import Newsbot
from bot.commands.core import Commands
from bot.domain.channel import Channel, Platform
from tests.fakes.chat.screen import Screen, drawn
from tests.fakes.discord import NEWS, CommandAnswer, FakeDiscord, FakeMessage, Who
from tests.fakes.discord_shapes import EDITORS
from tests.fakes.slack_app import running

Json = dict[str, Any]

MEMBERS = {"ada": Who(), "mate": Who(user=405), "lead": Who(user=407, roles=(EDITORS,))}
_NAMES = {str(who.user): name for name, who in MEMBERS.items()}
_WROTE = "You wrote:"


@dataclass(slots=True)
class DiscordChat:
    """A `tests.fakes.chat.member.Chat`.

    Attributes:
        discord: The server.
        commands: What newsbot is asked.
    """

    discord: FakeDiscord
    commands: Commands | None = None

    @property
    def channel(self) -> Channel:
        return Channel(Platform.DISCORD, NEWS)

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "DISCORD_TOKEN": self.discord.token,
            "NEWSBOT_DISCORD_API_URL": self.discord.api_url,
            "NEWSBOT_DISCORD_GATEWAY_URL": self.discord.gateway_url,
        }

    @asynccontextmanager
    async def serving(self, newsbot: Newsbot) -> AsyncIterator[None]:
        connection = newsbot.connections[Platform.DISCORD]
        self.commands = commands_of(newsbot)
        before = self.discord.gateway.identified
        async with running(connection):
            await self.discord.gateway.until_connected(before + 1)
            yield

    def member(self, name: str) -> "DiscordMember":
        return DiscordMember(self, MEMBERS[name])

    def posted(self) -> Sequence[Screen]:
        return [_screen(message) for message in self.discord.messages]

    async def suggested(self, verb: str, option: str, typed: str) -> Sequence[str]:
        """What is proposed while an option is typed."""
        return [one["value"] for one in await self.discord.suggest(verb, option, typed)]


@dataclass(frozen=True, slots=True)
class DiscordMember:
    """A `tests.fakes.chat.member.Member`."""

    chat: DiscordChat
    who: Who

    async def asks(self, line: str, **options: str) -> Screen:
        assert self.chat.commands is not None
        verb, _ = self.chat.commands.split(line)
        return _answer(await self.chat.discord.command(verb, options, who=self.who))

    async def presses(self, screen: Screen, label: str, nth: int = 0) -> Screen:
        message = _message(screen)
        pressed = button(screen, message.payload, label, nth)
        answer = await self.chat.discord.press(message, pressed["label"], who=self.who)
        if answer.message is None and not answer.window:  # first the alert, for all
            await answer.until(1)
        return _answer(answer)

    async def redraws(self, card: Screen, label: str) -> Screen:
        message = _message(card)
        place = self.chat.discord.messages.index(message)
        answer = await self.chat.discord.press(message, label, who=self.who)
        assert answer.redrawn
        return _screen(self.chat.discord.messages[place])

    async def fills(self, window: Screen, **values: str) -> Screen:
        assert isinstance(window.seen, CommandAnswer)
        return _answer(await self.chat.discord.submit(window.seen, values, who=self.who))


def commands_of(newsbot: Newsbot) -> Commands:
    """What newsbot's own connection to Discord is asked."""
    commands: Commands = vars(newsbot.connections[Platform.DISCORD])["_commands"]
    return commands


def button(screen: Screen, payload: Mapping[str, Any], label: str, nth: int) -> Json:
    """The nth button of a label; rows number theirs."""
    places = [place for place, one in enumerate(screen.buttons) if one == label]
    assert places, f"no button {label!r} among {screen.buttons}"
    return _buttons(payload)[places[nth]]


def window_screen(seen: object, window: Json) -> Screen:
    """A modal."""
    parts = {label["label"]: label["component"] for label in window["components"]}
    values = {part["custom_id"]: _initial(part) for part in parts.values()}
    text = "\n".join([window["title"], *parts])
    return drawn(seen, text, place=window["custom_id"], fields=values)


def message_screen(
    seen: object, number: object, payload: Mapping[str, Any], names: Mapping[str, str]
) -> Screen:
    """A message of this number; `names` are those of people and channels by theirs."""
    texts = [_read(str(payload.get("content") or ""), names)]
    for embed in payload.get("embeds") or ():
        described = [embed.get("title") or "", embed.get("description") or ""]
        described += [f"{one['name']} {one['value']}" for one in embed.get("fields") or ()]
        texts += [_read(text, names) for text in described]
        texts.append((embed.get("author") or {}).get("name") or "")
    text, *_ = "\n".join(texts).split(_WROTE)
    return drawn(seen, text, place=number, buttons=[one["label"] for one in _buttons(payload)])


def _message(screen: Screen) -> FakeMessage:
    assert isinstance(screen.seen, FakeMessage)
    return screen.seen


def _answer(answer: CommandAnswer) -> Screen:
    if answer.window:
        return window_screen(answer, answer.window)
    assert answer.message is not None
    assert answer.private
    return _screen(answer.message)


def _screen(message: FakeMessage) -> Screen:
    return message_screen(message, message.id, message.payload, {**_NAMES, NEWS: "news"})


def _buttons(payload: Mapping[str, Any]) -> Sequence[Json]:
    return [one for row in payload.get("components") or () for one in row["components"]]


def _initial(component: Json) -> str:
    if "options" in component:
        chosen = (one["value"] for one in component["options"] if one.get("default"))
        return str(next(chosen, ""))
    return str(component.get("value") or "")


def _read(text: str, names: Mapping[str, str]) -> str:
    """What a client shows of markdown."""
    text = re.sub(r"(?<!\\)\*\*", "", text)
    # Behind a short line Discord has the time beside it, Slack below it.
    text = re.sub(r"<t:(\d+):\w>", r"<t:\1>", text.replace(" · <t:", "\n<t:"))
    text = re.sub(r"<([@#])&?(\d+)>", lambda one: one[1] + names.get(one[2], one[2]), text)
    return re.sub(r"\\([^\w\s])", r"\1", text)
