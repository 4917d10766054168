"""Slash: newsbot's commands as Discord's `/news` and its subcommands.

Limits: Discord, "Application Commands".
"""

import asyncio
import inspect
from collections.abc import Mapping, Sequence
from typing import Any, cast

import discord
import structlog
from discord import app_commands

from bot.chat.discord.answers import CHOICES, Answers
from bot.chat.discord.giving import APOLOGY, give, promise
from bot.chat.discord.markdown import as_is, fit, plain
from bot.commands.core import COMMAND, Command, Commands, Option
from bot.commands.reply import Reply

_TEXT_LIMIT = 100
_OLD_COMMAND = Reply(
    title="newsbot has changed since your Discord learned this command.",
    lines=("Press Ctrl+R (on a phone: restart the app) and type /news again.",),
)
_PRESSED = {discord.InteractionType.component, discord.InteractionType.modal_submit}
_OUTDATED = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
_Leaf = app_commands.Command[Any, ..., None]


class SlashTree(app_commands.CommandTree[discord.Client]):
    """Discord's list of our commands, and the way from there to their answers."""

    def __init__(self, client: discord.Client, commands: Commands) -> None:
        super().__init__(client)
        client.event(self.on_interaction)
        self._answers = Answers(commands)
        # Who may use it is left open: an administrator changes that in the server's settings.
        group = app_commands.Group(
            name=COMMAND.removeprefix("/"),
            description="Follow, find and judge the news.",
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        for command in commands:
            self._add(group, command)
        self.add_command(group)

    @property
    def under_way(self) -> set[asyncio.Task[Any]]:
        """The tasks in which somebody is being answered."""
        return self._answers.under_way

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a button or a sent window, for which discord.py would have to have kept a view."""
        if interaction.type in _PRESSED:
            await self._answers.press(interaction)

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """A command Discord still lists, or sends in a form we no longer have; or our own fault."""
        log = structlog.get_logger(__name__)
        if isinstance(error, _OUTDATED):
            log.warning("discord.command_unknown", reason=str(error))
            reply = _OLD_COMMAND
        else:
            log.error("command.failed", exc_info=error)
            reply = APOLOGY
        is_command = interaction.type is discord.InteractionType.application_command
        if is_command and (interaction.response.is_done() or await promise(interaction)):
            await give(interaction, reply)

    async def sync_if_changed(self) -> None:
        """Register the commands with Discord, unless it has them as they are.

        Discord counts registrations, and forgets nothing between two starts.

        Raises:
            discord.HTTPException: Discord did not take them.
        """
        number = self.client.application_id
        assert number is not None  # noqa: S101 - logged in
        # As Discord gives them: discord.py misreads where they may be used.
        known = await self.client.http.get_global_commands(number)
        ours = [command.to_dict(self) for command in self.get_commands()]
        if _shape(known) != _shape(ours):
            await self.sync()
            structlog.get_logger(__name__).info("discord.commands_registered")

    def _add(self, group: app_commands.Group, command: Command) -> None:
        """Put a command into the group; one of two words into a group within it."""
        first, _, second = command.verb.partition(" ")
        if not second:
            group.add_command(self._leaf(command, first))
            return
        within = group.get_command(first)
        if within is None:
            within = app_commands.Group(name=first, description=f"{COMMAND} {first} …")
            group.add_command(within)
        if not isinstance(within, app_commands.Group):
            raise TypeError(f"{COMMAND} {first} has verbs below it, which Discord does not allow")
        within.add_command(self._leaf(command, second))

    def _leaf(self, command: Command, name: str) -> _Leaf:
        async def answer(interaction: discord.Interaction, **given: str | None) -> None:
            await self._answers.command(interaction, command.verb, given)

        demanding = command.form is None
        cast("Any", answer).__signature__ = _signature(command.options, demanding=demanding)
        described = app_commands.describe(
            **{option.name: _described(option.summary, option.name) for option in command.options}
        )(answer)
        leaf: _Leaf = app_commands.Command(
            name=name,
            description=_described(command.summary, command.usage),
            callback=app_commands.choices(**_choices(command.options))(described),
        )
        for option in command.options:
            if option.suggest is not None:
                leaf.autocomplete(option.name)(self._suggestion(command.verb, option.name))
        return leaf

    def _suggestion(self, verb: str, option: str) -> Any:  # noqa: ANN401 - discord.py's own
        async def suggest(
            interaction: discord.Interaction, typed: str
        ) -> list[app_commands.Choice[str]]:
            return await self._answers.suggest(interaction, verb, option, typed)

        return suggest


def _signature(options: Sequence[Option], *, demanding: bool) -> inspect.Signature:
    """What discord.py reads a command's options from.

    Args:
        options: The command's.
        demanding: Whether those required are; not where a window asks for them.
    """
    keyword = inspect.Parameter.KEYWORD_ONLY
    asked = [
        inspect.Parameter(option.name, keyword, annotation=str)
        if option.required and demanding
        else inspect.Parameter(option.name, keyword, annotation=str | None, default=None)
        for option in options
    ]
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([first, *asked])


def _choices(options: Sequence[Option]) -> dict[str, list[app_commands.Choice[str]]]:
    """What may be chosen of, where Discord shows so many; others are typed."""
    return {
        option.name: [
            app_commands.Choice(name=_described(one.label, one.value), value=one.value)
            for one in option.choices
        ]
        for option in options
        if 0 < len(option.choices) <= CHOICES
    }


def _described(text: str, otherwise: str) -> str:
    return fit(plain(text) or otherwise, _TEXT_LIMIT, as_is)


def _shape(commands: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """What a person sees of commands; Discord's answer has more fields than our request."""
    return [
        (
            command["name"],
            command["description"],
            command.get("type"),
            bool(command.get("required")),
            bool(command.get("autocomplete")),
            [(choice["name"], choice["value"]) for choice in command.get("choices") or ()],
            sorted(command.get("contexts") or ()),
            sorted(command.get("integration_types") or ()),
            _shape(command.get("options") or ()),
        )
        for command in commands
    ]
