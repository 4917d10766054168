"""History: finding a message again in a channel, where Discord does not keep the nonce."""

from datetime import datetime, timedelta

import discord

from bot.chat.discord.mark import stamped
from bot.chat.discord.render import DiscordMessage
from bot.domain.channel import Channel
from bot.domain.message import MessageRef
from bot.errors import DeliveryError

CLOCKS_APART = timedelta(minutes=5)
"""How far Discord's clock, which numbers messages, may be from ours."""
_READ_LIMIT = 1000
_NOT_SEEN = (
    "does not show newsbot's own last message there: allow it Read Message History, unless "
    "somebody deleted that message."
)


async def look(
    client: discord.Client,
    channel: Channel,
    sent: DiscordMessage,
    *,
    nonce: str,
    since: datetime,
    known: MessageRef | None = None,
) -> MessageRef | None:
    """Look for a message of ours.

    Args:
        client: Logged in.
        channel: Where it would stand; its id is a number.
        sent: What was posted; its mark is of no account.
        nonce: The delivery's key.
        since: When it was first sent.
        known: A message of ours that stands there; None where there is none.

    Returns:
        Where it stands, or None if it certainly does not: the known message is visible, or, where
        none is known, any other, or the channel never had one.

    Raises:
        DeliveryError: The history shows nothing, or too much has been written since. Without the
            right to read it Discord answers with an empty list, not with an error.
    """
    place = client.get_partial_messageable(int(channel.id))
    seen: set[int] = set()
    async for message in place.history(
        after=since - CLOCKS_APART, limit=_READ_LIMIT, oldest_first=True
    ):
        seen.add(message.id)
        if is_ours(client, message, sent, nonce):
            return MessageRef(str(message.id), str(message.channel.id))
    if len(seen) == _READ_LIMIT:
        what = f"{channel}: more than {_READ_LIMIT} messages since, newsbot does not read further."
        raise DeliveryError(what)
    if known is not None:
        if int(known.id) in seen or await _shows(place, int(known.id)):
            return None
        raise DeliveryError(f"{channel} {_NOT_SEEN}")
    if seen or await _shows_anything(client, place):
        return None
    what = f"{channel} shows newsbot no history: allow it Read Message History there."
    raise DeliveryError(what)


def is_ours(
    client: discord.Client, message: discord.Message, sent: DiscordMessage, nonce: str
) -> bool:
    """Whether a message is the one that was sent with this nonce."""
    if client.user is None or message.author.id != client.user.id:
        return False
    if message.nonce is not None:
        return str(message.nonce) == nonce
    return any(_same(embed, sent, nonce) for embed in message.embeds)


def _same(embed: discord.Embed, sent: DiscordMessage, nonce: str) -> bool:
    if embed.colour is None or not stamped(embed.colour.value, nonce):
        return False
    return _words(embed.title, embed.description) == _words(
        sent.embed["title"], sent.embed.get("description")
    )


def _words(*texts: str | None) -> list[list[str]]:
    """What of an embed's texts is compared: Discord trims white space."""
    return [(text or "").split() for text in texts]


async def _shows(place: discord.PartialMessageable, message_id: int) -> bool:
    """Whether the history shows this message."""
    just_before = discord.Object(message_id - 1)
    async for message in place.history(after=just_before, limit=1, oldest_first=True):
        return message.id == message_id
    return False


async def _shows_anything(client: discord.Client, place: discord.PartialMessageable) -> bool:
    async for _ in place.history(limit=1):
        return True
    about = await client.http.get_channel(place.id)
    return about.get("last_message_id") is None
