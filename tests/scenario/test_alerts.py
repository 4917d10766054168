"""From a feed's document to the channels: what alerts, and what does not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services.poll_feed import Outcome
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.feed import Churn, FakeFeed
from tests.fakes.house import AI_SAFETY, BOTH, TOPICS, US_CHINA, House, house
from tests.fakes.publisher import Publisher

HEADLINE = "US and China Announce AI Safety Protocol Plan After Trump-Xi Beijing Summit"
TAGS = ("us-china", "ai-safety", "ai-policy", "geopolitics")
ROUND = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
async def publisher(clock: FakeClock) -> AsyncIterator[Publisher]:
    async with Publisher(clock, hosts=4) as running:
        yield running


@pytest.fixture
def wire(publisher: Publisher) -> FakeFeed:
    feed = publisher.feed("/wire.xml")
    for number in range(4):
        feed.publish(f"Old story {number} about Beijing")
    return feed


@pytest.fixture
async def desk(store: Database, clock: FakeClock, wire: FakeFeed) -> AsyncIterator[House]:
    async with house(store, clock, wire.url) as built:
        yield built


async def test_first_sight_of_a_feed_is_silent(desk: House) -> None:
    polls = await desk.round()
    assert [(poll.outcome, poll.entries, poll.alerts) for poll in polls] == [
        (Outcome.BASELINE, 4, 0)
    ]
    assert desk.slack.posts == desk.discord.posts == 0


async def test_a_story_alerts_each_channel_once_and_names_every_topic(
    desk: House, wire: FakeFeed
) -> None:
    await desk.round()
    wire.publish(HEADLINE, summary="First sentence here. Second one there.", tags=TAGS)
    for _ in range(3):
        await desk.round(ROUND)
    for channel, topics in (
        (US_CHINA, ["us-china"]), (AI_SAFETY, ["ai-safety"]), (BOTH, ["us-china", "ai-safety"]),
    ):  # fmt: skip
        (alert,) = desk.alerts(channel)
        assert alert.headline == HEADLINE
        assert [reason.topic for reason in alert.reasons] == topics
        assert alert.summary == "First sentence here. Second one there."
        assert alert.outlet == "Outlet 1"
        assert set(alert.tags) == set(TAGS)
        assert all(reason.words for reason in alert.reasons)


async def test_an_unrelated_story_alerts_nobody(desk: House, wire: FakeFeed) -> None:
    await desk.round()
    wire.publish("Fog closes the ferry line")
    (poll,) = await desk.round(ROUND)
    assert (poll.entries, poll.alerts) == (1, 0)


async def test_a_correction_with_new_date_and_tracking_does_not_alert_again(
    desk: House, wire: FakeFeed, clock: FakeClock
) -> None:
    await desk.round()
    entry = wire.publish(HEADLINE, tags=TAGS)
    await desk.round(ROUND)
    corrected = replace(
        entry,
        title=f"CORRECTED: {HEADLINE}",
        url=f"{entry.url}?utm_source=rss",
        published=clock.now(),
    )
    wire.revise(entry, corrected)
    (poll,) = await desk.round(ROUND)
    assert (poll.outcome, poll.entries, poll.alerts) == (Outcome.READ, 0, 0)
    assert desk.headlines(US_CHINA) == [HEADLINE]
    async with desk.store.read() as transaction:
        titles = [one.entry.title async for one in transaction.entries.newest_first()]
    assert titles[0] == corrected.title


async def test_an_edit_that_turns_to_a_topic_alerts_the_channel_that_has_not_had_it(
    desk: House, wire: FakeFeed
) -> None:
    await desk.round()
    entry = wire.publish("Live: the summit", tags=("us-china",))
    await desk.round(ROUND)
    wire.revise(entry, replace(entry, title="Live: the summit agrees on AI safety"))
    await desk.round(ROUND)
    assert desk.headlines(US_CHINA) == desk.headlines(BOTH) == ["Live: the summit"]
    assert desk.headlines(AI_SAFETY) == ["Live: the summit agrees on AI safety"]


@pytest.mark.parametrize("churn", list(Churn))
async def test_a_feed_that_changes_at_every_poll_alerts_once(
    desk: House, wire: FakeFeed, churn: Churn
) -> None:
    wire.churn = frozenset({churn})
    await desk.round()
    wire.publish(HEADLINE, tags=TAGS)
    for _ in range(4):
        await desk.round(ROUND)
    assert desk.headlines(BOTH) == [HEADLINE]
    assert desk.notices() == []


async def test_the_same_page_in_two_feeds_of_an_outlet_is_one_story(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    world, asia = publisher.feed("/world.xml"), publisher.feed("/asia.xml", host=1)
    for feed in (world, asia):
        feed.publish("Something old")
    async with house(store, clock, world.url, asia.url) as desk:
        await desk.round()
        page = "https://outlet.example/2026/summit"
        world.publish(HEADLINE, tags=TAGS, url=page)
        asia.publish(HEADLINE, tags=TAGS, url=f"{page}?at_campaign=asia")
        await desk.round(ROUND)
        assert desk.headlines(BOTH) == [HEADLINE]


async def test_another_outlets_report_is_stored_beside_it_and_alerts(
    store: Database, clock: FakeClock, publisher: Publisher
) -> None:
    wire, post = publisher.feed("/wire.xml"), publisher.feed("/post.xml", host=1)
    async with house(store, clock, wire.url, post.url) as desk:
        await desk.round()
        wire.publish(HEADLINE, tags=TAGS)
        post.publish("Trump and Xi agree on AI safety rules in Beijing")
        await desk.round(ROUND)
        assert sorted(alert.outlet for alert in desk.alerts(BOTH)) == ["Outlet 1", "Outlet 2"]


async def test_alerts_come_in_the_order_of_publication(desk: House, wire: FakeFeed) -> None:
    await desk.round()
    for number in range(3):
        wire.publish(f"Beijing report {number}")
        desk.clock.advance(timedelta(minutes=1))
    await desk.round(ROUND)
    assert desk.headlines(US_CHINA) == [f"Beijing report {number}" for number in range(3)]


async def test_a_flood_is_held_and_one_notice_asks_until_it_is_released(
    desk: House, wire: FakeFeed
) -> None:
    for number in range(4):
        wire.publish(f"More about Beijing {number}")
    await desk.round()
    wire.entries = [
        replace(
            entry,
            guid=f"new-{n}",
            url=f"https://new.example/{n}",
            published=entry.published - 3 * DAY,
        )
        for n, entry in enumerate(wire.entries)
    ]
    (poll,) = await desk.round(ROUND)
    assert (poll.outcome, poll.entries, poll.alerts) == (Outcome.HELD, 8, 0)
    await desk.round(ROUND)
    assert [notice.title for notice in desk.notices()] == ["Held: 8 entries of Outlet 1"]
    wire.publish("Fresh from Beijing")
    await desk.round(ROUND)
    assert desk.headlines(US_CHINA) == ["Fresh from Beijing"]
    assert await desk.curate.release(wire.url, desk.rounds.router) == (8, 16)
    await desk.deliver.drain()
    assert len(desk.headlines(US_CHINA)) == 9


async def test_a_discarded_flood_never_alerts(desk: House, wire: FakeFeed) -> None:
    wire.publish("One more about Beijing")
    await desk.round()
    wire.entries = [
        replace(
            entry,
            guid=f"new-{n}",
            url=f"https://new.example/{n}",
            published=entry.published - 3 * DAY,
        )
        for n, entry in enumerate(wire.entries)
    ]
    await desk.round(ROUND)
    assert await desk.curate.discard(wire.url) == 5
    wire.churn = frozenset({Churn.DATE})
    await desk.round(ROUND)
    assert desk.headlines(US_CHINA) == []


async def test_a_backfill_alerts_the_newest_of_the_baseline(desk: House, wire: FakeFeed) -> None:
    for number in range(4, 6):
        desk.clock.advance(timedelta(minutes=1))
        wire.publish(f"Old story {number} about Beijing")
    await desk.round()
    assert await desk.curate.backfill(wire.url, 2, desk.rounds.router) == (2, 4)
    await desk.deliver.drain()
    assert desk.headlines(US_CHINA) == [f"Old story {number} about Beijing" for number in (4, 5)]


async def test_what_retention_took_away_does_not_alert_when_it_comes_back(
    desk: House, wire: FakeFeed
) -> None:
    await desk.round()
    wire.publish(HEADLINE, tags=TAGS)
    await desk.round(ROUND)
    gone, wire.entries = wire.entries, []
    wire.publish("The only one left")
    await desk.round(ROUND)
    desk.clock.advance(timedelta(days=91))
    assert await desk.housekeeping.sweep() == 5
    wire.entries = gone
    await desk.round(ROUND)
    assert desk.headlines(BOTH) == [HEADLINE]


async def test_a_story_without_link_or_text_alerts_and_holds_up_nothing(
    desk: House, wire: FakeFeed
) -> None:
    await desk.round()
    wire.publish("Bare words about Beijing", url="javascript:void(0)", guid="bare")
    wire.publish("More from Beijing")
    await desk.round(ROUND)
    assert desk.headlines(US_CHINA) == ["Bare words about Beijing", "More from Beijing"]
    assert desk.alerts(US_CHINA)[0].url is None


async def test_a_feed_that_renumbers_itself_at_every_poll_asks_once(
    desk: House, wire: FakeFeed
) -> None:
    wire.publish("One more about Beijing")
    await desk.round()
    for turn in range(5):
        wire.entries = [
            replace(
                entry,
                guid=f"{turn}-{n}",
                url=f"https://new.example/{turn}/{n}",
                published=entry.published - 3 * DAY,
            )
            for n, entry in enumerate(wire.entries)
        ]
        await desk.round(ROUND)
    assert [notice.title for notice in desk.notices()] == ["Held: 5 entries of Outlet 1"]


async def test_a_new_date_alone_alerts_no_channel_that_came_later(
    store: Database, clock: FakeClock, wire: FakeFeed
) -> None:
    silent = [replace(topic, channels=()) for topic in TOPICS]
    async with house(store, clock, wire.url, topics=silent) as before:
        await before.round()
        entry = wire.publish(HEADLINE, tags=TAGS)
        await before.round(ROUND)
    async with house(store, clock, wire.url) as after:
        wire.revise(entry, replace(entry, published=clock.now()))
        (poll,) = await after.round(ROUND)
        assert (poll.outcome, poll.alerts) == (Outcome.READ, 0)
        assert after.headlines(BOTH) == []
