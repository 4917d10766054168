"""`/news why`: why a story did or did not alert in this channel."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.commands.reply import Reply
from bot.domain.channel import Channel, Platform
from bot.domain.delivery import DeliveryState
from bot.domain.entry import StoredEntry
from bot.domain.news import Standing
from bot.domain.subscription import Following, Mute, MutedKind
from bot.ports.deliveries import Settlement
from bot.ports.subscriptions import Exclusion
from tests.fakes.asking import DESK, HERE, STRANGER, THERE, TOWN, Newsroom
from tests.fakes.clock import START
from tests.fakes.news import POST

HOUR = timedelta(hours=1)
NOWHERE = Channel(Platform.SLACK, "C9", "T1")


async def alerted(newsroom: Newsroom, *titles: str) -> StoredEntry:
    """The newest of some entries that were published, routed and, here, sent."""
    stored = await newsroom.publish(*titles)
    await newsroom.route(*stored)
    async with newsroom.store.begin() as transaction:
        claim = await transaction.deliveries.claim(HERE, now=START, lease=HOUR)
        if claim is not None:
            sent = Settlement(state=DeliveryState.SENT)
            await transaction.deliveries.settle(claim, sent, now=START)
    return stored[0]


async def why(newsroom: Newsroom, stored: StoredEntry, topic: str = "") -> Reply:
    return await newsroom.ask(f"why {stored.entry.url} {topic}".strip())


async def test_an_alert_is_told_with_the_words_that_decided(newsroom: Newsroom) -> None:
    reply = await why(newsroom, await alerted(newsroom, "Talks in Beijing"))
    assert reply.title == "Talks in Beijing"
    assert reply.lines == ("Wire, first seen Mon 2 Mar 2026, 09:00 UTC.",)
    (row,) = reply.rows
    assert row.title == "US and China (us-china)"
    assert row.lines == (
        "It matches: sent to this channel.", "Found: “Beijing” in the title.",
    )  # fmt: skip


async def test_what_did_not_match_is_told_with_what_is_missing(newsroom: Newsroom) -> None:
    reply = await why(newsroom, await alerted(newsroom, "Tariff on Norway"))
    assert reply.rows[0].lines == (
        "It does not match, so it did not alert.",
        "Why not: (no Beijing) or (no China).",
    )


async def test_another_channels_deliveries_are_not_told(newsroom: Newsroom) -> None:
    reply = await why(newsroom, await alerted(newsroom, "Talks in Beijing"))
    assert "C2" not in str(reply)
    theirs = await newsroom.ask(
        "why https://wire.example/talks-in-beijing", who=STRANGER, channel=THERE
    )
    assert theirs.rows[0].lines[0] == "It matches: waiting to be sent to this channel."
    assert "C1" not in str(theirs)


async def test_a_topic_that_is_not_followed_here_can_be_asked_for(newsroom: Newsroom) -> None:
    stored = await alerted(newsroom, "Ferry held up", "Ferry in the fog")
    (row,) = (await why(newsroom, stored, "ferries")).rows
    assert row.lines == (
        "It matches.", "This channel does not follow it.", "Found: “Ferry” in the title.",
    )  # fmt: skip
    reply = await newsroom.ask("why https://wire.example/ferry-in-the-fog Ferries")
    assert reply.rows[0].lines[-1] == "Why not: “fog” in the title is left out."


async def test_a_subscription_to_a_query_is_explained_too(newsroom: Newsroom) -> None:
    following = Following(query="ferry OR tram", zone=ZoneInfo("UTC"))
    async with newsroom.store.begin() as transaction:
        for who, channel in ((DESK, HERE), (STRANGER, THERE)):
            await transaction.subscriptions.add(
                who.workspace, channel, following, created_by=who.user, now=START
            )
    stored = await alerted(newsroom, "Ferry held up")
    topic, query = (await why(newsroom, stored)).rows
    assert topic.lines[0] == "It does not match, so it did not alert for this."
    assert query.title == "“ferry OR tram”"
    assert query.lines[-1] == "Found: “Ferry” in the title."


async def test_a_channel_that_follows_nothing_is_told_so(newsroom: Newsroom) -> None:
    stored = await alerted(newsroom, "Talks in Beijing")
    reply = await newsroom.ask(f"why {stored.entry.url}", channel=NOWHERE)
    assert reply.title == "This channel follows nothing, so no story alerts here."
    assert reply.rows == ()


async def test_mutes_and_exclusions_of_this_channel_are_named(newsroom: Newsroom) -> None:
    stored = await alerted(newsroom, "Talks in Beijing")
    async with newsroom.store.begin() as transaction:
        for channel, until in ((HERE, START + HOUR), (THERE, START + 5 * HOUR)):
            mute = Mute(
                channel=channel,
                kind=MutedKind.TOPIC,
                subject="us-china",
                until=until,
                muted_by="U1",
            )
            await transaction.subscriptions.mute(mute)
            for words in ("talks", "zeppelin"):
                exclusion = Exclusion(
                    channel=channel, subject="us-china", query=words, added_by="U1"
                )
                await transaction.subscriptions.exclude(exclusion, now=START)
    (row,) = (await why(newsroom, stored)).rows
    assert row.lines[-2:] == (
        "Left out here: talks.", "Muted here until Mon 2 Mar 2026, 10:00 UTC.",
    )  # fmt: skip
    assert len(row.lines) == 4


async def test_what_was_there_at_first_sight_is_said_not_to_alert(newsroom: Newsroom) -> None:
    (stored,) = await newsroom.publish("Talks in Beijing", standing=Standing.BASELINE)
    (row,) = (await why(newsroom, stored)).rows
    assert "at first sight of the feed" in row.lines[0]


async def test_of_a_story_in_two_feeds_the_one_that_matches_is_told(newsroom: Newsroom) -> None:
    page = "https://wire.example/summit"
    await newsroom.publish("Summit ends", page=page)
    await newsroom.publish("Summit in Beijing ends", page=page, feed=POST)
    reply = await newsroom.ask(f"why {page} us-china")
    assert reply.lines == ("Post, first seen Mon 2 Mar 2026, 09:00 UTC.",)


async def test_a_story_of_another_workspace_is_not_known_here(newsroom: Newsroom) -> None:
    await newsroom.let_strangers_add()
    (hidden,) = await newsroom.publish("Beijing seen from the town", feed=TOWN)
    for line in (f"why {hidden.entry.url}", f"why {hidden.entry_id}"):
        reply = await newsroom.ask(line)
        assert "is not stored" in reply.title
        assert reply.mistake
    theirs = await newsroom.ask(f"why {hidden.entry.url}", who=STRANGER, channel=THERE)
    assert theirs.title == "Beijing seen from the town"


async def test_what_an_exclusion_kept_away_is_said_to_be_left_out(newsroom: Newsroom) -> None:
    exclusion = Exclusion(channel=HERE, subject="us-china", query="talks", added_by="U1")
    async with newsroom.store.begin() as transaction:
        await transaction.subscriptions.exclude(exclusion, now=START)
    stored = await alerted(newsroom, "Talks in Beijing")
    (row,) = (await why(newsroom, stored)).rows
    assert row.lines == (
        "It matches, but is left out here, so it did not alert.",
        "Found: “Beijing” in the title.",
        "Left out here: talks.",
    )
    missed = await alerted(newsroom, "Talks in Oslo")
    (row,) = (await why(newsroom, missed)).rows
    assert "Left out" not in str(row)


async def test_a_subscription_that_names_a_topic_that_is_gone_hinders_nothing(
    newsroom: Newsroom,
) -> None:
    following = Following(query="topic:gone", zone=ZoneInfo("UTC"))
    async with newsroom.store.begin() as transaction:
        await transaction.subscriptions.add(
            DESK.workspace, HERE, following, created_by=DESK.user, now=START
        )
    stored = (await newsroom.publish("Talks in Beijing"))[0]
    topic, gone = (await why(newsroom, stored)).rows
    assert "Found" in topic.lines[-1]
    assert gone.title == "“topic:gone”, which cannot be read any more"
    assert gone.lines[0] == "It does not match, so it did not alert."
