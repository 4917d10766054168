"""What takes long to prepare is prepared beside the event loop, which goes on meanwhile.

How long the loop is held at most is measured by `python -m bench.loop`.
"""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, timedelta

from bot.domain.catalog import Catalog
from bot.domain.topic import Topic
from bot.query.tree import Node
from bot.services.backtest import backtest
from bot.storage.database import Database
from tests.fakes.clock import START, FakeClock
from tests.fakes.house import TOPICS, house

PATIENCE = 10.0
"""Seconds after which a loop counts as held for good."""


class Slow(tuple[Topic, ...]):  # noqa: SLOT001 - it carries an event
    """Topics that take until the loop has gone on."""

    begun: threading.Event
    gone_on: threading.Event

    def __iter__(self) -> Iterator[Topic]:
        self.begun.set()
        assert self.gone_on.wait(PATIENCE), "the event loop is held"
        return super().__iter__()


def slow() -> Slow:
    topics = Slow(TOPICS)
    topics.begun, topics.gone_on = threading.Event(), threading.Event()
    return topics


async def go_on(topics: Slow) -> None:
    """What a loop that is not held comes to."""
    await asyncio.to_thread(topics.begun.wait, PATIENCE)
    topics.gone_on.set()


class Changed:
    """Files that changed."""

    def __init__(self, topics: Slow) -> None:
        self._topics = topics

    def refresh(self) -> Catalog:
        return Catalog((), self._topics)


async def test_the_topics_of_changed_files_are_prepared_beside_the_loop(
    store: Database, clock: FakeClock
) -> None:
    topics = slow()
    async with house(store, clock, source=Changed(topics)) as bot:
        going_on = asyncio.create_task(go_on(topics))
        assert await bot.rounds.reread()
        await going_on
        assert bot.rounds.catalog.topics == TOPICS


async def test_the_topics_of_a_backtest_are_prepared_beside_the_loop(store: Database) -> None:
    topics = slow()
    going_on = asyncio.create_task(go_on(topics))
    query: Node = TOPICS[0].query
    since = START - timedelta(days=1)
    found = await backtest(store, query, topics, since=since, until=START, zone=UTC)
    await going_on
    assert found.newest == ()
