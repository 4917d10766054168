"""Leftovers: what a test must not leave to the tests after it."""

import gc
import threading
from collections.abc import Iterator
from typing import Final

import pytest
from aiohttp import BaseConnector, ClientSession

_WIND_DOWN_SECONDS: Final = 5.0
"""For a thread that was told to end; only a guard."""


@pytest.fixture(scope="session")
def settled_heap() -> None:
    """What is there before the first such test, all modules, is looked through no more."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_is_left_behind(settled_heap: None) -> Iterator[None]:  # noqa: ARG001 - asked for its effect
    """The test that leaves something open is the one that fails, and none of those after it.

    Set up before the test's loop, and so torn down after it. What is garbage already complains by
    itself when it is collected; what something still holds is looked for.
    """
    before = {*heartbeats(), *unclosed()}
    yield
    gc.collect()
    assert {*heartbeats(), *unclosed()} - before == set()


def heartbeats() -> list[threading.Thread]:
    """The threads of discord.py that go on beating."""
    threads = [t for t in threading.enumerate() if t.name.startswith("keep-alive-handler")]
    for thread in threads:
        if thread._stop_ev.is_set():  # type: ignore[attr-defined]  # discord.py's
            thread.join(_WIND_DOWN_SECONDS)
    return [thread for thread in threads if thread.is_alive()]


def unclosed() -> list[ClientSession | BaseConnector]:
    """The sessions and connectors of aiohttp that are open."""
    return [
        thing
        for thing in gc.get_objects()
        # Not isinstance, which asks a proxy for what it stands for.
        if issubclass(type(thing), (ClientSession, BaseConnector)) and not thing.closed
    ]
