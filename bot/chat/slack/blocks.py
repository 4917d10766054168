"""Blocks: the pieces of Block Kit that messages, replies and windows are made of.

No foreign text ever reaches a field that Slack parses as mrkdwn: it stands in `plain_text` objects
and in `rich_text` elements, both literal. See `bot.chat.slack.render`.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.chat.slack.text import clean, cut
from bot.commands.reference import Reference, parts
from bot.commands.reply import Button, Style

Block = dict[str, Any]
"""One Block Kit object, as JSON."""

BLOCKS_LIMIT = 12_500
"""Characters of all blocks as JSON: Slack answers `msg_blocks_too_long` from about 13,000."""
LABEL_LIMIT = 75
"""Characters of a button's label; docs.slack.dev/reference/block-kit/block-elements/button."""
VALUE_LIMIT = 2000
"""Characters of a button's value; the same page."""
ACTION = "news"
"""Begins the identifiers of all that can be pressed or sent."""

_PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")
_GROUP = re.compile(r"S[A-Z0-9]{2,20}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")
_DIRECT = "D"


def rich(elements: Sequence[Block]) -> Block:
    """A line of literal text and links."""
    section = {"type": "rich_text_section", "elements": list(elements)}
    return {"type": "rich_text", "elements": [section]}


def bold(text: str) -> Block:
    """A bold part of `rich`."""
    return {"type": "text", "text": text, "style": {"bold": True}}


def plain(text: str) -> Block:
    """Literal text."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """Text that Slack parses: only what newsbot writes itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def said(text: str, *, is_bold: bool = False) -> list[Block]:
    """Text of a reply for `rich`, with channels and people by their names.

    A person named in what one person reads alone is not pinged.
    """
    style: Block = {"style": {"bold": True}} if is_bold else {}
    return [{**_part(part), **style} for part in parts(text) if part]


def _part(part: str | Reference) -> Block:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    if part.kind == "slack" and part.id.startswith(_DIRECT):
        return {"type": "text", "text": "a direct message"}
    if part.kind == "slack" and _CHANNEL.fullmatch(part.id):
        return {"type": "channel", "channel_id": part.id}
    found = mention(str(part))
    return {"type": "text", "text": str(part)} if found is None else found[0]


def context(elements: Sequence[Block]) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": list(elements)}


def fit(text: str, limit: int) -> str:
    """Cleaned text in one line of at most so many UTF-16 units, as Slack counts short labels."""
    room, line = limit, clean(text)
    while len(cut(line, room).encode("utf-16-le")) > 2 * limit:
        room -= 1
    return cut(line, room)


def buttons(shown: Iterable[tuple[int, Button]]) -> Block | None:
    """A line of buttons; None where there are none.

    Args:
        shown: Each with a number that no other button of the same action has in its message.
    """
    elements = [_button(number, button) for number, button in shown]
    return {"type": "actions", "elements": elements} if elements else None


def _button(number: int, button: Button) -> Block:
    label = fit(button.label, LABEL_LIMIT) or "…"
    element: Block = {
        "type": "button",
        "action_id": f"{ACTION}:{button.action}:{number}",
        "text": plain(label),
    }
    # Slack refuses an empty value.
    if button.argument:
        element["value"] = button.argument[:VALUE_LIMIT]
    if button.style is not Style.PLAIN:
        element["style"] = button.style.value
    return element


def action_of(identifier: str) -> str:
    """The action of a button or a window by its identifier; empty where it is not newsbot's."""
    prefix, _, rest = identifier.partition(":")
    return rest.partition(":")[0] if prefix == ACTION else ""


def length(blocks: Sequence[Block]) -> int:
    """Characters of the blocks as JSON."""
    return len(json.dumps(list(blocks), ensure_ascii=False))


def local_time(moment: datetime, day: str = "date_short_pretty") -> str:
    """In the reader's own zone; docs.slack.dev/messaging/formatting-message-text, dates.

    Args:
        moment: When.
        day: Slack's name for how the day is shown.
    """
    if moment.timestamp() < 0:
        return utc(moment)
    return f"<!date^{int(moment.timestamp())}^{{{day}}} at {{time}}|{utc(moment)}>"


def utc(moment: datetime) -> str:
    """The time where the reader's zone is not known."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def person(user: str) -> str | None:
    """A person, for mrkdwn; None where it is no identifier of Slack's."""
    return f"<@{user}>" if _PERSON.fullmatch(user) else None


def mention(written: str) -> tuple[Block, str] | None:
    """Whom an alert pings: for `rich`, and for a message's text; None where Slack has no such.

    Args:
        written: `user:U1` or `group:S1`, as in `bot.domain.subscription.Following.mention`.
    """
    kind, _, identifier = written.partition(":")
    if kind == "user" and _PERSON.fullmatch(identifier):
        return {"type": "user", "user_id": identifier}, f"<@{identifier}>"
    if kind == "group" and _GROUP.fullmatch(identifier):
        return {"type": "usergroup", "usergroup_id": identifier}, f"<!subteam^{identifier}>"
    return None
