"""Shapes: Discord's objects as its REST interface gives them, no more than discord.py reads."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

Json = dict[str, Any]

BOT_ID, APPLICATION_ID, GUILD_ID, PERSON_ID, OWNER_ID = 101, 202, 303, 404, 406
EDITORS, ADMINISTRATORS = 501, 502
"""Roles of the server."""
NEWS = "1001"
TEXT, DIRECT, CATEGORY, THREAD, FORUM = 0, 1, 4, 11, 15
VIEW, SEND, EMBED, HISTORY, SEND_IN_THREADS = 1 << 10, 1 << 11, 1 << 14, 1 << 16, 1 << 38
ADMINISTRATOR, MANAGE_CHANNELS, CREATE_THREADS = 1 << 3, 1 << 4, 1 << 35


@dataclass(slots=True, kw_only=True)
class FakeChannel:
    """A channel of the server.

    Attributes:
        id: Its number.
        type: `TEXT`, `DIRECT`, `CATEGORY`, `THREAD` or `FORUM`.
        denied: Rights taken from newsbot here, e.g. `SEND | EMBED`.
        archived: Whether a thread is archived.
        locked: Whether only moderators may reopen a thread.
        parent: The channel a thread hangs on.
        owner: Who began a thread.
        needs_tag: Whether a forum's posts must have a tag.
        name: As people see it.
    """

    id: str
    type: int = TEXT
    denied: int = 0
    archived: bool = False
    locked: bool = False
    parent: str = NEWS
    owner: int = PERSON_ID
    needs_tag: bool = False
    name: str = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeMessage:
    """A message in a channel; `payload` is the request's own body."""

    id: str
    channel: str
    nonce: str
    at: datetime
    payload: Json
    author: int = BOT_ID

    @classmethod
    def private(cls, number: str, payload: Json) -> Self:
        """One that a single person sees."""
        return cls(id=number, channel=NEWS, nonce="", at=datetime.now(UTC), payload=payload)

    def moved(self, channel: str) -> Self:
        """The same message in another channel."""
        return replace(self, channel=channel)

    def changed(self, payload: Json) -> Self:
        """The same message, edited."""
        return replace(self, payload=self.payload | payload)

    @property
    def embed(self) -> Json:
        """Its embed; empty where it has none."""
        embeds = self.payload.get("embeds") or [{}]
        return dict(embeds[0])


def user_shape(number: int) -> Json:
    """A user: newsbot, or Ada."""
    name = "newsbot" if number == BOT_ID else "Ada"
    about = {"id": str(number), "username": name, "discriminator": "0", "avatar": None}
    return about | {"bot": number == BOT_ID}


def member_shape(number: int, roles: tuple[int, ...] = ()) -> Json:
    """A user as a member of the server."""
    about = {"user": user_shape(number), "roles": [str(role) for role in roles]}
    return about | {"joined_at": None, "flags": 0}


_RIGHTS = {
    GUILD_ID: VIEW | SEND | EMBED | HISTORY | SEND_IN_THREADS | CREATE_THREADS,
    EDITORS: MANAGE_CHANNELS,
    ADMINISTRATORS: ADMINISTRATOR,
}
"""What each role may; everyone's bears the server's number."""


def guild_shape() -> Json:
    """The server; everyone may do all that newsbot needs."""
    names = {GUILD_ID: "@everyone", EDITORS: "Editors", ADMINISTRATORS: "Administrators"}
    roles = [
        {"id": str(role), "name": names[role], "permissions": str(rights), "position": position}
        for position, (role, rights) in enumerate(_RIGHTS.items())
    ]
    about = {"id": str(GUILD_ID), "name": "Newsroom", "owner_id": str(OWNER_ID)}
    return about | {"roles": roles}


def application_shape(interactions_url: str | None) -> Json:
    """The application newsbot is the bot of."""
    return {
        "id": str(APPLICATION_ID),
        "name": "newsbot",
        "description": "",
        "icon": None,
        "bot_public": False,
        "bot_require_code_grant": False,
        "owner": user_shape(PERSON_ID),
        "verify_key": "",
        "flags": 0,
        "interactions_endpoint_url": interactions_url,
    }


def channel_shape(channel: FakeChannel, last_message_id: str | None) -> Json:
    """A channel of any kind."""
    about: Json = {"id": channel.id, "type": channel.type, "last_message_id": last_message_id}
    if channel.type == DIRECT:
        return about | {"recipients": [user_shape(PERSON_ID)]}
    about |= {"guild_id": str(GUILD_ID), "name": channel.name, "position": 0}
    if channel.type == FORUM:
        about |= {"available_tags": [], "flags": 16 if channel.needs_tag else 0}
    if channel.type != THREAD:
        denied = {"id": str(BOT_ID), "type": 1, "allow": "0", "deny": str(channel.denied)}
        return about | {"permission_overwrites": [denied]}
    metadata = {
        "archived": channel.archived,
        "auto_archive_duration": 60,
        "archive_timestamp": "2025-11-04T09:10:00+00:00",
        "locked": channel.locked,
    }
    about |= {"parent_id": channel.parent, "owner_id": str(channel.owner)}
    return about | {"message_count": 0, "member_count": 1, "thread_metadata": metadata}


def message_shape(message: FakeMessage) -> Json:
    """A message as the history shows it, without its nonce."""
    return {
        "id": message.id,
        "channel_id": message.channel,
        "author": user_shape(message.author),
        "content": message.payload.get("content") or "",
        "timestamp": message.at.isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": message.payload.get("embeds") or [],
        "components": message.payload.get("components") or [],
        "flags": message.payload.get("flags") or 0,
        "pinned": False,
        "type": 0,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who does something, and where.

    Attributes:
        user: Their number; Ada's unless given.
        roles: Theirs on the server besides everyone's, e.g. `EDITORS`.
        permissions: What the channel's own settings let them do there besides.
        guild: The server; None in a direct message.
        channel: Where.
    """

    user: int = PERSON_ID
    roles: tuple[int, ...] = ()
    permissions: int = 0
    guild: int | None = GUILD_ID
    channel: str = NEWS


def interaction_shape(kind: int, token: str, who: Who, channel: FakeChannel, data: Json) -> Json:
    """Somebody types a command, presses a button or sends a window.

    Args:
        kind: Discord's number for it.
        token: The right to answer it.
        who: They.
        channel: Where.
        data: What they did.
    """
    about = {
        "id": "505",
        "application_id": str(APPLICATION_ID),
        "type": kind,
        "token": token,
        "version": 1,
        "attachment_size_limit": 0,
        "channel_id": channel.id,
        "channel": channel_shape(channel, None),
        "data": data,
    }
    if who.guild is None:
        return about | {"user": user_shape(who.user)}
    rights = who.permissions
    for role in (GUILD_ID, *who.roles):
        rights |= _RIGHTS[role]
    member = member_shape(who.user, who.roles) | {"permissions": str(rights)}
    return about | {"guild_id": str(who.guild), "member": member}


def command_shape(verb: str, options: Json, focused: str | None = None) -> Json:
    """`/news verb` with its options, one of which may still be being typed."""
    first, _, second = verb.partition(" ")
    given = [
        {"type": 3, "name": name, "value": value} | ({"focused": True} if name == focused else {})
        for name, value in options.items()
    ]
    typed = {"type": 1, "name": second or first, "options": given}
    if second:
        typed = {"type": 2, "name": first, "options": [typed]}
    return {"id": "1", "name": "news", "type": 1, "options": [typed]}
