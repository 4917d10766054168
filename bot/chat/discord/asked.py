"""Asked: who asks what, and where, read from Discord's interactions."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import discord
import structlog

from bot.chat.discord.buttons import read_id
from bot.chat.discord.failures import FOREIGN, UNREADABLE
from bot.chat.discord.form import filled
from bot.commands.request import Person, Press, Request
from bot.domain.channel import Channel, Platform, Workspace
from bot.errors import CommandError

_MENTION = re.compile(r"<@(?P<kind>&|!|)(?P<id>[0-9]{1,20})>")


def read_request(
    interaction: discord.Interaction, verb: str, options: Mapping[str, Any]
) -> Request:
    """A slash command.

    Args:
        interaction: As it arrived.
        verb: One or two words.
        options: What was filled in, by name; None where nothing was.
    """
    return Request(
        verb=verb,
        options={name: _spelled(str(value)) for name, value in options.items() if value},
        channel=channel_of(interaction),
        person=person_of(interaction),
    )


def read_press(interaction: discord.Interaction) -> Press:
    """A button pressed, or a window sent."""
    data: Mapping[str, Any] = interaction.data or {}
    action, argument = read_id(str(data.get("custom_id", "")))
    return Press(
        action=action,
        argument=argument,
        options=dict(filled(data.get("components", ()))),
        channel=channel_of(interaction),
        person=person_of(interaction),
    )


def channel_of(interaction: discord.Interaction) -> Channel:
    """Where it was asked; in a post that newsbot made in a forum, the forum.

    An alert for a forum becomes a post of its own, but it is the forum that follows the topic.
    """
    place = interaction.channel
    ours = interaction.client.user
    if isinstance(place, discord.Thread) and ours is not None and place.owner_id == ours.id:
        return Channel(Platform.DISCORD, str(place.parent_id))
    return Channel(Platform.DISCORD, str(interaction.channel_id or ""))


def person_of(interaction: discord.Interaction) -> Person:
    """Who asked: somebody on a server, who manages what they may manage there, or in private."""
    user = str(interaction.user.id)
    workspace = f"@{user}" if interaction.guild_id is None else str(interaction.guild_id)
    return Person(
        user=user,
        workspace=Workspace(Platform.DISCORD, workspace),
        manages=partial(_manages, interaction),
    )


async def _manages(interaction: discord.Interaction) -> bool:
    """Whether somebody may manage channels on the whole server, or is on none.

    Their roles decide: the rights that come with an interaction are those in its channel, whose
    own settings may give more.

    Raises:
        CommandError: Discord does not say; then nobody may.
    """
    member = interaction.user
    if not isinstance(member, discord.Member):
        return True
    if member.guild.unavailable:
        try:
            member.guild = await interaction.client.fetch_guild(member.guild.id, with_counts=False)
        except (*FOREIGN, *UNREADABLE) as error:
            structlog.get_logger(__name__).warning("discord.rights_unknown", why=str(error))
            raise CommandError(
                "Discord does not say at present whether you may do this. Try again in a minute"
            ) from error
    return member.guild_permissions.manage_channels


def _spelled(value: str) -> str:
    """A mention as `bot.domain.subscription.Following.mention` writes it; other text as it is."""
    found = _MENTION.fullmatch(value.strip())
    if found is None:
        return value
    return f"{'role' if found['kind'] == '&' else 'user'}:{found['id']}"
