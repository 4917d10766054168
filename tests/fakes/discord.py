"""Discord: a server on loopback, REST and gateway, spoken to by the real client library.

    async with FakeDiscord() as discord:
        messenger = DiscordMessenger(token=discord.token, clock=clock, api_url=discord.api_url)
        discord.faults.add(POST_MESSAGE, Fault.rate_limited(3))
        ...
        discord.messages                # what stands in the channels, oldest first
        await discord.command("ping")   # with a DiscordConnection running
        await discord.press(discord.messages[0], "Claim")

It refuses what Discord refuses (limits, rights, tokens) and, like Discord, answers a nonce it saw
in the last minutes with the message it has, keeps no nonce in the history, and shows no history at
all to a bot without the right to read it.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes import discord_faults as kind
from tests.fakes.discord_faults import Fault, Faults, RefusedError
from tests.fakes.discord_forum import Forums
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    WINDOW,
    CommandAnswer,
    Interactions,
    button_id,
    sent,
)
from tests.fakes.discord_limits import command_mistakes, is_empty, mistakes
from tests.fakes.discord_shapes import (
    APPLICATION_ID,
    BOT_ID,
    CATEGORY,
    DIRECT,
    EMBED,
    FORUM,
    HISTORY,
    NEWS,
    PERSON_ID,
    SEND,
    SEND_IN_THREADS,
    TEXT,
    THREAD,
    VIEW,
    FakeChannel,
    FakeMessage,
    Who,
    application_shape,
    channel_shape,
    command_shape,
    guild_shape,
    interaction_shape,
    member_shape,
    message_shape,
    user_shape,
)

__all__ = [
    "CATEGORY",
    "DIRECT",
    "EMBED",
    "FORUM",
    "HISTORY",
    "NEWS",
    "SEND",
    "SEND_IN_THREADS",
    "TEXT",
    "THREAD",
    "VIEW",
    "CommandAnswer",
    "FakeChannel",
    "FakeDiscord",
    "FakeMessage",
    "Who",
]

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_DEDUPLICATED = timedelta(minutes=3)
_EPOCH_MILLISECONDS = 1_420_070_400_000
_ADA = Who()


class ThrottledError(Exception):
    """More messages than the channel takes."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


class FakeDiscord:
    """One Discord server with one bot, named newsbot.

    Attributes:
        token: The bot's; set another to revoke it.
        channels: By id; `NEWS` is there from the start.
        messages: Everything posted, oldest first.
        requests: Every request, e.g. `POST /channels/1001/messages`.
        commands: The slash commands registered.
        registrations: How often commands were registered.
        faults: What is to go wrong.
        gateway: The web socket's side.
        interactions_url: Where commands go instead of over the gateway.
        keeps_nonces: Whether the history shows nonces, which Discord's does not.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        burst: int = 1000,
        per: float = 5.0,
    ) -> None:
        """Make a server; it listens once entered.

        Args:
            now: The time by which messages are numbered and nonces forgotten.
            burst: Messages a channel takes before it answers 429.
            per: In how many real seconds.
        """
        self.channels = {NEWS: FakeChannel(id=NEWS)}
        self.messages: list[FakeMessage] = []
        self.requests: list[str] = []
        self.commands: list[Json] = []
        self.registrations = 0
        self.faults = Faults()
        self.interactions_url: str | None = None
        self.keeps_nonces = False
        self.api_url = ""
        self._now = now
        self._burst, self._per = burst, per
        self._used: dict[str, list[float]] = defaultdict(list)
        self._serial = itertools.count(1)
        self._interactions = Interactions()
        self._forums = Forums(self)
        self.gateway = Gateway(
            "MjAy.made-up.token", user_shape(BOT_ID), {"id": "202", "flags": 0}, [guild_shape()]
        )
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.1)

    @property
    def token(self) -> str:
        """The token that is accepted."""
        return self.gateway.token

    @token.setter
    def token(self, token: str) -> None:
        self.gateway.token = token

    @property
    def gateway_url(self) -> str:
        """Where the web socket is."""
        return self.gateway.url

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{port}/api/v10"
        self.gateway.url = f"ws://127.0.0.1:{port}/gateway"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.gateway.close_all(1001)
        await self._runner.cleanup()

    @staticmethod
    def json(body: object) -> web.Response:
        """An answer of Discord's."""
        return _json(body)

    def add(self, channel: FakeChannel) -> FakeChannel:
        """Add a channel."""
        self.channels[channel.id] = channel
        return channel

    def say(self, channel: str, text: str) -> FakeMessage:
        """A person writes something."""
        return self.stored(channel, {"content": text}, author=PERSON_ID)

    async def command(
        self, verb: str, options: Json | None = None, *, who: Who = _ADA, signs: int = 1
    ) -> CommandAnswer:
        """A person types `/news verb`; returns what they get.

        An answer that goes wrong by `faults` is returned as it stood, without an embed.

        Raises:
            TimeoutError: They get nothing.
        """
        return await self._ask(COMMAND, who, command_shape(verb, options or {}), signs=signs)

    async def suggest(self, verb: str, option: str, typed: str, **options: str) -> list[Json]:
        """A person types the beginning of an option; returns what is suggested."""
        data = command_shape(verb, options | {option: typed}, focused=option)
        answer = await self._ask(AUTOCOMPLETE, _ADA, data)
        assert answer.choices is not None
        return answer.choices

    async def press(
        self, message: FakeMessage, label: str, *, who: Who | None = None, signs: int = 1
    ) -> CommandAnswer:
        """A person presses a button under a message; returns what they get.

        Args:
            message: As they see it.
            label: The button's.
            who: They; Ada unless given.
            signs: How many messages, windows and changes they are to see of it.
        """
        data = {"custom_id": button_id(message, label), "component_type": 2, "id": 1}
        who = who or Who(channel=message.channel)
        return await self._ask(COMPONENT, who, data, message, signs=signs)

    async def submit(
        self, shown: CommandAnswer, values: dict[str, str], *, who: Who = _ADA, signs: int = 1
    ) -> CommandAnswer:
        """A person fills in the window they were shown and sends it; returns what they get."""
        return await self._ask(WINDOW, who, sent(shown.window, values), shown.pressed, signs=signs)

    async def _ask(
        self,
        kind: int,
        who: Who,
        data: Json,
        pressed: FakeMessage | None = None,
        *,
        signs: int = 1,
    ) -> CommandAnswer:
        token, answer = self._interactions.begin(pressed)
        place = self.channels.get(who.channel) or FakeChannel(id=who.channel)
        asked = interaction_shape(kind, token, who, place, data)
        if pressed is not None:
            asked["message"] = message_shape(pressed)
        await self.gateway.dispatch("INTERACTION_CREATE", asked)
        await answer.until(signs)
        return answer

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/gateway", self.gateway.serve)
        for method, path, name, handler in (
            ("GET", "/users/@me", kind.GET_ME, self._me),
            ("GET", "/gateway/bot", kind.GET_GATEWAY, self.gateway.about),
            ("GET", "/oauth2/applications/@me", "", self._application),
            ("GET", "/channels/{channel}", kind.GET_CHANNEL, self._channel),
            ("POST", "/channels/{channel}/messages", kind.POST_MESSAGE, self._post),
            ("GET", "/channels/{channel}/messages", kind.READ_HISTORY, self._history),
            ("GET", "/channels/{channel}/messages/{message}", "", self._forums.message),
            ("POST", "/channels/{channel}/threads", kind.CREATE_POST, self._forums.open),
            (
                "POST",
                "/channels/{channel}/messages/{message}/threads",
                "",
                self._forums.open_thread,
            ),
            ("GET", "/channels/{channel}/threads/archived/public", "", self._forums.archived),
            ("GET", "/guilds/{guild}/threads/active", kind.LIST_POSTS, self._forums.active),
            ("GET", "/guilds/{guild}", kind.GET_GUILD, self._guild),
            ("GET", "/guilds/{guild}/members/{member}", "", self._member),
            ("GET", "/applications/{application}/commands", "", self._list_commands),
            ("PUT", "/applications/{application}/commands", kind.SYNC, self._sync),
        ):
            app.router.add_route(method, f"/api/v10{path}", self._route(name, handler))
        for method, path, name, handler in (
            ("POST", "/interactions/{id}/{token}/callback", kind.ANSWER, self._callback),
            ("PATCH", "/webhooks/{id}/{token}/messages/@original", kind.EDIT_ANSWER, self._edit),
            ("POST", "/webhooks/{id}/{token}", kind.FOLLOW_UP, self._follow_up),
        ):
            # The token in the path is the right to answer; no other is asked for.
            route = self._route(name, handler, is_open=True)
            app.router.add_route(method, f"/api/v10{path}", route)
        return app

    def _route(self, name: str, handler: Handler, *, is_open: bool = False) -> Handler:
        async def route(request: web.Request) -> web.StreamResponse:
            self.requests.append(f"{request.method} {request.path.removeprefix('/api/v10')}")
            fault = self.faults.take(name)
            if fault is not None:
                fault.reached.set()
            if fault is not None and fault.until is not None:
                await fault.until.wait()
            if fault is not None and not fault.accepted:
                if is_open:
                    self._interactions.spoil(request.match_info["token"])
                return _spoilt(request, fault)
            if not is_open and request.headers.get("Authorization") != f"Bot {self.token}":
                return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)
            try:
                response = await handler(request)
            except RefusedError as error:
                response = _json(error.body, status=error.status)
            except ThrottledError as error:
                return _spoilt(request, error.fault)
            if fault is not None and fault.until is None:
                return await _stalled(request, fault)
            return response

        return route

    async def _me(self, _: web.Request) -> web.Response:
        return _json(user_shape(BOT_ID))

    async def _application(self, _: web.Request) -> web.Response:
        return _json(application_shape(self.interactions_url))

    def seen(self, request: web.Request) -> FakeChannel:
        """The channel a request names, if newsbot may see it."""
        channel = self.channels.get(request.match_info["channel"])
        if channel is None:
            raise RefusedError(404, 10003, "Unknown Channel")
        if channel.denied & VIEW:
            raise RefusedError(403, 50001, "Missing Access")
        return channel

    async def _channel(self, request: web.Request) -> web.Response:
        channel = self.seen(request)
        posted = [message.id for message in self.messages if message.channel == channel.id]
        return _json(channel_shape(channel, posted[-1] if posted else None))

    async def _post(self, request: web.Request) -> web.Response:
        channel = self.seen(request)
        payload: Json = await request.json()
        self._check(channel, payload)
        self._spend(channel)
        channel.archived = False
        known = self._known(payload)
        message = known or self.stored(channel.id, payload)
        used = len(self._used[channel.id])
        headers = {
            "X-RateLimit-Bucket": "messages",
            "X-RateLimit-Limit": str(self._burst),
            "X-RateLimit-Remaining": str(self._burst - used),
            "X-RateLimit-Reset-After": str(self._per),
        }
        return _json(message_shape(message) | {"nonce": message.nonce}, headers=headers)

    def _check(self, channel: FakeChannel, payload: Json) -> None:
        if channel.type in {CATEGORY, FORUM}:
            raise RefusedError(400, 50008, "Cannot send messages in a non-text channel")
        rights = SEND_IN_THREADS if channel.type == THREAD else SEND
        if payload.get("embeds"):
            rights |= EMBED
        home = self.channels[channel.parent] if channel.type == THREAD else channel
        if home.denied & rights:
            raise RefusedError(403, 50013, "Missing Permissions")
        if channel.locked:
            raise RefusedError(400, 50083 if channel.archived else 160005, "Thread is locked")
        if errors := mistakes(payload):
            raise RefusedError.form(errors)
        if is_empty(payload):
            raise RefusedError(400, 50006, "Cannot send an empty message")

    def _spend(self, channel: FakeChannel) -> None:
        now = asyncio.get_running_loop().time()
        used = self._used[channel.id] = [t for t in self._used[channel.id] if t > now - self._per]
        if len(used) >= self._burst:
            raise ThrottledError(Fault.rate_limited(used[0] + self._per - now))
        used.append(now)

    def _known(self, payload: Json) -> FakeMessage | None:
        if not payload.get("enforce_nonce"):
            return None
        since = self._now() - _DEDUPLICATED
        for message in self.messages:
            if message.nonce == payload.get("nonce") and message.at > since:
                return message
        return None

    def stored(self, channel: str, payload: Json, author: int = BOT_ID) -> FakeMessage:
        """A message that is new."""
        now = self._now()
        milliseconds = int(now.timestamp() * 1000) - _EPOCH_MILLISECONDS
        message = FakeMessage(
            id=str((milliseconds << 22) + next(self._serial)),
            channel=channel,
            nonce=str(payload.get("nonce") or ""),
            at=now,
            payload=payload,
            author=author,
        )
        self.messages.append(message)
        return message

    async def _history(self, request: web.Request) -> web.Response:
        channel = self.seen(request)
        home = self.channels[channel.parent] if channel.type == THREAD else channel
        if home.denied & HISTORY:
            return _json([])
        query = request.query
        limit = int(query.get("limit", "50"))
        found = [
            message
            for message in self.messages
            if message.channel == channel.id
            and int(query.get("after", "0")) < int(message.id) < int(query.get("before", 1 << 63))
        ]
        page = found[:limit] if "after" in query else found[-limit:]
        shown = [message_shape(message) for message in reversed(page)]
        if self.keeps_nonces:
            shown = [
                message_shape(message) | {"nonce": message.nonce} for message in reversed(page)
            ]
        return _json(shown)

    async def _guild(self, _: web.Request) -> web.Response:
        return _json(guild_shape())

    async def _member(self, _: web.Request) -> web.Response:
        return _json(member_shape(BOT_ID))

    async def _list_commands(self, _: web.Request) -> web.Response:
        return _json(self.commands)

    async def _sync(self, request: web.Request) -> web.Response:
        commands = await request.json()
        if errors := command_mistakes(commands):
            raise RefusedError.form(errors)
        self.registrations += 1
        self.commands = [
            {"id": str(number), "application_id": str(APPLICATION_ID)} | command
            for number, command in enumerate(commands, 1)
        ]
        return _json(self.commands)

    async def _callback(self, request: web.Request) -> web.Response:
        self._interactions.called_back(request.match_info["token"], await request.json())
        return _json({"interaction": {"id": request.match_info["id"], "type": 2}})

    async def _edit(self, request: web.Request) -> web.Response:
        payload = await request.json()
        public = self._interactions.original(request.match_info["token"], payload)
        if public is not None:
            number = [message.id for message in self.messages].index(public.id)
            self.messages[number] = public
        return _json(message_shape(public or FakeMessage.private("9", payload)))

    async def _follow_up(self, request: web.Request) -> web.Response:
        payload = await request.json()
        return _json(
            message_shape(self._interactions.followed_up(request.match_info["token"], payload))
        )


def _json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    response = web.json_response(body, status=status, headers=headers)
    # discord.py reads nothing else as JSON.
    response.headers["Content-Type"] = "application/json"
    return response


async def _stalled(request: web.Request, fault: Fault) -> web.StreamResponse:
    await asyncio.sleep(fault.stall)
    return _spoilt(request, fault)


def _spoilt(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.cut:
        if request.transport is not None:  # the client has not left already
            request.transport.abort()
        return web.Response()
    if isinstance(fault.body, str):
        return web.Response(
            text=fault.body, status=fault.status, headers=fault.headers, content_type="text/html"
        )
    return _json(fault.body, fault.status, fault.headers)
