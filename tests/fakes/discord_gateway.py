"""Gateway: the fake Discord's web socket.

Discord, "Gateway": Hello, Identify or Resume, heartbeats, dispatched events, close codes.
"""

import asyncio
import itertools
import json
from collections.abc import Sequence
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]
Shard = tuple[int, int]
"""Its number, and of how many."""

_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME = 0, 1, 2, 6
_RECONNECT, _INVALID_SESSION, _HELLO, _HEARTBEAT_ACK = 7, 9, 10, 11
_HEARTBEAT_MILLISECONDS = 41_250
_AUTHENTICATION_FAILED = 4004


class Gateway:
    """Keeps the sockets of connected clients.

    Attributes:
        token: The one that may identify; a change is felt at the next connection.
        identified: How many sessions were begun.
        resumed: How many were resumed.
        refusing: Whether new connections are refused with 503.
        shards: Over how many connections a client is asked to spread its servers.
        guilds: The servers a client is told of once it has identified.
    """

    def __init__(
        self, token: str, user: Json, application: Json, guilds: Sequence[Json] = ()
    ) -> None:
        self.token = token
        self.guilds = guilds
        self.identified = 0
        self.resumed = 0
        self.refusing = False
        self.shards = 1
        self.url = ""
        self._user = user
        self._application = application
        self._sockets: dict[web.WebSocketResponse, Shard] = {}
        self._sessions: dict[str, Shard] = {}
        self._sequence = itertools.count(1)
        self._changed = asyncio.Condition()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, for as long as it lasts."""
        if self.refusing:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await _send(socket, _HELLO, {"heartbeat_interval": _HEARTBEAT_MILLISECONDS})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(socket, json.loads(message.data))
        finally:
            self._sockets.pop(socket, None)
        return socket

    async def about(self, _: web.Request) -> web.Response:
        """Where the gateway is, and how to connect to it."""
        limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        body = {"url": self.url, "shards": self.shards, "session_start_limit": limits}
        response = web.json_response(body)
        response.headers["Content-Type"] = "application/json"
        return response

    async def until_connected(self, times: int = 1) -> None:
        """Wait until so many sessions were begun or resumed, all in all."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.identified + self.resumed >= times)

    async def dispatch(self, event: str, payload: Json) -> None:
        """Send an event to the connection of its server; one without a server to the first."""
        assert self._sockets, "nobody is connected to the gateway"
        for socket, shard in list(self._sockets.items()):
            if _is_at(payload.get("guild_id") or 0, shard):
                await self._dispatch(socket, event, payload)

    async def ask_to_reconnect(self) -> None:
        """Send everybody away, to come back and resume."""
        for socket in list(self._sockets):
            await _send(socket, _RECONNECT, None)

    async def invalidate(self) -> None:
        """End every session; clients must identify anew."""
        self._sessions.clear()
        for socket in list(self._sockets):
            await _send(socket, _INVALID_SESSION, data=False)

    async def close_all(self, code: int) -> None:
        """Close every connection with a close code of Discord's."""
        for socket in list(self._sockets):
            await socket.close(code=code)

    async def _received(self, socket: web.WebSocketResponse, frame: Json) -> None:
        payload = frame["d"]
        match frame["op"]:
            case op if op == _HEARTBEAT:
                await _send(socket, _HEARTBEAT_ACK, None)
            case op if op in {_IDENTIFY, _RESUME} and payload["token"] != self.token:
                await socket.close(code=_AUTHENTICATION_FAILED, message=b"Authentication failed.")
            case op if op == _IDENTIFY:
                await self._begin(socket, tuple(payload.get("shard") or (0, 1)))
            case op if op == _RESUME and payload["session_id"] in self._sessions:
                await self._resume(socket, self._sessions[payload["session_id"]])
            case op if op == _RESUME:
                await _send(socket, _INVALID_SESSION, data=False)

    async def _begin(self, socket: web.WebSocketResponse, shard: Shard) -> None:
        session = f"session-{len(self._sessions) + 1}-{self.identified}"
        self._sessions[session] = shard
        ready = {
            "v": 10,
            "user": self._user,
            "guilds": [],
            "session_id": session,
            "resume_gateway_url": self.url,
            "application": self._application,
            "shard": shard,
        }
        await self._dispatch(socket, "READY", ready)
        for guild in self.guilds:
            if _is_at(guild["id"], shard):
                await self._dispatch(socket, "GUILD_CREATE", guild)
        self.identified += 1
        await self._joined(socket, shard)

    async def _resume(self, socket: web.WebSocketResponse, shard: Shard) -> None:
        await self._dispatch(socket, "RESUMED", {})
        self.resumed += 1
        await self._joined(socket, shard)

    async def _joined(self, socket: web.WebSocketResponse, shard: Shard) -> None:
        async with self._changed:
            self._sockets[socket] = shard
            self._changed.notify_all()

    async def _dispatch(self, socket: web.WebSocketResponse, event: str, payload: Json) -> None:
        await _send(socket, _DISPATCH, payload, t=event, s=next(self._sequence))


def _is_at(guild: str | int, shard: Shard) -> bool:
    """Whether a connection is the one of a server (Discord, "Sharding")."""
    number, count = shard
    return (int(guild) >> 22) % count == number


async def _send(socket: web.WebSocketResponse, op: int, data: object, **more: object) -> None:
    await socket.send_str(json.dumps({"op": op, "d": data, "t": None, "s": None} | more))
