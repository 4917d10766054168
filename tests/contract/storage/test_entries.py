"""What was published survives, and is known again."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.entry import Entry, StoredEntry
from bot.domain.feed import Feed
from bot.domain.identity import address_key
from bot.domain.message import Reason
from bot.domain.news import Standing
from bot.ports.entries import Kept
from bot.ports.store import Transaction
from bot.storage.database import Database
from tests.fakes.clock import START
from tests.fakes.news import POST, WIRE, entry, identified

DAY = timedelta(days=1)


async def feed_id(transaction: Transaction, feed: Feed = WIRE) -> int:
    await transaction.feeds.add([feed.url], due_at=START)
    state = await transaction.feeds.get(feed.url)
    assert state is not None
    return state.feed_id


async def add(
    transaction: Transaction,
    *entries: Entry,
    feed: Feed = WIRE,
    standing: Standing = Standing.NEWS,
    now_offset: timedelta = timedelta(),
) -> list[StoredEntry]:
    number = await feed_id(transaction, feed)
    return list(
        await transaction.entries.add(
            feed, number, identified(*entries), standing=standing, now=START + now_offset
        )
    )


async def everything(store: Database) -> list[StoredEntry]:
    async with store.read() as transaction:
        return [one async for one in transaction.entries.newest_first()]


async def test_entries_come_back_as_they_went_in_newest_first(store: Database) -> None:
    async with store.begin() as transaction:
        stored = await add(transaction, entry(1), entry(2))
    assert [one.entry for one in stored] == [entry(1), entry(2)]
    assert await everything(store) == stored[::-1]


async def test_more_entries_than_a_page_come_back_all_and_in_order(store: Database) -> None:
    async with store.begin() as transaction:
        stored = await add(transaction, *(entry(n) for n in range(1, 1102)))
    assert [one.entry_id for one in await everything(store)] == [
        one.entry_id for one in stored[::-1]
    ]


async def test_nothing_to_add_is_no_work(store: Database) -> None:
    async with store.begin() as transaction:
        assert await add(transaction) == []


async def test_a_feeds_tags_are_told_from_the_entrys_own(store: Database) -> None:
    both = Feed(url=WIRE.url, name="Wire", tags=frozenset({"world", "policy"}))
    async with store.begin() as transaction:
        await add(transaction, entry(1), feed=both)
    (one,) = await everything(store)
    assert one.entry.tags == ("us-china", "policy")
    assert one.feed_tags == {"world"}


async def test_an_entry_is_known_by_each_of_its_keys(store: Database) -> None:
    (item,) = identified(entry(1))
    async with store.begin() as transaction:
        (stored,) = await add(transaction, entry(1))
        known = await transaction.entries.known(stored.feed_id, item.keys | {b"no such key"})
    assert set(known) == item.keys
    assert {hit.entry_id for hit in known.values()} == {stored.entry_id}
    assert {(hit.standing, hit.seen_at, hit.title) for hit in known.values()} == {
        (Standing.NEWS, START, "Story number 1")
    }


async def test_another_feeds_keys_are_not_known_here(store: Database) -> None:
    (item,) = identified(entry(1))
    async with store.begin() as transaction:
        await add(transaction, entry(1))
        assert await transaction.entries.known(await feed_id(transaction, POST), item.keys) == {}


async def test_the_same_publication_in_two_feeds_is_one_story(store: Database) -> None:
    async with store.begin() as transaction:
        (first,) = await add(transaction, entry(1))
        (second,) = await add(transaction, entry(1), feed=POST)
        (other,) = await add(transaction, entry(2), feed=POST)
    assert first.entry_id != second.entry_id
    assert first.story_id == second.story_id != other.story_id


async def test_entries_without_an_address_are_stories_of_their_own(store: Database) -> None:
    async with store.begin() as transaction:
        stored = await add(transaction, replace(entry(1), url=None), replace(entry(2), url=None))
    assert stored[0].story_id != stored[1].story_id


async def test_an_edit_replaces_the_text_and_adds_the_new_keys(store: Database) -> None:
    changed = replace(entry(1), title="Corrected", url="https://wire.example/moved", tags=("b",))
    (item,) = identified(changed)
    async with store.begin() as transaction:
        (stored,) = await add(transaction, entry(1))
        came_again = await transaction.entries.edit(
            stored.entry_id, item, replace(WIRE, name="The Wire"), now=START + DAY
        )
        edited = came_again.stored
        known = await transaction.entries.known(stored.feed_id, item.keys)
    assert came_again.says_other
    assert edited.entry == changed
    assert (edited.entry_id, edited.story_id, edited.seen_at) == (
        stored.entry_id, stored.story_id, START,
    )  # fmt: skip
    assert set(known) == item.keys
    assert await everything(store) == [edited]


async def test_titles_are_known_on_any_day(store: Database) -> None:
    async with store.begin() as transaction:
        (stored,) = await add(transaction, entry(1))
        titles = {"Story number 1", "Story number 2"}
        known = await transaction.entries.known_titles(stored.feed_id, titles)
    assert known == {"Story number 1"}


async def test_entries_of_a_standing_come_oldest_publication_first(store: Database) -> None:
    async with store.begin() as transaction:
        stored = await add(
            transaction,
            entry(1, published=START),
            entry(2, published=START - DAY),
            entry(3, published=START - 2 * DAY),
            standing=Standing.BASELINE,
        )
        await add(transaction, entry(4))
        entries = transaction.entries
        number = stored[0].feed_id
        newest = await entries.of_standing(number, Standing.BASELINE, newest=2)
        await entries.set_standing([one.entry_id for one in newest], Standing.NEWS)
        left = await entries.of_standing(number, Standing.BASELINE)
    assert [one.entry.guid for one in newest] == ["guid-2", "guid-1"]
    assert [one.entry.guid for one in left] == ["guid-3"]


async def test_a_match_is_noted_once(store: Database) -> None:
    reasons = [Reason(topic="us-china", title="US and China", words=("tag us-china",))]
    async with store.begin() as transaction:
        (stored,) = await add(transaction, entry(1))
        await transaction.entries.add_matches(stored.entry_id, reasons, now=START)
        await transaction.entries.add_matches(stored.entry_id, reasons, now=START + DAY)
        await transaction.entries.add_matches(stored.entry_id, [], now=START)


async def test_the_sweep_takes_old_entries_that_the_feed_no_longer_shows(store: Database) -> None:
    async with store.begin() as transaction:
        old, shown = await add(transaction, entry(1), entry(2))
        (young,) = await add(transaction, entry(3), now_offset=DAY)
        state = await transaction.feeds.get(WIRE.url)
        assert state is not None
        await transaction.feeds.save(replace(state, fragments=frozenset({shown.entry.fragment})))
        swept = await transaction.entries.sweep(
            old.feed_id, before=START + DAY / 2, keys_before=START
        )
    assert swept == 1
    assert [one.entry_id for one in await everything(store)] == [young.entry_id, shown.entry_id]


async def test_what_was_swept_is_still_no_news(store: Database) -> None:
    (item,) = identified(entry(1))
    async with store.begin() as transaction:
        (old,) = await add(transaction, entry(1))
        entries = transaction.entries
        await entries.sweep(old.feed_id, before=START + DAY, keys_before=START)
        remembered = await entries.known(old.feed_id, item.keys)
        await entries.sweep(old.feed_id, before=START + DAY, keys_before=START + DAY)
        forgotten = await entries.known(old.feed_id, item.keys)
    assert {hit.entry_id for hit in remembered.values()} == {None}
    assert forgotten == {}


async def test_an_entry_is_found_by_its_address_in_every_feed_that_gave_it(store: Database) -> None:
    key = address_key("http://www.wire.example/1?utm_source=x")
    assert key is not None
    reasons = [Reason(topic="us-china", title="US and China", words=())]
    async with store.begin() as transaction:
        (first,) = await add(transaction, entry(1), standing=Standing.BASELINE)
        (second,) = await add(transaction, entry(1), feed=POST, now_offset=DAY)
        await add(transaction, entry(2))
        await transaction.entries.add_matches(second.entry_id, reasons, now=START + DAY)
    async with store.read() as transaction:
        assert await transaction.entries.at(key) == [
            Kept(stored=first, standing=Standing.BASELINE, noted={}),
            Kept(stored=second, standing=Standing.NEWS, noted={"us-china": START + DAY}),
        ]
        assert await transaction.entries.at(b"no such key") == []


async def test_an_entry_is_found_by_an_address_it_moved_to(store: Database) -> None:
    moved = replace(entry(1), url="https://wire.example/moved")
    (item,) = identified(moved)
    async with store.begin() as transaction:
        (stored,) = await add(transaction, entry(1))
        await transaction.entries.edit(stored.entry_id, item, WIRE, now=START + DAY)
    for url in ("https://wire.example/moved", "https://wire.example/1"):
        key = address_key(url)
        assert key is not None
        async with store.read() as transaction:
            (kept,) = await transaction.entries.at(key)
        assert kept.stored.entry_id == stored.entry_id


async def test_an_entry_is_found_by_its_row(store: Database) -> None:
    async with store.begin() as transaction:
        (stored,) = await add(transaction, entry(1), standing=Standing.HELD)
    async with store.read() as transaction:
        kept = await transaction.entries.get(stored.entry_id)
        assert kept == Kept(stored=stored, standing=Standing.HELD, noted={})
        assert await transaction.entries.get(stored.entry_id + 1) is None


async def test_the_entries_of_stories_come_from_every_feed_the_earliest_seen_first(
    store: Database,
) -> None:
    async with store.begin() as transaction:
        (first,) = await add(transaction, entry(1))
        (other,) = await add(transaction, entry(2))
        (again,) = await add(transaction, entry(1), feed=POST)
        assert again.story_id == first.story_id
        found = await transaction.entries.of_stories([first.story_id])
        assert found == [first, again]
        both = await transaction.entries.of_stories([other.story_id, first.story_id])
        assert both == [first, other, again]
        assert await transaction.entries.of_stories([]) == []
