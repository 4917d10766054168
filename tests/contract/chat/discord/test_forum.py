"""Forums: every alert is a post of its own, once, and found again; threads are reopened."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.discord.messenger import DiscordMessenger
from bot.domain.channel import Channel, Platform
from bot.domain.message import MessageRef, Notice
from bot.errors import ChannelDeadError, OutcomeUnknownError, PlatformDownError, RateLimitedError
from tests.contract.chat.discord.conftest import ALERT, NOW, StillClock
from tests.fakes.discord import FORUM, HISTORY, SEND, THREAD, FakeChannel, FakeDiscord
from tests.fakes.discord_faults import CREATE_POST, LIST_POSTS, Fault

PLACE = Channel(Platform.DISCORD, "7")


@pytest.fixture
def forum(server: FakeDiscord) -> FakeChannel:
    return server.add(FakeChannel(id="7", type=FORUM))


async def find(messenger: DiscordMessenger, nonce: str = "nonce-1") -> MessageRef | None:
    return await messenger.find(PLACE, nonce=nonce, message=ALERT, since=NOW)


@pytest.mark.usefixtures("forum")
async def test_an_alert_for_a_forum_is_a_post_named_by_the_headline(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    alert = replace(ALERT, headline="*Harbour* talks " + "word " * 40, mentions=("role:2",))

    ref = await messenger.post(PLACE, alert, nonce="nonce-1")

    [message] = server.messages
    post = server.channels[ref.channel]
    assert ref == MessageRef(message.id, post.id)
    assert post.parent == "7"
    assert post.name.startswith("*Harbour* talks word")
    assert len(post.name) <= 100
    assert message.embed["title"].startswith("\\*Harbour\\* talks")
    assert message.payload["content"] == "<@&2>"
    assert message.payload["allowed_mentions"] == {"parse": [], "roles": [2], "users": []}
    assert message.payload["components"][0]["components"][0]["custom_id"] == "news|mute|nonce-1"


@pytest.mark.usefixtures("forum")
async def test_a_notice_can_stand_in_a_forum(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(PLACE, Notice(title="A feed fails", text="…"), nonce="nonce-1")

    assert server.channels[ref.channel].name == "A feed fails"


@pytest.mark.usefixtures("forum")
async def test_what_the_place_is_is_asked_once(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    for number in range(3):
        await messenger.post(PLACE, ALERT, nonce=f"nonce-{number}")

    assert server.requests.count("GET /channels/7") == 1
    assert server.requests.count("POST /channels/7/messages") == 1
    assert server.requests.count("POST /channels/7/threads") == 3


@pytest.mark.usefixtures("forum")
async def test_a_post_without_the_addresses_discord_refuses(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    problem = {"_errors": [{"code": "INVALID", "message": "No."}]}
    errors = {"message": {"embeds": {"0": {"thumbnail": {"url": problem}}}}}
    server.faults.add(CREATE_POST, Fault.error(400, 50035, "Invalid Form Body", errors))

    await messenger.post(PLACE, ALERT, nonce="nonce-1")

    assert "thumbnail" not in server.messages[0].embed


@pytest.mark.usefixtures("forum", "waits")
@pytest.mark.parametrize("fault", [Fault.http(502, "bad", accepted=True), Fault.cut_after()])
async def test_a_post_that_may_have_been_made_is_not_made_again_but_found(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock, fault: Fault
) -> None:
    server.faults.add(CREATE_POST, fault)
    with pytest.raises(OutcomeUnknownError):
        await messenger.post(PLACE, ALERT, nonce="nonce-1")
    clock.time += timedelta(seconds=5)

    [message] = server.messages
    assert await find(messenger) == MessageRef(message.id, message.id)


@pytest.mark.usefixtures("forum")
async def test_a_post_that_was_never_made_is_not_found(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.faults.add(CREATE_POST, Fault.cut_before())
    with pytest.raises(OutcomeUnknownError):
        await messenger.post(PLACE, ALERT, nonce="nonce-1")

    assert await find(messenger) is None


@pytest.mark.usefixtures("forum")
async def test_a_short_rate_limit_is_waited_out_in_a_forum_too(
    server: FakeDiscord, messenger: DiscordMessenger, waits: list[float]
) -> None:
    server.faults.add(CREATE_POST, Fault.rate_limited(12.5))
    await messenger.post(PLACE, ALERT, nonce="nonce-1")
    server.faults.add(CREATE_POST, Fault.rate_limited(900))
    with pytest.raises(RateLimitedError):
        await messenger.post(PLACE, ALERT, nonce="nonce-2")

    assert 12.5 in waits
    assert len(server.messages) == 1


@pytest.mark.usefixtures("forum")
async def test_a_post_at_rest_is_found_after_a_restart(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    ref = await messenger.post(PLACE, ALERT, nonce="nonce-1")
    server.channels[ref.channel].archived = True
    again = DiscordMessenger(token=server.token, clock=clock, api_url=server.api_url)

    assert await find(again) == ref
    await again.close()


@pytest.mark.usefixtures("forum")
async def test_other_posts_are_not_mistaken_for_it(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    """Of another delivery, of a person, in another forum."""
    ref = await messenger.post(PLACE, ALERT, nonce="nonce-1")
    assert await find(messenger, "nonce-2") is None

    server.channels[ref.channel].owner = 404
    assert await find(messenger) is None
    server.channels[ref.channel].owner = 101
    server.channels[ref.channel].parent = "8"
    assert await find(messenger) is None


async def test_posts_that_cannot_be_read_tell_nothing(
    server: FakeDiscord, messenger: DiscordMessenger, forum: FakeChannel
) -> None:
    await messenger.post(PLACE, ALERT, nonce="nonce-1")
    forum.denied = HISTORY
    with pytest.raises(ChannelDeadError):
        await find(messenger)
    server.faults.add(LIST_POSTS, Fault.http(503, "down"))
    with pytest.raises(PlatformDownError):
        await find(messenger)


async def test_a_forum_closed_to_newsbot_is_dead_and_says_what_to_do(
    messenger: DiscordMessenger, forum: FakeChannel
) -> None:
    forum.denied = SEND
    with pytest.raises(ChannelDeadError, match="Create Posts"):
        await messenger.post(PLACE, ALERT, nonce="nonce-1")
    forum.denied = 0
    forum.needs_tag = True
    with pytest.raises(ChannelDeadError, match="select tags"):
        await messenger.post(PLACE, ALERT, nonce="nonce-1")


async def test_an_archived_thread_is_reopened_by_an_alert(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    thread = server.add(FakeChannel(id="7", type=THREAD, archived=True))

    await messenger.post(PLACE, ALERT, nonce="nonce-1")

    assert not thread.archived
    assert server.messages[0].channel == "7"
