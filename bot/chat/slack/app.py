"""App: Bolt's listeners, the same over Socket Mode and over HTTP.

Everything is acknowledged at once and answered afterwards, so that what takes its time does not
run into Slack's three seconds. Only a form that was sent waits a moment for its answer, since what
is wrong with it can be shown in the form by the acknowledgement alone.
"""

import asyncio
import re
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.chat.slack.answers import Answers
from bot.chat.slack.blocks import ACTION
from bot.chat.slack.commands import SHORTCUT, Payload, Reading, Surface, apology, named
from bot.chat.slack.quiet import quiet_logger
from bot.chat.slack.teams import Teams
from bot.chat.slack.web import web_client
from bot.chat.slack.window import (
    Origin,
    first_field,
    form_view,
    origin_of,
    reply_view,
    waiting_view,
)
from bot.commands.core import COMMAND, Commands
from bot.commands.reply import Answer, Form, Redrawn, Reply
from bot.commands.request import Press, Request
from bot.errors import StorageError

PROMPT_SECONDS = 0.5
"""For an answer to be given by the acknowledgement, or before a window is opened to wait in."""

_OPENED = "app_home_opened"
_REMOVALS = ("app_uninstalled", "tokens_revoked")
EVENTS = (_OPENED, *_REMOVALS)
"""What Slack is to tell without being asked; the manifest holds the same."""

_OURS = re.compile(rf"^{ACTION}(:|$)")
_NO_LINK = Reply(
    title="This message is no alert and holds no link.",
    lines=(f"{COMMAND} why LINK explains any story by its link.",),
)


@dataclass(frozen=True, slots=True)
class _Here:
    """The workspace of a request, at work.

    Attributes:
        reading: Reads its requests.
        answers: Answers there.
        refusal: What to answer in place of carrying anything out.
    """

    reading: Reading
    answers: Answers
    refusal: Reply | None


class SlackApp:
    """What people can do with newsbot in Slack."""

    def __init__(self, *, teams: Teams, api_url: str, commands: Commands) -> None:
        """Nothing is asked of Slack yet.

        Args:
            teams: The workspaces.
            api_url: Where the Web API is.
            commands: What can be asked.
        """
        self._teams = teams
        self._commands = commands
        self._answering: set[asyncio.Task[Any]] = set()
        self._bolt = _bolt(api_url)
        self._bolt.command(COMMAND)(self._on_command)
        self._bolt.action(_OURS)(self._on_press)
        self._bolt.view(_OURS)(self._on_form)
        self._bolt.message_shortcut(SHORTCUT)(self._on_shortcut)
        self._bolt.event(_OPENED)(self._on_home)
        for event in _REMOVALS:
            self._bolt.event(event)(self._on_removal)

    async def begin(self) -> None:
        """Ask what requests would else have to wait for; whatever fails is asked again then."""
        try:
            await self._teams.begin()
        except StorageError as error:
            structlog.get_logger(__name__).error("slack.teams_unread", error=str(error))

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """Take a request; gives its acknowledgement."""
        return await self._bolt.async_dispatch(request)

    async def end(self) -> None:
        """Break off what is still being answered."""
        await end(self._answering)

    async def _on_command(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        await self._tracked(self._command(body, context))

    async def _on_press(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        await self._tracked(self._press(body, context))

    async def _on_shortcut(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        await self._tracked(self._shortcut(body, context))

    async def _on_home(
        self, ack: AsyncAck, event: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        await self._tracked(self._home(event, context))

    async def _on_form(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await self._tracked(self._form(ack, body, context))
        if ack.response is None:
            await ack()

    async def _on_removal(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        await self._tracked(self._removal(body, context))

    async def _tracked(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the work; `end` ends it."""
        task = asyncio.ensure_future(work)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        try:
            await task
        except Exception:  # noqa: BLE001 - Slack has sent what nobody foresaw
            structlog.get_logger(__name__).exception("interaction.failed")

    async def _here(self, context: AsyncBoltContext) -> _Here:
        team = await self._teams.of(context.team_id or "")
        reading = Reading(self._commands, team.authority, team.workspace)
        return _Here(reading, Answers(team.client), team.refusal)

    async def _command(self, payload: Payload, context: AsyncBoltContext) -> None:
        here = await self._here(context)
        request, surface = here.reading.command(payload)
        form = here.refusal or self._commands.form(request)
        await here.answers.give(surface, form or await self._carry_out(request))

    async def _press(self, payload: Payload, context: AsyncBoltContext) -> None:
        here = await self._here(context)
        press, surface = here.reading.press(payload)
        if here.refusal is not None:
            await _refuse(here.answers, surface, here.refusal)
        elif self._commands.opens_form(press.action) or not (
            surface.response_url or surface.window
        ):
            await self._in_window(here, press, surface)
        else:
            await here.answers.give(surface, await self._carry_out(press))
        await self._refresh(here, surface)

    async def _in_window(self, here: _Here, press: Press, surface: Surface) -> None:
        """Answer in a window: Slack opens one within three seconds of the click only."""
        working = asyncio.ensure_future(self._carry_out(press))
        try:
            if not await _soon(working):
                surface = await here.answers.wait_with(surface)
            await here.answers.give(surface, await working)
        finally:
            working.cancel()

    async def _shortcut(self, payload: Payload, context: AsyncBoltContext) -> None:
        here = await self._here(context)
        asked, surface = here.reading.shortcut(payload)
        if here.refusal is not None:
            await _refuse(here.answers, surface, here.refusal)
            return
        answer = _NO_LINK if asked is None else await self._carry_out(asked)
        await here.answers.give(surface, answer)

    async def _form(self, ack: AsyncAck, payload: Payload, context: AsyncBoltContext) -> None:
        working = asyncio.ensure_future(self._sent(payload, context))
        try:
            if await _soon(working):
                here, surface, answer = working.result()
                await ack(**_acknowledged(answer, payload["view"], surface.origin))
                if isinstance(answer, Redrawn):
                    await here.answers.redraw(surface, answer)
            else:
                waiting = waiting_view(origin_of(payload["view"]))
                await ack(response_action="update", view=waiting)
                here, surface, answer = await working
                await here.answers.give(replace(surface, filling=True), answer)
        finally:
            working.cancel()
        await self._refresh(here, surface)

    async def _sent(
        self, payload: Payload, context: AsyncBoltContext
    ) -> tuple[_Here, Surface, Answer]:
        """The answer to a form, with where it is given: to know that may take its time as well."""
        here = await self._here(context)
        press, surface = here.reading.submission(payload)
        return here, surface, await self._carry_out(press, here.refusal)

    async def _home(self, event: Payload, context: AsyncBoltContext) -> None:
        if event.get("tab") != "home":
            return
        here = await self._here(context)
        surface = Surface(
            person=here.reading.person(str(event["user"])),
            origin=Origin(channel=str(event["channel"]), home=True),
        )
        await self._refresh(here, surface)

    async def _removal(self, payload: Payload, context: AsyncBoltContext) -> None:
        """A workspace removed newsbot, or revoked its token."""
        installed, event = self._teams.installed, payload["event"]
        of_people = event["type"] == "tokens_revoked" and not event["tokens"].get("bot")
        if installed is None or of_people:
            return
        at = datetime.fromtimestamp(int(payload["event_time"]), UTC)
        await installed.remove(context.team_id or "", at=at)

    async def _refresh(self, here: _Here, surface: Surface) -> None:
        """Show newsbot's own page as it is now, where something was done on it."""
        if not surface.origin.home or here.refusal is not None:
            return
        try:
            reply = await self._commands.home(surface.person, surface.channel)
        except Exception:  # noqa: BLE001 - as in `_carry_out`
            structlog.get_logger(__name__).exception("home.failed")
            reply = apology("This page")
        await here.answers.show_home(surface, reply)

    async def _carry_out(self, asked: Request | Press, refusal: Reply | None = None) -> Answer:
        if refusal is not None:
            return refusal
        try:
            if isinstance(asked, Request):
                return await self._commands.answer(asked)
            return await self._commands.press(asked)
        except Exception:  # noqa: BLE001 - a command's dispatch is where anything may come up
            what = asked.verb if isinstance(asked, Request) else asked.action
            structlog.get_logger(__name__).exception(
                "command.failed", verb=what, channel=str(asked.channel)
            )
            return apology(named(asked))


async def _refuse(answers: Answers, surface: Surface, refusal: Reply) -> None:
    """Say why nothing is done; a window cannot be opened without a token."""
    if surface.response_url:
        await answers.give(surface, refusal)


async def end(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel tasks and wait until they have ended."""
    ending = tuple(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


async def _soon(working: asyncio.Future[Any]) -> bool:
    done, _ = await asyncio.wait({working}, timeout=PROMPT_SECONDS)
    return bool(done)


def _acknowledged(answer: Answer, view: Payload, origin: Origin) -> dict[str, Any]:
    """What becomes of a form that was sent."""
    if isinstance(answer, Form):
        return {
            "response_action": "update",
            "view": form_view(answer, replace(origin, argument=answer.argument)),
        }
    reply = answer.reply if isinstance(answer, Redrawn) else answer
    if reply is None:
        return {"response_action": "clear"}
    if reply.mistake:
        said = " ".join((reply.title, *reply.lines))
        return {"response_action": "errors", "errors": {first_field(view): said}}
    return {"response_action": "update", "view": reply_view(reply, origin)}


def _bolt(api_url: str) -> AsyncApp:
    # Bolt looks at the function's own arguments and cannot be given a method.
    async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=context.enterprise_id, team_id=context.team_id)

    # Bolt would wait for the workspace's token on a command's way to its acknowledgement, so it is
    # looked up behind that; without `authorize` it would ask auth.test there. What arrives over
    # HTTP has passed `bot.chat.slack.door` before Bolt sees it.
    return AsyncApp(
        name="newsbot",
        client=web_client(token=None, api_url=api_url),
        logger=quiet_logger(),
        authorize=authorize,
        request_verification_enabled=False,
    )
