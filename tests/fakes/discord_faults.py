"""Faults: the ways in which the fake Discord does not answer as it should."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Self

Json = dict[str, Any]

POST_MESSAGE = "POST message"
READ_HISTORY = "GET messages"
GET_ME = "GET me"
GET_GATEWAY = "GET gateway"
GET_CHANNEL = "GET channel"
ANSWER = "POST callback"
EDIT_ANSWER = "PATCH answer"
FOLLOW_UP = "POST follow-up"
CREATE_POST = "POST thread"
LIST_POSTS = "GET threads"
SYNC = "PUT commands"
GET_GUILD = "GET guild"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one request.

    Attributes:
        status: The HTTP status of the answer.
        body: The answer's body; JSON where it is an object.
        headers: Further headers of the answer.
        accepted: Whether the request is carried out before it goes wrong.
        cut: Break the connection in place of an answer.
        until: Wait for this before anything else, then carry the request out.
        stall: Seconds, real ones, between carrying out and what comes of it.
        reached: Set when the request has arrived.
    """

    status: int = 200
    body: Json | str = ""
    headers: dict[str, str] = field(default_factory=dict)
    accepted: bool = False
    cut: bool = False
    until: asyncio.Event | None = None
    stall: float = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def rate_limited(cls, seconds: float, *, everywhere: bool = False) -> Self:
        """429 from Discord itself."""
        body = {
            "message": "You are being rate limited.",
            "retry_after": seconds,
            "global": everywhere,
        }
        return cls(status=429, body=body, headers={"Via": "1.1 google"})

    @classmethod
    def error(cls, status: int, code: int, message: str, errors: Json | None = None) -> Self:
        """Discord's own error."""
        return cls(status=status, body={"code": code, "message": message, "errors": errors or {}})

    @classmethod
    def http(
        cls,
        status: int,
        body: Json | str = "",
        *,
        accepted: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Self:
        """An answer of another kind; a string is served as HTML."""
        return cls(status=status, body=body, accepted=accepted, headers=headers or {})

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
        """The request sets `reached`, waits for the event, then goes through."""
        return cls(until=until, accepted=True)


class RefusedError(Exception):
    """An answer of Discord's that is an error."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "errors": errors or {}}

    @classmethod
    def form(cls, errors: Json) -> Self:
        """Something is wrong with the request's form."""
        return cls(400, 50035, "Invalid Form Body", errors)


class Faults:
    """What goes wrong with the next requests, kind by kind, in order."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, request: str, *faults: Fault, times: int = 1) -> None:
        """Let the next requests of a kind, e.g. `POST_MESSAGE`, go wrong."""
        self._waiting[request].extend(faults * times)

    def take(self, request: str) -> Fault | None:
        """The fault of this request, if any."""
        waiting = self._waiting[request]
        return waiting.popleft() if waiting else None
