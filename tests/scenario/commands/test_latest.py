"""`/news latest` and `/news since`: stories, each once, with their outlets."""

from datetime import timedelta
from zoneinfo import ZoneInfo

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
from tests.fakes.news import POST

HOUR = timedelta(hours=1)
MANY = [f"Matter number {number}" for number in range(23)]


async def test_the_newest_come_first_of_all_or_of_a_topic(newsroom: Newsroom) -> None:
    await newsroom.publish("Talks in Beijing", "Fog on the ferry line", "Beijing before")
    every = await newsroom.ask("latest")
    assert headlines(every) == ["Talks in Beijing", "Fog on the ferry line", "Beijing before"]
    assert (every.title, every.lines, every.buttons) == ("All stories, the newest first", (), ())
    for line in ("latest US-China", "latest topic us-china", "latest us and china"):
        some = await newsroom.ask(line)
        assert headlines(some) == ["Talks in Beijing", "Beijing before"]
        assert some.title == "US and China (us-china), the newest first"


async def test_a_story_is_shown_once_with_all_its_outlets(newsroom: Newsroom) -> None:
    page = "https://wire.example/summit"
    await newsroom.publish("Beijing summit", page=page, at=START - HOUR)
    await newsroom.publish("Summit in Beijing", page=page, feed=POST)
    (row,) = (await newsroom.ask("latest us-china")).rows
    assert (row.title, row.lines, row.when) == ("Summit in Beijing", ("Post, Wire",), START)


async def test_since_begins_at_the_time_said(newsroom: Newsroom) -> None:
    await newsroom.publish("New", at=START)
    await newsroom.publish("Old", at=START - 3 * HOUR)
    reply = await newsroom.ask("since 08:00")
    assert headlines(reply) == ["New"]
    assert reply.title == "All stories, since Mon 2 Mar 2026, 08:00 UTC"
    assert headlines(await newsroom.ask("since 05:00")) == ["New", "Old"]


async def test_times_are_of_the_desks_zone(store: Database, clock: FakeClock) -> None:
    newsroom = Newsroom(store, clock, zone=ZoneInfo("America/New_York"))
    reply = await newsroom.ask("since 02:00")
    assert reply.title == "All stories, since Mon 2 Mar 2026, 02:00 EST"


async def test_since_takes_a_topic(newsroom: Newsroom) -> None:
    await newsroom.publish("Talks in Beijing", "Fog on the ferry line")
    assert headlines(await newsroom.ask("since yesterday 18:00 us-china")) == ["Talks in Beijing"]


async def test_nothing_new_is_said(newsroom: Newsroom) -> None:
    await newsroom.publish("Old", at=START - 3 * HOUR)
    assert (await newsroom.ask("since 1h")).lines == ("Nothing came in.",)


async def test_pages_of_stories_are_turned_there_and_back(newsroom: Newsroom) -> None:
    await newsroom.publish(*MANY)
    first = await newsroom.ask("since 1d")
    assert (headlines(first), labels(first)) == (MANY[:10], ["Next"])
    await newsroom.publish("Matter of today", at=START + HOUR)
    second = await newsroom.press(button(first, "Next"))
    assert (headlines(second), second.replaces) == (MANY[10:20], True)
    third = await newsroom.press(button(second, "Next"))
    assert (headlines(third), labels(third)) == (MANY[20:], ["Previous"])
    assert headlines(await newsroom.press(button(third, "Previous"))) == MANY[10:20]
    fresh = await newsroom.press(button(second, "Previous"))
    assert headlines(fresh) == ["Matter of today", *MANY[:9]]
    assert headlines(await newsroom.press(button(fresh, "Next"))) == MANY[9:19]


async def test_a_story_shown_on_one_page_is_not_shown_on_the_next(newsroom: Newsroom) -> None:
    for number, title in enumerate(MANY):
        page, at = f"https://wire.example/{number}", START - number * HOUR
        await newsroom.publish(title, page=page, at=at)
        await newsroom.publish(title, page=page, at=at - 100 * HOUR, feed=POST)
    reply = await newsroom.ask("latest")
    shown = headlines(reply)
    while "Next" in labels(reply):
        reply = await newsroom.press(button(reply, "Next"))
        shown += headlines(reply)
    assert shown == MANY


async def test_another_workspaces_feed_is_neither_shown_nor_named(newsroom: Newsroom) -> None:
    await newsroom.let_strangers_add()
    page = "https://wire.example/summit"
    await newsroom.publish("Beijing summit", page=page)
    await newsroom.publish("Beijing summit", page=page, feed=TOWN)
    await newsroom.publish("Beijing by night", feed=TOWN)
    for line in ("latest", "since 1d", "latest us-china"):
        (row,) = (await newsroom.ask(line, who=DESK, channel=HERE)).rows
        assert row.lines == ("Wire",)
    theirs = await newsroom.ask("latest", who=STRANGER, channel=THERE)
    assert [row.lines for row in theirs.rows] == [("Town Crier",), ("Town Crier, Wire",)]


async def test_another_workspaces_pages_are_not_turned_here(newsroom: Newsroom) -> None:
    await newsroom.publish(*MANY)
    theirs = await newsroom.ask("latest", who=STRANGER, channel=THERE)
    reply = await newsroom.press(button(theirs, "Next"))
    assert (reply.rows, reply.mistake) == ((), True)
