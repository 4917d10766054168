"""Giving: how an answer reaches whoever asked, by Discord's rules for interactions.

A promise is the first sign; an answer follows it, in one of three places: where the promise stands,
in place of the private message whose button was pressed, or below it.
"""

from dataclasses import replace

import discord
import structlog

from bot.chat.discord.failures import FOREIGN, lighter
from bot.chat.discord.form import modal
from bot.chat.discord.mark import stamp
from bot.chat.discord.payload import redrawn_arguments, reply_arguments
from bot.chat.discord.render import render
from bot.chat.discord.reply import render_reply
from bot.commands.reply import Answer, Form, Redrawn, Reply

APOLOGY = Reply(
    title="That went wrong on newsbot's side.",
    lines=("Try again in a minute. Whoever runs newsbot finds the cause in its log.",),
)
_DONE = Reply(title="Done.")
_NOT_REDRAWN = Reply(
    title="Done, but the alert still looks as before.",
    lines=("Discord did not let newsbot change the message.",),
)


async def promise(interaction: discord.Interaction) -> bool:
    """Say within Discord's three seconds that an answer will come, to be seen by one person.

    Returns:
        Whether Discord took it; where it did not, it takes no answer either.
    """
    try:
        await interaction.response.defer(ephemeral=True, thinking=interaction.message is None)
    except FOREIGN as error:
        _log_unanswered(error)
        return False
    return True


async def give(interaction: discord.Interaction, answer: Answer) -> None:
    """Let them have it; what Discord does not take is logged."""
    try:
        if isinstance(answer, Form):
            await _open(interaction, answer)
        elif interaction.response.is_done() or await promise(interaction):
            await _show(interaction, answer)
    except FOREIGN as error:
        _log_unanswered(error)


async def _open(interaction: discord.Interaction, form: Form) -> None:
    if interaction.response.is_done():
        structlog.get_logger(__name__).error("command.form_too_late", form=form.title)
        await _reply(interaction, APOLOGY)
    else:
        await interaction.response.send_modal(modal(form))


async def _show(interaction: discord.Interaction, answer: Reply | Redrawn) -> None:
    if isinstance(answer, Reply):
        await _reply(interaction, answer)
        return
    is_redrawn = None if _is_private(interaction) else await _redraw(interaction, answer)
    otherwise = {None: _DONE, False: _NOT_REDRAWN, True: None}[is_redrawn]
    if reply := answer.reply or otherwise:
        await _reply(interaction, replace(reply, replaces=False))


def _is_private(interaction: discord.Interaction) -> bool:
    """Whether nobody else sees what it was asked on."""
    return interaction.message is None or interaction.message.flags.ephemeral


async def _reply(interaction: discord.Interaction, reply: Reply) -> None:
    arguments = reply_arguments(render_reply(reply))
    takes_place = reply.replaces and _is_private(interaction)
    if interaction.message is None or takes_place:
        await interaction.edit_original_response(**arguments)
    else:
        await interaction.followup.send(ephemeral=True, **arguments)


async def _redraw(interaction: discord.Interaction, redrawn: Redrawn) -> bool:
    """Change the alert for everybody, without the addresses that Discord refuses."""
    card = stamp(render(redrawn.alert, redrawn.nonce), redrawn.nonce)
    while True:
        try:
            await interaction.edit_original_response(**redrawn_arguments(card))
        except FOREIGN as error:
            without = lighter(card, error)
            if without is None:
                _log_unanswered(error)
                return False
            card = without
        else:
            return True


def _log_unanswered(error: Exception) -> None:
    structlog.get_logger(__name__).warning(
        "command.unanswered", reason=str(error) or type(error).__name__
    )
