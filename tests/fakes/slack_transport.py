"""Slack transport: how what people do reaches the app, by a socket or by signed requests."""

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

Json = dict[str, Any]

INTERACTIVE = "interactive"
COMMANDS = "slash_commands"
EVENTS = "events_api"


class Transport(Protocol):
    """Brings a payload to the app."""

    async def deliver(self, kind: str, payload: Json) -> Json:
        """Gives the payload of the acknowledgement; empty for a bare one."""
        ...


class Sockets:
    """Envelopes over the socket that the app opened."""

    def __init__(self, send: Callable[..., Awaitable[None]]) -> None:
        self._send = send
        self._acks: dict[str, asyncio.Future[Json]] = {}

    async def deliver(self, kind: str, payload: Json) -> Json:
        envelope = uuid.uuid4().hex
        acked = asyncio.get_running_loop().create_future()
        self._acks[envelope] = acked
        await self._send(kind, envelope_id=envelope, payload=payload)
        return dict(await acked)

    def acknowledged(self, envelope: Json) -> None:
        """Take what the app sent back."""
        waiting = self._acks.pop(envelope.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(envelope.get("payload") or {})


@dataclass(frozen=True, slots=True)
class Signed:
    """Requests to the app's address, signed as Slack signs them.

    Attributes:
        url: Where the app listens.
        secret: The app's signing secret.
        now: Slack's time, in seconds.
    """

    url: str
    secret: str
    now: Callable[[], float] = time.time

    async def deliver(self, kind: str, payload: Json) -> Json:
        body, content_type = encoded(kind, payload)
        headers = {"Content-Type": content_type, **signature(self.secret, body, self.now())}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=body, headers=headers) as answer,
        ):
            text = await answer.text()
            assert answer.status == 200, f"{answer.status} {text}"
        return dict(json.loads(text)) if text else {}


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """The body of a request and its content type."""
    if kind == EVENTS:
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == COMMANDS else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def signature(secret: str, body: bytes, at: float | None = None) -> dict[str, str]:
    """The headers with which Slack signs a body."""
    timestamp = str(int(time.time() if at is None else at))
    base = b":".join((b"v0", timestamp.encode(), body))
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
