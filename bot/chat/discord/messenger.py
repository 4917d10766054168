"""Messenger: posts messages on Discord, over REST alone.

It needs no gateway and shares no client with the connection that takes commands: losing the one
never stops the other.
"""

import asyncio
import re
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import discord

from bot.chat.discord.client import REQUEST_TIMEOUT, Addresses, NewsbotClient
from bot.chat.discord.failures import FOREIGN, UNREADABLE, lighter, takes_posts_only, translate
from bot.chat.discord.forum import find_post, open_post
from bot.chat.discord.history import look
from bot.chat.discord.mark import stamp
from bot.chat.discord.payload import message_arguments
from bot.chat.discord.render import DiscordMessage, render
from bot.chat.discord.rights import examine
from bot.chat.discord.thread import open_thread
from bot.domain.channel import Channel, Platform
from bot.domain.message import Message, MessageRef
from bot.errors import ChannelDeadError, DeliveryError, UnauthorizedError
from bot.in_time import only_while
from bot.ports import Clock, Finding

_PACE = timedelta(seconds=1)
"""Discord allows about five messages in five seconds a channel; evenly, none waits for a reset."""
_DEDUPLICATED = timedelta(seconds=60)
"""Discord answers a nonce it saw "in the past few minutes" with the message it already has."""
_ID = re.compile(r"[1-9][0-9]{0,19}")
_LARGEST_ID = 2**64

_T = TypeVar("_T")


class DiscordMessenger:
    """A `bot.ports.Messenger`.

    Every request runs to its end, even if whoever asked is cancelled meanwhile: a request broken
    off would leave discord.py's rate limit of that channel stuck. `close` waits for them.
    """

    def __init__(
        self,
        *,
        token: str,
        clock: Clock,
        api_url: str | None = None,
        timeout: timedelta = REQUEST_TIMEOUT,
    ) -> None:
        """Nothing is asked of Discord before the first message.

        Args:
            token: The bot's token.
            clock: Tells how long ago a message was sent.
            api_url: Where to go instead of `https://discord.com/api/v10`.
            timeout: For one attempt at one request.
        """
        self._token = token
        self._clock = clock
        self._addresses = Addresses(api=api_url)
        self._timeout = timeout
        self._client: NewsbotClient | None = None
        self._login = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()
        self._forums: dict[int, discord.ForumChannel | None] = {}

    @property
    def platform(self) -> Platform:
        """Discord."""
        return Platform.DISCORD

    @property
    def pace(self) -> timedelta:
        """One second."""
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
        """See `bot.ports.Messenger.post`. A repeat within minutes gives the first one's place."""
        return await self._to_the_end(self._post_before(before, channel, message, nonce, thread))

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
        """See `bot.ports.Messenger.find`.

        Where the history cannot be read, a message first sent within the last minute may be
        posted again all the same: Discord itself then knows the nonce.
        """
        return await self._to_the_end(
            self._find(channel, message, nonce, since=since, known=known, thread=thread)
        )

    async def check(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        """See `bot.ports.Messenger.check`."""
        return await self._to_the_end(self._check(channels))

    async def close(self) -> None:
        """See `bot.ports.Messenger.close`."""
        try:
            while self._running:
                await asyncio.wait(self._running)
        finally:  # also where whoever closes would wait no longer
            if self._client is not None:
                await self._client.close()

    async def _to_the_end(self, work: Coroutine[Any, Any, _T]) -> _T:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # Whoever asked may be gone; asyncio complains of an exception nobody looked at.
            task.exception()

    async def _online(self) -> NewsbotClient:
        async with self._login:
            if self._client is None:
                self._client = await self._logged_in()
            return self._client

    async def _logged_in(self) -> NewsbotClient:
        async with AsyncExitStack() as unless_it_works:
            client = NewsbotClient(addresses=self._addresses, timeout=self._timeout)
            unless_it_works.push_async_callback(client.close)
            try:
                await client.login(self._token)
            except (*FOREIGN, *UNREADABLE) as error:
                raise translate(error, None, posting=False) from error
            unless_it_works.pop_all()
            return client

    async def _post_before(
        self,
        before: datetime | None,
        channel: Channel,
        message: Message,
        nonce: str,
        thread: MessageRef | None,
    ) -> MessageRef:
        with only_while(lambda: before is None or self._clock.now() < before):
            return await self._post(channel, message, nonce, thread)

    async def _post(
        self, channel: Channel, message: Message, nonce: str, thread: MessageRef | None
    ) -> MessageRef:
        place_id = _place_id(channel)
        client = await self._online()
        sent = stamp(render(message, nonce), nonce)
        try:
            place_id = await self._place(client, place_id, sent, thread)
        except (*FOREIGN, *UNREADABLE) as error:
            # No message was begun yet: a thread that may have been made is found again.
            raise translate(error, channel, posting=False) from error
        while True:
            try:
                return await self._send(client, place_id, sent, nonce)
            except (*FOREIGN, *UNREADABLE) as error:
                without = lighter(sent, error)
                if without is None:
                    raise translate(error, channel, posting=True) from error
                sent = without

    async def _place(
        self,
        client: NewsbotClient,
        place_id: int,
        sent: DiscordMessage,
        thread: MessageRef | None,
    ) -> int:
        """Where a message goes: the thread asked for, or the channel where there can be none."""
        if thread is None:
            return place_id
        if thread.channel != str(place_id):
            return int(thread.channel)  # a forum's post, which is a thread
        opened = await open_thread(client, thread, sent.name)
        return place_id if opened is None else opened

    async def _send(
        self, client: NewsbotClient, place_id: int, sent: DiscordMessage, nonce: str
    ) -> MessageRef:
        """One message, in a forum as a post; what a place is, its first refusal tells."""
        forum = self._forums.get(place_id)
        if forum is not None:
            return await open_post(forum, sent)
        try:
            posted = await client.get_partial_messageable(place_id).send(
                **message_arguments(sent), nonce=nonce
            )
        except FOREIGN as error:
            if takes_posts_only(error):
                forum = await self._forum(client, place_id)
            if forum is None:
                raise
            return await open_post(forum, sent)
        return MessageRef(str(posted.id), str(posted.channel.id))

    async def _forum(self, client: NewsbotClient, place_id: int) -> discord.ForumChannel | None:
        """A place as a forum; None where it is none."""
        if place_id not in self._forums:
            place = await client.fetch_channel(place_id)
            self._forums[place_id] = place if isinstance(place, discord.ForumChannel) else None
        return self._forums[place_id]

    async def _find(
        self,
        channel: Channel,
        message: Message,
        nonce: str,
        *,
        since: datetime,
        known: MessageRef | None,
        thread: MessageRef | None,
    ) -> MessageRef | None:
        channel_id = _place_id(channel)
        client = await self._online()
        sent = render(message)
        try:
            place_id = await self._place(client, channel_id, sent, thread)
            if place_id != channel_id:
                there = replace(channel, id=str(place_id))
                return await look(client, there, sent, nonce=nonce, since=since)
            if forum := await self._forum(client, place_id):
                return await find_post(client, forum, sent, nonce=nonce, since=since)
            return await look(client, channel, sent, nonce=nonce, since=since, known=known)
        except (*FOREIGN, *UNREADABLE) as error:
            raise translate(error, channel, posting=False) from error
        except DeliveryError:
            if self._clock.now() - since < _DEDUPLICATED:
                return None
            raise

    async def _check(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        try:
            client = await self._online()
            return [
                _identity(client),
                *[await self._examine(client, channel) for channel in channels],
            ]
        except UnauthorizedError as error:
            said = str(error)
            what = "Discord token: not accepted"
            return [Finding(ok=False, what=what, remedy=said, refusal=said)]
        except DeliveryError as error:
            return [Finding(ok=False, what="Discord: not reached", remedy=str(error))]

    async def _examine(self, client: NewsbotClient, channel: Channel) -> Finding:
        try:
            _place_id(channel)
        except ChannelDeadError as error:
            return Finding(ok=False, what=f"{channel} is no Discord channel", remedy=str(error))
        return await examine(client, channel)


def _identity(client: NewsbotClient) -> Finding:
    application = client.application
    if application is not None and application.interactions_endpoint_url:
        return Finding(
            ok=False,
            what=f"Discord token: {client.user}, but its commands go to another address",
            remedy="In the application's General Information, empty Interactions Endpoint URL.",
        )
    return Finding(ok=True, what=f"Discord token: {client.user}")


def _place_id(channel: Channel) -> int:
    if _ID.fullmatch(channel.id) and int(channel.id) < _LARGEST_ID:
        return int(channel.id)
    what = (
        f"{channel} is no channel id: in Discord switch on Settings, Advanced, Developer Mode, "
        "then right-click the channel and Copy Channel ID."
    )
    raise ChannelDeadError(what)
