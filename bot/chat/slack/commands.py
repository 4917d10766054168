"""Commands: the edge between what Slack sends and the neutral core."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.chat.slack.authority import Authority
from bot.chat.slack.blocks import action_of
from bot.chat.slack.messenger import EVENT_TYPE
from bot.chat.slack.window import Origin, filled_in, origin_of
from bot.commands.core import COMMAND, Commands
from bot.commands.reply import Reply
from bot.commands.request import Person, Press, Request
from bot.domain.channel import Channel, Platform, Workspace

Payload = Mapping[str, Any]
"""What Slack sends, decoded."""

SHORTCUT = "news_why"
"""The callback of the message shortcut “Why this alert?”; the manifest holds the same."""

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")
_ON_A_CARD = "more"
_WHY = "why"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Where a person did something, and by what it can be answered there.

    Attributes:
        person: Who.
        origin: Where, as it is kept with a window.
        trigger: Opens a window, within three seconds.
        response_url: Takes answers for half an hour; empty in a window and on newsbot's own page.
        ephemeral: Whether the message in question is seen by them alone.
        window: The identifier of the window it was done in; empty where it was in none.
        filling: Whether that window was opened for the answer, and shows nothing yet.
    """

    person: Person
    origin: Origin
    trigger: str = ""
    response_url: str = ""
    ephemeral: bool = False
    window: str = ""
    filling: bool = False

    @property
    def channel(self) -> Channel:
        """Where."""
        return Channel(Platform.SLACK, self.origin.channel, self.person.workspace.id)


class Reading:
    """Turns payloads into requests and presses."""

    def __init__(
        self,
        commands: Commands,
        authority: Authority,
        workspace: Workspace = Workspace(Platform.SLACK),  # noqa: B008 - frozen
    ) -> None:
        """Read for these commands, in this workspace; `authority` says who manages there."""
        self._commands = commands
        self._authority = authority
        self._workspace = workspace

    def person(self, user: str) -> Person:
        """Somebody in the workspace."""
        return Person(
            user=user,
            workspace=self._workspace,
            manages=partial(self._authority.manages, user),
        )

    def command(self, payload: Payload) -> tuple[Request, Surface]:
        """A slash command.

        Slack hands over `&`, `<` and `>` as entities
        (docs.slack.dev/interactivity/implementing-slash-commands).
        """
        verb, rest = self._commands.split(unescaped(str(payload.get("text") or "")))
        surface = Surface(
            person=self.person(str(payload["user_id"])),
            origin=Origin(channel=str(payload["channel_id"])),
            trigger=str(payload["trigger_id"]),
            response_url=str(payload["response_url"]),
        )
        request = Request(verb=verb, text=rest, channel=surface.channel, person=surface.person)
        return request, surface

    def press(self, payload: Payload) -> tuple[Press, Surface]:
        """A button pressed in a message, in a window or on newsbot's own page."""
        (action,) = payload["actions"]
        view = payload.get("view")
        surface = self._in_view(payload, view) if view else self._on_message(payload)
        press = Press(
            action=action_of(action["action_id"]),
            argument=str(action.get("value") or ""),
            channel=surface.channel,
            person=surface.person,
        )
        return press, surface

    def submission(self, payload: Payload) -> tuple[Press, Surface]:
        """A form sent."""
        view = payload["view"]
        surface = self._in_view(payload, view)
        press = Press(
            action=action_of(view["callback_id"]),
            argument=surface.origin.argument,
            options=filled_in(view),
            channel=surface.channel,
            person=surface.person,
        )
        return press, surface

    def shortcut(self, payload: Payload) -> tuple[Press | Request | None, Surface]:
        """“Why this alert?”: by the delivery where the message is ours, or by its link.

        None where the message has neither.
        """
        surface = self._on_message(payload)
        message = payload["message"]
        nonce = next(_nonces(message), None)
        link = next(_links(message), None)
        channel, person = surface.channel, surface.person
        if nonce is not None:
            press = Press(action=_ON_A_CARD, argument=nonce, channel=channel, person=person)
            return press, surface
        if link is not None:
            return Request(verb=_WHY, text=link, channel=channel, person=person), surface
        return None, surface

    def _on_message(self, payload: Payload) -> Surface:
        container = payload.get("container") or {}
        message = payload.get("message") or {}
        ephemeral = bool(container.get("is_ephemeral") or message.get("is_ephemeral"))
        card = "" if ephemeral else str(message.get("ts") or "")
        return Surface(
            person=self.person(str(payload["user"]["id"])),
            origin=Origin(channel=str(payload["channel"]["id"]), card=card),
            trigger=str(payload["trigger_id"]),
            response_url=str(payload.get("response_url") or ""),
            ephemeral=ephemeral,
        )

    def _in_view(self, payload: Payload, view: Payload) -> Surface:
        """A window, or newsbot's own page: it holds where it was opened."""
        return Surface(
            person=self.person(str(payload["user"]["id"])),
            origin=origin_of(view),
            trigger=str(payload.get("trigger_id") or ""),
            window=str(view["id"]) if view["type"] == "modal" else "",
        )


def _nonces(message: Payload) -> Iterator[str]:
    """The delivery a message is of, by the buttons of its card or by what it was posted with."""
    for block in message.get("blocks") or ():
        for element in block.get("elements") or ():
            if action_of(str(element.get("action_id") or "")) == _ON_A_CARD:
                yield str(element.get("value") or "")
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == EVENT_TYPE:
        yield str(metadata["event_payload"]["nonce"])


def _links(message: Payload) -> Iterator[str]:
    """The addresses a message shows, the first first."""
    yield from _urls(message.get("blocks"))
    for url in _LINK.findall(str(message.get("text") or "")):
        yield unescaped(url)
    yield from _urls(message.get("attachments"))


def _urls(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _urls(each)
    if isinstance(part, dict):
        if part.get("type") == "link" and isinstance(part.get("url"), str):
            yield part["url"]
        if isinstance(part.get("from_url"), str):
            yield part["from_url"]
        for each in part.values():
            yield from _urls(each)


def unescaped(text: str) -> str:
    """What was typed, of what Slack made of it."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def apology(what: str) -> Reply:
    """For what broke: what to try, and nothing of what went wrong.

    Args:
        what: What was asked for, e.g. `/news search`.
    """
    return Reply(
        title=f"{what} did not work: something broke on newsbot's side.",
        lines=(
            "Try it again in a minute.",
            "If it fails again, tell whoever runs newsbot the time; the log says what broke.",
        ),
    )


def named(asked: Press | Request) -> str:
    """What somebody asked for, as an apology calls it."""
    return f"{COMMAND} {asked.verb}".rstrip() if isinstance(asked, Request) else "The button"
