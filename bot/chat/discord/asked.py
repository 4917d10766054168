"""Asked: who asks what, and where, read from Discord's interactions."""

import re
from collections.abc import Mapping
from typing import Any

import discord

from bot.chat.discord.buttons import read_id
from bot.chat.discord.form import filled
from bot.commands.request import Person, Press, Request
from bot.domain.channel import Channel, Platform, Workspace

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
    private = interaction.guild_id is None
    rights = interaction.permissions
    may_manage = private or rights.manage_channels or rights.administrator

    async def manages() -> bool:
        return may_manage

    workspace = f"@{user}" if private else str(interaction.guild_id)
    return Person(user=user, workspace=Workspace(Platform.DISCORD, workspace), manages=manages)


def _spelled(value: str) -> str:
    """A mention as `bot.domain.subscription.Following.mention` writes it; other text as it is."""
    found = _MENTION.fullmatch(value.strip())
    if found is None:
        return value
    return f"{'role' if found['kind'] == '&' else 'user'}:{found['id']}"
