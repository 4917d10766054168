"""From a feed's document to a digest: on schedule, after quiet hours, in a burst, after a stop."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.burst import Burst
from bot.domain.cadence import read_cadence
from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.delivery import DeliveryState
from bot.domain.message import Digest, MessageRef
from bot.domain.quiet import read_quiet_hours
from bot.domain.subscription import Following, Mute, MutedKind
from bot.domain.topic import Topic
from bot.query.tree import Words
from bot.storage.database import Database
from tests.fakes.clock import START, FakeClock
from tests.fakes.feed import FakeFeed
from tests.fakes.house import House, house
from tests.fakes.publisher import Publisher

DESK = Channel(Platform.SLACK, "C0DESK")
NIGHT = Channel(Platform.DISCORD, "1002")
ROUND = timedelta(minutes=1)
CHINA = Topic(name="china", title="China", query=Words("Beijing"))
SAFETY = Topic(name="safety", title="AI safety", query=Words("AI"))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def publisher(clock: FakeClock) -> AsyncIterator[Publisher]:
    async with Publisher(clock) as running:
        yield running


@pytest.fixture
async def wire(publisher: Publisher) -> FakeFeed:
    feed = publisher.feed("/wire.xml")
    for number in range(40):
        feed.publish(f"An old story, number {number}")
    return feed


@pytest.fixture
async def desk(store: Database, clock: FakeClock, wire: FakeFeed) -> AsyncIterator[House]:
    burst = Burst(3, timedelta(minutes=30))
    async with house(store, clock, wire.url, topics=(CHINA, SAFETY), burst=burst) as built:
        await built.round()
        yield built


async def follow(desk: House, channel: Channel, topic: str | None, **how: object) -> int:
    following = Following(topic=topic, **({"zone": BERLIN} | how))  # type: ignore[arg-type]
    async with desk.store.begin() as transaction:
        added = await transaction.subscriptions.add(
            Workspace(channel.platform), channel, following, created_by="U1", now=desk.clock.now()
        )
    return added.subscription_id


async def unfollow(desk: House, subscription_id: int) -> None:
    async with desk.store.begin() as transaction:
        await transaction.subscriptions.remove(subscription_id)


async def mute(desk: House, kind: MutedKind, subject: str, hours: float) -> None:
    until = START + timedelta(hours=hours)
    async with desk.store.begin() as transaction:
        await transaction.subscriptions.mute(
            Mute(channel=DESK, kind=kind, subject=subject, until=until, muted_by="U1")
        )


async def states(desk: House) -> dict[DeliveryState, int]:
    async with desk.store.read() as transaction:
        return dict(await transaction.deliveries.count())


def stories(digest: Digest) -> dict[str, list[str]]:
    return {group.title: [alert.headline for alert in group.alerts] for group in digest.groups}


async def until(desk: House, hours: float) -> None:
    """Let so many hours after the start come."""
    await desk.round(START + timedelta(hours=hours) - desk.clock.now())


async def test_a_daily_digest_comes_once_grouped_by_topic(desk: House, wire: FakeFeed) -> None:
    daily = read_cadence("daily 18:00")
    await follow(desk, DESK, "china", cadence=daily)
    await follow(desk, DESK, "safety", cadence=daily)
    wire.publish("Beijing on AI")
    wire.publish("Beijing on trade")
    await until(desk, 2)
    wire.publish("AI on its own")
    await until(desk, 7.9)
    assert not desk.slack.posts

    await until(desk, 8)  # 17:00 UTC, 18:00 in Berlin
    await until(desk, 9)

    [digest] = desk.digests(DESK)
    assert stories(digest) == {
        "China": ["Beijing on AI", "Beijing on trade"],
        "AI safety": ["AI on its own"],
    }
    assert not desk.alerts(DESK)


async def test_a_story_that_alerted_is_not_in_the_digest(desk: House, wire: FakeFeed) -> None:
    await follow(desk, DESK, "china")
    await follow(desk, DESK, "safety", cadence=read_cadence("hourly"))
    wire.publish("Beijing on AI")
    for headline in ("AI one", "AI two"):
        wire.publish(headline)
    await until(desk, 2)
    await until(desk, 4)
    assert desk.headlines(DESK) == ["Beijing on AI"]
    [digest] = desk.digests(DESK)
    assert set(stories(digest)["AI safety"]) == {"AI one", "AI two"}


async def test_quiet_hours_end_in_one_digest(desk: House, wire: FakeFeed) -> None:
    await follow(desk, NIGHT, "china", quiet=read_quiet_hours("22:00-07:00"))
    await until(desk, 13)  # 23:00 in Berlin
    wire.publish("Beijing at night")
    await until(desk, 15)
    wire.publish("Beijing before dawn")
    await until(desk, 20.9)
    assert not desk.discord.posts

    await until(desk, 21)
    wire.publish("Beijing in the morning")
    await until(desk, 22)

    [digest] = desk.digests(NIGHT)
    assert len(stories(digest)["China"]) == 2
    assert desk.headlines(NIGHT) == ["Beijing in the morning"]


async def test_a_single_story_is_an_alert_and_no_digest(desk: House, wire: FakeFeed) -> None:
    await follow(desk, DESK, "china", cadence=read_cadence("hourly"))
    wire.publish("Beijing alone")
    await until(desk, 1.5)
    await until(desk, 3)
    assert desk.headlines(DESK) == ["Beijing alone"]
    assert not desk.digests(DESK)


async def test_each_digest_of_a_channel_comes(desk: House, wire: FakeFeed) -> None:
    await follow(desk, DESK, "china", cadence=read_cadence("hourly"))
    for hour in (1, 2):
        for number in (1, 2):
            wire.publish(f"Beijing in hour {hour}, {number}")
        await until(desk, hour - 0.5)
        await until(desk, hour)
    assert [digest.stories for digest in desk.digests(DESK)] == [2, 2]


async def test_a_digest_missed_while_newsbot_was_down_is_sent_once_on_return(
    desk: House, wire: FakeFeed, store: Database, clock: FakeClock
) -> None:
    await follow(desk, DESK, "china", cadence=read_cadence("daily 12:00"))
    wire.publish("Beijing one")
    wire.publish("Beijing two")
    await until(desk, 1)

    clock.advance(timedelta(days=2))
    async with house(store, clock, topics=(CHINA,)) as again:
        for _ in range(3):
            await again.round(ROUND)
        [digest] = again.digests(DESK)
    assert set(stories(digest)["China"]) == {"Beijing one", "Beijing two"}


async def test_a_burst_goes_out_as_a_few_alerts_and_one_digest_of_the_rest(
    desk: House, wire: FakeFeed
) -> None:
    await follow(desk, DESK, "china")
    for number in range(10):
        wire.publish(f"Beijing {number}")
    await until(desk, 1)
    first = desk.headlines(DESK)
    assert len(first) == 3
    wire.publish("Beijing 10")
    await until(desk, 1.4)
    await until(desk, 1.6)

    [digest] = desk.digests(DESK)
    told = [*first, *stories(digest)["China"]]
    assert sorted(told + desk.headlines(DESK)[3:]) == sorted(f"Beijing {n}" for n in range(11))

    wire.publish("Beijing, later")
    await until(desk, 3)
    assert desk.headlines(DESK)[-1] == "Beijing, later"


async def test_a_burst_in_one_channel_leaves_another_alone(desk: House, wire: FakeFeed) -> None:
    await follow(desk, DESK, "china")
    await follow(desk, NIGHT, "safety")
    for number in range(6):
        wire.publish(f"Beijing {number}")
    wire.publish("AI on its own")
    await until(desk, 1)
    assert len(desk.alerts(DESK)) == 3
    assert desk.headlines(NIGHT) == ["AI on its own"]


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    # Of days from 2 March: 28 March is winter time, 29 March summer time, and so is 24 October.
    [(26, 8), (27, 7), (236, 7), (237, 8)],
)
async def test_a_digest_keeps_to_the_clock_on_the_wall_over_a_clock_change(
    desk: House, wire: FakeFeed, day: int, utc_hour: int
) -> None:
    await follow(desk, DESK, "china", cadence=read_cadence("daily 09:30"))
    midnight = timedelta(days=day, hours=-9) / timedelta(hours=1)
    await until(desk, midnight)
    wire.publish("Beijing one")
    wire.publish("Beijing two")
    await until(desk, midnight + utc_hour + 0.4)
    assert not desk.digests(DESK)
    await until(desk, midnight + utc_hour + 0.5)
    assert len(desk.digests(DESK)) == 1


async def test_a_digest_too_long_for_one_message_goes_on_in_its_thread(
    desk: House, wire: FakeFeed
) -> None:
    await follow(desk, DESK, "china", cadence=read_cadence("hourly"))
    for number in range(40):
        wire.publish(f"Beijing {number} " + "and more " * 12)
    await until(desk, 2)
    await until(desk, 4)

    pages = desk.digests(DESK)
    assert len(pages) > 1
    told = [headline for page in pages for headline in stories(page)["China"]]
    assert len(set(told)) == len(told) == 40
    assert desk.slack.thread == MessageRef("1", DESK.id)


async def test_a_story_kept_for_a_week_and_sent_alone_is_not_too_old(
    desk: House, wire: FakeFeed
) -> None:
    await follow(desk, DESK, "china", cadence=read_cadence("mon 12:00"))
    wire.publish("Beijing alone")
    await until(desk, 4)
    await until(desk, 7 * 24 + 1.9)
    async with desk.store.begin() as transaction:
        await transaction.gathering.send_alone(1, now=desk.clock.now())

    await desk.housekeeping.expire()
    await desk.round(ROUND)

    assert desk.headlines(DESK) == ["Beijing alone"]


async def test_what_is_unfollowed_before_its_digest_is_not_posted_and_stays_on_record(
    desk: House, wire: FakeFeed
) -> None:
    row = await follow(desk, DESK, "china", cadence=read_cadence("hourly"))
    wire.publish("Beijing one")
    wire.publish("Beijing two")
    await until(desk, 0.5)
    await unfollow(desk, row)
    await until(desk, 4)

    assert not desk.slack.posts
    assert await states(desk) == {DeliveryState.DROPPED: 2}
    async with desk.store.read() as transaction:
        (progress,) = await transaction.deliveries.of_story(41)
    assert progress.error == "no longer followed when its digest was due"


async def test_what_two_topics_held_stays_for_the_one_that_is_still_followed(
    desk: House, wire: FakeFeed
) -> None:
    row = await follow(desk, DESK, "china", cadence=read_cadence("hourly"))
    await follow(desk, DESK, "safety", cadence=read_cadence("daily 18:00"))
    wire.publish("Beijing on AI")
    wire.publish("AI in Beijing")
    await until(desk, 0.5)
    await unfollow(desk, row)
    await until(desk, 4)
    assert not desk.slack.posts, "of the hour, which was for the other"

    await until(desk, 8)

    [digest] = desk.digests(DESK)
    assert stories(digest) == {"AI safety": ["Beijing on AI", "AI in Beijing"]}
    named = [
        reason.topic for group in digest.groups for one in group.alerts for reason in one.reasons
    ]
    assert set(named) == {"safety"}


async def test_a_query_ended_and_followed_again_keeps_what_waited(
    desk: House, wire: FakeFeed
) -> None:
    daily = read_cadence("daily 12:00")
    row = await follow(desk, DESK, None, query="Beijing", cadence=daily)
    wire.publish("Beijing alone")
    await until(desk, 0.5)
    await unfollow(desk, row)
    await follow(desk, DESK, None, query="Beijing", cadence=daily)
    await until(desk, 3)
    assert desk.headlines(DESK) == ["Beijing alone"]


@pytest.mark.parametrize(
    "muted",
    [(MutedKind.TOPIC, "china"), (MutedKind.FEED, "1"), (MutedKind.STORY, "41")],
)
@pytest.mark.parametrize(("hours", "told"), [(4, 0), (0.9, 1)])
async def test_what_is_muted_when_its_digest_is_due_is_not_in_it(
    desk: House, wire: FakeFeed, muted: tuple[MutedKind, str], hours: float, told: int
) -> None:
    await follow(desk, DESK, "china", cadence=read_cadence("hourly"))
    wire.publish("Beijing alone")
    await until(desk, 0.5)
    await mute(desk, *muted, hours)
    await until(desk, 2)
    assert desk.slack.posts == told
    assert await states(desk) == {DeliveryState.SENT if told else DeliveryState.DROPPED: 1}


async def test_what_a_mute_dropped_alerts_when_it_is_reported_again_after_it(
    desk: House, wire: FakeFeed
) -> None:
    await follow(desk, DESK, "china", cadence=read_cadence("hourly"))
    entry = wire.publish("Beijing alone")
    await until(desk, 0.5)
    await mute(desk, MutedKind.TOPIC, "china", 3)
    await until(desk, 2)
    wire.revise(entry, replace(entry, title="Beijing, corrected"))
    await until(desk, 4)
    await until(desk, 6)
    assert desk.headlines(DESK) == ["Beijing, corrected"]
