"""What polling remembers survives."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.feed import FeedState
from bot.storage.database import Database
from tests.fakes.clock import START

URLS = ("https://a.example/feed", "https://b.example/feed")
MINUTE = timedelta(minutes=1)


async def test_feeds_are_remembered_once_and_left_as_they_are(store: Database) -> None:
    async with store.begin() as transaction:
        await transaction.feeds.add(URLS, due_at=START)
        await transaction.feeds.add(URLS, due_at=START + MINUTE)
        states = await transaction.feeds.all()
    assert [(state.url, state.due_at) for state in states] == [(url, START) for url in URLS]


async def test_an_unknown_feed_has_no_state(store: Database) -> None:
    async with store.begin() as transaction:
        await transaction.feeds.add([], due_at=START)
        assert await transaction.feeds.get(URLS[0]) is None


async def test_every_part_of_a_state_survives(store: Database) -> None:
    full = FeedState(
        feed_id=1,
        url=URLS[0],
        due_at=START,
        polled_at=START - MINUTE,
        succeeded_at=START - 2 * MINUTE,
        baseline_at=START - 3 * MINUTE,
        arrived_at=START - 4 * MINUTE,
        gap=timedelta(seconds=61.5),
        ttl=timedelta(hours=1),
        skip_hours=frozenset({0, 23}),
        skip_days=frozenset({6}),
        etag='W/"abc"',
        last_modified="Mon, 02 Mar 2026 09:00:00 GMT",
        body_hash=b"\x00" * 32,
        fragments=frozenset({b"12345678", b"\x00" * 8}),
        shared_keys=frozenset({b"k" * 16}),
        failures=3,
        failing_since=START - MINUTE,
        failure="did not answer",
        failure_told=True,
        moved_to="https://new.example/",
        move_seen="https://newer.example/",
        move_sightings=2,
        held=True,
    )
    async with store.begin() as transaction:
        await transaction.feeds.add(URLS[:1], due_at=START)
        stored = await transaction.feeds.get(URLS[0])
        assert stored is not None
        await transaction.feeds.save(replace(full, feed_id=stored.feed_id))
        await transaction.feeds.set_held(stored.feed_id, held=True)
    async with store.read() as transaction:
        assert await transaction.feeds.get(URLS[0]) == replace(full, feed_id=stored.feed_id)


async def test_due_feeds_come_longest_overdue_first(store: Database) -> None:
    async with store.begin() as transaction:
        await transaction.feeds.add(URLS[:1], due_at=START)
        await transaction.feeds.add(URLS[1:], due_at=START - MINUTE)
        await transaction.feeds.add(["https://later.example/"], due_at=START + MINUTE)
        assert list(await transaction.feeds.due(START)) == [URLS[1], URLS[0]]


async def test_only_failures_of_the_outage_are_forgiven(store: Database) -> None:
    urls = [
        f"https://{name}.example/" for name in ("old", "recent", "told", "well", "soon", "other")
    ]
    changes = {
        "old": {"failures": 4, "failing_since": START - 60 * MINUTE, "failure": "x"},
        "recent": {"failures": 1, "failing_since": START - MINUTE, "failure": "x"},
        "told": {"failures": 1, "failing_since": START - MINUTE, "failure_told": True},
        "well": {},
        "soon": {"failures": 1, "failing_since": START - MINUTE, "due_at": START},
        "other": {"failures": 1, "failing_since": START - MINUTE, "failure": "x"},
    }
    async with store.begin() as transaction:
        await transaction.feeds.add(urls, due_at=START + 90 * MINUTE)
        for state in await transaction.feeds.all():
            name = state.url.removeprefix("https://").partition(".")[0]
            await transaction.feeds.save(replace(state, **changes[name]))  # type: ignore[arg-type]
        forgiven = await transaction.feeds.forgive(
            urls[:-1], since=START - 10 * MINUTE, due_at=START + MINUTE
        )
        after = {state.url[8:].partition(".")[0]: state for state in await transaction.feeds.all()}
    assert forgiven == 2
    assert {name: state.failures for name, state in after.items()} == {
        "old": 4, "recent": 0, "told": 1, "well": 0, "soon": 0, "other": 1,
    }  # fmt: skip
    assert after["recent"].due_at == START + MINUTE
    assert after["soon"].due_at == START
    assert after["well"].due_at == START + 90 * MINUTE


async def test_a_poll_under_way_does_not_undo_what_a_person_decided(store: Database) -> None:
    async with store.begin() as transaction:
        await transaction.feeds.add(URLS[:1], due_at=START)
        before = await transaction.feeds.get(URLS[0])
        assert before is not None
        await transaction.feeds.set_held(before.feed_id, held=True)
        await transaction.feeds.save(replace(before, failures=1))
        after = await transaction.feeds.get(URLS[0])
    assert after is not None
    assert (after.held, after.failures) == (True, 1)


async def test_the_rows_of_feeds_are_found_by_address(store: Database) -> None:
    async with store.begin() as transaction:
        await transaction.feeds.add(URLS, due_at=START)
        rows = {state.url: state.feed_id for state in await transaction.feeds.all()}
        assert await transaction.feeds.ids(URLS) == rows
        asked = [URLS[1], "https://unknown.example/", *(f"https://{n}.example" for n in range(900))]
        assert await transaction.feeds.ids(asked) == {URLS[1]: rows[URLS[1]]}
