"""Subscriptions, mutes and exclusions, and the number that tells of their changes."""

from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.cadence import WORKDAYS, Cadence
from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.quiet import QuietHours
from bot.domain.subscription import Following, Mute, MutedKind, Subscription
from bot.errors import CommandError
from bot.ports.subscriptions import Exclusion
from bot.storage.database import Database
from tests.fakes.clock import START

GUILD = Workspace(Platform.DISCORD, "77")
OTHER_GUILD = Workspace(Platform.DISCORD, "78")
DESK = Channel(Platform.DISCORD, "1001")
NIGHT = Channel(Platform.DISCORD, "1002")
UTC = ZoneInfo("UTC")
PLAIN = Following(topic="us-china", zone=UTC)
FULL = Following(
    query='title:"rare earths" -football',
    cadence=Cadence(time(8, 30), WORKDAYS),
    quiet=QuietHours(time(22), time(7)),
    breaking=True,
    zone=ZoneInfo("Europe/Berlin"),
    mention="role:5",
)
MUTE = Mute(
    channel=DESK,
    kind=MutedKind.TOPIC,
    subject="us-china",
    until=START + timedelta(hours=2),
    muted_by="404",
)
EXCLUSION = Exclusion(channel=DESK, subject="us-china", query="football", added_by="404")


async def follow(
    store: Database,
    following: Following,
    *,
    workspace: Workspace = GUILD,
    channel: Channel = DESK,
) -> Subscription:
    async with store.begin() as transaction:
        return await transaction.subscriptions.add(
            workspace, channel, following, created_by="404", now=START
        )


async def revision(store: Database) -> int:
    async with store.read() as transaction:
        return await transaction.subscriptions.revision()


@pytest.mark.parametrize("following", [PLAIN, FULL])
async def test_a_subscription_comes_back_as_it_was_given(
    store: Database, following: Following
) -> None:
    added = await follow(store, following)

    assert added == Subscription(
        subscription_id=added.subscription_id,
        workspace=GUILD,
        channel=DESK,
        following=following,
        created_by="404",
        created_at=START,
    )
    async with store.read() as transaction:
        assert await transaction.subscriptions.get(added.subscription_id) == added


@pytest.mark.parametrize("following", [PLAIN, FULL])
async def test_following_the_same_again_changes_how_and_keeps_the_row(
    store: Database, following: Following
) -> None:
    first = await follow(store, following)
    changed = replace(following, cadence=Cadence(), quiet=None, mention=None)

    second = await follow(store, changed)

    assert second == replace(first, following=changed)
    async with store.read() as transaction:
        assert list(await transaction.subscriptions.all()) == [second]


async def test_what_a_channel_follows_is_not_changed_by_another_workspace(
    store: Database,
) -> None:
    first = await follow(store, PLAIN)
    with pytest.raises(CommandError, match="Another workspace"):
        await follow(store, replace(PLAIN, cadence=Cadence()), workspace=OTHER_GUILD)
    async with store.read() as transaction:
        assert list(await transaction.subscriptions.all()) == [first]


async def test_a_topic_and_a_query_of_the_same_words_are_two(store: Database) -> None:
    await follow(store, Following(topic="china", zone=UTC))
    await follow(store, Following(query="china", zone=UTC))
    async with store.read() as transaction:
        assert len(await transaction.subscriptions.of_channel(DESK)) == 2


async def test_lists_keep_to_their_channel_and_workspace(store: Database) -> None:
    here = await follow(store, PLAIN)
    beside = await follow(store, PLAIN, channel=NIGHT)
    far = await follow(
        store, PLAIN, workspace=OTHER_GUILD, channel=Channel(Platform.DISCORD, "2001")
    )

    async with store.read() as transaction:
        subscriptions = transaction.subscriptions
        assert list(await subscriptions.of_channel(DESK)) == [here]
        assert list(await subscriptions.of_workspace(GUILD)) == [here, beside]
        assert list(await subscriptions.all()) == [here, beside, far]
        assert not await subscriptions.of_channel(Channel(Platform.SLACK, "1001"))


async def test_what_is_removed_is_gone_and_its_number_never_given_again(store: Database) -> None:
    first = await follow(store, PLAIN)
    async with store.begin() as transaction:
        assert await transaction.subscriptions.remove(first.subscription_id)
        assert not await transaction.subscriptions.remove(first.subscription_id)

    again = await follow(store, PLAIN)

    assert again.subscription_id > first.subscription_id


async def test_a_mute_holds_until_its_time(store: Database) -> None:
    async with store.begin() as transaction:
        await transaction.subscriptions.mute(MUTE)
        assert list(await transaction.subscriptions.mutes(START)) == [MUTE]
        assert not await transaction.subscriptions.mutes(MUTE.until)

        longer = replace(MUTE, until=START + timedelta(days=1))
        await transaction.subscriptions.mute(longer)
        assert list(await transaction.subscriptions.mutes(MUTE.until)) == [longer]

        assert await transaction.subscriptions.unmute(DESK, MutedKind.TOPIC, "us-china")
        assert not await transaction.subscriptions.unmute(DESK, MutedKind.TOPIC, "us-china")
        assert not await transaction.subscriptions.mutes(START)


async def test_mutes_long_over_are_swept(store: Database) -> None:
    async with store.begin() as transaction:
        await transaction.subscriptions.mute(MUTE)
        await transaction.subscriptions.sweep(before=MUTE.until)
        assert await transaction.subscriptions.mutes(START)
        await transaction.subscriptions.sweep(before=MUTE.until + timedelta(seconds=1))
        assert not await transaction.subscriptions.mutes(START)


async def test_an_exclusion_stands_once_until_it_is_ended(store: Database) -> None:
    async with store.begin() as transaction:
        assert await transaction.subscriptions.exclude(EXCLUSION, now=START)
        assert not await transaction.subscriptions.exclude(EXCLUSION, now=START)
        assert list(await transaction.subscriptions.exclusions()) == [EXCLUSION]
        assert await transaction.subscriptions.include(EXCLUSION)
        assert not await transaction.subscriptions.include(EXCLUSION)


async def test_every_change_raises_the_number(store: Database) -> None:
    numbers = [await revision(store)]
    added = await follow(store, PLAIN)
    numbers.append(await revision(store))
    for change in ("mute", "exclude", "include", "unmute", "remove"):
        async with store.begin() as transaction:
            subscriptions = transaction.subscriptions
            match change:
                case "mute":
                    await subscriptions.mute(MUTE)
                case "exclude":
                    await subscriptions.exclude(EXCLUSION, now=START)
                case "include":
                    await subscriptions.include(EXCLUSION)
                case "unmute":
                    await subscriptions.unmute(DESK, MutedKind.TOPIC, "us-china")
                case _:
                    await subscriptions.remove(added.subscription_id)
        numbers.append(await revision(store))

    assert numbers == sorted(set(numbers))
    assert await revision(store) == numbers[-1]
