"""Threads: what goes on under a message of ours, once, and is found again."""

import pytest

from bot.chat.discord.messenger import DiscordMessenger
from bot.domain.channel import Channel, Platform
from bot.domain.message import MessageRef
from tests.contract.chat.discord.conftest import ALERT, CHANNEL, NOW
from tests.fakes.discord import FORUM, THREAD, FakeChannel, FakeDiscord
from tests.fakes.discord_shapes import CREATE_THREADS


@pytest.fixture
async def first(messenger: DiscordMessenger) -> MessageRef:
    return await messenger.post(CHANNEL, ALERT, nonce="nonce-1")


async def further(
    messenger: DiscordMessenger, first: MessageRef, nonce: str, channel: Channel = CHANNEL
) -> MessageRef:
    return await messenger.post(channel, ALERT, nonce=nonce, thread=first)


async def test_what_goes_on_stands_in_one_thread_of_the_first_message(
    server: FakeDiscord, messenger: DiscordMessenger, first: MessageRef
) -> None:
    second = await further(messenger, first, "nonce-2")
    third = await further(messenger, first, "nonce-3")

    assert (second.channel, third.channel) == (first.id, first.id)
    assert server.channels[first.id].parent == CHANNEL.id
    assert [message.channel for message in server.messages] == [CHANNEL.id, first.id, first.id]


async def test_what_goes_on_is_found_in_its_thread(
    messenger: DiscordMessenger, first: MessageRef
) -> None:
    second = await further(messenger, first, "nonce-2")
    found = await messenger.find(
        CHANNEL, nonce="nonce-2", message=ALERT, since=NOW, known=first, thread=first
    )
    assert found == second
    absent = await messenger.find(
        CHANNEL, nonce="nonce-3", message=ALERT, since=NOW, known=first, thread=first
    )
    assert absent is None


async def test_where_newsbot_may_open_no_thread_it_goes_on_in_the_channel(
    server: FakeDiscord, messenger: DiscordMessenger, first: MessageRef
) -> None:
    server.channels[CHANNEL.id].denied = CREATE_THREADS
    second = await further(messenger, first, "nonce-2")
    assert second.channel == CHANNEL.id
    found = await messenger.find(
        CHANNEL, nonce="nonce-2", message=ALERT, since=NOW, known=first, thread=first
    )
    assert found == second


async def test_in_a_thread_it_goes_on_in_that_thread(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.add(FakeChannel(id="9", type=THREAD, parent=CHANNEL.id))
    place = Channel(Platform.DISCORD, "9")
    first = await messenger.post(place, ALERT, nonce="nonce-1")
    assert (await further(messenger, first, "nonce-2", place)).channel == "9"


async def test_in_a_forum_it_goes_on_in_the_first_ones_post(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.add(FakeChannel(id="7", type=FORUM))
    place = Channel(Platform.DISCORD, "7")
    first = await messenger.post(place, ALERT, nonce="nonce-1")
    second = await further(messenger, first, "nonce-2", place)
    assert second.channel == first.channel
    found = await messenger.find(
        place, nonce="nonce-2", message=ALERT, since=NOW, known=first, thread=first
    )
    assert found == second


async def test_a_first_message_that_is_gone_leaves_the_channel(
    server: FakeDiscord, messenger: DiscordMessenger, first: MessageRef
) -> None:
    server.messages.clear()
    assert (await further(messenger, first, "nonce-2")).channel == CHANNEL.id
