"""Slack people: what somebody does in the client, as Slack tells it to the app.

    ada = SlackPerson(slack, "U0DESK")
    await ada.types("/news ping")
    await ada.presses(slack.messages[0], "mute")
    await ada.fills(slack.views.window, query="tariff")

Each gives the acknowledgement; what the app answers afterwards stands in `slack.messages`,
`slack.whispers` and `slack.views`, for which `slack.until` waits.
"""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.fakes.slack_transport import COMMANDS, EVENTS, INTERACTIVE

Json = dict[str, Any]

if TYPE_CHECKING:
    from tests.fakes.slack import FakeMessage, FakeSlack

PATIENCE = 10
"""Seconds; only a guard."""


@dataclass(slots=True, kw_only=True)
class Whisper:
    """A message that one person sees."""

    id: str
    channel: str
    user: str
    text: str
    blocks: list[Json]


Seen: TypeAlias = "FakeMessage | Whisper | Json"
"""What can be pressed in: a message, a window or newsbot's own page."""


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """Somebody at the client.

    Attributes:
        slack: The workspace.
        id: The person's identifier.
        channel: Where they are.
    """

    slack: "FakeSlack"
    id: str = "U0DESK"
    channel: str = "C0NEWS"

    async def types(self, line: str) -> Json:
        """A slash command."""
        return await self._tell(COMMANDS, command_payload(self.slack, line, self.channel, self.id))

    async def presses(
        self, seen: "FakeMessage | Whisper | Json", action: str, nth: int = 0
    ) -> Json:
        """A button of a message, a whisper, a window or newsbot's own page."""
        blocks = seen["blocks"] if isinstance(seen, dict) else seen.blocks
        button = buttons(blocks, action)[nth]
        return await self.clicks(seen, button)

    async def clicks(self, seen: "Seen", button: Json) -> Json:
        """A button, which may be made up."""
        where = self._view(seen) if isinstance(seen, dict) else self._message(seen)
        payload = {
            "type": "block_actions",
            **self._who(),
            **where,
            "actions": [{**button, "type": "button", "block_id": "b1", "action_ts": "1.0"}],
        }
        return await self._tell(INTERACTIVE, payload)

    async def fills(self, view: Json, **filled: str) -> Json:
        """A form, and sends it; the window then shows what the acknowledgement says."""
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        assert set(filled) <= {block["block_id"] for block in inputs}
        values = {
            block["block_id"]: {
                block["element"]["action_id"]: _filled(
                    block["element"], filled.get(block["block_id"])
                )
            }
            for block in inputs
        }
        sent = {**view, "state": {"values": values}}
        payload = {"type": "view_submission", **self._who(), "view": sent, "response_urls": []}
        ack = await self._tell(INTERACTIVE, payload)
        self.slack.views.acknowledged(view["id"], ack)
        return ack

    async def asks_why(self, message: "FakeMessage") -> Json:
        """The message shortcut."""
        payload = {
            **self._message(message),
            "type": "message_action",
            "callback_id": "news_why",
            **self._who(),
            "message_ts": message.ts,
        }
        return await self._tell(INTERACTIVE, payload)

    async def opens_home(self, tab: str = "home") -> Json:
        """The page of newsbot's own."""
        event = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": "D0DESK",
            "tab": tab,
            "event_ts": "1.0",
        }
        payload = {
            "token": "fake-verification-token",
            "type": "event_callback",
            "team_id": self.slack.team_id,
            "api_app_id": "A0NEWSBOT",
            "event_id": "Ev0",
            "event_time": 1,
            "event": event,
        }
        return await self._tell(EVENTS, payload)

    async def removes_newsbot(self, at: float, *kinds: str) -> None:
        """The app from the workspace, at this time; `kinds` are the events told of it."""
        tokens = {"oauth": [], "bot": ["U0NEWSBOT"]}
        for kind in kinds or ("tokens_revoked", "app_uninstalled"):
            event = {"type": kind, **({"tokens": tokens} if kind == "tokens_revoked" else {})}
            payload = {
                "token": "fake-verification-token",
                "type": "event_callback",
                "team_id": self.slack.team_id,
                "api_app_id": "A0NEWSBOT",
                "event_id": f"Ev{kind}",
                "event_time": int(at),
                "event": event,
            }
            await self._tell(EVENTS, payload)

    async def _tell(self, kind: str, payload: Json) -> Json:
        self.slack.done.append(payload)
        async with asyncio.timeout(PATIENCE):
            await self.slack.connected()
            return await self.slack.transport.deliver(kind, payload)

    def _who(self) -> Json:
        return {
            "user": {"id": self.id, "username": "desk", "team_id": self.slack.team_id},
            "team": {"id": self.slack.team_id, "domain": "desk"},
            "api_app_id": "A0NEWSBOT",
            "token": "fake-verification-token",
            "trigger_id": self.slack.views.trigger(),
        }

    def _message(self, seen: "FakeMessage | Whisper") -> Json:
        whispered = isinstance(seen, Whisper)
        ts = seen.id if isinstance(seen, Whisper) else seen.ts
        shown: Json = {"type": "message", "ts": ts, "bot_id": "B0NEWSBOT"}
        if not whispered:
            shown |= {"text": seen.text, "blocks": seen.blocks}
        return {
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": seen.channel,
                "is_ephemeral": whispered,
            },
            "channel": {"id": seen.channel, "name": "news"},
            "message": shown,
            "response_url": self.slack.response_url(seen, self.id),
        }

    def _view(self, view: Json) -> Json:
        return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def command_payload(slack: "FakeSlack", line: str, channel: str, user: str) -> Json:
    """What Slack tells of a slash command."""
    name, _, text = line.partition(" ")
    nowhere = Whisper(id="", channel=channel, user=user, text="", blocks=[])
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(character, entity)
    return {
        "token": "fake-verification-token",
        "team_id": slack.team_id,
        "team_domain": "desk",
        "channel_id": channel,
        "channel_name": "news",
        "user_id": user,
        "user_name": "desk",
        "command": name,
        "text": text,
        "api_app_id": "A0NEWSBOT",
        "is_enterprise_install": "false",
        "response_url": slack.response_url(nowhere, user),
        "trigger_id": slack.views.trigger(),
    }


def buttons(blocks: list[Json], action: str = "") -> list[Json]:
    """The buttons of an action, or all."""
    return [
        element
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if not action or element["action_id"].split(":")[1] == action
    ]


def words(blocks: list[Json]) -> str:
    """All that the blocks say, a line a block."""
    return "\n".join(_words(block) for block in blocks)


def _words(part: object) -> str:
    if isinstance(part, list):
        return " ".join(filter(None, map(_words, part)))
    if not isinstance(part, dict):
        return ""
    text = part.get("text")
    own = text if isinstance(text, str) else _words(text)
    return " ".join(filter(None, (own, _words(part.get("elements")), _words(part.get("label")))))


def _filled(element: Json, value: str | None) -> Json:
    if element["type"] != "static_select":
        typed = element.get("initial_value") if value is None else value
        return {"type": element["type"], "value": typed or None}
    known = {option["value"]: option for option in element["options"]}
    chosen = element.get("initial_option") if value is None else known[value]
    return {"type": element["type"], "selected_option": chosen}
