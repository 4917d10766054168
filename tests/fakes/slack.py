"""Slack: a workspace on loopback, Web API and Socket Mode, spoken to by the real client libraries.

    async with FakeSlack(channels=("C0NEWS",)) as slack:
        messenger = SlackMessenger(token=slack.bot_token, api_url=slack.api_url, clock=clock)
        slack.faults.add("chat.postMessage", Fault.rate_limited(3))
        ...
        slack.messages                      # what stands in the channels, oldest first
        await slack.command("/news ping")   # with a SlackConnection running

It refuses what Slack refuses (limits, membership, scopes, tokens) and posts whatever it accepts,
the same `client_msg_id` twice included: Slack promises nothing else.
"""

import asyncio
import json
import uuid
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.fakes.slack_grants import Grants
from tests.fakes.slack_limits import TEXT_LIMIT, faults_in, images_in, too_long
from tests.fakes.slack_people import PATIENCE, Whisper, command_payload
from tests.fakes.slack_transport import COMMANDS, Sockets, Transport
from tests.fakes.slack_views import Views

Json = dict[str, Any]

_USES = 5
_GOOD_FOR = timedelta(minutes=30)
ALL_SCOPES = (
    *("chat:write", "commands", "channels:history", "groups:history", "im:history"),
    "users:read",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one request.

    Attributes:
        status: The HTTP status of the answer.
        body: The answer's body; JSON where it is an object.
        headers: Further headers of the answer.
        accepted: Whether the request is carried out before it goes wrong.
        cut: Break the connection in place of an answer.
        until: Wait for this before anything else.
        stall: Seconds, real ones, between carrying out and what comes of it.
    """

    status: int = 200
    body: Json | str | None = None
    headers: Json = field(default_factory=dict)
    accepted: bool = False
    cut: bool = False
    until: asyncio.Event | None = None
    stall: float = 0

    @classmethod
    def error(cls, code: str, *, accepted: bool = False, **more: object) -> Self:
        """`ok: false` with this code and further fields."""
        return cls(body={"ok": False, "error": code, **more}, accepted=accepted)

    @classmethod
    def rate_limited(cls, seconds: int | None) -> Self:
        """429; without Retry-After where None."""
        headers = {} if seconds is None else {"Retry-After": str(seconds)}
        return cls(status=429, body={"ok": False, "error": "ratelimited"}, headers=headers)

    @classmethod
    def http(cls, status: int, body: Json | str = "", *, accepted: bool = False) -> Self:
        """An answer of another kind; a string is served as HTML."""
        return cls(status=status, body=body, accepted=accepted)

    @classmethod
    def cut_before(cls) -> Self:
        """The connection breaks and nothing was done."""
        return cls(cut=True)

    @classmethod
    def cut_after(cls) -> Self:
        """The connection breaks when all was done."""
        return cls(cut=True, accepted=True)

    @classmethod
    def held(cls, until: asyncio.Event) -> Self:
        """The request waits for the event, then goes through."""
        return cls(until=until, accepted=True)


class Faults:
    """What goes wrong with the next requests, method by method, in order."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, *faults: Fault, times: int = 1) -> None:
        """Let the next requests of a method, e.g. `chat.postMessage`, go wrong."""
        self._waiting[method].extend(faults * times)

    def take(self, method: str) -> Fault | None:
        """The fault of this request, if any."""
        waiting = self._waiting[method]
        return waiting.popleft() if waiting else None


@dataclass(slots=True, kw_only=True)
class FakeChannel:
    """A channel of the workspace."""

    id: str
    member: bool = True
    private: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeMessage:
    """A message in a channel; `arguments` are the request's own."""

    channel: str
    ts: str
    text: str
    blocks: list[Json]
    metadata: Json
    arguments: Json


@dataclass(slots=True, kw_only=True)
class _ResponseAddress:
    """What a response address leads to.

    Attributes:
        seen: The message in question; a whisper that is nowhere for a slash command.
        user: Whom it answers.
        until: When it leads nowhere any more.
        uses: How often it may be used yet.
        answered: Its first answer.
    """

    seen: "FakeMessage | Whisper"
    user: str
    until: datetime
    uses: int = _USES
    answered: asyncio.Future[Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOutcome:
    """What became of a slash command.

    Attributes:
        ack: The payload of the acknowledgement; empty for a bare one.
        reply: What was posted to the response address; empty where it was not waited for.
    """

    ack: Json
    reply: Json


class FakeSlack:
    """A workspace with one app, named newsbot."""

    def __init__(
        self,
        *,
        channels: Collection[str] = ("C0NEWS",),
        scopes: Collection[str] = ALL_SCOPES,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.team_id = "T0DESK"
        self.bot_token = "xoxb-fake-0123456789-bottoken"
        self.app_token = "xapp-fake-0123456789-apptoken"
        self.ticket = "fake-socket-ticket"
        self.channels = {id_: FakeChannel(id=id_) for id_ in channels}
        self.scopes = tuple(scopes)
        self.messages: list[FakeMessage] = []
        self.requests: list[tuple[str, Json]] = []
        """(method, arguments) of every request to the Web API."""
        self.peers: set[object] = set()
        """The other ends of all connections to the Web API."""
        self._new_request = asyncio.Condition()
        self.broken_images: set[str] = set()
        """Addresses of pictures that Slack cannot fetch."""
        self.page_size = 200
        """The most messages in one page of history."""
        self.faults = Faults()
        self.neighbours: list[FakeSlack] = []
        """Other workspaces, reached by their tokens at this one's address."""
        self.grants = Grants()
        """For who adds the app to a workspace."""
        self.refuse_sockets = 0
        """How many of the next sockets are refused."""
        self.handshakes = 0
        """How many sockets were opened."""
        self.responses: list[Json] = []
        """Everything posted to response addresses."""
        self._now = now
        self._last_ts = 0
        self._socket: web.WebSocketResponse | None = None
        self._transport: asyncio.Transport | None = None
        self._connected = asyncio.Event()
        self.whispers: list[Whisper] = []
        """What single people see, the oldest first."""
        self.done: list[Json] = []
        """What people did, as the app is told of it."""
        self.views = Views()
        self.people: dict[str, Json] = {}
        """What users.info tells, by person; others are plain members."""
        self.groups: dict[str, list[str]] = {}
        """People by group."""
        self._sockets = Sockets(self._send)
        self.transport: Transport = self._sockets
        """How what people do reaches the app."""
        self._addresses: dict[str, _ResponseAddress] = {}
        self._runner: web.AppRunner | None = None
        self._address = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=8 * 1024**2)
        app.router.add_route("*", "/api/{method}", self._on_api)
        app.router.add_get("/link", self._on_socket)
        app.router.add_post("/commands/{key}", self._on_response)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"{host}:{port}"
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._socket is not None and not self._socket.closed:
            await self._socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What stands in for https://slack.com/api/."""
        return f"http://{self._address}/api/"

    def add_channel(self, id_: str, **how: bool) -> FakeChannel:
        """Add a channel; `member`, `private` and `archived` say how it is."""
        channel = self.channels[id_] = FakeChannel(id=id_)
        for name, value in how.items():
            setattr(channel, name, value)
        return channel

    def calls(self, method: str) -> list[Json]:
        """The arguments of every request to one method."""
        return [arguments for asked, arguments in self.requests if asked == method]

    async def asked(self, method: str, *, times: int = 1) -> None:
        """Wait until a method was asked for so often since the start, at most ten seconds."""
        async with asyncio.timeout(PATIENCE), self._new_request:
            await self._new_request.wait_for(lambda: len(self.calls(method)) >= times)

    async def connected(self) -> None:
        """Wait until a socket is open, at most ten seconds; not for an app reached over HTTP."""
        if self.transport is self._sockets:
            async with asyncio.timeout(PATIENCE):
                await self._connected.wait()

    async def until(self, there: Callable[[], bool]) -> None:
        """Wait until something is so after a request of the app, at most ten seconds."""
        async with asyncio.timeout(PATIENCE), self._new_request:
            await self._new_request.wait_for(there)

    def response_url(self, seen: FakeMessage | Whisper, user: str) -> str:
        """A new response address for what a person does to a message."""
        key = uuid.uuid4().hex
        answered = asyncio.get_running_loop().create_future()
        until = self._now() + _GOOD_FOR
        self._addresses[key] = _ResponseAddress(
            seen=seen, user=user, until=until, answered=answered
        )
        return f"http://{self._address}/commands/{key}"

    async def command(
        self,
        line: str,
        *,
        channel: str = "C0NEWS",
        user: str = "U0DESK",
        reply: bool = True,
    ) -> CommandOutcome:
        """Type a slash command, wait for its acknowledgement and, unless told not to, the reply.

        Raises:
            TimeoutError: Nobody answered within ten seconds.
        """
        await self.connected()
        payload = command_payload(self, line, channel, user)
        address = self._addresses[payload["response_url"].rpartition("/")[2]]
        async with asyncio.timeout(PATIENCE):
            ack = await self.transport.deliver(COMMANDS, payload)
            return CommandOutcome(ack=ack, reply=await address.answered if reply else {})

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to open a new socket, as Slack does every few hours."""
        self._connected.clear()
        await self._send("disconnect", reason=reason)

    async def drop(self) -> None:
        """Break the socket without a word."""
        self._connected.clear()
        assert self._transport is not None
        self._transport.abort()

    # -- Web API

    async def _on_api(self, request: web.Request) -> web.StreamResponse:
        for neighbour in self.neighbours:
            if request.headers.get("Authorization") == f"Bearer {neighbour.bot_token}":
                return await neighbour._on_api(request)
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.requests.append((method, arguments))
        self.peers.add(request.transport and request.transport.get_extra_info("peername"))
        async with self._new_request:
            self._new_request.notify_all()
        fault = self.faults.take(method)
        if fault is None:
            answer = self._carry_out(method, request, arguments)
            async with self._new_request:
                self._new_request.notify_all()
            return self._json(answer)
        if fault.until is not None:
            await fault.until.wait()
        done = self._carry_out(method, request, arguments) if fault.accepted else None
        await asyncio.sleep(fault.stall)
        if fault.cut:
            if request.transport is not None:  # the client has not left already
                request.transport.abort()
            return web.Response()
        if fault.body is None:
            return self._json(done or {"ok": False, "error": "internal_error"})
        if isinstance(fault.body, str):
            return web.Response(
                status=fault.status,
                text=fault.body,
                content_type="text/html",
                headers=fault.headers,
            )
        return self._json(fault.body, status=fault.status, headers=fault.headers)

    def _json(self, body: Json, *, status: int = 200, headers: Json | None = None) -> web.Response:
        scopes = {"x-oauth-scopes": ",".join(self.scopes)} if self.scopes else {}
        return web.json_response(body, status=status, headers={**scopes, **(headers or {})})

    def _carry_out(self, method: str, request: web.Request, arguments: Json) -> Json:
        if method == "oauth.v2.access":
            return self.grants.redeem(arguments)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            return _error("not_authed")
        opening = method == "apps.connections.open"
        if token != (self.app_token if opening else self.bot_token):
            return _error("invalid_auth")
        answers: dict[str, Callable[[Json], Json]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "apps.connections.open": self._open,
            "chat.update": self._update_message,
            "chat.postEphemeral": self._post_ephemeral,
            "views.open": self.views.open,
            "views.push": self.views.open,
            "views.update": self.views.update,
            "views.publish": self.views.publish,
            "users.info": self._user,
            "usergroups.users.list": self._group,
        }
        answer = answers.get(method)
        return answer(arguments) if answer else _error("unknown_method")

    def _auth_test(self, arguments: Json) -> Json:
        del arguments
        return {
            "ok": True,
            "url": "https://desk.slack.example/",
            "team": "Desk",
            "user": "newsbot",
            "team_id": self.team_id,
            "user_id": "U0NEWSBOT",
            "bot_id": "B0NEWSBOT",
        }

    def _lacks(self, scope: str) -> Json | None:
        if scope in self.scopes:
            return None
        return _error("missing_scope", needed=scope, provided=",".join(self.scopes))

    def _post_message(self, arguments: Json) -> Json:
        refused = self._lacks("chat:write") or self._refuses_channel(arguments, archived=True)
        refused = refused or self._refuses_content(arguments)
        if refused:
            return refused
        message = FakeMessage(
            channel=arguments["channel"],
            ts=self._next_ts(),
            text=arguments.get("text", ""),
            blocks=arguments.get("blocks", []),
            metadata=arguments.get("metadata", {}),
            arguments=arguments,
        )
        self.messages.append(message)
        return {
            "ok": True,
            "channel": message.channel,
            "ts": message.ts,
            "message": {"type": "message", "text": message.text, "ts": message.ts},
        }

    def _update_message(self, arguments: Json) -> Json:
        refused = self._refuses_channel(arguments, archived=True)
        refused = refused or self._refuses_content(arguments)
        if refused:
            return refused
        done = self._replace(arguments["channel"], arguments["ts"], arguments)
        return {"ok": True, "ts": arguments["ts"]} if done else _error("message_not_found")

    def _post_ephemeral(self, arguments: Json) -> Json:
        refused = self._refuses_channel(arguments, archived=True)
        refused = refused or self._refuses_content(arguments)
        if refused:
            return refused
        channel, user = arguments["channel"], arguments["user"]
        self._whisper(channel, user, arguments["text"], arguments.get("blocks", []))
        return {"ok": True, "message_ts": self.whispers[-1].id}

    def _user(self, arguments: Json) -> Json:
        id_ = arguments.get("user", "")
        user = {"id": id_, "deleted": False, "is_admin": False, **self.people.get(id_, {})}
        return self._lacks("users:read") or {"ok": True, "user": user}

    def _group(self, arguments: Json) -> Json:
        people = self.groups.get(arguments.get("usergroup", ""))
        refused = self._lacks("usergroups:read")
        if refused or people is None:
            return refused or _error("no_such_subteam")
        return {"ok": True, "users": people}

    def _refuses_channel(self, arguments: Json, *, archived: bool) -> Json | None:
        channel = self.channels.get(arguments.get("channel", ""))
        if channel is None or (channel.private and not channel.member):
            return _error("channel_not_found")
        if not channel.member:
            return _error("not_in_channel")
        return _error("is_archived") if archived and channel.archived else None

    def _refuses_content(self, arguments: Json) -> Json | None:
        blocks, text = arguments.get("blocks", []), arguments.get("text", "")
        if not blocks and not text:
            return _error("no_text")
        if len(text) > TEXT_LIMIT:
            return _error("msg_too_long")
        faults = faults_in(blocks)
        broken = [url for url in images_in(blocks) if url in self.broken_images]
        faults.extend("downloading image failed [json-pointer:/blocks]" for _ in broken)
        if faults:
            said = {"messages": [f"[ERROR] {fault}" for fault in faults]}
            return _error("invalid_blocks", errors=faults, response_metadata=said)
        return _error("msg_blocks_too_long") if too_long(blocks) else None

    def _history(self, arguments: Json) -> Json:
        """What stands in a channel itself, the newest first."""
        there = [one for one in reversed(self.messages) if "thread_ts" not in one.arguments]
        return self._read(arguments, there)

    def _replies(self, arguments: Json) -> Json:
        """A message and what stands in its thread, the oldest first."""
        first = arguments.get("ts", "")
        there = [one for one in self.messages if first in {one.ts, one.arguments.get("thread_ts")}]
        found = self._read(arguments | {"oldest": 0}, there)
        return found if there or not found["ok"] else _error("thread_not_found")

    def _read(self, arguments: Json, among: Sequence[FakeMessage]) -> Json:
        channel = self.channels.get(arguments.get("channel", ""))
        private = channel is not None and channel.private
        kind = "im" if arguments.get("channel", "").startswith("D") else "channels"
        refused = self._lacks(f"{'groups' if private else kind}:history")
        refused = refused or self._refuses_channel(arguments, archived=False)
        if refused:
            return refused
        oldest, latest = float(arguments.get("oldest", 0)), float(arguments.get("latest", "inf"))
        there = [
            message
            for message in among
            if message.channel == arguments["channel"] and oldest <= float(message.ts) <= latest
        ]
        start = int(arguments.get("cursor") or 0)
        end = start + min(int(arguments.get("limit", 100)), self.page_size)
        cursor = str(end) if end < len(there) else ""
        with_metadata = arguments.get("include_all_metadata") in {"1", "true", True}
        return {
            "ok": True,
            "messages": [_in_history(message, with_metadata) for message in there[start:end]],
            "has_more": bool(cursor),
            "response_metadata": {"next_cursor": cursor},
        }

    def _open(self, arguments: Json) -> Json:
        del arguments
        return {"ok": True, "url": f"ws://{self._address}/link?ticket={self.ticket}"}

    def _next_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self._now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # -- Socket Mode

    async def _on_socket(self, request: web.Request) -> web.StreamResponse:
        async with self._open_socket(request) as socket:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._sockets.acknowledged(json.loads(message.data))
        return socket

    @asynccontextmanager
    async def _open_socket(self, request: web.Request) -> AsyncIterator[web.WebSocketResponse]:
        if self.refuse_sockets or request.query.get("ticket") != self.ticket:
            self.refuse_sockets = max(0, self.refuse_sockets - 1)
            raise web.HTTPForbidden
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket, self._transport = socket, request.transport
        self.handshakes += 1
        await self._send("hello", num_connections=1, connection_info={"app_id": "A0NEWSBOT"})
        self._connected.set()
        try:
            yield socket
        finally:
            if self._socket is socket:
                self._connected.clear()

    async def _send(self, type_: str, **fields: object) -> None:
        assert self._socket is not None
        await self._socket.send_json({"type": type_, **fields})

    async def _on_response(self, request: web.Request) -> web.Response:
        fault = self.faults.take("response_url")
        if fault is not None and fault.cut:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault is not None:
            return web.Response(status=fault.status, text="expired_url")
        address = self._addresses[request.match_info["key"]]
        if not address.uses or self._now() > address.until:
            return web.Response(status=404, text="expired_url")
        body = await request.json()
        if self._refuses_content(body):
            return web.Response(status=400, text="invalid_blocks")
        address.uses -= 1
        self._answer(address, body)
        self.responses.append(body)
        if not address.answered.done():
            address.answered.set_result(body)
        async with self._new_request:
            self._new_request.notify_all()
        return web.Response(text="ok")

    def _answer(self, address: _ResponseAddress, body: Json) -> None:
        text, blocks = body.get("text", ""), body.get("blocks", [])
        if not body.get("replace_original"):
            assert body.get("response_type") == "ephemeral"
            self._whisper(address.seen.channel, address.user, text, blocks)
        elif isinstance(address.seen, Whisper):
            address.seen.text, address.seen.blocks = text, blocks
        else:
            self._replace(address.seen.channel, address.seen.ts, body)

    def _whisper(self, channel: str, user: str, text: str, blocks: list[Json]) -> None:
        self.whispers.append(
            Whisper(id=self._next_ts(), channel=channel, user=user, text=text, blocks=blocks)
        )

    def _replace(self, channel: str, ts: str, body: Json) -> bool:
        """Put other content in a message's place; its metadata stays where none is given."""
        for place, message in enumerate(self.messages):
            if (message.channel, message.ts) == (channel, ts):
                self.messages[place] = replace(
                    message,
                    text=body.get("text", ""),
                    blocks=body.get("blocks") or [],
                    metadata=body.get("metadata", message.metadata),
                )
                return True
        return False


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        arguments: Json = await request.json()
        return arguments
    form = await request.post()
    return {**request.query, **{name: str(value) for name, value in form.items()}}


def _error(code: str, **more: object) -> Json:
    return {"ok": False, "error": code, **more}


def _in_history(message: FakeMessage, with_metadata: bool) -> Json:
    shown: Json = {"type": "message", "bot_id": "B0NEWSBOT", "ts": message.ts, "text": message.text}
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown
