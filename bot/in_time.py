"""In time: requests of which not a byte is sent when the time for them is over.

A process can be stopped anywhere, for as long as may be, and go on as if nothing had been. aiohttp
writes a request's bytes some turns of the event loop after it began with it, once there is a
connection, and what stands ready in the loop goes before the time-outs that ran out meanwhile. So
the clock is asked twice: before a request is begun, and as the last thing before its bytes leave.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp


class TooLateError(aiohttp.ClientError):
    """Nothing of a request was sent: what it is for is no longer ours to do."""


_HELD_UP = "newsbot was held up; nothing more was sent."

_may_send: ContextVar[Callable[[], bool]] = ContextVar("may_send", default=lambda: True)


@contextmanager
def only_while(holds: Callable[[], bool]) -> Iterator[None]:
    """Within the block, in this task and its children, requests are sent only while this holds.

    One that is not sent ends in `TooLateError`, see `unwrapped`. That leaves a library's rate
    limits in order, as breaking its request off does not.
    """
    token = _may_send.set(holds)
    try:
        yield
    finally:
        _may_send.reset(token)


def watch(trace: aiohttp.TraceConfig) -> aiohttp.TraceConfig:
    """Have the requests of a session that is traced so obey `only_while`; gives the trace."""

    async def begins(
        _: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceRequestStartParams
    ) -> None:
        _make_sure()

    async def leaves(
        _: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceRequestChunkSentParams
    ) -> None:
        # Called before a part of the body is sent, and the headers are sent with the first.
        _make_sure()

    trace.on_request_start.append(begins)
    trace.on_request_chunk_sent.append(leaves)
    return trace


def unwrapped(error: Exception) -> Exception:
    """The `TooLateError` that aiohttp made another error of; any other error as it is."""
    return error.__cause__ if isinstance(error.__cause__, TooLateError) else error


def _make_sure() -> None:
    if not _may_send.get()():
        raise TooLateError(_HELD_UP)
