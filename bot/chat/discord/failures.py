"""Failures: what goes wrong with Discord, as newsbot's own errors.

Codes: Discord, "JSON Error Codes".
"""

import re
from dataclasses import replace
from datetime import timedelta

import aiohttp
import discord

from bot.chat.discord.client import NEVER_SENT, DoubtfulError
from bot.chat.discord.render import DiscordMessage
from bot.domain.channel import Channel
from bot.errors import (
    ChannelDeadError,
    DeliveryError,
    MessageRejectedError,
    OutcomeUnknownError,
    PlatformDownError,
    RateLimitedError,
    UnauthorizedError,
)

FOREIGN = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What a request to Discord raises."""
UNREADABLE = (KeyError, TypeError, ValueError)
"""What discord.py raises on an answer that is not Discord's."""

_UNKNOWN_CHANNEL, _UNKNOWN_MESSAGE = 10003, 10008
_MISSING_ACCESS, _CLOSED_TO_US, _NO_TEXT_CHANNEL, _MISSING_PERMISSIONS = 50001, 50007, 50008, 50013
_TAG_REQUIRED = 40067
_WRONG_CHANNEL_TYPE, _INVALID_FORM, _ARCHIVED, _LOCKED = 50024, 50035, 50083, 160005
_UNAUTHORIZED, _FORBIDDEN, _THROTTLED, _SERVER_ERROR = 401, 403, 429, 500
_DEFAULT_WAIT = timedelta(seconds=60)
_DROPPABLE = {"thumbnail", "url"}
"""Parts of an embed an alert can do without."""
_NAMED = re.compile(r"^In (?:message\.)?(?:embeds\.0\.)?(\w+)", re.MULTILINE)

UNACCEPTED = (
    "Discord does not accept DISCORD_TOKEN: open your application at "
    "https://discord.com/developers/applications, choose Bot, Reset Token, and set the new one."
)
_REMEDIES = {
    _UNKNOWN_CHANNEL: "does not exist (any more): name another channel",
    _MISSING_ACCESS: (
        "cannot be seen by newsbot: invite it to the server (newsbot invite) and allow it "
        "View Channel there"
    ),
    _CLOSED_TO_US: "takes no direct messages from newsbot: its owner must allow them",
    _NO_TEXT_CHANNEL: "takes no messages: name a text channel, a thread or a forum",
    _MISSING_PERMISSIONS: (
        "is closed to newsbot: allow it Send Messages (in a forum Create Posts) and Embed Links "
        "there, in a thread also Send Messages in Threads"
    ),
    _WRONG_CHANNEL_TYPE: "takes no messages: name a text channel, a thread or a forum",
    _ARCHIVED: "is an archived thread that newsbot may not reopen: unlock it",
    _LOCKED: "is a locked thread: unlock it, or name another channel",
    _TAG_REQUIRED: (
        "is a forum whose posts need a tag: in its settings switch off Require people to select "
        "tags"
    ),
}


def translate(error: Exception, channel: Channel | None, *, posting: bool) -> DeliveryError:
    """The error of ours that says what is known after this failure.

    Args:
        error: One of `FOREIGN` or `UNREADABLE`.
        channel: Which it was about; None where it was about none.
        posting: Whether the request, carried out unseen, would have left a message.
    """
    match error:
        case discord.LoginFailure():
            return UnauthorizedError(UNACCEPTED)
        case discord.RateLimited():
            return RateLimitedError(str(error), retry_after=timedelta(seconds=error.retry_after))
        case DoubtfulError(__cause__=Exception() as cause) if not posting:
            return translate(cause, channel, posting=False)
        case discord.HTTPException() if error.status < _SERVER_ERROR:
            return _refused(error, channel)
    said = str(error) or type(error).__name__
    if posting and not isinstance(error, NEVER_SENT):
        return OutcomeUnknownError(f"Discord may or may not have posted it: {said}")
    return PlatformDownError(f"Discord could not be reached: {said}")


def _refused(error: discord.HTTPException, channel: Channel | None) -> DeliveryError:
    if error.status == _UNAUTHORIZED:
        return UnauthorizedError(UNACCEPTED)
    if error.status == _THROTTLED:
        return RateLimitedError(str(error), retry_after=_retry_after(error))
    if not error.code:
        # Not Discord's own answer: a proxy, a firewall, a captive portal.
        return PlatformDownError(f"Something before Discord refused: {error}")
    if error.code in _REMEDIES or error.status == _FORBIDDEN:
        return ChannelDeadError(
            f"{channel} {_REMEDIES.get(error.code, f'is closed to newsbot: {error}')}."
        )
    if error.code == _UNKNOWN_MESSAGE:
        return MessageRejectedError("It was posted before, and somebody deleted it.")
    return MessageRejectedError(f"Discord does not accept the message: {error}")


def _retry_after(error: discord.HTTPException) -> timedelta:
    try:
        return timedelta(seconds=float(error.response.headers["Retry-After"]))
    except (KeyError, ValueError, OverflowError):
        return _DEFAULT_WAIT


def takes_posts_only(error: Exception) -> bool:
    """Whether this may be a forum's refusal of a plain message."""
    return isinstance(error, discord.HTTPException) and error.code == _NO_TEXT_CHANNEL


def lighter(message: DiscordMessage, error: Exception) -> DiscordMessage | None:
    """The message without the addresses that Discord refused; None if it refused something else.

    A request with an invalid form posted nothing.
    """
    if not isinstance(error, discord.HTTPException) or error.code != _INVALID_FORM:
        return None
    blamed = _blamed(error)
    if not blamed or not blamed <= message.embed.keys() & _DROPPABLE:
        return None
    embed = {part: value for part, value in message.embed.items() if part not in blamed}
    return replace(message, embed=embed)


def _blamed(error: discord.HTTPException) -> set[str]:
    """The parts of the form that the error names; those of the embed by their names in it."""
    return set(_NAMED.findall(error.text))
