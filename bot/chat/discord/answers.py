"""Answers: what people do on Discord is handed to the commands, and they get the answer.

Discord waits three seconds for the first sign, then fifteen minutes for the answer; so the first
sign is a promise, given before anything is looked up. Only a window must be that sign itself.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import discord
import structlog
from discord import app_commands

from bot.chat.discord.asked import read_press, read_request
from bot.chat.discord.giving import APOLOGY, give, promise
from bot.chat.discord.markdown import as_is, fit, plain
from bot.commands.bounded import Bounded
from bot.commands.core import Commands
from bot.commands.reply import Answer, Choice, Form, Reply
from bot.commands.request import Press, Request

CHOICES, CHOICE_LIMIT = 25, 100
"""How many an option offers, and the characters of one. Source: Discord, "Application Commands"."""
_AT_ONCE_SECONDS = 0.8
"""What a window or suggestions may take to be worked out: with them the first sign is given."""

_BUSY = Reply(title="newsbot is busy.", lines=("Nothing was changed. Press again in a moment.",))

_T = TypeVar("_T")


class Answers:
    """Answers commands, presses and suggestions.

    Attributes:
        under_way: The tasks in which somebody is being answered.
    """

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._bounded = Bounded()
        self.under_way: set[asyncio.Task[Any]] = set()

    async def command(
        self, interaction: discord.Interaction, verb: str, options: Mapping[str, str | None]
    ) -> None:
        """Answer `/news verb`."""
        request = read_request(interaction, verb, options)
        async with self._noted():
            if (form := self._form(request)) is not None:
                await give(interaction, form)
            elif await promise(interaction):
                await give(interaction, await _done(verb, self._commands.answer(request)))

    async def press(self, interaction: discord.Interaction) -> None:
        """Answer a button or a sent window, drawn by this process or by one long gone."""
        press = read_press(interaction)
        is_button = interaction.type is discord.InteractionType.component
        async with self._noted():
            if is_button and self._commands.opens_form(press.action):
                done = _done(press.action, self._commands.press(press))
                await give(interaction, await self._at_once(done, _BUSY))
            elif await promise(interaction):
                answer = await _done(press.action, self._commands.press(press))
                await give(interaction, _with_what_was_sent(answer, press))

    async def suggest(
        self, interaction: discord.Interaction, verb: str, option: str, typed: str
    ) -> list[app_commands.Choice[str]]:
        """What an option may be; nothing where that cannot be told at once."""
        others = {name: value for name, value in iter(interaction.namespace) if name != option}
        request = read_request(interaction, verb, others)
        async with self._noted():
            known = await self._at_once(self._known(request, option, typed), ())
        return [_choice(one) for one in known if 0 < len(one.value) <= CHOICE_LIMIT][:CHOICES]

    def _form(self, request: Request) -> Form | None:
        try:
            return self._commands.form(request)
        except Exception:  # noqa: BLE001 - the command may still be answered without it
            structlog.get_logger(__name__).exception("command.failed", asked=request.verb)
            return None

    async def _known(self, request: Request, option: str, typed: str) -> Sequence[Choice]:
        try:
            return await self._commands.suggest(request, option, typed)
        except Exception:  # noqa: BLE001 - whoever types can do without
            structlog.get_logger(__name__).exception("command.failed", asked=request.verb)
            return ()

    async def _at_once(self, work: Coroutine[Any, Any, _T], otherwise: _T) -> _T:
        """What comes of it at once."""
        try:
            return await self._bounded.wait(work, _AT_ONCE_SECONDS)
        except TimeoutError:
            return otherwise

    @asynccontextmanager
    async def _noted(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self.under_way.add(task)
        try:
            yield
        finally:
            self.under_way.discard(task)


def _with_what_was_sent(answer: Answer, press: Press) -> Answer:
    """A mistake, with what was filled in: Discord closes a window that is sent, and forgets it."""
    if not isinstance(answer, Reply) or not answer.mistake:
        return answer
    sent = [f"{name}: {value}" for name, value in press.options.items() if value]
    return replace(answer, lines=(*answer.lines, *(("You wrote:", *sent) if sent else ())))


def _choice(choice: Choice) -> app_commands.Choice[str]:
    name = fit(plain(choice.label) or choice.value, CHOICE_LIMIT, as_is)
    return app_commands.Choice(name=name, value=choice.value)


async def _done(asked: str, work: Awaitable[Answer]) -> Answer:
    """The answer, whatever happens on the way to it."""
    try:
        return await work
    except Exception:  # noqa: BLE001 - whatever a command does, the person gets an answer
        structlog.get_logger(__name__).exception("command.failed", asked=asked)
        return APOLOGY
