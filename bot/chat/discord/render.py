"""Render: a message as a Discord embed.

A message's `content` is whom it pings and nothing else: notifications show an embed's title and
description, and text beside the embed would say the headline twice. Nothing here imports the
`discord` library.

What Discord formats decides what is escaped: title, description, field names and values hold
markdown, author and footer do not. Limits: Discord, "Embed Limits".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.chat.discord.buttons import Component, components
from bot.chat.discord.markdown import as_is, escape, fit, plain, size
from bot.commands.card import card_buttons
from bot.commands.reference import Reference, parts, refer_all
from bot.domain.digest import GROUP_LIMIT, LISTED_HEADLINE_LIMIT, OUTLET_LIMIT
from bot.domain.message import Alert, Digest, Gravity, Message, Notice, Reason

TITLE_LIMIT = 256
DESCRIPTION_LIMIT = 4096
FIELD_VALUE_LIMIT = 1024
AUTHOR_LIMIT = 256
URL_LIMIT = 2048
_FOOTER_LIMIT = 256
"""Far below Discord's 2,048, so that all parts at their longest stay within 6,000."""
_TOPIC_LIMIT = 80
_REASON_LIMIT = 332
_MORE_LIMIT = 24
_CLAIMED_LIMIT = 60
_NAME_LIMIT = 100
_PINGS_LIMIT = 50
_SIGNS = {"discord": "#", "user": "@", "role": "@&"}
"""Discord, "Message Formatting"."""
_PERSON = re.compile(r"[0-9]{1,20}")
_PING = re.compile(r"(?P<kind>role|user):(?P<id>[0-9]{1,20})")

# The three lowest bits of each channel are free for `mark`.
ALERT_COLOUR = 0x2878C8
INFO_COLOUR = 0x808890
WARNING_COLOUR = 0xE8A020

Embed = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """A message ready to post.

    Attributes:
        embed: Discord's embed object, within every limit.
        name: Plain text, as a post in a forum is called.
        roles: Whom it pings, by their identifiers.
        users: Likewise.
        components: Discord's action rows.
    """

    embed: Embed
    name: str = ""
    roles: tuple[int, ...] = ()
    users: tuple[int, ...] = ()
    components: tuple[Component, ...] = ()

    @property
    def content(self) -> str:
        """Whom it pings, as Discord's markdown; empty for nobody."""
        return " ".join((*map("<@&{}>".format, self.roles), *map("<@{}>".format, self.users)))


def render(message: Message, nonce: str | None = None) -> DiscordMessage:
    """Turn any message into Discord's form; the same message always gives the same form.

    Args:
        message: What to post.
        nonce: Its delivery's key, which an alert's buttons carry; None for no buttons.
    """
    match message:
        case Alert():
            buttons = [card_buttons(message, nonce)] if nonce else []
            return DiscordMessage(
                _alert(message),
                name=_name(message.headline, "(no headline)"),
                roles=tuple(_pinged(message.mentions, "role")),
                users=tuple(_pinged(message.mentions, "user")),
                components=components(buttons),
            )
        case Digest():
            return DiscordMessage(_digest(message), name=_name(message.title, "Digest"))
        case Notice():
            return DiscordMessage(_notice(message), name=_name(message.title, "Notice"))


def _name(title: str, otherwise: str) -> str:
    return fit(plain(title) or otherwise, _NAME_LIMIT, as_is)


def _pinged(mentions: Sequence[str], kind: str) -> Iterator[int]:
    """The identifiers of this kind, each once; groups are another platform's."""
    for mention in dict.fromkeys(mentions[:_PINGS_LIMIT]):
        found = _PING.fullmatch(mention)
        if found and found["kind"] == kind:
            yield int(found["id"])


def _alert(alert: Alert) -> Embed:
    embed: Embed = {
        "title": fit(plain(alert.headline) or "(no headline)", TITLE_LIMIT),
        "timestamp": alert.published.isoformat(),
        "color": ALERT_COLOUR,
    }
    if summary := plain(alert.summary):
        embed["description"] = fit(summary, DESCRIPTION_LIMIT)
    if outlet := plain(alert.outlet):
        embed["author"] = {"name": fit(outlet, AUTHOR_LIMIT, as_is)}
    if acceptable(alert.url):
        embed["url"] = alert.url
    if acceptable(alert.image):
        embed["thumbnail"] = {"url": alert.image}
    if fields := list(_fields(alert)):
        embed["fields"] = fields
    if tags := " · ".join(tag for tag in map(plain, alert.tags) if tag):
        embed["footer"] = {"text": fit(tags, _FOOTER_LIMIT, as_is)}
    return embed


def _fields(alert: Alert) -> Iterator[Embed]:
    if alert.reasons:
        yield {"name": "Why", "value": _why(alert.reasons), "inline": False}
    if alert.claimed_by:
        by = alert.claimed_by
        # In an embed a mention shows a name and pings nobody.
        value = f"<@{by}>" if _PERSON.fullmatch(by) else fit(plain(by), _CLAIMED_LIMIT)
        yield {"name": "Claimed by", "value": value or "somebody", "inline": False}


def _why(reasons: Sequence[Reason]) -> str:
    """One line a topic; topics beyond the room are counted."""
    lines: list[str] = []
    room = FIELD_VALUE_LIMIT - _MORE_LIMIT
    for line in map(_reason, reasons):
        room -= size(line) + 1
        if room < 0:
            lines.append(f"and {len(reasons) - len(lines)} more")
            break
        lines.append(line)
    return "\n".join(lines)


def _reason(reason: Reason) -> str:
    title, aside = plain(reason.title), plain(reason.aside)
    topic = f"**{fit(title or plain(reason.topic) or '(unnamed topic)', _TOPIC_LIMIT)}**"
    if title and aside:
        topic += f" ({fit(aside, _TOPIC_LIMIT)})"
    words = plain(", ".join(reason.evidence))
    return f"{topic} — {fit(words, _REASON_LIMIT - size(topic) - 3)}" if words else topic


def _digest(digest: Digest) -> Embed:
    """A line a story; the cut is the same as where the pages were counted out."""
    lines = [f"Since <t:{int(digest.since.timestamp())}:f>"]
    for group in digest.groups:
        lines += ["", f"**{fit(plain(group.title), GROUP_LIMIT) or 'a topic'}**"]
        lines += map(_listed, group.alerts)
    return {
        "title": digest.title,
        "description": "\n".join(lines),
        "color": ALERT_COLOUR,
    }


def _listed(alert: Alert) -> str:
    headline = fit(plain(alert.headline), LISTED_HEADLINE_LIMIT) or "(no headline)"
    linked = f"[{headline}](<{alert.url}>)" if _fits_a_link(alert.url) else headline
    return f"- {linked} — {fit(plain(alert.outlet), OUTLET_LIMIT) or 'Unnamed outlet'}"


def _fits_a_link(url: str | None) -> bool:
    """Whether an address can stand in brackets of its own."""
    return acceptable(url) and not set("<>()\\`") & set(url or "")


def _notice(notice: Notice) -> Embed:
    embed: Embed = {
        "title": fit(plain(notice.title) or "Notice", TITLE_LIMIT),
        "color": WARNING_COLOUR if notice.gravity is Gravity.WARNING else INFO_COLOUR,
    }
    if text := plain(notice.text, keep_lines=True):
        embed["description"] = fit(refer_all(text), DESCRIPTION_LIMIT, said)
    return embed


def said(text: str) -> str:
    """As markdown, with channels and people by their names; who is named is not pinged."""
    return "".join(map(_part, parts(text)))


def _part(part: str | Reference) -> str:
    if isinstance(part, Reference) and part.id.isdecimal() and part.kind in _SIGNS:
        return f"<{_SIGNS[part.kind]}{part.id}>"
    return escape(str(part))


def acceptable(url: str | None) -> bool:
    """Whether Discord takes an address in an embed and a reader can trust what it shows."""
    if not url or size(url) > URL_LIMIT or plain(url) != url or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    # `https://bbc.co.uk@evil.example/` reads as one site and opens another.
    return parts.scheme in {"http", "https"} and "." in host and "@" not in parts.netloc
