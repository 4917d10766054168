"""Thread: where a message goes on that one message does not hold."""

from typing import Final

import discord

from bot.domain.message import MessageRef

_MAY_NOT_OR_CANNOT = (discord.Forbidden, discord.NotFound)
_ALREADY_THERE = 160004
"""Discord, "JSON Error Codes": a thread has already been created for this message."""
_NOT_HERE = 50024
"""Discord, "JSON Error Codes": cannot execute action on this channel type: no threads in it."""


_REST_MINUTES: Final = 1440
"""Of silence, after which Discord lays the thread to rest; a message wakes it."""


async def open_thread(client: discord.Client, first: MessageRef, name: str) -> int | None:
    """The thread of a message of ours, made where there is none.

    A thread bears the number of the message it belongs to, and a forum's post is a thread itself.

    Args:
        client: Logged in.
        first: The message.
        name: Of the thread, 1 to 100 characters.

    Returns:
        The thread, or None where the message can have none: it is gone, newsbot may not, or it
        stands in a thread itself.

    Raises:
        discord.DiscordException: Discord did not say.
    """
    try:
        await client.http.start_thread_with_message(
            int(first.channel), int(first.id), name=name, auto_archive_duration=_REST_MINUTES
        )
    except _MAY_NOT_OR_CANNOT:
        return None
    except discord.HTTPException as error:
        if error.code == _NOT_HERE:
            return None
        if error.code != _ALREADY_THERE:
            raise
    return int(first.id)
