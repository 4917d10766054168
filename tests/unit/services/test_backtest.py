"""A backtest counts what would have been alerted."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot.domain.backtest import Backtest
from bot.domain.channel import Channel, Platform
from bot.domain.entry import Entry, StoredEntry
from bot.domain.feed import Feed
from bot.domain.news import Standing
from bot.domain.topic import Topic
from bot.ports.store import Store
from bot.query.syntax import parse
from bot.query.tree import And, Node, Not, Words
from bot.services.backtest import SAMPLES, backtest
from bot.services.route import Router, publish
from bot.storage.database import Database
from tests.fakes.clock import START
from tests.fakes.news import POST, WIRE, entry, identified

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CHANNEL = Channel(Platform.SLACK, "C1")
QUERIES = (
    "harbour",
    "ferries -fog",
    "(ferry OR harbour) NEAR/3 strike",
    'title:"harbour dues" OR tag:world',
    "/strik(e|ing)/ OR Oslo",
    "oslo* lang:en",
    "zeppelin",
    "topic:ports fog",
)
VOCABULARY = (
    *("harbour", "ferry", "ferries", "strike", "striking", "dues"),
    *("fog", "Oslo", "Hull", "council", "talks", "delayed"),
)


def topic(name: str, query: Node) -> Topic:
    return Topic(name=name, title=name, query=query, channels=(CHANNEL,))


PORTS = topic("ports", parse("harbour OR dues"))
WEATHER = topic("weather", parse("fog"))


async def add(
    store: Store, feed: Feed, entries: Sequence[Entry], *, standing: Standing = Standing.NEWS
) -> Sequence[StoredEntry]:
    """Store what a feed published."""
    async with store.begin() as transaction:
        await transaction.feeds.add([feed.url], due_at=START)
        state = await transaction.feeds.get(feed.url)
        assert state is not None
        await transaction.feeds.save(replace(state, baseline_at=START - 20 * DAY))
        return await transaction.entries.add(
            feed, state.feed_id, identified(*entries), standing=standing, now=START
        )


async def titled(
    store: Store, *titles: str, feed: Feed = WIRE, standing: Standing = Standing.NEWS
) -> None:
    """Store entries with nothing but a headline, the first of them the newest, an hour apart."""
    entries = [
        Entry(title=title, guid=f"{standing}-{n}-{title}", published=START - DAY / 24 * (n + 1))
        for n, title in enumerate(titles)
    ]
    await add(store, feed, entries, standing=standing)


async def run(
    store: Store, query: str, *topics: Topic, days: int = 10, proposals: bool = True
) -> Backtest:
    trees: Mapping[str, Node] = {one.name: one.query for one in topics}
    return await backtest(
        store,
        parse(query, topics=trees or None),
        topics,
        since=START - days * DAY,
        until=START,
        zone=UTC,
        proposals=proposals,
    )


def published(source: random.Random, count: int, feed: str) -> list[Entry]:
    """Made-up entries of nine days; every third is a publication that each feed has."""
    entries = []
    for number in range(count):
        own = entry(
            number,
            title=" ".join(source.choices(VOCABULARY, k=6)),
            published=START - source.random() * 9 * DAY,
        )
        link = "shared" if number % 3 == 0 else feed
        entries.append(
            replace(
                own,
                guid=f"{feed}-{number}",
                url=f"https://{link}.example/{number}",
                summary=" ".join(source.choices(VOCABULARY, k=3)),
                body="",
                tags=(),
            )
        )
    return entries


@pytest.mark.parametrize("query", QUERIES)
async def test_a_backtest_counts_what_the_router_alerts(store: Database, query: str) -> None:
    trees = {"ports": PORTS.query}
    tested = topic("tested", parse(query, topics=trees))
    router = Router([tested], platforms=frozenset({Platform.SLACK}), shared=[WIRE.url, POST.url])
    source = random.Random(11)  # noqa: S311 - made-up news, the same each time
    stored = [
        *await add(store, WIRE, published(source, 60, "wire")),
        *await add(store, POST, published(source, 60, "post")),
    ]
    async with store.begin() as transaction:
        alerts = await publish(transaction, router, stored, now=START)
    stories = {one.story_id for one in stored if router.match(one).reasons}
    found = await backtest(store, tested.query, [], since=START - 10 * DAY, until=START, zone=UTC)
    assert found.hits == alerts == len(stories)
    assert sum(day.hits for day in found.days) == alerts
    assert sum(hits for _, hits in found.feeds) == alerts
    assert sum(day.stored or 0 for day in found.days) == len(stored)


async def test_topics_have_the_hits_that_the_router_gives_them(store: Database) -> None:
    source = random.Random(5)  # noqa: S311 - made-up news, the same each time
    stored = await add(store, WIRE, published(source, 80, "wire"))
    tested = topic("tested", parse("ferry OR Oslo"))
    router = Router([tested, PORTS, WEATHER], platforms=frozenset())
    found = await run(store, "ferry OR Oslo", PORTS, WEATHER)
    alerted = [{reason.topic for reason in router.match(one).reasons} for one in stored]
    hits = [topics - {"tested"} for topics in alerted if "tested" in topics]
    assert dict(found.topics) == {
        name: sum(name in topics for topics in hits) for name in ("ports", "weather")
    }
    assert found.new == sum(not topics for topics in hits)


async def test_what_is_held_or_discarded_does_not_count_and_a_baseline_does(
    store: Database,
) -> None:
    for standing in Standing:
        await titled(store, f"Harbour {standing}", standing=standing)
    found = await run(store, "harbour")
    assert {sample.headline for sample in found.newest} == {"Harbour news", "Harbour baseline"}
    assert found.hits == 2


async def test_what_appeared_before_or_after_does_not_count(store: Database) -> None:
    ages = [-DAY / 24, DAY, 3 * DAY]
    await add(store, WIRE, [entry(n, published=START - age) for n, age in enumerate(ages)])
    since, until = START - 2 * DAY, START - MINUTE
    found = await backtest(store, Words("story"), [], since=since, until=until, zone=UTC)
    assert [sample.headline for sample in found.newest] == ["Story number 1"]


@pytest.mark.parametrize("second", [0, 1, 59])
async def test_the_running_minute_counts(store: Database, second: int) -> None:
    midnight = START - DAY / 24 * 9
    now = midnight + second * MINUTE / 60
    await add(store, WIRE, [entry(1, published=midnight), entry(2, published=midnight - MINUTE)])
    found = await backtest(store, Words("story"), [], since=now - DAY, until=now, zone=UTC)
    assert [day.hits for day in found.days] == [1, 1]
    assert [day.stored for day in found.days] == [1, 1]


async def test_samples_say_what_decided_and_who_has_them_too(store: Database) -> None:
    await titled(store, "Harbour strike - Wire", "Fog over the harbour")
    newest, older = (await run(store, "harbour", WEATHER)).newest
    assert (newest.headline, newest.feed) == ("Harbour strike", "Wire")
    assert newest.words == ("“Harbour” in the title",)
    assert newest.topics == ()
    assert newest.appeared_at == START - DAY / 24
    assert older.topics == ("weather",)


async def test_the_newest_are_shown_and_others_from_all_of_the_time(store: Database) -> None:
    await titled(store, *(f"Harbour story {number}" for number in range(20)))
    found = await run(store, "harbour")
    assert [sample.headline for sample in found.newest] == [
        f"Harbour story {number}" for number in range(SAMPLES)
    ]
    assert [sample.headline for sample in found.spread] == [
        f"Harbour story {number}" for number in (6, 9, 12, 15, 18)
    ]


QUIET = [f"Council meets on matter {number} in {place}" for number in range(40) for place in "abc"]


async def test_a_proposal_says_what_it_would_remove_and_removes_just_that(
    store: Database,
) -> None:
    await titled(
        store,
        *["Council on harbour horoscopes", "Horoscope: a harbour in sight", "Harbour horoscope"],
        *["Harbour strike grows", "Harbour strike ends", "Harbour dredged", "Harbour fog"],
        *QUIET,
    )
    found = await run(store, "harbour", topic("pay", parse("strike")))
    (proposed,) = [one for one in found.exclusions if "horoscope" in one.words]
    assert (proposed.removes, proposed.shared) == (3, 0)
    assert "horoscope" in proposed.example.lower()
    with_it = And((parse("harbour"), Not(Words(proposed.words))))
    since, until = START - 10 * DAY, START
    left = await backtest(store, with_it, [], since=since, until=until, zone=UTC)
    assert left.hits == found.hits - proposed.removes


async def test_a_proposal_says_how_much_of_it_another_topic_has(store: Database) -> None:
    lone = [f"Harbour horoscope {number}" for number in range(9)]
    await titled(store, *lone, "Fog in the harbour horoscope", *["Harbour reopens"] * 12, *QUIET)
    found = await run(store, "harbour", WEATHER)
    (proposed,) = [one for one in found.exclusions if "horoscope" in one.words]
    assert (proposed.removes, proposed.shared) == (10, 1)


async def test_an_example_has_the_words_in_its_headline_where_one_has(store: Database) -> None:
    entries = [
        Entry(title=title, summary=summary, guid=title, published=START - DAY)
        for title, summary in [
            ("Harbour in May", "Your horoscope"),
            ("Harbour horoscope", ""),
            ("Harbour, again", "A horoscope"),
            *((f"Harbour calm {number}", "") for number in range(5)),
        ]
    ]
    await add(store, WIRE, entries)
    await titled(store, *QUIET)
    (proposed,) = [one for one in (await run(store, "harbour")).exclusions if one.removes == 3]
    assert proposed.words == "horoscope"
    assert proposed.example == "Harbour horoscope"


async def test_without_proposals_only_what_the_index_proposes_is_read(store: Database) -> None:
    await titled(store, "Harbour strike", *["Harbour horoscope"] * 4, *QUIET)
    seen: list[float] = []
    found = await backtest(
        store,
        parse("harbour"),
        [],
        since=START - 10 * DAY,
        until=START,
        zone=UTC,
        proposals=False,
        progress=seen.append,
    )
    assert found.hits == 5
    assert len(found.newest) == 5
    assert found.exclusions == ()
    assert {day.stored for day in found.days} == {None}
    assert len(seen) == 5 + 1


async def test_progress_goes_from_nothing_to_all(store: Database) -> None:
    await titled(store, "Harbour strike", *["Harbour horoscope"] * 4, *QUIET)
    seen: list[float] = []
    since, until = START - 10 * DAY, START
    await backtest(
        store, parse("harbour"), [], since=since, until=until, zone=UTC, progress=seen.append
    )
    assert seen == sorted(seen)
    assert 0 < seen[0] < 0.1
    assert seen[-1] == 1


async def test_the_report_says_since_when_newsbot_watches(store: Database) -> None:
    nothing = (await run(store, "harbour")).watch
    assert (nothing.since, nothing.feeds, nothing.joined) == (None, 0, 0)
    await titled(store, "Harbour")
    await titled(store, "Harbour", feed=POST)
    async with store.begin() as transaction:
        await transaction.feeds.add(["https://new.example/feed"], due_at=START)
        state = await transaction.feeds.get(POST.url)
        assert state is not None
        await transaction.feeds.save(replace(state, baseline_at=START - DAY))
    watch = (await run(store, "harbour")).watch
    assert (watch.since, watch.feeds, watch.joined) == (START - 20 * DAY, 2, 1)
