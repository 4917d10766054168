"""Desk: commands, buttons and a window made up for the tests of Discord's edge."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.commands.core import Action, Command, Commands, Handler, Option
from bot.commands.reply import Button, Choice, Field, Form, Redrawn, Reply, Row
from bot.commands.request import Press, Request
from bot.errors import CommandError
from tests.contract.chat.discord.conftest import ALERT

FORM = Form(
    title="Edit the subscription",
    action="save",
    argument="7",
    fields=(
        Field(name="quiet", label="Quiet hours", hint="22:00-07:00", required=False),
        Field(
            name="rhythm",
            label="How often",
            value="hourly",
            choices=(
                Choice(value="instant", label="At once"),
                Choice(value="hourly", label="Every hour"),
            ),
        ),
        Field(name="query", label="Query", value="port AND strike", long=True),
    ),
)


@dataclass(slots=True)
class Desk:
    """What was asked, pressed and sent."""

    requests: list[Request] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    topics: tuple[str, ...] = ("ports", "port-strikes", "shipping")
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    busy: asyncio.Event = field(default_factory=asyncio.Event)

    def commands(self) -> Commands:
        """All of them."""
        return Commands(
            (
                _verb("search", self.search, _TEXT, _SINCE),
                _verb("mute", self.note, self._topic()),
                _verb("feed add", self.note, replace(_TEXT, name="url")),
                _verb("feed remove", self.note, replace(_TEXT, name="url")),
                replace(_verb("edit", self.note, _TEXT), form=lambda _: FORM),
                _verb("slow", self.slow),
            ),
            (
                Action(name="page", handler=self.page),
                Action(name="share", handler=self.shared),
                Action(name="claim", handler=self.claim),
                Action(name="release", handler=self.claim),
                Action(name="more", handler=self.slowly),
                Action(name="mute", handler=self.fail),
                Action(name="irrelevant", handler=self.edit, opens_form=True),
                Action(name="save", handler=self.save),
            ),
        )

    def _topic(self) -> Option:
        return Option(name="topic", summary="Which.", required=True, suggest=self.suggest)

    async def suggest(self, request: Request, typed: str) -> Sequence[Choice]:
        self.requests.append(request)
        if typed == "busy":
            await self.busy.wait()
        if typed == "broken":
            raise RuntimeError("no topics")
        return [Choice(value=name, label=name.title()) for name in self.topics if typed in name]

    async def note(self, request: Request) -> Reply:
        self.requests.append(request)
        return Reply(title="Noted.")

    async def slow(self, request: Request) -> Reply:
        self.asked.set()
        await self.busy.wait()
        return await self.note(request)

    async def search(self, request: Request) -> Reply:
        self.requests.append(request)
        return found(0)

    async def page(self, press: Press) -> Reply:
        self.presses.append(press)
        return found(int(press.argument))

    async def shared(self, press: Press) -> Reply:
        self.presses.append(press)
        return Reply(title="Shared.")

    async def claim(self, press: Press) -> Redrawn:
        self.presses.append(press)
        by = press.person.user if press.action == "claim" else None
        reply = None if by else Reply(title="Released.")
        return Redrawn(
            alert=replace(ALERT, claimed_by=by, mentions=("role:2",)),
            nonce=press.argument,
            reply=reply,
        )

    async def slowly(self, press: Press) -> Reply:
        self.presses.append(press)
        self.asked.set()
        await self.busy.wait()
        return Reply(title="More.", replaces=True)

    async def fail(self, press: Press) -> Reply:
        raise RuntimeError(f"no {press.action} in the store")

    async def edit(self, press: Press) -> Form | Reply:
        self.presses.append(press)
        if press.argument == "busy":
            await self.busy.wait()
        if press.argument == "gone":
            raise CommandError("That alert is gone.")
        return replace(FORM, argument=press.argument)

    async def save(self, press: Press) -> Reply | Redrawn:
        self.presses.append(press)
        if press.options["quiet"] == "always":
            raise CommandError("“always” is no stretch of the day.")
        return Reply(title="Saved.", replaces=True)


def found(first: int) -> Reply:
    """A page of a search."""
    rows = [
        Row(
            title=f"Story *{number}*",
            url=f"https://news.example/{number}",
            lines=("Example World", "@everyone"),
            when=ALERT.published,
            buttons=(Button(label="Share to channel", action="share", argument=str(number)),),
        )
        for number in (first, first + 1)
    ]
    button = Button(label="Next", action="page", argument=str(first + 2))
    return Reply(title="2 of 9 stories", rows=tuple(rows), buttons=(button,), replaces=True)


_TEXT = Option(name="query", summary="What to look for.", required=True)
_SINCE = Option(
    name="since",
    summary="How far back.",
    choices=(Choice(value="1h", label="An hour"), Choice(value="1d", label="A day")),
)


def _verb(verb: str, handler: Handler, *options: Option) -> Command:
    return Command(
        verb=verb,
        usage=f"/news {verb}",
        summary=f"Does {verb}.",
        handler=handler,
        options=options,
    )
