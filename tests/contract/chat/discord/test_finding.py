from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.discord.mark import stamped
from bot.chat.discord.messenger import DiscordMessenger
from bot.domain.channel import Channel, Platform
from bot.domain.digest import Gathered, compose_digest
from bot.domain.message import Digest, MessageRef
from bot.errors import ChannelDeadError, DeliveryError, OutcomeUnknownError, PlatformDownError
from tests.contract.chat.discord.conftest import ALERT, CHANNEL, NOW, StillClock
from tests.fakes.discord import DIRECT, HISTORY, NEWS, THREAD, VIEW, FakeChannel, FakeDiscord
from tests.fakes.discord_faults import POST_MESSAGE, READ_HISTORY, Fault

LATER = timedelta(minutes=10)


async def find(
    messenger: DiscordMessenger, nonce: str = "nonce-1", known: MessageRef | None = None
) -> MessageRef | None:
    return await messenger.find(CHANNEL, nonce=nonce, message=ALERT, since=NOW, known=known)


async def test_a_message_whose_acceptance_was_not_heard_of_is_found(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    server.faults.add(POST_MESSAGE, Fault.cut_after())
    with pytest.raises(OutcomeUnknownError):
        await messenger.post(CHANNEL, ALERT, nonce="nonce-1")
    clock.time += LATER
    server.say(NEWS, "Thanks!")

    [posted, _] = server.messages
    assert await find(messenger) == MessageRef(posted.id, NEWS)


async def test_a_message_posted_without_its_refused_addresses_is_found(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    problem = {"_errors": [{"code": "INVALID", "message": "No."}]}
    errors = {"embeds": {"0": {"thumbnail": {"url": problem}, "url": problem}}}
    server.faults.add(POST_MESSAGE, Fault.error(400, 50035, "Invalid Form Body", errors))
    ref = await messenger.post(CHANNEL, ALERT, nonce="nonce-1")

    assert await find(messenger) == ref


async def test_a_message_that_was_never_accepted_is_not_found(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    server.faults.add(POST_MESSAGE, Fault.cut_before())
    with pytest.raises(OutcomeUnknownError):
        await messenger.post(CHANNEL, ALERT, nonce="nonce-1")
    clock.time += LATER
    server.say(NEWS, "Quiet today.")

    assert await find(messenger) is None


async def test_the_same_words_posted_for_another_delivery_are_not_mistaken_for_it(
    messenger: DiscordMessenger, clock: StillClock
) -> None:
    await messenger.post(CHANNEL, ALERT, nonce="nonce-2")
    clock.time += LATER

    assert await find(messenger) is None


async def test_another_headline_with_the_same_mark_is_not_mistaken_for_it(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    await messenger.post(CHANNEL, ALERT, nonce="nonce-1")
    clock.time += LATER
    other = replace(ALERT, headline="Another story")

    found = await messenger.find(CHANNEL, nonce="nonce-1", message=other, since=NOW)

    assert found is None
    assert stamped(server.messages[0].embed["color"], "nonce-1")


async def test_the_same_words_by_somebody_else_are_not_mistaken_for_it(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    await messenger.post(CHANNEL, ALERT, nonce="nonce-1")
    [posted] = server.messages
    server.messages[:] = [replace(posted, author=404)]

    assert await find(messenger) is None


async def test_a_nonce_that_discord_does_give_back_decides(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    await messenger.post(CHANNEL, ALERT, nonce="nonce-1")
    server.keeps_nonces = True

    assert await find(messenger) == MessageRef(server.messages[0].id, NEWS)
    assert await find(messenger, "nonce-2") is None


async def test_a_message_is_found_though_discords_clock_is_behind(
    messenger: DiscordMessenger, clock: StillClock
) -> None:
    clock.time -= timedelta(minutes=4)
    ref = await messenger.post(CHANNEL, ALERT, nonce="nonce-1")

    assert await find(messenger) == ref


async def test_messages_on_further_pages_are_read(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    for number in range(250):
        server.say(NEWS, f"chatter {number}")
    clock.time += timedelta(seconds=1)
    ref = await messenger.post(CHANNEL, ALERT, nonce="nonce-1")

    assert await find(messenger) == ref


async def test_a_channel_too_busy_to_be_read_tells_nothing(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    for number in range(1000):
        server.say(NEWS, f"chatter {number}")
    clock.time += LATER

    with pytest.raises(DeliveryError, match="more than 1000 messages"):
        await find(messenger)


async def test_an_older_message_shows_that_the_history_can_be_believed(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    clock.time -= timedelta(days=3)
    server.say(NEWS, "Good morning.")
    clock.time += timedelta(days=3) + LATER

    assert await find(messenger) is None


async def test_a_history_that_shows_our_last_message_is_believed_to_lack_another(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    clock.time -= timedelta(days=3)
    known = await messenger.post(CHANNEL, ALERT, nonce="nonce-2")
    server.say(NEWS, "Thanks!")
    clock.time += timedelta(days=3) + LATER

    assert await find(messenger, known=known) is None


async def test_a_history_that_does_not_show_our_last_message_tells_nothing(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    known = await messenger.post(CHANNEL, ALERT, nonce="nonce-2")
    server.messages.clear()
    server.say(NEWS, "I have tidied up.")
    clock.time += LATER

    with pytest.raises(DeliveryError, match="own last message"):
        await find(messenger, known=known)


async def test_a_channel_that_never_had_a_message_does_not_have_this_one(
    messenger: DiscordMessenger, clock: StillClock
) -> None:
    clock.time += LATER

    assert await find(messenger) is None


async def test_a_history_that_may_not_be_read_tells_nothing(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    server.channels[NEWS].denied = HISTORY
    await messenger.post(CHANNEL, ALERT, nonce="nonce-1")
    clock.time += LATER

    with pytest.raises(DeliveryError, match="allow it Read Message History") as caught:
        await find(messenger)

    assert type(caught.value) is DeliveryError


async def test_within_a_minute_discord_itself_knows_the_nonce(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    server.channels[NEWS].denied = HISTORY
    ref = await messenger.post(CHANNEL, ALERT, nonce="nonce-1")
    clock.time += timedelta(seconds=59)

    assert await find(messenger) is None
    assert await messenger.post(CHANNEL, ALERT, nonce="nonce-1") == ref
    assert len(server.messages) == 1


@pytest.mark.parametrize("kind", [THREAD, DIRECT])
async def test_threads_and_direct_messages_are_read_too(
    server: FakeDiscord, messenger: DiscordMessenger, kind: int
) -> None:
    server.add(FakeChannel(id="7", type=kind))
    place = Channel(Platform.DISCORD, "7")
    ref = await messenger.post(place, ALERT, nonce="nonce-1")

    assert await messenger.find(place, nonce="nonce-1", message=ALERT, since=NOW) == ref


async def test_a_channel_taken_away_tells_nothing(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.channels[NEWS].denied = VIEW

    with pytest.raises(ChannelDeadError, match="View Channel"):
        await find(messenger)
    with pytest.raises(ChannelDeadError, match="no channel id"):
        await messenger.find(
            Channel(Platform.DISCORD, "general"), nonce="n", message=ALERT, since=NOW
        )


@pytest.mark.parametrize("fault", [Fault.http(503), Fault.cut_before(), Fault.http(200, "<p>")])
async def test_a_platform_that_is_down_tells_nothing(
    server: FakeDiscord, messenger: DiscordMessenger, fault: Fault
) -> None:
    # aiohttp itself repeats a GET once when the connection breaks.
    server.faults.add(READ_HISTORY, fault, times=1 + fault.cut)

    with pytest.raises(PlatformDownError):
        await find(messenger)


async def test_a_refusal_after_a_server_error_is_still_a_refusal(
    server: FakeDiscord, messenger: DiscordMessenger, waits: list[float]
) -> None:
    refusal = Fault.error(403, 50001, "Missing Access")
    server.faults.add(READ_HISTORY, Fault.http(502, "bad"), refusal)

    with pytest.raises(ChannelDeadError):
        await find(messenger)

    assert 1 in waits


async def test_another_digest_of_as_many_stories_is_not_taken_for_it(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    first, second = _digest("Ferry", "Port"), _digest("Budget", "Vote")
    assert first.title == second.title
    await messenger.post(CHANNEL, first, nonce="nonce-1")
    colour = server.messages[0].embed["color"]
    of_the_same_mark = next(f"n{n}" for n in range(100_000) if stamped(colour, f"n{n}"))

    absent = await messenger.find(
        CHANNEL, nonce=of_the_same_mark, message=second, since=clock.now()
    )
    found = await messenger.find(CHANNEL, nonce="nonce-1", message=first, since=clock.now())

    assert absent is None
    assert found == MessageRef(server.messages[0].id, NEWS)


def _digest(*headlines: str) -> Digest:
    kept_at = datetime(2026, 5, 15, 9, tzinfo=UTC)
    alerts = [replace(ALERT, headline=headline) for headline in headlines]
    [digest] = compose_digest([Gathered(alert=alert, kept_at=kept_at) for alert in alerts])
    return digest
