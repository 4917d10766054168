"""Slack: a channel, and people at their Slack, over Bolt by its socket or by signed requests."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.bootstrap import Newsbot
from bot.chat.slack.blocks import action_of
from bot.chat.slack.door import PATH
from bot.chat.slack.text import WORD_JOINER
from bot.commands.core import Commands
from bot.domain.channel import Channel, Platform
from bot.ports import Clock
from bot.web import listening
from tests.fakes.chat.screen import Screen, drawn
from tests.fakes.slack import FakeMessage, FakeSlack
from tests.fakes.slack_app import ANY_PORT, SECRET, running
from tests.fakes.slack_people import SlackPerson, Whisper, buttons
from tests.fakes.slack_transport import Signed

Json = dict[str, Any]

_IDS = {"ada": "U0ADA", "mate": "U0MATE", "lead": "U0LEAD"}
_NAMES = {id_: name for name, id_ in _IDS.items()}
_DATE = re.compile(r"<!date\^(\d+)\^[^>]*>")
_PERSON = re.compile(r"<@(\w+)>")
_WAITING = "One moment…"


@dataclass(frozen=True, slots=True)
class SlackChat:
    """A `tests.fakes.chat.member.Chat`.

    Attributes:
        slack: The workspace.
        way: `socket` or `http`.
        clock: The time.
    """

    slack: FakeSlack
    way: str
    clock: Clock

    @property
    def channel(self) -> Channel:
        return Channel(Platform.SLACK, "C0NEWS")

    @property
    def settings(self) -> Mapping[str, str]:
        reached = {
            "socket": {"SLACK_APP_TOKEN": self.slack.app_token},
            "http": {"SLACK_SIGNING_SECRET": SECRET},
        }
        base = {"SLACK_BOT_TOKEN": self.slack.bot_token}
        return base | {"NEWSBOT_SLACK_API_URL": self.slack.api_url} | reached[self.way]

    @asynccontextmanager
    async def serving(self, newsbot: Newsbot) -> AsyncIterator[None]:
        self.slack.people["U0LEAD"] = {"is_admin": True}
        async with running(newsbot.connections[Platform.SLACK]):
            if self.way == "socket":
                await self.slack.connected()
                yield
                return
            async with listening(newsbot.routes, ANY_PORT) as taken:
                self.slack.transport = Signed(
                    f"http://{taken}{PATH}", SECRET, now=lambda: self.clock.now().timestamp()
                )
                yield

    def member(self, name: str) -> "SlackMember":
        return SlackMember(self.slack, SlackPerson(self.slack, _IDS[name]))

    def posted(self) -> Sequence[Screen]:
        return [_screen(message) for message in self.slack.messages]

    def done(self, commands: Commands) -> Iterator[str]:
        """The verbs and actions of what people did."""
        for payload in self.slack.done:
            if "command" in payload:
                verb, _ = commands.split(payload["text"])
                yield verb
            elif payload["type"] == "view_submission":
                yield action_of(payload["view"]["callback_id"])
            else:
                (pressed,) = payload["actions"]
                yield action_of(pressed["action_id"])


@dataclass(frozen=True, slots=True)
class SlackMember:
    """A `tests.fakes.chat.member.Member`."""

    slack: FakeSlack
    person: SlackPerson

    async def asks(self, line: str, **options: str) -> Screen:
        del options
        before = self._private()
        await self.person.types(f"/news {line}")
        return await self._then(before)

    async def presses(self, screen: Screen, label: str, nth: int = 0) -> Screen:
        before = self._private()
        await self.person.clicks(_seen(screen), _button(screen, label, nth))
        return await self._then(before)

    async def redraws(self, card: Screen, label: str) -> Screen:
        message = _seen(card)
        assert isinstance(message, FakeMessage)
        place = self.slack.messages.index(message)
        await self.person.clicks(message, _button(card, label, 0))
        await self.slack.until(lambda: self.slack.messages[place] is not message)
        return _screen(self.slack.messages[place])

    async def fills(self, window: Screen, **values: str) -> Screen:
        view = _seen(window)
        assert isinstance(view, dict)
        before = self._private()
        ack = await self.person.fills(view, **values)
        if ack.get("response_action") == "errors":
            return drawn(view, "\n".join(ack["errors"].values()), place=view["id"])
        return await self._then(before)

    def _private(self) -> dict[str, Whisper | Json]:
        """What people see that is no message for all, by its content."""
        shown: list[Whisper | Json] = [*self.slack.whispers, *self.slack.views.windows.values()]
        return {str(id(_blocks(one))): one for one in shown}

    async def _then(self, before: dict[str, Whisper | Json]) -> Screen:
        """What is new, once it is there."""

        def fresh() -> Sequence[Screen]:
            new = [one for key, one in self._private().items() if key not in before]
            return [screen for one in new if (screen := _screen(one)).text != _WAITING]

        kept = [_blocks(one) for one in before.values()]  # or another's content has its identity
        await self.slack.until(lambda: bool(fresh()))
        del kept
        (screen,) = fresh()
        return screen


def _seen(screen: Screen) -> FakeMessage | Whisper | Json:
    assert isinstance(screen.seen, (FakeMessage, Whisper, dict))
    return screen.seen


def _button(screen: Screen, label: str, nth: int) -> Json:
    """The nth button of a label; rows may number theirs."""
    places = [place for place, one in enumerate(screen.buttons) if one == label]
    assert places, f"no button {label!r} among {screen.buttons}"
    return buttons(_blocks(_seen(screen)))[places[nth]]


def _blocks(seen: FakeMessage | Whisper | Json) -> list[Json]:
    blocks: list[Json] = seen["blocks"] if isinstance(seen, dict) else seen.blocks
    return blocks


def _screen(seen: FakeMessage | Whisper | Json) -> Screen:
    blocks = _blocks(seen)
    fields = [block for block in blocks if block["type"] == "input"]
    if fields:
        assert isinstance(seen, dict)
        text = "\n".join([seen["title"]["text"], *(one["label"]["text"] for one in fields)])
        values = {one["block_id"]: _initial(one["element"]) for one in fields}
        return drawn(seen, text, place=seen["id"], fields=values)
    labels = [one["text"]["text"] for one in buttons(blocks)]
    text = "\n".join(map(_block, blocks))
    return drawn(seen, text, place=_place(seen), buttons=labels)


def _place(seen: FakeMessage | Whisper | Json) -> str:
    if isinstance(seen, FakeMessage):
        return seen.ts
    return str(seen["id"]) if isinstance(seen, dict) else seen.id


def _initial(element: Json) -> str:
    option = element.get("initial_option") or {}
    return str(element.get("initial_value") or option.get("value") or "")


def _block(block: Json) -> str:
    match block["type"]:
        case "rich_text":
            return "\n".join("".join(map(_part, one["elements"])) for one in block["elements"])
        case "context":
            return "\n".join(map(_part, block["elements"]))
        case "header" | "section":
            fields = [block["text"]] if "text" in block else block["fields"]
            return "\n".join(map(_part, fields))
        case _:
            return ""


def _part(part: Json) -> str:
    match part["type"]:
        case "mrkdwn":
            text = _DATE.sub(r"<t:\1>", part["text"]).replace("*", "")
            return _PERSON.sub(lambda found: _person(found[1]), text)
        case "channel":
            return "#news" if part["channel_id"] == "C0NEWS" else f"#{part['channel_id']}"
        case "user":
            return _person(part["user_id"])
        case _:
            return str(part.get("text", "")).replace(WORD_JOINER, "")


def _person(identifier: str) -> str:
    return f"@{_NAMES.get(identifier, identifier)}"
