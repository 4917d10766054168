"""Answers: how what the core answered reaches the person in Slack, and the card everybody sees.

Where something was done in a message, its response address takes the answer: it works for half an
hour, also on messages months old, and in channels newsbot is not a member of. In a window the
window shows it; on newsbot's own page a window is opened. A window opens within three seconds of
the click or not at all, so one whose content takes longer opens with a few words and is filled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.chat.slack.commands import Surface
from bot.chat.slack.failures import BlocksRefusedError
from bot.chat.slack.messenger import EVENT_TYPE
from bot.chat.slack.quiet import quiet_logger
from bot.chat.slack.render import SlackMessage, render
from bot.chat.slack.reply import shown
from bot.chat.slack.web import Call, ask
from bot.chat.slack.window import View, form_view, home_view, reply_view, waiting_view
from bot.commands.reply import Answer, Form, Redrawn, Reply
from bot.errors import DeliveryError

_TOO_LATE = Reply(
    title="Slack did not open the window in time.", lines=("Do the same again, please.",)
)


@dataclass(frozen=True, slots=True)
class Answers:
    """Gives answers.

    Attributes:
        client: Speaks with the bot's token.
    """

    client: AsyncWebClient

    async def give(self, surface: Surface, answer: Answer) -> None:
        """Show an answer where it was asked for; what cannot be shown is logged."""
        if isinstance(answer, Form):
            await self._show_form(surface, answer)
        elif isinstance(answer, Redrawn):
            await self.redraw(surface, answer)
            if answer.reply is not None:
                await self._show(surface, answer.reply)
        else:
            await self._show(surface, answer)

    async def wait_with(self, surface: Surface) -> Surface:
        """Open a window for an answer that is still worked out, and go on in it."""
        view_id = await self._open(surface, waiting_view(surface.origin))
        return replace(surface, window=view_id, filling=True) if view_id else surface

    async def show_home(self, surface: Surface, reply: Reply) -> None:
        """Write newsbot's own page of a person anew."""
        view = home_view(reply, replace(surface.origin, home=True))
        user = surface.person.user
        await self._try(lambda: self.client.views_publish(user_id=user, view=view), "its page")

    async def redraw(self, surface: Surface, redrawn: Redrawn) -> None:
        """Draw the card anew whose button was pressed, or from which a window was opened."""
        if not surface.origin.card:
            return
        whole, *others = _cards(redrawn)
        if surface.response_url and await _respond(
            surface.response_url, {**whole, "replace_original": True}
        ):
            return
        await self._update(surface, (whole, *others))

    async def _update(self, surface: Surface, cards: tuple[dict[str, Any], ...]) -> None:
        channel, ts = surface.origin.channel, surface.origin.card
        update = partial(self.client.chat_update, channel=channel, ts=ts)
        log = structlog.get_logger(__name__)
        for card in cards:
            try:
                await ask(partial(update, **card), "a card")
            except BlocksRefusedError as error:
                log.warning("slack.blocks_refused", channel=str(surface.channel), why=str(error))
            except DeliveryError as error:
                log.warning("card.not_redrawn", channel=str(surface.channel), why=str(error))
                return
            else:
                return

    async def _show(self, surface: Surface, reply: Reply) -> None:
        if surface.window:
            view, id_ = reply_view(reply, surface.origin), surface.window
            await self._try(lambda: self.client.views_update(view_id=id_, view=view), "a window")
        elif surface.response_url:
            await self._whisper(surface, reply)
        else:
            await self._open(surface, reply_view(reply, surface.origin))

    async def _show_form(self, surface: Surface, form: Form) -> None:
        view = form_view(form, replace(surface.origin, argument=form.argument))
        if surface.filling:
            id_ = surface.window
            await self._try(lambda: self.client.views_update(view_id=id_, view=view), "a window")
        elif not await self._open(surface, view) and surface.response_url:
            await self._whisper(surface, _TOO_LATE)

    async def _whisper(self, surface: Surface, reply: Reply) -> None:
        """To this person alone; a card that everybody sees is never replaced by it."""
        message = _fields(shown(reply))
        replaces = reply.replaces and surface.ephemeral
        body = {**message, "response_type": "ephemeral", "replace_original": replaces}
        if await _respond(surface.response_url, body):
            return
        channel, user = surface.origin.channel, surface.person.user
        whisper = partial(self.client.chat_postEphemeral, channel=channel, user=user)
        await self._try(lambda: whisper(text=message["text"], blocks=message["blocks"]), "a reply")

    async def _open(self, surface: Surface, view: View) -> str:
        """Open a window, above the one it was asked for in; gives its identifier, or nothing."""
        method = self.client.views_push if surface.window else self.client.views_open
        answer = await self._try(lambda: method(trigger_id=surface.trigger, view=view), "a window")
        return str(answer["view"]["id"]) if answer else ""

    async def _try(self, call: Call, what: str) -> Any:  # noqa: ANN401 - the library's answer
        try:
            return await ask(call, what)
        except DeliveryError as error:
            structlog.get_logger(__name__).warning("command.answer_lost", why=str(error))
            return None


def _cards(redrawn: Redrawn) -> Iterator[dict[str, Any]]:
    """The card whole, without its picture, and as text alone, as Slack may refuse the first two."""
    alert, nonce = redrawn.alert, redrawn.nonce
    whole = render(alert, nonce=nonce)
    for message in (whole, render(alert, nonce=nonce, images=False), SlackMessage(whole.text, ())):
        yield {
            **_fields(message),
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"nonce": nonce}},
        }


def _fields(message: SlackMessage) -> dict[str, Any]:
    return {
        "text": message.text,
        "blocks": list(message.blocks),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


async def _respond(response_url: str, body: dict[str, Any]) -> bool:
    """Whether a response address took it."""
    client = AsyncWebhookClient(response_url, logger=quiet_logger(), retry_handlers=[])
    log = structlog.get_logger(__name__)
    try:
        answer = await client.send_dict(body)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("command.answer_lost", why=type(error).__name__)
        return False
    if answer.status_code != HTTPStatus.OK:
        log.warning("command.answer_lost", why=answer.status_code)
        return False
    return True
