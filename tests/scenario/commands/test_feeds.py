"""`/news feeds` and `/news status`."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.feed import Feed
from bot.domain.subscription import Following
from bot.services.health import OVERDUE_AFTER
from bot.services.pulse import Pulse
from bot.storage.database import Database
from tests.fakes.asking import (
    DESK,
    HERE,
    STRANGER,
    THERE,
    TOWN,
    Newsroom,
    button,
    headlines,
    labels,
)
from tests.fakes.clock import START, FakeClock
from tests.fakes.news import POST, WIRE

MINUTE = timedelta(minutes=1)
GONE = Feed(url="https://gone.example/feed?key=secret", name="Gone")
LATE = Feed(url="https://late.example/feed", name="Late")
NEW = Feed(url="https://new.example/feed", name="Brand new")
IDLE = Feed(url="https://idle.example/feed", name="Idle", paused=True)
HELD = Feed(url="https://held.example/feed", name="Held")


async def test_the_unwell_come_first_each_with_what_is_wrong(
    store: Database, clock: FakeClock
) -> None:
    newsroom = Newsroom(store, clock, feeds=(IDLE, WIRE, NEW, HELD, POST, LATE, GONE))
    well = {"polled_at": START - MINUTE, "succeeded_at": START - MINUTE}
    failed = {"polled_at": START - MINUTE, "failures": 3, "failure": "404 Not Found"}
    await newsroom.set_state(WIRE, **well, arrived_at=START - 5 * MINUTE)
    await newsroom.set_state(POST, **well)
    await newsroom.set_state(GONE, **failed, failing_since=START - 9 * MINUTE)
    await newsroom.set_state(
        LATE, **failed, failing_since=START - MINUTE, succeeded_at=START - 9 * MINUTE
    )
    await newsroom.set_state(HELD, **well)
    async with store.begin() as transaction:
        rows = await transaction.feeds.ids([HELD.url])
        await transaction.feeds.set_held(rows[HELD.url], held=True)
    reply = await newsroom.ask("feeds")
    assert reply.title == "7 feeds, 3 unwell"
    assert headlines(reply) == ["Gone", "Late", "Held", "Brand new", "Post", "Wire", "Idle"]
    by_name = {row.title: row.lines for row in reply.rows}
    assert by_name["Gone"] == (
        "Unwell: never answered, failed 3×: 404 Not Found",
        "gone.example: polled 1 min ago, no new story yet",
    )
    assert by_name["Late"][0] == "Unwell: failed 3×: 404 Not Found"
    assert by_name["Wire"] == (
        "Well", "wire.example: polled 1 min ago, last new story 5 min ago",
    )  # fmt: skip
    assert by_name["Brand new"] == ("Not yet polled", "new.example")
    assert by_name["Idle"] == ("Paused in feeds.yaml", "idle.example")
    assert "secret" not in str(reply)


async def test_many_feeds_come_in_pages(store: Database, clock: FakeClock) -> None:
    many = tuple(Feed(url=f"https://{n}.example/", name=f"Feed {n:02}") for n in range(25))
    newsroom = Newsroom(store, clock, feeds=many)
    first = await newsroom.ask("feeds")
    assert first.title == "25 feeds, none unwell (page 1 of 3)"
    second = await newsroom.press(button(first, "Next"))
    assert headlines(second) == [f"Feed {n:02}" for n in range(10, 20)]
    assert (second.replaces, labels(second)) == (True, ["Previous", "Next"])
    refused = await newsroom.press(replace(button(first, "Next"), argument="x"))
    assert refused.mistake


async def test_feeds_of_another_workspace_are_not_listed(newsroom: Newsroom) -> None:
    await newsroom.let_strangers_add()
    assert headlines(await newsroom.ask("feeds")) == ["Post", "Wire"]
    theirs = await newsroom.ask("feeds", who=STRANGER, channel=THERE)
    assert headlines(theirs) == ["Post", "Town Crier", "Wire"]


async def test_status_says_what_is_watched_and_followed_here(newsroom: Newsroom) -> None:
    await Pulse(store=newsroom.store, clock=newsroom.clock).beat()
    await newsroom.set_state(WIRE, polled_at=START - MINUTE, succeeded_at=START - MINUTE)
    following = Following(query="ferry OR tram", zone=ZoneInfo("UTC"))
    async with newsroom.store.begin() as transaction:
        await transaction.subscriptions.add(
            DESK.workspace, HERE, following, created_by="U1", now=START
        )
    reply = await newsroom.ask("status")
    assert (reply.title, reply.lines) == (
        "newsbot is at work.",
        (
            "Watching 2 feeds, 1 not yet polled; last poll 1 min ago.",
            "This channel follows us-china, “ferry OR tram”.",
            "Times you type are read in UTC.",
        ),
    )


async def test_status_names_trouble_and_a_channel_that_is_set_aside(newsroom: Newsroom) -> None:
    await newsroom.route(*await newsroom.publish("Talks in Beijing"))
    async with newsroom.store.begin() as transaction:
        for channel, reason in ((HERE, "not a member"), (THERE, "archived")):
            await transaction.channels.set_aside(
                channel, reason=reason, now=START, retry_at=START + 99 * OVERDUE_AFTER
            )
    reply = await newsroom.ask("status")
    assert reply.title == "newsbot has trouble."
    assert "newsbot run" in reply.lines[0]
    assert "This channel accepts no alerts: not a member" in reply.lines
    assert "archived" not in str(reply)


async def test_status_counts_no_feed_of_another_workspace(newsroom: Newsroom) -> None:
    await newsroom.let_strangers_add(TOWN)
    assert "Watching 2 feeds" in str((await newsroom.ask("status")).lines)
    theirs = await newsroom.ask("status", who=STRANGER, channel=THERE)
    assert "Watching 3 feeds" in str(theirs.lines)
