"""Who is told of an entry, and when, as channels asked for it in chat."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.cadence import Cadence, read_cadence
from bot.domain.channel import CONSOLE, Channel, Platform, Workspace
from bot.domain.entry import StoredEntry
from bot.domain.message import Alert
from bot.domain.news import Standing
from bot.domain.quiet import read_quiet_hours
from bot.domain.subscription import Following, Mute, MutedKind
from bot.domain.topic import Topic
from bot.ports.chat import AddedFeed
from bot.ports.deliveries import Outgoing
from bot.ports.subscriptions import Exclusion
from bot.query.tree import Words
from bot.services.route import Router, publish
from bot.storage.database import Database
from tests.fakes.clock import START
from tests.fakes.news import WIRE, entry, identified

UTC = ZoneInfo("UTC")
TEAM = Workspace(Platform.SLACK)
GUILD = Workspace(Platform.DISCORD, "77")
DESK = Channel(Platform.SLACK, "C1")
NIGHT = Channel(Platform.SLACK, "C2")
FORUM = Channel(Platform.DISCORD, "9")
CHINA = Topic(name="china", title="China", query=Words("Beijing"), channels=(DESK,))
TALKS = Following(query="talks", zone=UTC)


def router(*topics: Topic, shared: tuple[str, ...] = (WIRE.url,)) -> Router:
    return Router(topics, platforms=frozenset(Platform), shared=shared)


async def stored(store: Database, title: str = "Talks in Beijing") -> StoredEntry:
    async with store.begin() as transaction:
        await transaction.feeds.add([WIRE.url], due_at=START)
        state = await transaction.feeds.get(WIRE.url)
        assert state is not None
        [one] = await transaction.entries.add(
            WIRE,
            state.feed_id,
            identified(entry(1, title=title)),
            standing=Standing.NEWS,
            now=START,
        )
        return one


async def follow(
    store: Database,
    following: Following,
    channel: Channel = NIGHT,
    workspace: Workspace = TEAM,
) -> str:
    """Subscribe; gives the subject."""
    async with store.begin() as transaction:
        added = await transaction.subscriptions.add(
            workspace, channel, following, created_by="U1", now=START
        )
        return added.name


async def routed(
    store: Database, router: Router, one: StoredEntry, now: datetime = START
) -> dict[Channel, Outgoing]:
    async with store.read() as transaction:
        await router.catch_up(transaction, now)
    return {going.channel: going for going in router.route(one, router.match(one), now)}


def reasons(going: Outgoing) -> list[tuple[str, str]]:
    assert isinstance(going.message, Alert)
    return [(reason.topic, reason.title) for reason in going.message.reasons]


async def test_a_topic_and_a_query_followed_in_chat_alert(store: Database) -> None:
    one = await stored(store)
    await follow(store, Following(topic="china", zone=UTC))
    subject = await follow(store, TALKS)

    told = await routed(store, router(CHINA), one)

    assert set(told) == {DESK, NIGHT}
    assert reasons(told[DESK]) == [("china", "China")]
    assert reasons(told[NIGHT]) == [("china", "China"), (subject, "“talks”")]


async def test_what_is_followed_no_longer_does_not_alert(store: Database) -> None:
    one = await stored(store)
    asking = router()
    subject = await follow(store, TALKS)
    assert NIGHT in await routed(store, asking, one)

    async with store.begin() as transaction:
        await transaction.subscriptions.remove(int(subject.removeprefix("?")))

    assert not await routed(store, asking, one)
    assert not asking.match(one).reasons


async def test_a_query_whose_topic_has_gone_leaves_the_others_alone(store: Database) -> None:
    one = await stored(store)
    await follow(store, Following(query="topic:gone", zone=UTC))
    await follow(store, TALKS)
    [going] = (await routed(store, router(), one)).values()
    assert len(reasons(going)) == 1


async def test_a_digest_is_held_until_it_is_due(store: Database) -> None:
    one = await stored(store)
    await follow(store, Following(topic="china", cadence=Cadence(), zone=UTC))

    told = await routed(store, router(CHINA), one)

    assert told[NIGHT].held_until == START.replace(minute=0) + timedelta(hours=1)
    assert told[DESK].held_until is None


async def test_one_instant_subscription_is_enough_to_be_told_at_once(store: Database) -> None:
    one = await stored(store)
    await follow(store, Following(topic="china", cadence=Cadence(), zone=UTC, mention="group:S1"))
    await follow(store, Following(query="talks", zone=UTC, mention="user:U7"))

    going = (await routed(store, router(CHINA), one))[NIGHT]

    assert going.held_until is None
    assert len(reasons(going)) == 2
    assert isinstance(going.message, Alert)
    assert going.message.mentions == ("user:U7",)


async def test_quiet_hours_hold_alerts_until_they_are_over(store: Database) -> None:
    one = await stored(store)
    quiet = read_quiet_hours("22:00-07:00")
    await follow(store, Following(topic="china", quiet=quiet, zone=UTC))
    asking = router(CHINA)
    late = START.replace(hour=23, minute=0)

    assert (await routed(store, asking, one, START.replace(hour=12)))[NIGHT].held_until is None
    held = (await routed(store, asking, one, late))[NIGHT].held_until
    assert held == (late + timedelta(days=1)).replace(hour=7)


async def test_breaking_topics_pass_the_quiet_hours_of_those_who_said_so(store: Database) -> None:
    one = await stored(store)
    quiet = read_quiet_hours("22:00-07:00")
    breaking = Topic(name="war", title="War", query=Words("Beijing"), channels=(), breaking=True)
    await follow(store, Following(topic="war", quiet=quiet, breaking=True, zone=UTC))
    await follow(store, Following(topic="war", quiet=quiet, zone=UTC), DESK)
    await follow(
        store, Following(topic="china", quiet=quiet, breaking=True, zone=UTC), FORUM, GUILD
    )

    told = await routed(store, router(breaking, CHINA), one, START.replace(hour=23))

    assert told[NIGHT].held_until is None
    assert told[DESK].held_until is None, "the rule file sends china there at once"
    assert told[FORUM].held_until is not None


async def test_a_digest_that_falls_into_the_quiet_waits_for_its_end(store: Database) -> None:
    one = await stored(store)
    following = Following(
        topic="china",
        cadence=read_cadence("daily 06:00"),
        quiet=read_quiet_hours("22:00-07:00"),
        zone=UTC,
    )
    await follow(store, following)
    held = (await routed(store, router(CHINA), one, START.replace(hour=12)))[NIGHT].held_until
    assert held == (START + timedelta(days=1)).replace(hour=7, minute=0)


async def test_subscribing_a_rule_files_channel_changes_how_it_is_told(store: Database) -> None:
    one = await stored(store)
    await follow(store, Following(topic="china", cadence=Cadence(), zone=UTC), DESK)
    assert (await routed(store, router(CHINA), one))[DESK].held_until is not None


async def test_what_is_muted_is_not_told_until_the_mute_is_over(store: Database) -> None:
    one = await stored(store)
    asking = router(CHINA)
    until = START + timedelta(hours=2)
    for kind, subject in (
        (MutedKind.TOPIC, "china"),
        (MutedKind.FEED, str(one.feed_id)),
        (MutedKind.STORY, str(one.story_id)),
    ):
        async with store.begin() as transaction:
            await transaction.subscriptions.mute(
                Mute(channel=DESK, kind=kind, subject=subject, until=until, muted_by="U1")
            )
        assert not await routed(store, asking, one), kind
        assert await routed(store, asking, one, until), kind
        async with store.begin() as transaction:
            await transaction.subscriptions.unmute(DESK, kind, subject)


async def test_another_channel_hears_of_what_one_has_muted(store: Database) -> None:
    one = await stored(store)
    await follow(store, TALKS)
    async with store.begin() as transaction:
        await transaction.subscriptions.mute(
            Mute(
                channel=DESK,
                kind=MutedKind.STORY,
                subject=str(one.story_id),
                until=START + timedelta(hours=1),
                muted_by="U1",
            )
        )
    assert set(await routed(store, router(CHINA), one)) == {NIGHT}


async def test_an_exclusion_counts_for_its_channel_and_subject(store: Database) -> None:
    one = await stored(store, "Football talks in Beijing")
    subject = await follow(store, TALKS, DESK)
    async with store.begin() as transaction:
        await transaction.subscriptions.exclude(
            Exclusion(channel=DESK, subject="china", query="football", added_by="U1"), now=START
        )
    asking = router(CHINA)

    told = await routed(store, asking, one)

    assert reasons(told[DESK]) == [(subject, "“talks”")]
    assert [reason.topic for reason in asking.match(one).reasons] == ["china", subject]


async def test_an_added_feed_reaches_its_own_workspace_only(store: Database) -> None:
    one = await stored(store)
    await follow(store, TALKS, FORUM, GUILD)
    everywhere = Topic(
        name="china", title="China", query=Words("Beijing"), channels=(DESK, CONSOLE)
    )
    async with store.begin() as transaction:
        await transaction.added_feeds.add(
            AddedFeed(workspace=GUILD, url=WIRE.url, name="Wire", added_by="1", added_at=START)
        )

    assert set(await routed(store, router(everywhere, shared=()), one)) == {FORUM}
    assert set(await routed(store, router(everywhere), one)) == {FORUM, DESK, CONSOLE}


async def test_a_feed_added_before_its_first_poll_is_its_own_workspaces(store: Database) -> None:
    everywhere = Topic(name="china", title="China", query=Words("Beijing"), channels=(DESK,))
    asking = router(everywhere, shared=())
    await follow(store, TALKS, FORUM, GUILD)
    async with store.begin() as transaction:
        await transaction.added_feeds.add(
            AddedFeed(workspace=GUILD, url=WIRE.url, name="Wire", added_by="1", added_at=START)
        )
        await asking.catch_up(transaction, START)
    assert set(await routed(store, asking, await stored(store))) == {FORUM}


async def test_a_feed_removed_while_it_is_polled_is_told_to_nobody(store: Database) -> None:
    one = await stored(store)
    everywhere = Topic(name="china", title="China", query=Words("Beijing"), channels=(DESK,))
    asking = router(everywhere, shared=())
    async with store.begin() as transaction:
        await transaction.added_feeds.add(
            AddedFeed(workspace=GUILD, url=WIRE.url, name="Wire", added_by="1", added_at=START)
        )
        await transaction.added_feeds.remove(GUILD, WIRE.url)
    assert not await routed(store, asking, one)


async def test_an_alert_for_now_takes_the_place_of_one_kept_for_a_digest(store: Database) -> None:
    one = await stored(store)
    asking = router(CHINA)
    await follow(store, Following(topic="china", cadence=Cadence(), zone=UTC))
    async with store.begin() as transaction:
        assert await publish(transaction, asking, [one], now=START) == 2
    async with store.read() as transaction:
        assert list(await transaction.deliveries.channels_due(START)) == [DESK]

    await follow(store, TALKS)
    async with store.begin() as transaction:
        assert await publish(transaction, asking, [one], now=START) == 1
        assert await publish(transaction, asking, [one], now=START) == 0
    async with store.read() as transaction:
        assert set(await transaction.deliveries.channels_due(START)) == {DESK, NIGHT}
