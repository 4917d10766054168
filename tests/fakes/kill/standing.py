"""Standing: where alerts stand on the two platforms, each by itself or in a digest."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.fakes import discord, slack

Line = tuple[str, str]
"""A channel as rules name it, and a headline."""

_LISTED = re.compile(r"^- \[(.+?)\]\(<", re.MULTILINE)
_DIGEST = "Digest:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An alert in a message.

    Attributes:
        line: Where, and of what.
        listed: Whether the message is a digest.
        at: When the platform accepted the message.
        nonce: Of the delivery that the message came of.
    """

    line: Line
    listed: bool
    at: datetime
    nonce: str


def on_slack(messages: Iterable[slack.FakeMessage]) -> Iterator[Standing]:
    """What stands in Slack's channels."""
    for message in messages:
        title = message.text.partition("\n")[0]
        yield from _standing(
            f"slack:{message.channel}",
            title,
            [*_linked(message.arguments["blocks"])],
            at=datetime.fromtimestamp(float(message.ts), UTC),
            nonce=message.metadata["event_payload"]["nonce"],
        )


def on_discord(messages: Sequence[discord.FakeMessage]) -> Iterator[Standing]:
    """What stands in Discord's channels, and in the threads that digests go on in."""
    above = {message.id: message.channel for message in messages}
    for message in messages:
        # A thread bears the number of the message it belongs to.
        yield from _standing(
            f"discord:{above.get(message.channel, message.channel)}",
            str(message.embed["title"]),
            _LISTED.findall(message.embed.get("description", "")),
            at=message.at,
            nonce=message.nonce,
        )


def _standing(
    channel: str, title: str, lines: Sequence[str], *, at: datetime, nonce: str
) -> Iterator[Standing]:
    listed = title.startswith(_DIGEST)
    for headline in lines if listed else [title]:
        yield Standing(line=(channel, headline), listed=listed, at=at, nonce=nonce)


def _linked(blocks: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The linked texts: an alert has one, a digest one for each story."""
    for block in blocks:
        for section in block["elements"] if block["type"] == "rich_text" else ():
            for element in section["elements"]:
                if element["type"] == "link":
                    yield element["text"]
