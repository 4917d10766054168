"""Target: the channel that a subscription is for, and whether it may be."""

import asyncio
import re

from bot.commands.desk import Desk, quoted
from bot.commands.reference import refer_all
from bot.commands.request import Person, Press, Request
from bot.domain.address import read_channel
from bot.domain.channel import Channel, Workspace
from bot.errors import CommandError, DeliveryError
from bot.ports import Finding

_PATIENCE_SECONDS = 20
_ENTITY = re.compile(r"<#(\w+)(?:\|[^>]*)?>")
_NOT_YOURS = (
    "newsbot sees no such channel of yours: check that it is in this workspace or server and that"
    " newsbot may view it"
)


def named_channel(written: str, here: Channel) -> Channel:
    """The channel somebody names, on the platform and in the workspace they write from.

    Raises:
        CommandError: It is none.
    """
    text = written.strip()
    if not text:
        return here
    entity = _ENTITY.fullmatch(text)
    identifier = entity[1] if entity else text.removeprefix(f"{here.platform}:")
    try:
        found = read_channel(f"{here.platform}:{identifier}")
    except ValueError:
        raise CommandError(
            f"{quoted(text, 40)} is no channel here: type # and choose it from the list that"
            " appears"
        ) from None
    return Channel(here.platform, found.id, here.workspace)


async def demand_rights(desk: Desk, asked: Request | Press, channel: Channel) -> None:
    """Make sure that somebody may change what a channel follows.

    Raises:
        CommandError: They may not.
    """
    is_here = channel == asked.channel
    if (is_here and desk.anyone_subscribes) or await asked.person.manages():
        return
    if is_here:
        raise CommandError(
            "Only people who manage newsbot may change what a channel follows here: ask one of"
            " them, or whoever administers this workspace or server"
        )
    raise CommandError(
        "Only people who manage newsbot may change another channel: ask in that channel itself"
    )


async def demand_manager(person: Person, what: str) -> None:
    """Make sure that somebody manages.

    Args:
        person: Who.
        what: What for, as in “Only people who manage newsbot may add feeds”.

    Raises:
        CommandError: They do not.
    """
    if not await person.manages():
        raise CommandError(
            f"Only people who manage newsbot may {what}: ask whoever administers this workspace or"
            " server"
        )


async def demand_open(desk: Desk, channel: Channel, *, here: Channel, owner: Workspace) -> None:
    """Make sure that newsbot can post in a channel, and that it is of this workspace.

    Args:
        desk: Where the platforms are.
        channel: Where to post.
        here: Where somebody asks, which is theirs.
        owner: Whose the channel has to be.

    Raises:
        CommandError: It cannot; says what is missing and how to mend it.
    """
    finding = await _finding(desk, channel)
    if channel != here and (finding is None or finding.workspace != owner):
        raise CommandError(_NOT_YOURS)
    if finding is not None and not finding.ok:
        raise CommandError(
            f"newsbot cannot post there. {refer_all(finding.what)}: {finding.remedy}"
        )


async def _finding(desk: Desk, channel: Channel) -> Finding | None:
    """What the platform says of a channel, or of the token where it says nothing of channels."""
    messenger = desk.messengers.get(channel.platform)
    if messenger is None:
        return None
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            findings = await messenger.check([channel])
    except (TimeoutError, DeliveryError) as error:
        raise CommandError(
            "The channel could not be looked at, since the platform does not answer: try again in"
            " a minute"
        ) from error
    return findings[-1] if findings else None
