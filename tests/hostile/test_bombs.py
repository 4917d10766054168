"""What costs more to take in than to send ends by itself, and the other feeds are polled beside it.

How long the event loop is held at most is measured by `python -m bench.hostile bombs`.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.entry import ParsedFeed
from bot.errors import FetchError, ParseError
from bot.feeds.fetch import HttpFetcher
from bot.feeds.pool import PoolParser
from bot.ports import FetchRequest
from bot.services.poll_feed import Outcome, Poll
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.house import House, house
from tests.fakes.publisher import Publisher
from tests.hostile.addresses import OPEN
from tests.hostile.bombs import DOCUMENTS, GOOD, TRAPS, Document, Minefield, external, rss

PATIENCE = 1.0
"""Seconds of a parser, in which each document here is read or given up."""

KILLED = [name for name, bomb in DOCUMENTS.items() if bomb.says == "more than"]
READ = [name for name in DOCUMENTS if name not in KILLED]


@pytest.fixture
async def field() -> AsyncIterator[Minefield]:
    async with Minefield() as field:
        yield field


async def read(parser: PoolParser, bomb: Document) -> ParsedFeed | ParseError:
    try:
        return await parser.parse(bomb.body(), url="https://news.example/feed")
    except ParseError as error:
        return error


async def test_each_document_is_read_or_refused_and_costs_no_entry_beside_it() -> None:
    async with PoolParser(workers=2, timeout=30) as parser:
        answers = {name: await read(parser, DOCUMENTS[name]) for name in READ}

    for name, answer in answers.items():
        bomb = DOCUMENTS[name]
        if isinstance(answer, ParseError):
            assert bomb.says, (name, answer)
            assert bomb.says in str(answer), name
        else:
            assert bomb.good, name
            assert "Harbour reopens" in {entry.title for entry in answer.entries}, name
            assert len(answer.entries) <= 1000, name


async def test_a_document_without_end_costs_its_own_parse_only() -> None:
    good = Document(lambda: rss(GOOD))
    async with PoolParser(workers=2, timeout=PATIENCE) as parser:
        bombs = [asyncio.create_task(read(parser, DOCUMENTS[name])) for name in KILLED]
        beside = [await read(parser, good) for _ in range(3)]
        answers = await asyncio.gather(*bombs)

    assert [str(answer) for answer in answers if not isinstance(answer, ParseError)] == []
    assert all("took more than 1 s" in str(answer) for answer in answers)
    assert all(isinstance(answer, ParsedFeed) for answer in beside)


@pytest.mark.parametrize("trap", TRAPS)
async def test_each_answer_ends_by_itself(field: Minefield, trap: str) -> None:
    says = TRAPS[trap][1]
    patience = 0.3 if says in {"", "did not answer within"} else 10.0
    fetcher = HttpFetcher(
        guard=OPEN, user_agent="newsbot/test", clock=FakeClock(), timeout=patience
    )
    url = field.url(trap)

    try:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(FetchRequest(url=url))
    finally:
        await fetcher.close()

    assert says in str(caught.value)


async def test_no_document_makes_the_parser_open_or_call_anything(field: Minefield) -> None:
    documents = external(field.address)
    async with PoolParser(workers=1) as parser:
        feeds = [
            await parser.parse(body, url="https://news.example/feed") for body in documents.values()
        ]

    assert field.hits == []
    texts = [
        f"{entry.title} {entry.summary} {entry.guid}" for feed in feeds for entry in feed.entries
    ]
    assert len(texts) >= len(documents)
    assert not any("root:" in text for text in texts)


@pytest.fixture
async def publisher(clock: FakeClock) -> AsyncIterator[Publisher]:
    async with Publisher(clock) as publisher:
        yield publisher


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield database
    await database.close()


async def _poll(bot: House, number: int) -> Poll:
    """One poll of one feed, whatever the time."""
    return await bot.rounds._poll_feed(bot.rounds.feeds[number], bot.rounds._router)


async def test_the_other_feeds_are_polled_while_one_feed_sends_what_never_ends(
    store: Database, clock: FakeClock, field: Minefield, publisher: Publisher
) -> None:
    good = publisher.feed("/good.xml").url
    endless = field.lay("/endless.xml", DOCUMENTS["100,000 attributes"].body())
    urls = (good, endless, field.url("slow body"), field.url("silence"))
    async with (
        PoolParser(timeout=PATIENCE) as parser,
        house(store, clock, *urls, parser=parser, patience=3.0) as bot,
    ):
        await parser.parse(rss(GOOD), url=good)
        bad = [asyncio.create_task(_poll(bot, number)) for number in (1, 2, 3)]
        polls = [await _poll(bot, 0) for _ in range(5)]
        under_way = sum(not task.done() for task in bad)
        ends = await asyncio.gather(*bad)

    assert [poll.outcome for poll in polls] == [Outcome.BASELINE, *[Outcome.UNCHANGED] * 4]
    assert under_way > 0
    assert {poll.outcome for poll in ends} <= {Outcome.FAILED, Outcome.OFFLINE}
