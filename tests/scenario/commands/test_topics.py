"""`/news topics`, `/news topic` and `/news preview`."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.commands import preview as previewing
from bot.commands.reference import refer
from bot.domain.channel import Channel, Platform
from bot.domain.subscription import Following
from bot.domain.topic import Topic
from bot.ports.chat import AskedKind
from bot.query.tree import And, Words
from bot.storage.database import Database
from tests.fakes.asking import (
    DESK,
    HERE,
    STRANGER,
    THERE,
    TOPICS,
    TOWN,
    Newsroom,
    button,
    headlines,
    labels,
)
from tests.fakes.clock import START, FakeClock
from tests.fakes.news import WIRE
from tests.fakes.people import person

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OTHER = Channel(Platform.SLACK, "C3", "T1")


async def subscribe(newsroom: Newsroom, channel: Channel, following: Following) -> None:
    who = DESK if channel.workspace == "T1" else STRANGER
    async with newsroom.store.begin() as transaction:
        await transaction.subscriptions.add(
            who.workspace, channel, following, created_by=who.user, now=START
        )


def topic_following(name: str) -> Following:
    return Following(topic=name, zone=ZoneInfo("UTC"))


async def test_topics_are_listed_with_those_followed_here(newsroom: Newsroom) -> None:
    reply = await newsroom.ask("topics")
    assert reply.title == "2 topics, 1 followed here"
    assert [(row.title, row.lines) for row in reply.rows] == [
        ("US and China (us-china)", ("Trade, chips and Taiwan.", "Followed here.")),
        ("Ferries", ()),
    ]
    await subscribe(newsroom, HERE, topic_following("ferries"))
    assert (await newsroom.ask("topics")).title == "2 topics, 2 followed here"


async def test_many_topics_come_in_pages(store: Database, clock: FakeClock) -> None:
    many = tuple(Topic(name=f"t{n}", title=f"T{n}", query=Words("x")) for n in range(25))
    newsroom = Newsroom(store, clock, topics=many)
    first = await newsroom.ask("topics")
    assert (len(first.rows), labels(first)) == (10, ["Next"])
    last = await newsroom.press(replace(button(first, "Next"), argument="9999"))
    assert (headlines(last), labels(last)) == ([f"T{n}" for n in range(20, 25)], ["Previous"])
    assert last.replaces
    assert last.title == "25 topics, 0 followed here (page 3 of 3)"
    refused = await newsroom.press(replace(button(first, "Next"), argument="-1"))
    assert refused.mistake


async def test_a_topic_is_shown_with_query_channels_and_hits(newsroom: Newsroom) -> None:
    await newsroom.set_state(WIRE, baseline_at=START - 20 * DAY)
    await newsroom.publish("Talks in Beijing", "Beijing, again", at=START - MINUTE)
    await newsroom.publish("Beijing before", at=START - 3 * DAY)
    await newsroom.publish("Beijing long before", at=START - 30 * DAY)
    reply = await newsroom.ask("topic us-china")
    assert reply.title == "US and China (us-china)"
    assert reply.lines == (
        "Trade, chips and Taiwan.",
        "Followed in: this channel",
        "In the last 14 days it had 3 stories, 0.2 a day.",
        "··········▄··█ most on Mon 2 Mar: 2",
        "Query: Beijing OR (tariff AND China)",
    )


async def test_a_topic_without_stories_says_so(newsroom: Newsroom) -> None:
    lines = (await newsroom.ask("topic ferries")).lines
    assert lines[:2] == (
        "No channel of yours follows it.", "In the last 14 days it had no story.",
    )  # fmt: skip


async def test_a_query_that_cannot_be_written_is_left_to_its_file(
    store: Database, clock: FakeClock
) -> None:
    newsroom = Newsroom(store, clock, topics=(Topic(name="all", title="All", query=And(())),))
    assert "Query: as in all.yaml" in (await newsroom.ask("topic all")).lines


async def test_channels_of_other_workspaces_are_not_named(newsroom: Newsroom) -> None:
    await subscribe(newsroom, OTHER, topic_following("us-china"))
    await subscribe(newsroom, Channel(Platform.SLACK, "C4", "T2"), topic_following("us-china"))
    assert (
        f"Followed in: this channel, {refer(OTHER)}" in (await newsroom.ask("topic us-china")).lines
    )
    theirs = await newsroom.ask("topic us-china", who=STRANGER, channel=THERE)
    assert f"Followed in: this channel, {refer('slack:C4')}" in theirs.lines


async def test_on_discord_a_rule_files_channel_is_named_only_to_itself(
    store: Database, clock: FakeClock
) -> None:
    ours, theirs = Channel(Platform.DISCORD, "1"), Channel(Platform.DISCORD, "2")
    followed = replace(TOPICS[0], channels=(theirs, ours))
    newsroom = Newsroom(store, clock, topics=(followed,))
    guild = person("7", platform=Platform.DISCORD, workspace="G1")
    reply = await newsroom.ask("topic us-china", who=guild, channel=ours)
    assert "Followed in: this channel" in reply.lines


async def test_a_topics_hits_are_of_visible_feeds_only(newsroom: Newsroom) -> None:
    await newsroom.let_strangers_add()
    await newsroom.publish("Beijing seen from the town", feed=TOWN, at=START - DAY)
    assert "it had no story" in (await newsroom.ask("topic us-china")).lines[-2]
    theirs = await newsroom.ask("topic us-china", who=STRANGER, channel=THERE)
    assert "it had 1 story" in theirs.lines[-3]


async def test_a_preview_counts_and_shows_samples_overlap_and_proposals(
    newsroom: Newsroom,
) -> None:
    await newsroom.set_state(WIRE, baseline_at=START - 90 * DAY)
    ours = ["Harbour strike", "Harbour dues", "Beijing harbour", "Harbour fog", "Harbour council"]
    stars = [f"Harbour {sign} horoscope" for sign in ("lion", "fish", "scales", "twins")]
    quiet = [f"Council meets on matter {n} in {place}" for n in range(40) for place in "abc"]
    await newsroom.publish(*ours, *stars, *quiet, at=START - MINUTE)
    reply = await newsroom.ask("preview harbour")
    assert reply.title == "9 stories in the last 30 days, 0.3 a day: harbour"
    assert headlines(reply) == ours
    assert reply.rows[2].lines == ("Wire — “harbour” in the title; also us-china",)
    assert reply.lines[1:3] == (
        "Most from: Wire 9", "Topics that have them too: us-china 1; no topic has 8",
    )  # fmt: skip
    (proposal,) = reply.lines[3:]
    assert proposal.startswith("Adding -horoscope would remove 4 of 9; for example “Harbour")
    follow = button(reply, "Follow this search")
    async with newsroom.store.read() as transaction:
        kept = await transaction.asked.get(
            AskedKind.QUERY, follow.argument, workspace=DESK.workspace
        )
    assert (follow.action, kept) == ("follow", "harbour")


@pytest.mark.parametrize("second", [0, 1, 59])
async def test_a_preview_counts_what_came_this_minute(newsroom: Newsroom, second: int) -> None:
    newsroom.clock.advance(second * MINUTE / 60)
    await newsroom.publish("Harbour strike", at=START)
    reply = await newsroom.ask("preview harbour")
    assert reply.title == "1 story in the last 30 days: harbour"
    assert headlines(reply) == ["Harbour strike"]


async def test_a_preview_says_since_when_newsbot_watches(newsroom: Newsroom) -> None:
    assert "has read no feed yet" in (await newsroom.ask("preview harbour")).lines[0]
    await newsroom.set_state(WIRE, baseline_at=START - 2 * DAY)
    assert (await newsroom.ask("preview harbour")).lines == (
        "newsbot has watched only since Sat 28 Feb 2026, 09:00 UTC; the average counts from then.",
    )


async def test_a_preview_is_of_visible_feeds_only(newsroom: Newsroom) -> None:
    await newsroom.let_strangers_add()
    await newsroom.set_state(TOWN, baseline_at=START - 90 * DAY)
    await newsroom.publish("Harbour seen from the town", feed=TOWN, at=START - DAY)
    reply = await newsroom.ask("preview harbour")
    assert (reply.title.partition(",")[0], reply.rows) == (
        "0 stories in the last 30 days: harbour", (),
    )  # fmt: skip
    assert "has read no feed yet" in reply.lines[0]


async def test_a_preview_that_takes_too_long_is_given_up(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await newsroom.publish(*(f"Harbour {number}" for number in range(50)))
    monkeypatch.setattr(previewing, "PATIENCE_SECONDS", 0)
    reply = await newsroom.ask("preview harbour")
    assert reply.mistake
    assert "add a word that must be there" in reply.title
    after = await newsroom.ask("status")
    assert not after.mistake  # what was given up holds up nothing
