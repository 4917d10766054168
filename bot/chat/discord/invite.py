"""Invite: the link that lets a server's owner add newsbot, with least rights."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.errors import SettingsError

_AUTHORIZE = "https://discord.com/oauth2/authorize"
SCOPES = ("bot", "applications.commands")


@dataclass(frozen=True, slots=True)
class Right:
    """One permission newsbot asks for.

    Attributes:
        name: As Discord's settings call it.
        attribute: As discord.py calls it.
        bit: Its place in the permissions integer (Discord, "Permissions").
    """

    name: str
    attribute: str
    bit: int


VIEW = Right("View Channel", "view_channel", 10)
SEND = Right("Send Messages", "send_messages", 11)
EMBED = Right("Embed Links", "embed_links", 14)
HISTORY = Right("Read Message History", "read_message_history", 16)
CREATE_POSTS = Right("Create Posts", SEND.attribute, SEND.bit)
"""What a forum's settings call Send Messages."""
SEND_IN_THREADS = Right("Send Messages in Threads", "send_messages_in_threads", 38)
CREATE_THREADS = Right("Create Public Threads", "create_public_threads", 35)
RIGHTS = (VIEW, SEND, EMBED, HISTORY, SEND_IN_THREADS, CREATE_THREADS)


def invite_url(application_id: int) -> str:
    """The link to open as an administrator of the Discord server."""
    query = {
        "client_id": application_id,
        "permissions": sum(1 << right.bit for right in RIGHTS),
        "scope": " ".join(SCOPES),
    }
    return f"{_AUTHORIZE}?{urlencode(query)}"


def application_id(token: str) -> int:
    """Read the application's id out of a bot token, asking nobody.

    A token's first part, up to the dot, is the id in base64 without padding.

    Raises:
        SettingsError: The text is no bot token. The message does not repeat it.
    """
    head = token.strip().partition(".")[0]
    try:
        return int(base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        what = (
            "DISCORD_TOKEN is not a bot token: copy it again from "
            "https://discord.com/developers/applications, your application, Bot, Reset Token."
        )
        raise SettingsError(what) from error
