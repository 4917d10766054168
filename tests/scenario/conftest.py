"""What newsbot is made of is closed at the end of each scenario."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import SystemClock
from tests.fakes.feed import FakeFeed
from tests.fakes.publisher import Publisher
from tests.leftovers import nothing_is_left_behind, settled_heap

__all__ = ["nothing_is_left_behind", "settled_heap"]


@pytest.fixture
async def wire() -> AsyncIterator[FakeFeed]:
    """A feed with one old story, published by the clock on the wall."""
    async with Publisher(SystemClock()) as publisher:
        feed = publisher.feed("/wire.xml")
        feed.publish("An old story about Beijing")
        yield feed
