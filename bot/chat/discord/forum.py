"""Forum: where every alert is a post of its own, a thread named by the headline.

Discord takes no nonce for a post, so it is never asked for twice unless it certainly was not made,
and looked for by its name and the mark in its first message.
"""

from collections.abc import AsyncIterator
from datetime import datetime

import discord

from bot.chat.discord.client import never_twice
from bot.chat.discord.history import CLOCKS_APART, is_ours
from bot.chat.discord.payload import message_arguments
from bot.chat.discord.render import DiscordMessage
from bot.domain.message import MessageRef

_READ_LIMIT = 200


async def open_post(forum: discord.ForumChannel, sent: DiscordMessage) -> MessageRef:
    """Make a post.

    Raises:
        DoubtfulError: It may have been made.
        discord.DiscordException: It was not made.
    """
    with never_twice():
        made = await forum.create_thread(name=sent.name, **message_arguments(sent))
    return MessageRef(str(made.message.id), str(made.thread.id))


async def find_post(
    client: discord.Client,
    forum: discord.ForumChannel,
    sent: DiscordMessage,
    *,
    nonce: str,
    since: datetime,
) -> MessageRef | None:
    """Look for a post of ours.

    Args:
        client: Logged in.
        forum: Where it would stand.
        sent: What was posted.
        nonce: The delivery's key.
        since: When it was first sent.

    Returns:
        Where it stands, or None: the list of posts is complete for whoever may see the forum.

    Raises:
        discord.DiscordException: The posts cannot be listed or read.
    """
    async for thread in _ours(client, forum, since):
        if thread.name.split() != sent.name.split():
            continue
        # A post's first message bears the post's own number.
        first = await thread.fetch_message(thread.id)
        if is_ours(client, first, sent, nonce):
            return MessageRef(str(first.id), str(thread.id))
    return None


async def _ours(
    client: discord.Client, forum: discord.ForumChannel, since: datetime
) -> AsyncIterator[discord.Thread]:
    """The posts that newsbot made since, those at rest last."""
    earliest = discord.utils.time_snowflake(since - CLOCKS_APART)
    for thread in await forum.guild.active_threads():
        if thread.parent_id == forum.id and _is_since(client, thread, earliest):
            yield thread
    async for thread in forum.archived_threads(limit=_READ_LIMIT):
        if thread.archive_timestamp < since - CLOCKS_APART:
            return
        if _is_since(client, thread, earliest):
            yield thread


def _is_since(client: discord.Client, thread: discord.Thread, earliest: int) -> bool:
    return client.user is not None and thread.owner_id == client.user.id and thread.id >= earliest
