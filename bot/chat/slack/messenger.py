"""Messenger: posts messages on Slack and finds them again."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.check import findings, of_workspace
from bot.chat.slack.failures import BlocksRefusedError
from bot.chat.slack.render import SlackMessage, render
from bot.chat.slack.tokens import ADD_AGAIN, NAME_ONE, InstalledTokens, Tokens
from bot.chat.slack.web import ask, new_session, web_client
from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.message import Message, MessageRef
from bot.errors import (
    ChannelDeadError,
    DeliveryError,
    OutcomeUnknownError,
    PlatformDownError,
    UnauthorizedError,
)
from bot.in_time import only_while
from bot.ports import Clock, Finding

API_URL = "https://slack.com/api/"
EVENT_TYPE = "newsbot_delivery"
"""Marks our messages' metadata; its payload is `{"nonce": …}`."""

_PACE = timedelta(seconds=1)
_MESSAGE_IDS = uuid.UUID("6f1c1f0e-5a0b-4c55-9c6b-6d2f0c0d8a37")
_CLOCK_SKEW = timedelta(minutes=2)
_PAGE = 200
_PAGES = 25
_NOT_SEEN = (
    "does not show newsbot's own last message there, which may have been deleted: what it does "
    "not show may have been posted all the same."
)


class SlackMessenger:
    """Posts with each workspace's bot token over the Web API; needs no live connection.

    A message carries its nonce twice: as metadata, by which `find` knows it again, and as
    `client_msg_id`, which Slack does not promise to heed.
    """

    def __init__(
        self,
        *,
        token: str,
        installed: InstalledTokens | None = None,
        api_url: str = API_URL,
        timeout: float = 30,
        clock: Clock,
    ) -> None:
        """Nothing is asked of Slack yet.

        Args:
            token: The bot token of the settings, `xoxb-…`; empty for none.
            installed: Those of the workspaces that added newsbot; None where there can be none.
            api_url: Where the Web API is.
            timeout: Seconds for one request and its answer.
            clock: Tells whether a message is still to be sent.
        """
        self._clock = clock
        self._tokens = Tokens(token, installed)
        self._api_url = api_url
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None
        self._closing = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def platform(self) -> Platform:
        """Slack."""
        return Platform.SLACK

    @property
    def pace(self) -> timedelta:
        """About a message a second in one channel; docs.slack.dev/apis/web-api/rate-limits."""
        return _PACE

    async def post(
        self,
        channel: Channel,
        message: Message,
        *,
        nonce: str,
        before: datetime | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef:
        """Post one message, once; see `bot.ports.Messenger`.

        Where Slack refuses the blocks, for example because it could not fetch the picture, nothing
        was posted: the message goes again without the picture, then as text alone.
        """
        with only_while(lambda: before is None or self._clock.now() < before):
            async with self._client(channel.workspace) as client:
                *richer, text = _forms(message, nonce)
                for form in richer:
                    try:
                        return await _post(client, channel, form, thread)
                    except BlocksRefusedError as error:
                        log = structlog.get_logger(__name__)
                        log.warning("slack.blocks_refused", channel=str(channel), why=str(error))
                return await _post(client, channel, text, thread)

    async def find(
        self,
        channel: Channel,
        *,
        nonce: str,
        message: Message,
        since: datetime,
        known: MessageRef | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef | None:
        """Look for a message in the channel's history by its nonce; see `bot.ports.Messenger`.

        Reads from two minutes before `since`, as Slack's clock is not ours, to the present.

        Raises:
            DeliveryError: There are more than 5,000 messages to read, or `known` is not seen.
        """
        del message
        oldest = f"{(since - _CLOCK_SKEW).timestamp():.6f}"
        async with self._client(channel.workspace) as client:
            async with aclosing(_read(client, channel, oldest=oldest, thread=thread)) as history:
                async for found in history:
                    if _nonce(found) == nonce:
                        return MessageRef(id=found["ts"], channel=channel.id)
                    if known is not None and found["ts"] == known.id and _nonce(found):
                        known = None  # seen
            if known is not None and not await _shows(client, channel, known):
                raise DeliveryError(f"{channel} {_NOT_SEEN}")
        return None

    async def check(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        """Test each channel and the token that posts there, posting nothing.

        Without channels every workspace's token is tested.
        """
        found: list[Finding] = []
        named = sorted({channel.workspace for channel in channels})
        workspaces = named or await self._tokens.workspaces()
        if not workspaces:
            what = "Slack: no workspace has added newsbot yet"
            return [Finding(ok=True, what=what, remedy=ADD_AGAIN)]
        for workspace in workspaces:
            theirs = [channel for channel in channels if channel.workspace == workspace]
            found += await self._checked(workspace, theirs)
        return found

    async def _checked(self, workspace: str, channels: Sequence[Channel]) -> Sequence[Finding]:
        try:
            async with self._client(workspace) as client:
                found = await findings(client, channels)
        except ChannelDeadError as error:
            remedy = ADD_AGAIN if workspace else NAME_ONE
            where = Workspace(Platform.SLACK, workspace)
            return [Finding(ok=False, what=str(error), remedy=remedy, workspace=where)]
        if self._tokens.installed is None:
            return found
        return [of_workspace(finding, workspace) for finding in found]

    async def close(self) -> None:
        """Let go of connections; waits for requests under way."""
        self._closing = True
        await self._idle.wait()
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def _client(self, workspace: str) -> AsyncIterator[AsyncWebClient]:
        if self._closing:
            raise PlatformDownError("newsbot is stopping; nothing more is sent to Slack.")
        token = await self._tokens.of(workspace)
        if self._session is None:
            self._session = new_session(self._timeout)
        self._under_way += 1
        self._idle.clear()
        try:
            yield web_client(token=token, api_url=self._api_url, session=self._session)
        except UnauthorizedError as error:
            raise await self._tokens.refused(workspace, token, error) from error.__cause__
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()


def _forms(message: Message, nonce: str) -> Iterator[dict[str, Any]]:
    """The message as arguments of chat.postMessage: whole, without the picture, as text alone.

    Each form has a `client_msg_id` of its own, the same whenever the delivery is tried: Slack may
    have noted the one of a form it refused.
    """
    whole = render(message, nonce=nonce)
    plain = render(message, nonce=nonce, images=False)
    text = SlackMessage(text=whole.text, blocks=())
    for number, form in enumerate((whole, text) if plain == whole else (whole, plain, text)):
        yield {
            "text": form.text,
            "blocks": form.blocks or None,
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"nonce": nonce}},
            "client_msg_id": str(uuid.uuid5(_MESSAGE_IDS, f"{nonce}/{number}")),
        }


async def _post(
    client: AsyncWebClient, channel: Channel, form: dict[str, Any], thread: MessageRef | None
) -> MessageRef:
    answer = await ask(
        lambda: client.chat_postMessage(
            channel=channel.id, thread_ts=None if thread is None else thread.id, **form
        ),
        str(channel),
    )
    return MessageRef(id=answer["ts"], channel=answer["channel"])


async def _read(
    client: AsyncWebClient, channel: Channel, *, oldest: str, thread: MessageRef | None
) -> AsyncGenerator[dict[str, Any], None]:
    """A channel's messages since then, the newest first, or a thread's, the oldest first.

    Raises:
        DeliveryError: There are too many.
    """
    cursor = None
    for _ in range(_PAGES):
        page = await _history(
            client, channel, oldest=oldest, cursor=cursor, limit=_PAGE, thread=thread
        )
        for message in page["messages"]:
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
    raise DeliveryError(f"{channel}: more than {_PAGES * _PAGE} messages to look through.")


async def _shows(client: AsyncWebClient, channel: Channel, known: MessageRef) -> bool:
    """Whether a message of ours is seen, with the metadata by which another would be found."""
    page = await _history(client, channel, oldest=known.id, latest=known.id, limit=1)
    return any(found["ts"] == known.id and _nonce(found) for found in page["messages"])


async def _history(
    client: AsyncWebClient,
    channel: Channel,
    *,
    oldest: str,
    latest: str | None = None,
    cursor: str | None = None,
    limit: int,
    thread: MessageRef | None = None,
) -> dict[str, Any]:
    where = {"channel": channel.id} if thread is None else {"channel": channel.id, "ts": thread.id}
    read = client.conversations_history if thread is None else client.conversations_replies
    answer = await ask(
        lambda: read(
            **where,
            include_all_metadata=True,
            oldest=oldest,
            latest=latest,
            inclusive=True,
            limit=limit,
            cursor=cursor,
        ),
        str(channel),
    )
    data = answer.data
    if not isinstance(data, dict) or not isinstance(data.get("messages"), list):
        raise OutcomeUnknownError(f"{channel}: Slack answered without the channel's messages.")
    return data


def _nonce(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    nonce = (metadata.get("event_payload") or {}).get("nonce")
    return nonce if isinstance(nonce, str) else None
