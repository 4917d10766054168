"""Newsbot's own page in Slack: what a person follows, and how the feeds are."""

from zoneinfo import ZoneInfo

from bot.commands.reference import refer
from bot.domain.cadence import read_cadence
from bot.domain.channel import Channel, Platform
from bot.domain.subscription import Following
from tests.fakes.asking import DESK, HERE, STRANGER, Newsroom
from tests.fakes.clock import START

PRIVATE = Channel(Platform.SLACK, "D1", "T1")
HOURLY = Following(topic="us-china", cadence=read_cadence("hourly"), zone=ZoneInfo("UTC"))


async def follow(newsroom: Newsroom, channel: Channel, user: str) -> None:
    async with newsroom.store.begin() as transaction:
        await transaction.subscriptions.add(
            DESK.workspace, channel, HOURLY, created_by=user, now=START
        )


async def test_who_follows_nothing_is_told_how_to(newsroom: Newsroom) -> None:
    page = await newsroom.commands.home(DESK, PRIVATE)
    assert not page.rows
    assert "You follow nothing yet: write /news subscribe in a channel or here." in page.lines
    assert any(line.startswith("Watching ") for line in page.lines)


async def test_what_a_person_follows_stands_there_with_its_channel(newsroom: Newsroom) -> None:
    await follow(newsroom, HERE, DESK.user)
    await follow(newsroom, PRIVATE, "U9")
    page = await newsroom.commands.home(DESK, PRIVATE)
    assert [row.title for row in page.rows] == ["US and China (us-china)"] * 2
    assert [row.lines[0].partition(", ")[2] for row in page.rows] == [
        f"in {refer(HERE)}.", "here, in private.",
    ]  # fmt: skip


async def test_what_others_follow_does_not(newsroom: Newsroom) -> None:
    await follow(newsroom, HERE, "U9")
    assert not (await newsroom.commands.home(DESK, PRIVATE)).rows
    assert not (await newsroom.commands.home(STRANGER, PRIVATE)).rows
