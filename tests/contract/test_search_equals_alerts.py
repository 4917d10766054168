"""A search gives exactly the entries that the query would have alerted, on each database.

The entries are made up, and where NEWSBOT_CORPUS names the corpora, real stories beside. The
matcher that alerts is asked of every one of them; a search, read page by page to its end, must
have given the same ones, each once, in its order.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.document import document_of
from bot.domain.entry import Entry, StoredEntry
from bot.domain.feed import Feed
from bot.domain.news import Standing
from bot.ports.entries import Wanted
from bot.query.document import Document
from bot.query.matcher import Matcher
from bot.query.syntax import parse
from bot.query.tree import And, Node, Not, Or, Regex, Words
from bot.services.search import Order, search
from bot.storage.database import Database
from tests.fakes.clock import START
from tests.fakes.databases import skip_or_fail
from tests.fakes.news import identified
from tests.unit.query.trees import documents, queries

CORPUS = "NEWSBOT_CORPUS"
PAGE = 25
MADE_UP, RANDOM = 150, 80
"""Entries and queries."""
FROM_EACH = 60
"""Stories out of each file of the corpus."""

WRITTEN = """
China
US
us
tariff
=tariff
elect*
US*
"Xi Jinping"
"the China the"
China tariffs
China OR tariff
China -tariff
China NOT (US OR AI)
(US OR AI) (policy OR China)
China NEAR/3 tariff
"Xi Jinping" NEAR US
/chin[ae]/
/\\bUS\\b/ China
/\\btariffs?\\b/
/(US|AI) pol/
title:China
title:US
title:"US-China"
summary:tariff
body:chi*
source:China
author:China
tag:us-china
tag:ai -China
site:example.org
site:news.example.org US
lang:en
lang:en-gb OR lang:de
北京
京
São
don't
1.5
topic:trade
topic:trade -US
title:(China OR tariff) tag:china
"""
OF_THE_CORPUS = """
Google
"climate change"
Ukraine OR Crimea
Apple -iPhone
title:police
Fed NEAR/4 rate
elect*
the
"of the"
/\\b[A-Z]{2,5}\\b/ stock
/\\bbill(ion)?s?\\b/
title:/\\btrump\\W/
/\\$\\d+ million/
says title:new
Trump (wall OR border) -Clinton
"""
TOPICS: Mapping[str, Node] = {"trade": Or((Words("tariff"), And((Words("US"), Words("China")))))}


def collected(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many examples of a strategy, the same ones on every run."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(strategy)
    def collect(one: object) -> None:
        found.append(one)

    collect()
    return found


def made_up() -> Iterator[tuple[str, Entry]]:
    """Entries, each with its feed's name, out of the documents that queries are tried on."""
    for number, document in enumerate(collected(documents, MADE_UP)):
        assert isinstance(document, Document)
        yield (
            document.feed,
            Entry(
                title=document.title,
                guid=f"made-up-{number}",
                url=f"https://{document.host}/{number}" if document.host else None,
                summary=document.summary,
                body=document.body,
                authors=document.authors,
                published=START - (number * 7 % 50) * timedelta(seconds=20),
                tags=tuple(sorted(document.tags)),
                language=document.language or None,
            ),
        )


def real() -> Iterator[tuple[str, Entry]]:
    """Stories of the corpus; only what search reads of them."""
    folder = os.environ.get(CORPUS)
    if not folder:
        skip_or_fail(f"{CORPUS} names no corpus")
    for file in sorted(Path(str(folder), "stories").glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(islice(lines, FROM_EACH)):
                yield file.stem, _story(f"{file.stem}-{number}", json.loads(line))


def _story(guid: str, fields: Mapping[str, Any]) -> Entry:
    texts = [fields.get(key) for key in ("summary", "lead", "text", "text_a", "article")]
    body = next((text for text in texts if text), "")
    return Entry(
        title=str(fields.get("title") or fields.get("title_a") or fields.get("first") or guid),
        guid=guid,
        url=fields.get("url") or fields.get("url_a"),
        body=" ".join(body) if isinstance(body, list) else str(body),
        published=datetime.fromtimestamp(fields["ts"], UTC) if "ts" in fields else None,
        tags=("real",),
        language="en",
    )


async def fill(store: Database, entries: Iterator[tuple[str, Entry]]) -> list[StoredEntry]:
    """Store entries, each under its feed's name, as polls would; gives them as stored."""
    url = "https://wire.example/feed"
    async with store.begin() as transaction:
        await transaction.feeds.add([url], due_at=START)
        for name, entry in entries:
            feed = Feed(url=url, name=name, tags=frozenset({"world"}))
            await transaction.entries.add(
                feed, 1, identified(entry), standing=Standing.NEWS, now=START
            )
    async with store.read() as transaction:
        candidates = transaction.entries.candidates(Wanted(), after=None, first=500)
        return [stored async for _, stored in candidates]


async def pages(store: Database, query: Node, order: Order) -> list[StoredEntry]:
    """Everything a search gives, page by page."""
    found: list[StoredEntry] = []
    after = None
    while True:
        page = await search(store, query, order=order, limit=PAGE, after=after)
        assert page.reached is None
        found += [hit.stored for hit in page.hits]
        if page.next is None:
            return found
        after = page.next


async def assert_equal(
    store: Database, stored: Sequence[StoredEntry], asked: Sequence[Node]
) -> None:
    """Search and the matcher agree on every query; the store gives newest first."""
    matcher = Matcher({str(number): query for number, query in enumerate(asked)})
    matched = [(one, set(matcher.match(document_of(one)))) for one in stored]
    for number, query in enumerate(asked):
        expected = [one for one, names in matched if str(number) in names]
        assert await pages(store, query, Order.NEWEST) == expected, query
        best = [one.entry_id for one in await pages(store, query, Order.BEST)]
        assert len(best) == len(set(best)), query
        assert set(best) == {one.entry_id for one in expected}, query


@pytest.fixture
async def made_up_entries(store: Database) -> list[StoredEntry]:
    return await fill(store, made_up())


async def test_written_queries_find_what_they_would_have_alerted(
    store: Database, made_up_entries: list[StoredEntry]
) -> None:
    asked = [parse(text, topics=TOPICS) for text in WRITTEN.strip().splitlines()]
    assert len(made_up_entries) == MADE_UP
    await assert_equal(store, made_up_entries, asked)


async def test_any_query_finds_what_it_would_have_alerted(
    store: Database, made_up_entries: list[StoredEntry]
) -> None:
    asked = [*collected(queries, RANDOM), Not(Words("China")), Regex("."), And(()), Or(())]
    await assert_equal(store, made_up_entries, asked)


async def test_real_stories_are_found_where_they_would_have_alerted(store: Database) -> None:
    stored = await fill(store, real())
    asked = [parse(text) for text in OF_THE_CORPUS.strip().splitlines()]
    await assert_equal(store, stored, asked)
    assert any([await pages(store, query, Order.NEWEST) for query in asked])
