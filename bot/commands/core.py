"""Commands: the neutral core; each platform's edge turns its events into a Request or a Press."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.commands.bounded import Bounded
from bot.commands.nearest import nearest_verb
from bot.commands.reply import Answer, Choice, Form, Reply
from bot.commands.request import Person, Press, Request
from bot.domain.channel import Channel
from bot.domain.text import printable
from bot.errors import CommandError, StuckError

COMMAND = "/news"
PATIENCE_SECONDS = 120
"""For an answer; a preview alone may take one."""
MOST_CHOICES = 25
"""That Discord shows beneath what is being typed."""
_MOST_SHOWN, _MOST_LINE = 40, 200
_HELP = ("help", "?", "-h", "--help")

Handler = Callable[[Request], Coroutine[Any, Any, Answer]]
PressHandler = Callable[[Press], Coroutine[Any, Any, Answer]]
Suggest = Callable[[Request, str], Awaitable[Sequence[Choice]]]
"""What an option may be, for what was typed of it so far; 25 at most."""
Home = Callable[[Person, Channel], Awaitable[Reply]]
"""What a person is shown on newsbot's own page, and the direct message they have with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something a command is told.

    Attributes:
        name: Small letters, as in `Request.options`.
        summary: A few words, at most 100 characters.
        required: Whether the command needs it.
        choices: All that it may be; empty where it is text.
        suggest: Proposes texts; None where there is nothing to propose.
    """

    name: str
    summary: str
    required: bool = False
    choices: tuple[Choice, ...] = ()
    suggest: Suggest | None = None


def all_in_first(options: Sequence[Option], text: str) -> Mapping[str, str]:
    """Read typed text as the first option alone."""
    return {options[0].name: text} if options and text else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One verb.

    Attributes:
        verb: As typed after `/news`, one or two words.
        usage: The whole line, e.g. `/news ping`.
        summary: One sentence for help, at most 100 characters.
        handler: Carries it out.
        options: What it is told.
        read: Turns typed text into options by name; raises CommandError.
        examples: Whole lines.
        form: The window shown at once where nothing is typed; None where there is none.
    """

    verb: str
    usage: str
    summary: str
    handler: Handler
    options: tuple[Option, ...] = ()
    read: Callable[[Sequence[Option], str], Mapping[str, str]] = all_in_first
    examples: tuple[str, ...] = ()
    form: Callable[[Request], Form] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a button or a form does.

    Attributes:
        name: As in `Button.action`, small letters and hyphens, at most 24 characters.
        handler: Carries it out.
        opens_form: Whether its answer is a Form, which no platform takes after a promise to
            answer later.
    """

    name: str
    handler: PressHandler
    opens_form: bool = False


class Commands:
    """All verbs and actions, and help about them."""

    def __init__(
        self,
        commands: Iterable[Command],
        actions: Iterable[Action] = (),
        *,
        home: Home | None = None,
    ) -> None:
        """Put them together.

        Args:
            commands: The verbs, `help` left out.
            actions: What buttons and forms do.
            home: What stands on newsbot's own page, where a platform has one; help where None.
        """
        about = Command(
            verb="help",
            usage=f"{COMMAND} help [COMMAND]",
            summary="What you can ask, with examples.",
            handler=self._help,
            options=(
                Option(name="command", summary="The one to explain.", suggest=self._suggest_verb),
            ),
            examples=(f"{COMMAND} help search",),
        )
        self._commands: Mapping[str, Command] = {
            command.verb: command for command in (*commands, about)
        }
        self._actions: Mapping[str, Action] = {action.name: action for action in actions}
        self._home = home
        self._bounded = Bounded()

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    @property
    def actions(self) -> Sequence[Action]:
        """What buttons and forms do."""
        return tuple(self._actions.values())

    def split(self, line: str) -> tuple[str, str]:
        """Verb and text of what was typed after `/news`; some verbs are two words."""
        first, _, rest = line.strip().partition(" ")
        second, _, further = rest.strip().partition(" ")
        if second and f"{first} {second}".lower() in self._commands:
            return f"{first} {second}", further.strip()
        return first, rest.strip()

    def form(self, request: Request) -> Form | None:
        """The window to show at once in place of an answer; None where the answer is worked out."""
        command = self._commands.get(request.verb.lower())
        if command is None or command.form is None or request.text or request.options:
            return None
        return command.form(request)

    async def answer(self, request: Request) -> Answer:
        """Carry out a request; a mistake by the person becomes a reply that says how to mend it.

        A verb is known in any letter case; no verb at all is `help`.
        """
        verb = request.verb.lower() or "help"
        command = self._commands.get("help" if verb in _HELP else verb)
        if command is None or self._is_another(command, request.text):
            return self._unknown(request.verb, request.text)
        # What was copied from a reply may hold marks that cannot be seen.
        request = replace(
            request, text=printable(request.text), options=_printable(request.options)
        )
        try:
            read = request.options or command.read(command.options, request.text)
            self._demand(command, read)
        except CommandError as error:
            return Reply(title=str(error), mistake=True)
        return await self._carried_out(command.handler(replace(request, options=read)), verb)

    async def press(self, press: Press) -> Answer:
        """Do what a button or a form is for; a mistake by the person becomes a reply.

        One that this version of newsbot does not know was drawn by another.
        """
        action = self._actions.get(press.action)
        if action is None:
            return Reply(title="newsbot no longer has this button.", lines=(_SEE_HELP,))
        cleaned = replace(
            press, argument=printable(press.argument), options=_printable(press.options)
        )
        return await self._carried_out(action.handler(cleaned), action.name)

    async def _carried_out(self, work: Coroutine[Any, Any, Answer], asked: str) -> Answer:
        """The answer; where the database gives none in time, what to do about that."""
        try:
            return await self._bounded.wait(work, PATIENCE_SECONDS)
        except CommandError as error:
            return Reply(title=str(error), mistake=True)
        except (StuckError, TimeoutError) as error:
            why = str(error) or "no answer in time"
            structlog.get_logger(__name__).warning("command.stuck", asked=asked, why=why)
            return _STUCK

    def opens_form(self, action: str) -> bool:
        """Whether an action's answer is a form, to be given at once."""
        known = self._actions.get(action)
        return known is not None and known.opens_form

    async def home(self, person: Person, channel: Channel) -> Reply:
        """What a person is shown on newsbot's own page.

        Args:
            person: Whose page.
            channel: The direct message they have with newsbot.
        """
        if self._home is None:
            return await self._help(Request(verb="", channel=channel, person=person))
        return await self._home(person, channel)

    async def suggest(self, request: Request, option: str, typed: str) -> Sequence[Choice]:
        """What an option of a command may be, for what was typed of it so far."""
        command = self._commands.get(request.verb.lower())
        for known in command.options if command else ():
            if known.name == option and known.suggest is not None:
                return await known.suggest(request, typed)
        return ()

    def _demand(self, command: Command, read: Mapping[str, str]) -> None:
        for option in command.options:
            if option.required and not read.get(option.name, "").strip():
                raise CommandError(f"{COMMAND} {command.verb} needs more: write {command.usage}")

    async def _help(self, request: Request) -> Reply:
        asked = " ".join(request.options.get("command", "").lower().split())
        asked = asked.removeprefix(COMMAND).strip()
        if not asked:
            return self._overview()
        known = self._commands.get(asked)
        return self._unknown(asked) if known is None else _explained(known)

    def _overview(self) -> Reply:
        lines = (f"{_briefly(command)} — {command.summary}" for command in self._commands.values())
        return Reply(
            title="newsbot posts news that matches this desk's topics.",
            lines=(*lines, f"{COMMAND} help COMMAND shows all it takes, with examples."),
        )

    async def _suggest_verb(self, request: Request, typed: str) -> Sequence[Choice]:
        del request
        verbs = (verb for verb in self._commands if typed.lower().strip() in verb)
        return [Choice(value=verb, label=verb) for verb in verbs][:MOST_CHOICES]

    def _is_another(self, command: Command, text: str) -> bool:
        """Whether another verb was meant, of a command that is told nothing: `feeds add`."""
        second, *_ = text.lower().split() or [""]
        singular = command.verb.removesuffix("s")
        both = {singular, f"{singular} {second}"} - {command.verb}
        return bool(second) and not command.options and not both.isdisjoint(self._commands)

    def _unknown(self, verb: str, text: str = "") -> Reply:
        near = self._nearest(verb, text)
        hints = [f"Did you mean {near[:_MOST_LINE]}?"] if near else []
        if near is None and text:
            line = f"{verb} {text}"[:_MOST_SHOWN]
            hints.append(f"To look for words, write {COMMAND} search {line}")
        said = f"{verb} {text}" if verb.lower() in self._commands else verb
        return Reply(
            title=f"There is no {COMMAND} {said[:_MOST_SHOWN]}.",
            lines=(*hints, _SEE_HELP),
            mistake=True,
        )

    def _nearest(self, verb: str, text: str) -> str | None:
        """The line that was likely meant."""
        found, behind = nearest_verb(verb, text, self._commands) or ("", "")
        if not found:
            return None
        return f"{COMMAND} {found} {behind}" if behind else _briefly(self._commands[found])


def _printable(options: Mapping[str, str]) -> Mapping[str, str]:
    return {name: printable(value) for name, value in options.items()}


def _briefly(command: Command) -> str:
    """The line without what may be left out of it."""
    return command.usage.partition(" [")[0]


def _explained(command: Command) -> Reply:
    """One command, with what it is told and examples."""
    options = (f"{option.name}: {option.summary}" for option in command.options)
    examples = (f"Example: {example}" for example in command.examples)
    return Reply(title=command.usage, lines=(command.summary, *options, *examples))


_STUCK = Reply(
    title="newsbot's database does not answer at present, so this was broken off.",
    lines=(
        "It may have been done all the same: look first, then try again in a minute.",
        "If it stays so, tell whoever runs newsbot. Alerts wait meanwhile; none is lost.",
    ),
    mistake=True,
)
_SEE_HELP = f"{COMMAND} help lists what there is."
