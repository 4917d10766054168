"""The index follows the entries, and proposes them newest first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import event, text

from bot.domain.entry import Entry, StoredEntry
from bot.domain.feed import Feed
from bot.domain.news import Standing
from bot.ports.entries import Place, Wanted
from bot.query.document import Document
from bot.query.lookup import AllOf, AnyOf, Key, Lookup, Pair, index_terms
from bot.query.lookup import lookup as lookup_of
from bot.query.tree import And, Node, Or, Words
from bot.storage import search as module
from bot.storage.database import Database
from tests.fakes.clock import START
from tests.fakes.news import POST, WIRE, entry, identified

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOW = START + DAY


async def add(store: Database, *fresh: Entry, feed: Feed = WIRE) -> Sequence[StoredEntry]:
    async with store.begin() as transaction:
        await transaction.feeds.add([feed.url], due_at=START)
        state = await transaction.feeds.get(feed.url)
        assert state is not None
        return await transaction.entries.add(
            feed, state.feed_id, identified(*fresh), standing=Standing.NEWS, now=NOW
        )


async def places(
    store: Database,
    lookup: Lookup | None = None,
    *,
    after: Place | None = None,
    first: int = 5,
    feed_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[tuple[Place, StoredEntry]]:
    wanted = Wanted(lookup=lookup, feed_id=feed_id, since=since, until=until)
    async with store.read() as transaction:
        candidates = transaction.entries.candidates(wanted, after=after, first=first)
        return [pair async for pair in candidates]


async def guids(store: Database, lookup: Lookup | None = None) -> list[str]:
    return [str(stored.entry.guid) for _, stored in await places(store, lookup)]


def told(number: int, title: str, *, minutes: float | None = 0) -> Entry:
    published = None if minutes is None else START + minutes * MINUTE
    unique = f"{title} {number}"  # two of one title and day are one entry
    return replace(
        entry(number, title=unique), published=published, updated=None, summary="", body=""
    )


async def test_candidates_come_by_the_time_of_publication_whenever_they_were_seen(
    store: Database,
) -> None:
    await add(store, told(1, "Beijing", minutes=5), told(2, "Beijing", minutes=9))
    await add(store, told(3, "Beijing", minutes=7))
    assert await guids(store, Key("beijing")) == ["guid-2", "guid-3", "guid-1"]
    assert await guids(store) == ["guid-2", "guid-3", "guid-1"]


async def test_in_one_minute_the_later_seen_is_the_newer(store: Database) -> None:
    await add(store, told(1, "Beijing", minutes=0.9), told(2, "Beijing", minutes=0.1))
    await add(store, told(3, "Beijing", minutes=0.5))
    assert await guids(store, Key("beijing")) == ["guid-3", "guid-2", "guid-1"]


async def test_no_date_or_one_to_come_counts_as_the_time_it_was_seen(store: Database) -> None:
    await add(store, told(1, "Beijing", minutes=None))
    await add(store, told(2, "Beijing", minutes=3 * DAY / MINUTE))
    await add(store, told(3, "Beijing", minutes=DAY / MINUTE - 1))
    assert await guids(store, Key("beijing")) == ["guid-2", "guid-1", "guid-3"]


async def test_a_date_before_computers_is_no_trouble(store: Database) -> None:
    await add(store, told(1, "Beijing", minutes=-START.timestamp() / 60 - 10**6))
    assert await guids(store, Key("beijing")) == ["guid-1"]


@pytest.mark.parametrize(
    ("lookup", "found"),
    [
        (Key("fog"), {1}),
        (Key("^us"), {2}),
        (Key("~us"), {2, 3}),
        (Key("don't"), {1}),
        (Key("1.5"), {3}),
        (Key("北"), {4}),
        (Key("#us-china"), {1, 2, 3, 4}),
        (Key("/wire.example"), {1, 2, 3, 4}),
        (Key("%en"), {1, 2, 3, 4}),
        (Key("&báez"), set()),
        (Key("&baez"), {1, 2, 3, 4}),
        (Key("fo", prefix=True), {1, 3}),
        (Key("@wi", prefix=True), {1, 2, 3, 4}),
        (Key("nothing-so", prefix=True), set()),
        (AllOf((Key("fo", prefix=True), Key("us"))), {3}),
        (AnyOf((Key("fog"), Key("北"))), {1, 4}),
        (AllOf((AnyOf((Key("fog"), Key("us"))), AnyOf((Key("^us"), Key("don't"))))), {1, 2}),
        (Pair(("us",), ("talks",)), {2}),
        (Pair(("us",), ("talks", "1.5")), {2, 3}),
        (Pair(("talks",), ("us",)), set()),
        (Pair(("1.5",), ("folk",)), set()),
        (Pair(("1.5",), ("folk",), 1), set()),
        (Pair(("1.5",), ("folk",), 2), {3}),
        (Pair(("folk",), ("the", "1.5"), 2), {3}),
        (AllOf((Pair(("us",), ("1.5",)), Key("fog"))), set()),
        (AnyOf((Pair(("us",), ("1.5",)), Key("fog"))), {1, 3}),
        (AnyOf(), set()),
        (None, {1, 2, 3, 4}),
    ],
)
async def test_what_a_lookup_finds(store: Database, lookup: Lookup | None, found: set[int]) -> None:
    await add(
        store,
        told(1, "The fog: don’t sail"),
        told(2, "US talks"),
        told(3, "Tell us: 1.5 of the folk"),
        told(4, "北京"),
    )
    assert set(await guids(store, lookup)) == {f"guid-{number}" for number in found}


async def test_signs_in_a_term_are_no_signs_to_the_database(store: Database) -> None:
    odd = (*"!#$%&()*+,-./:;<=>?@[\\]^_`{|}~'", "a:b*", "' & 'x'", "é")
    await add(store, replace(told(1, "Beijing"), tags=odd))
    for sign in odd:
        assert await guids(store, Key(f"#{sign.replace(' ', '_')}")) == ["guid-1"]
    assert await guids(store, Key("#nothing")) == []


async def test_a_prefix_of_very_many_words_finds_them_all(store: Database) -> None:
    await add(store, *(told(n, f"ab{n} story") for n in range(1, 351)))
    assert len(await places(store, Key("ab", prefix=True))) == 350
    assert len(await places(store, AllOf((Key("ab", prefix=True), Key("ab7"))))) == 1


@pytest.mark.parametrize("body", ["Beijing " * 300, " ".join(f"w{n}" for n in range(17_000))])
async def test_of_words_too_many_to_have_places_none_is_missed(store: Database, body: str) -> None:
    """PostgreSQL keeps 16,383 positions of an entry, and 256 of a word."""
    await add(store, replace(told(1, "Talks"), body=f"{body} in Beijing today"))
    assert await guids(store, Pair(("in",), ("beijing",))) == ["guid-1"]
    assert await guids(store, Pair(("in",), ("today",), 3)) == ["guid-1"]
    assert await guids(store, Pair(("in",), ("shanghai",))) == []


async def test_words_far_apart_are_found(store: Database) -> None:
    between = " ".join(f"w{n}" for n in range(60))
    await add(store, told(1, f"Talks {between} Beijing"))
    assert await guids(store, Pair(("beijing",), ("talks",), 60)) == ["guid-1"]


async def test_a_lookup_of_very_many_words_is_no_trouble(store: Database) -> None:
    await add(store, told(1, "Beijing"))
    words = tuple(Key(f"word{n}") for n in range(3_000))
    assert await guids(store, AnyOf((*words, Key("beijing")))) == ["guid-1"]
    assert await guids(store, AllOf((Key("beijing"), *words))) == []


async def test_a_deep_query_is_no_trouble(store: Database) -> None:
    await add(store, told(1, "Beijing"))
    query: Node = Words("Beijing")
    for number in range(100):
        query = Or((Words(f"w{number}"), And((Words("Beijing"), query))))
    assert await guids(store, lookup_of(query)) == ["guid-1"]


async def test_more_than_one_batch_comes_whole_and_in_order(store: Database) -> None:
    await add(store, *(told(n, "Beijing", minutes=n % 7) for n in range(1, 1_201)))
    for lookup in (Key("beijing"), None):
        found = [place for place, _ in await places(store, lookup, first=2)]
        assert len(found) == 1_200
        assert found == sorted(found, reverse=True)


async def test_reading_goes_on_behind_a_place(store: Database) -> None:
    await add(store, *(told(n, "Beijing", minutes=n) for n in range(1, 6)))
    for lookup in (Key("beijing"), None):
        everything = await places(store, lookup)
        assert await places(store, lookup, after=everything[1][0]) == everything[2:]
        until = await places(store, lookup, after=everything[1][0], until=START + 2 * MINUTE)
        assert until == everything[4:]


async def test_a_span_of_time_is_to_the_minute(store: Database) -> None:
    await add(store, *(told(n, "Beijing", minutes=n / 2) for n in range(6)))
    for lookup in (Key("beijing"), None):
        span = await places(store, lookup, since=START + MINUTE, until=START + 2 * MINUTE)
        assert [stored.entry.guid for _, stored in span] == ["guid-3", "guid-2"]


async def test_one_feeds_entries_can_be_asked_for(store: Database) -> None:
    (of_wire,) = await add(store, told(1, "Beijing"))
    (of_post,) = await add(store, told(1, "Beijing"), feed=POST)
    for lookup in (Key("beijing"), None):
        assert await places(store, lookup, feed_id=of_wire.feed_id + 70) == []
        ((_, found),) = await places(store, lookup, feed_id=of_post.feed_id)
        assert found == of_post


async def test_an_edit_is_found_by_its_new_words_and_tags_alone(store: Database) -> None:
    (stored,) = await add(store, told(1, "Beijing"))
    edited = replace(told(1, "Shanghai"), tags=("b",))
    async with store.begin() as transaction:
        (item,) = identified(edited)
        await transaction.entries.edit(stored.entry_id, item, WIRE, now=NOW)
    for term in ("beijing", "#us-china", "#policy"):
        assert await guids(store, Key(term)) == []
    for term in ("shanghai", "#b", "#world", "@wire"):
        assert await guids(store, Key(term)) == ["guid-1"]


async def test_an_edit_of_the_date_moves_the_entry(store: Database) -> None:
    first, _ = await add(store, told(1, "Beijing", minutes=1), told(2, "Beijing", minutes=5))
    async with store.begin() as transaction:
        (item,) = identified(told(1, "Beijing", minutes=9))
        await transaction.entries.edit(first.entry_id, item, WIRE, now=NOW)
    for lookup in (Key("beijing"), None):
        assert await guids(store, lookup) == ["guid-1", "guid-2"]


async def test_an_edit_that_changes_nothing_leaves_the_entry_where_it_is(store: Database) -> None:
    first, _ = await add(store, told(1, "Beijing"), told(2, "Beijing"))
    before = await places(store, Key("beijing"))
    async with store.begin() as transaction:
        (item,) = identified(told(1, "Beijing"))
        await transaction.entries.edit(first.entry_id, item, WIRE, now=NOW)
    assert await places(store, Key("beijing")) == before


async def test_what_is_swept_is_found_no_more(store: Database) -> None:
    (stored, *_) = await add(store, *(told(n, "Beijing") for n in range(1, 4)))
    async with store.begin() as transaction:
        swept = await transaction.entries.sweep(stored.feed_id, before=NOW + DAY, keys_before=START)
    assert swept == 3
    assert await guids(store, Key("beijing")) == []
    assert await index_is_empty(store)


async def index_is_empty(store: Database) -> bool:
    kept = {"sqlite": "entry_words", "postgresql": "entry_terms"}
    statement = f"SELECT count(*) FROM {kept[store._engine.dialect.name]}"  # noqa: S608 - ours
    async with store._engine.connect() as connection:
        count: int = (await connection.execute(text(statement))).scalar_one()
        return count == 0


async def test_what_was_undone_is_not_found(store: Database) -> None:
    async def add_and_fail() -> None:
        async with store.begin() as transaction:
            await transaction.feeds.add([WIRE.url], due_at=START)
            await transaction.entries.add(
                WIRE, 1, identified(told(1, "Beijing")), standing=Standing.NEWS, now=NOW
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await add_and_fail()
    assert await guids(store, Key("beijing")) == []


async def test_an_index_of_other_terms_is_made_anew_on_opening(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await Database.open(database_url)
    await add(database, *(told(n, "Beijing", minutes=-n) for n in range(1, 1_001)))
    before = await places(database, Key("beijing"))
    async with database.begin() as transaction:
        await transaction.entries._search._index.clear()
    await database.close()
    monkeypatch.setattr(module, "VERSION", module.VERSION + 1)
    database = await Database.open(database_url)
    assert await places(database, Key("beijing")) == before
    await add(database, told(2_000, "Beijing"))
    assert len(await places(database, Key("beijing"))) == 1_001
    await database.close()


def test_the_index_has_a_version_for_its_terms() -> None:
    """Fails where `index_terms` gives other terms than it did: raise VERSION, then mend this."""
    document = Document(
        title="US–China: “AI” talks, São Paulo’s 1.5% — 北京",
        summary="The U.S. and Straße COVID-19 don’t, à l’École",
        feed="BBC World",
        authors=("Ann Báez",),
        tags=frozenset({"us-china"}),
        host="news.bbc.co.uk",
        language="en-gb",
    )
    terms = "\n".join(index_terms(document))
    assert (module.VERSION, sha256(terms.encode()).hexdigest()[:16]) == (4, "844bfd1104f2bc6f")


async def test_what_is_far_back_is_found_in_order_whatever_is_near(store: Database) -> None:
    """So many entries that PostgreSQL walks, gathers spans of time, and gathers the rest."""
    near, far = range(1, 2_500), range(2_500, 2_600)
    rare = {2, 299, 300, 301, 1_799, 1_800, 1_801, *far[::9]}
    ages = {**{n: n for n in near}, **{n: 2_500 + 600 * (n - 2_500) for n in far}}
    often = set(near[::16]) - rare
    titles = (
        dict.fromkeys(ages, "Common") | dict.fromkeys(often, "Often") | dict.fromkeys(rare, "Rare")
    )
    await add(store, *(told(n, titles[n], minutes=-age) for n, age in ages.items()))
    expected = [f"guid-{n}" for n in sorted(rare)]
    for first in (1, 3):
        found = await places(store, Key("rare"), first=first)
        assert [stored.entry.guid for _, stored in found] == expected
    for place, stored in await places(store, Key("rare"), first=100):
        behind = await places(store, Key("rare"), after=place, first=100)
        assert [one.entry.guid for _, one in behind] == expected[
            expected.index(str(stored.entry.guid)) + 1 :
        ]
    since = await places(store, Key("rare"), since=START - 2_400 * MINUTE, first=100)
    assert [stored.entry.guid for _, stored in since] == expected[:7]
    assert len(await places(store, Key("common"), first=30)) == len(ages) - len(rare | often)
    assert await guids(store, Key("often")) == [f"guid-{n}" for n in sorted(often)]
    for first in range(1, 2 * len(rare)):
        assert await statements(store, Key("rare"), first=first) < MANY, first


MANY = 60
"""Statements for one search, all its batches; month by month back to 1970, it would be hundreds."""


async def statements(store: Database, lookup: Lookup, *, first: int) -> int:
    """How many statements reading everything takes."""
    made = 0

    def count(*_: object) -> None:
        nonlocal made
        made += 1

    engine = store._engine.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    await places(store, lookup, first=first)
    event.remove(engine, "before_cursor_execute", count)
    return made
