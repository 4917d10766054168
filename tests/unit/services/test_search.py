"""A search gives what the query would have alerted, in order and in pages."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.news import Standing
from bot.errors import CommandError
from bot.query.tree import And, Node, Not, Or, Regex, Tagged, Words
from bot.services import search as module
from bot.services.search import Order, Page, search
from bot.storage.database import Database
from tests.fakes.clock import START
from tests.fakes.news import POST, WIRE, entry, identified

HOUR = timedelta(hours=1)
TITLES = ["Fog on the ferry line", "Talks in Beijing", "Ferry to Beijing", "Beijing, again"]
BEIJING = Words("Beijing")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    """Four entries, an hour apart, the last of them the newest."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    await add(database, TITLES)
    yield database
    await database.close()


async def add(store: Database, titles: Sequence[str], *, first: datetime = START) -> None:
    number = 10 * (first - START) // HOUR
    found = identified(
        *(
            entry(number + n, title=title, published=first + n * HOUR)
            for n, title in enumerate(titles)
        )
    )
    async with store.begin() as transaction:
        await transaction.feeds.add([WIRE.url, POST.url], due_at=START)
        await transaction.entries.add(
            WIRE, 1, found, standing=Standing.NEWS, now=START + 1_000 * HOUR
        )


def titles(page: Page) -> list[str]:
    return [hit.stored.entry.title for hit in page.hits]


async def test_hits_come_newest_first(store: Database) -> None:
    assert titles(await search(store, BEIJING)) == [
        "Beijing, again", "Ferry to Beijing", "Talks in Beijing",
    ]  # fmt: skip


async def test_the_whole_tree_decides(store: Database) -> None:
    query = And((BEIJING, Tagged("world"), Not(Words("ferry"))))
    assert titles(await search(store, query)) == ["Beijing, again", "Talks in Beijing"]


async def test_a_query_without_a_word_to_look_up_finds_all_the_same(store: Database) -> None:
    assert titles(await search(store, Regex("^F"))) == ["Ferry to Beijing", "Fog on the ferry line"]


async def test_a_hit_says_which_words_decided(store: Database) -> None:
    page = await search(store, Words("fog"))
    assert [hit.evidence.phrases() for hit in page.hits] == [("“Fog” in the title",)]


async def test_pages_follow_one_another_to_the_end(store: Database) -> None:
    first = await search(store, BEIJING, limit=2)
    last = await search(store, BEIJING, limit=2, after=first.next)
    assert titles(first) == ["Beijing, again", "Ferry to Beijing"]
    assert (titles(last), last.next) == (["Talks in Beijing"], None)


async def test_what_arrives_meanwhile_does_not_shift_a_page(store: Database) -> None:
    first = await search(store, BEIJING, limit=2)
    await add(store, ["Beijing at last"], first=START + 5 * HOUR)
    assert titles(await search(store, BEIJING, after=first.next)) == ["Talks in Beijing"]


async def test_a_mark_that_is_none_is_refused(store: Database) -> None:
    for mark in ("nonsense", "!", "AAAA"):
        with pytest.raises(CommandError, match="search again"):
            await search(store, BEIJING, after=mark)


async def test_since_and_until_are_of_the_publishers_time(store: Database) -> None:
    page = await search(store, BEIJING, since=START + 2 * HOUR, until=START + 3 * HOUR)
    assert titles(page) == ["Ferry to Beijing"]


async def test_one_feeds_entries_only(store: Database) -> None:
    assert len((await search(store, BEIJING, feed=WIRE.url)).hits) == 3
    assert (await search(store, BEIJING, feed=POST.url)).hits == ()
    assert (await search(store, BEIJING, feed="https://nowhere.example/")).hits == ()
    assert len((await search(store, Regex("."), feed=WIRE.url)).hits) == 4


@pytest.mark.parametrize("limit", [1, 2, 20])
async def test_best_first_goes_by_the_headline(store: Database, limit: int) -> None:
    either = Or((And((Words("fog"), Words("whole"))), And((Words("ferry"), BEIJING))))
    query = And((either, Words("text")))
    found, after = list[str](), None
    while True:
        page = await search(store, query, order=Order.BEST, limit=limit, after=after)
        found += titles(page)
        if page.next is None:
            break
        after = page.next
    assert found == ["Ferry to Beijing", "Fog on the ferry line"]
    best = await search(store, And((Words("whole"), Words("again"))), order=Order.BEST)
    assert titles(best) == ["Beijing, again"]


async def test_best_first_puts_an_older_headline_before_a_newer_text(store: Database) -> None:
    query = Or((Words("fog"), Words("what happened")))
    assert titles(await search(store, query, order=Order.BEST)) == [TITLES[0], *TITLES[:0:-1]]


async def test_a_search_that_takes_too_long_says_how_far_it_came(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 3)
    page = await search(store, Regex("[F]og"))
    assert (page.hits, page.reached) == ((), START + HOUR)
    rest = await search(store, Regex("[F]og"), after=page.next)
    assert (titles(rest), rest.reached) == (["Fog on the ferry line"], None)


async def test_what_nothing_can_satisfy_is_not_looked_for(store: Database) -> None:
    query: Node = Or(())
    assert (await search(store, query)).hits == ()
