"""Rights: whether newsbot may do its work in a channel, found out without posting."""

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.chat.discord.failures import FOREIGN, UNREADABLE, translate
from bot.chat.discord.invite import (
    CREATE_POSTS,
    CREATE_THREADS,
    EMBED,
    HISTORY,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    Right,
)
from bot.domain.channel import Channel, Platform, Workspace
from bot.errors import UnauthorizedError
from bot.ports import Finding

_Place = discord.abc.GuildChannel | discord.abc.PrivateChannel | discord.Thread


async def examine(client: discord.Client, channel: Channel) -> Finding:
    """Look at one channel: is it there, does it take messages, what may newsbot do in it?

    Args:
        client: Logged in.
        channel: Its id is a number.

    Raises:
        UnauthorizedError: The token is not valid.
    """
    try:
        return await _examine(client, channel)
    except (*FOREIGN, *UNREADABLE) as error:
        trouble = translate(error, channel, posting=False)
        if isinstance(trouble, UnauthorizedError):
            raise trouble from error
        return Finding(ok=False, what=f"{channel} cannot be looked at", remedy=str(trouble))


async def _examine(client: discord.Client, channel: Channel) -> Finding:
    place = await client.fetch_channel(int(channel.id))
    return replace(await _found(client, channel, place), workspace=_workspace(place))


def _workspace(place: _Place) -> Workspace | None:
    if not isinstance(place, discord.abc.PrivateChannel):
        return Workspace(Platform.DISCORD, str(place.guild.id))
    person = place.recipient if isinstance(place, discord.DMChannel) else None
    return Workspace(Platform.DISCORD, f"@{person.id}") if person else None


async def _found(client: discord.Client, channel: Channel, place: _Place) -> Finding:
    if isinstance(place, discord.abc.PrivateChannel):
        return Finding(ok=True, what=f"{channel} is a direct message")
    if not isinstance(place, discord.abc.Messageable | discord.ForumChannel):
        return Finding(
            ok=False,
            what=f"{channel} (#{place.name}) is a {place.type} and takes no messages",
            remedy="Name a text channel, a thread or a forum.",
        )
    if isinstance(place, discord.Thread) and place.locked:
        return Finding(
            ok=False,
            what=f"{channel} ({place.name}) is a locked thread",
            remedy="Unlock it, or name another channel.",
        )
    if isinstance(place, discord.ForumChannel) and place.flags.require_tag:
        return Finding(
            ok=False,
            what=f"{channel} (#{place.name}) is a forum whose posts need a tag",
            remedy="In the forum's settings switch off Require people to select tags.",
        )
    return _judged(channel, place, await _permissions(client, place))


async def _permissions(
    client: discord.Client, place: discord.abc.GuildChannel | discord.Thread
) -> discord.Permissions:
    """What newsbot may do there; a thread has the rights of the channel it hangs on."""
    guild = await client.fetch_guild(place.guild.id, with_counts=False)
    assert client.user is not None  # noqa: S101 - logged in
    member = await guild.fetch_member(client.user.id)
    home_id = place.parent_id if isinstance(place, discord.Thread) else place.id
    home = await guild.fetch_channel(home_id)
    assert isinstance(home, discord.abc.GuildChannel)  # noqa: S101 - no thread hangs on a thread
    # The rights as set; a text channel's own method takes further ones away with Send Messages,
    # which does not matter in threads.
    return discord.abc.GuildChannel.permissions_for(home, member)


def _judged(
    channel: Channel,
    place: discord.abc.GuildChannel | discord.Thread,
    permissions: discord.Permissions,
) -> Finding:
    missing = [right for right in _needed(place, permissions) if not _has(permissions, right)]
    if not missing:
        goes_on = not isinstance(place, discord.TextChannel) or _has(permissions, CREATE_THREADS)
        return Finding(
            ok=True,
            what=f"{channel} (#{place.name}) can be posted to",
            remedy="" if goes_on else _NO_THREADS,
        )
    names = ", ".join(right.name for right in missing)
    return Finding(
        ok=False,
        what=f"{channel} (#{place.name}): newsbot lacks {names}",
        remedy=f"In the channel's settings, Permissions, allow newsbot's role: {names}.",
    )


def _needed(
    place: discord.abc.GuildChannel | discord.Thread, permissions: discord.Permissions
) -> Sequence[Right]:
    """The rights without which a message is refused there."""
    if isinstance(place, discord.Thread):
        return (VIEW, SEND_IN_THREADS, EMBED, HISTORY)
    if isinstance(place, discord.ForumChannel):
        return (VIEW, CREATE_POSTS, EMBED, HISTORY)
    # A thread that newsbot may open is where a long digest goes on; it must be let write there.
    threads = (SEND_IN_THREADS,) if _has(permissions, CREATE_THREADS) else ()
    return (VIEW, SEND, EMBED, HISTORY, *threads)


_NO_THREADS = (
    f"A digest that one message does not hold goes on in the channel: {CREATE_THREADS.name}, "
    "allowed there, gives it a thread."
)


def _has(permissions: discord.Permissions, right: Right) -> bool:
    return bool(getattr(permissions, right.attribute))
