"""Payload: what is rendered, as the arguments that discord.py sends and edits messages with."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.chat.discord.buttons import Component
from bot.chat.discord.render import DiscordMessage
from bot.chat.discord.reply import DiscordReply


def message_arguments(message: DiscordMessage) -> dict[str, Any]:
    """For posting: nobody is pinged whom the message does not name."""
    arguments: dict[str, Any] = {"embed": discord.Embed.from_dict(message.embed)}
    if message.components:
        arguments["view"] = view(message.components)
    if message.content:
        arguments["content"] = message.content
        arguments["allowed_mentions"] = discord.AllowedMentions(
            everyone=False,
            roles=[discord.Object(role) for role in message.roles],
            users=[discord.Object(user) for user in message.users],
            replied_user=False,
        )
    return arguments


def redrawn_arguments(message: DiscordMessage) -> dict[str, Any]:
    """For changing a posted message; whom it pinged stays as it was."""
    return {
        "embed": discord.Embed.from_dict(message.embed),
        "view": view(message.components),
    }


def reply_arguments(reply: DiscordReply) -> dict[str, Any]:
    """For giving a reply, or putting it in the place of another."""
    return {
        "content": reply.content,
        "embeds": [discord.Embed.from_dict(embed) for embed in reply.embeds],
        "view": view(reply.components),
    }


def view(rows: Sequence[Component]) -> discord.ui.View:
    """Buttons that discord.py sends and then forgets: whoever presses is answered by their ids."""
    drawn = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for component in row["components"]:
            drawn.add_item(
                discord.ui.Button(
                    style=discord.ButtonStyle(component["style"]),
                    label=component["label"],
                    custom_id=component["custom_id"],
                    row=number,
                )
            )
    drawn.stop()
    return drawn
