import asyncio
import logging
from datetime import timedelta

import pytest

from bot.chat.discord.messenger import DiscordMessenger
from bot.domain.channel import Channel, Platform
from bot.domain.message import Message, MessageRef, Notice
from bot.errors import (
    ChannelDeadError,
    DeliveryError,
    MessageRejectedError,
    OutcomeUnknownError,
    PlatformDownError,
    RateLimitedError,
    UnauthorizedError,
)
from tests.contract.chat.discord.conftest import ALERT, CHANNEL, StillClock
from tests.fakes.clock import START, HaltingClock
from tests.fakes.discord import (
    CATEGORY,
    EMBED,
    NEWS,
    SEND,
    SEND_IN_THREADS,
    THREAD,
    VIEW,
    FakeChannel,
    FakeDiscord,
)
from tests.fakes.discord_faults import GET_ME, POST_MESSAGE, Fault
from tests.leftovers import unclosed


async def post(messenger: DiscordMessenger, message: Message = ALERT) -> MessageRef:
    return await messenger.post(CHANNEL, message, nonce="nonce-1")


async def test_an_alert_is_posted_as_one_embed_that_pings_nobody(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    ref = await post(messenger)

    [posted] = server.messages
    assert ref == MessageRef(posted.id, NEWS)
    assert posted.embed["title"] == ALERT.headline
    assert posted.embed["thumbnail"]["url"] == ALERT.image
    assert posted.payload["nonce"] == "nonce-1"
    assert posted.payload["enforce_nonce"] is True
    assert posted.payload["allowed_mentions"] == {"parse": []}
    assert "content" not in posted.payload or not posted.payload["content"]
    assert not any(path.startswith("GET /gateway") for path in server.requests)


async def test_nothing_is_asked_before_the_first_message(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    assert messenger.platform is Platform.DISCORD
    assert messenger.pace == timedelta(seconds=1)
    assert server.requests == []


async def test_a_repeat_with_the_same_nonce_is_the_same_message(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    assert await post(messenger) == await post(messenger)
    assert len(server.messages) == 1


async def test_many_messages_at_once_log_in_once(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    await asyncio.gather(*(messenger.post(CHANNEL, ALERT, nonce=f"n{n}") for n in range(8)))

    assert len(server.messages) == 8
    assert server.requests.count("GET /users/@me") == 1


async def test_a_short_rate_limit_is_waited_out(
    server: FakeDiscord, messenger: DiscordMessenger, waits: list[float]
) -> None:
    server.faults.add(POST_MESSAGE, Fault.rate_limited(12.5))

    await post(messenger)

    assert len(server.messages) == 1
    assert 12.5 in waits


async def test_a_full_channel_is_waited_for(clock: StillClock, waits: list[float]) -> None:
    async with FakeDiscord(now=clock.now, burst=2, per=7.0) as server:
        messenger = DiscordMessenger(token=server.token, clock=clock, api_url=server.api_url)
        await messenger.post(CHANNEL, ALERT, nonce="n1")
        await messenger.post(CHANNEL, ALERT, nonce="n2")
        await messenger.close()

    assert waits.count(7.0) == 1


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_long_rate_limit_is_handed_back(
    server: FakeDiscord, messenger: DiscordMessenger, *, everywhere: bool
) -> None:
    server.faults.add(POST_MESSAGE, Fault.rate_limited(900, everywhere=everywhere))

    with pytest.raises(RateLimitedError) as caught:
        await post(messenger)

    assert caught.value.retry_after == timedelta(minutes=15)
    assert server.messages == []


async def test_a_ban_by_the_proxy_before_discord_is_a_rate_limit(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    banned = Fault.http(429, "error code: 1015", headers={"Retry-After": "3600"})
    server.faults.add(POST_MESSAGE, banned, Fault.http(429, "error code: 1015"))

    for expected in (timedelta(hours=1), timedelta(minutes=1)):
        with pytest.raises(RateLimitedError) as caught:
            await post(messenger)
        assert caught.value.retry_after == expected


async def test_a_revoked_token_is_told(server: FakeDiscord, messenger: DiscordMessenger) -> None:
    await post(messenger)
    server.token = "another"

    with pytest.raises(UnauthorizedError, match="DISCORD_TOKEN"):
        await post(messenger)


async def test_a_wrong_token_is_told_at_login(server: FakeDiscord, clock: StillClock) -> None:
    messenger = DiscordMessenger(token="wrong", clock=clock, api_url=server.api_url)

    with pytest.raises(UnauthorizedError, match="Reset Token"):
        await post(messenger)
    await messenger.close()


async def test_a_login_that_fails_is_tried_again_with_the_next_message(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.faults.add(GET_ME, Fault.http(503, "down"), Fault.cut_before(), Fault.cut_before())
    for _ in range(2):
        with pytest.raises(PlatformDownError):
            await post(messenger)

    await post(messenger)

    assert len(server.messages) == 1


async def test_a_login_asked_to_wait_waits(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.faults.add(GET_ME, Fault.rate_limited(60))

    with pytest.raises(RateLimitedError):
        await post(messenger)


@pytest.mark.parametrize(
    ("channel", "remedy"),
    [
        (FakeChannel(id="7", denied=VIEW), "View Channel"),
        (FakeChannel(id="7", denied=SEND), "Send Messages"),
        (FakeChannel(id="7", denied=EMBED), "Embed Links"),
        (FakeChannel(id="7", type=CATEGORY), "name a text channel, a thread or a forum"),
        (FakeChannel(id="7", type=THREAD, locked=True), "unlock it"),
        (FakeChannel(id="7", type=THREAD, locked=True, archived=True), "unlock it"),
    ],
)
async def test_a_channel_that_takes_nothing_is_dead_and_says_what_to_do(
    server: FakeDiscord, messenger: DiscordMessenger, channel: FakeChannel, remedy: str
) -> None:
    server.add(channel)

    with pytest.raises(ChannelDeadError, match=rf"^discord:7 .*{remedy}"):
        await messenger.post(Channel(Platform.DISCORD, "7"), ALERT, nonce="n")

    assert server.messages == []


async def test_a_thread_without_the_right_to_write_in_threads_is_dead(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.channels[NEWS].denied = SEND_IN_THREADS
    server.add(FakeChannel(id="7", type=THREAD))

    with pytest.raises(ChannelDeadError, match="Send Messages in Threads"):
        await messenger.post(Channel(Platform.DISCORD, "7"), ALERT, nonce="n")


async def test_a_channel_that_is_not_there_is_dead(messenger: DiscordMessenger) -> None:
    with pytest.raises(ChannelDeadError, match="discord:8 does not exist"):
        await messenger.post(Channel(Platform.DISCORD, "8"), ALERT, nonce="n")


async def test_a_refusal_for_a_reason_of_its_own_is_handed_on(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.faults.add(POST_MESSAGE, Fault.error(403, 20022, "Nobody may write here today"))

    with pytest.raises(ChannelDeadError, match="Nobody may write here today"):
        await post(messenger)


@pytest.mark.parametrize(
    "name", ["general", "", "0", "-1", "１２", "18446744073709551616", "1" * 5000]
)
async def test_what_is_no_channel_id_is_dead_and_never_asked_for(
    server: FakeDiscord, messenger: DiscordMessenger, name: str
) -> None:
    with pytest.raises(ChannelDeadError, match="Copy Channel ID"):
        await messenger.post(Channel(Platform.DISCORD, name), ALERT, nonce="n")

    assert server.requests == []


async def test_a_message_that_discord_does_not_take_is_rejected(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.faults.add(POST_MESSAGE, Fault.error(400, 200000, "Message was blocked by AutoMod"))

    with pytest.raises(MessageRejectedError, match="blocked by AutoMod"):
        await post(messenger)


async def test_a_nonce_too_long_is_rejected(messenger: DiscordMessenger) -> None:
    with pytest.raises(MessageRejectedError, match="In nonce: Must be 25"):
        await messenger.post(CHANNEL, ALERT, nonce="n" * 26)


@pytest.mark.parametrize("part", ["thumbnail", "url"])
async def test_an_alert_whose_address_is_refused_is_posted_without_it(
    server: FakeDiscord, messenger: DiscordMessenger, part: str
) -> None:
    problem = {"_errors": [{"code": "URL_TYPE_INVALID_URL", "message": "Not a well formed URL."}]}
    inner = {"url": problem} if part == "thumbnail" else problem
    errors = {"embeds": {"0": {part: inner}}}
    server.faults.add(POST_MESSAGE, Fault.error(400, 50035, "Invalid Form Body", errors))

    await post(messenger)

    [posted] = server.messages
    assert part not in posted.embed
    assert posted.nonce == "nonce-1"
    assert posted.embed["title"] == ALERT.headline


async def test_an_address_refused_again_is_not_tried_for_ever(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    problem = {"_errors": [{"code": "INVALID", "message": "No."}]}
    errors = {"embeds": {"0": {"thumbnail": {"url": problem}}}}
    server.faults.add(POST_MESSAGE, Fault.error(400, 50035, "Invalid Form Body", errors), times=9)

    with pytest.raises(MessageRejectedError):
        await post(messenger)


async def test_an_invalid_form_that_is_about_more_than_addresses_is_rejected(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    problem = {"_errors": [{"code": "INVALID", "message": "No."}]}
    errors = {"embeds": {"0": {"url": problem, "title": problem}}}
    server.faults.add(POST_MESSAGE, Fault.error(400, 50035, "Invalid Form Body", errors))

    with pytest.raises(MessageRejectedError, match=r"embeds\.0\.title: No"):
        await post(messenger)


async def test_a_message_posted_and_deleted_by_somebody_is_not_posted_again(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.faults.add(POST_MESSAGE, Fault.error(404, 10008, "Unknown Message"))

    with pytest.raises(MessageRejectedError, match="deleted"):
        await post(messenger)


@pytest.mark.parametrize(("status", "body"), [(403, "blocked"), (404, "<h1>?</h1>"), (407, "")])
async def test_a_refusal_that_is_not_discords_can_be_tried_again(
    server: FakeDiscord, messenger: DiscordMessenger, status: int, body: str
) -> None:
    server.faults.add(POST_MESSAGE, Fault.http(status, body))

    with pytest.raises(PlatformDownError, match="Something before Discord"):
        await post(messenger)


async def test_server_errors_are_retried_with_the_same_nonce(
    server: FakeDiscord, messenger: DiscordMessenger, waits: list[float]
) -> None:
    server.faults.add(POST_MESSAGE, Fault.http(502, "bad", accepted=True), times=3)

    await post(messenger)

    assert len(server.messages) == 1
    assert {1, 3, 5} <= set(waits)


@pytest.mark.parametrize("accepted", [False, True])
async def test_server_errors_without_end_leave_the_outcome_unknown(
    server: FakeDiscord, messenger: DiscordMessenger, waits: list[float], *, accepted: bool
) -> None:
    server.faults.add(POST_MESSAGE, Fault.http(500, "no", accepted=accepted), times=5)

    with pytest.raises(OutcomeUnknownError):
        await post(messenger)

    assert len(server.messages) == accepted
    assert 9 in waits


async def test_a_single_server_error_of_another_kind_leaves_the_outcome_unknown(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    server.faults.add(POST_MESSAGE, Fault.http(503, "no"))

    with pytest.raises(OutcomeUnknownError, match="503"):
        await post(messenger)


@pytest.mark.parametrize(
    "last",
    [
        Fault.rate_limited(900),
        Fault.error(403, 50013, "Missing Permissions"),
        Fault.error(400, 50006, "Cannot send an empty message"),
    ],
)
async def test_a_refusal_after_an_attempt_that_may_have_worked_tells_nothing(
    server: FakeDiscord, messenger: DiscordMessenger, waits: list[float], last: Fault
) -> None:
    server.faults.add(POST_MESSAGE, Fault.http(502, "bad", accepted=True), last)

    with pytest.raises(OutcomeUnknownError):
        await post(messenger)

    assert len(server.messages) == 1
    assert 1 in waits


@pytest.mark.parametrize("fault", [Fault.cut_before(), Fault.cut_after()])
async def test_a_cut_connection_leaves_the_outcome_unknown(
    server: FakeDiscord, messenger: DiscordMessenger, fault: Fault
) -> None:
    server.faults.add(POST_MESSAGE, fault)

    with pytest.raises(OutcomeUnknownError):
        await post(messenger)

    assert len(server.messages) == fault.accepted


async def test_a_server_that_does_not_answer_leaves_the_outcome_unknown(
    server: FakeDiscord, clock: StillClock
) -> None:
    messenger = DiscordMessenger(
        token=server.token,
        clock=clock,
        api_url=server.api_url,
        timeout=timedelta(milliseconds=200),
    )
    await messenger.check([])
    answer = asyncio.Event()
    server.faults.add(POST_MESSAGE, Fault.held(answer))

    with pytest.raises(OutcomeUnknownError, match="TimeoutError"):
        await post(messenger)
    answer.set()
    await messenger.close()


@pytest.mark.parametrize("body", ["<html>Welcome!</html>", {"unexpected": True}])
async def test_an_answer_that_is_not_discords_leaves_the_outcome_unknown(
    server: FakeDiscord, messenger: DiscordMessenger, body: str
) -> None:
    server.faults.add(POST_MESSAGE, Fault.http(200, body, accepted=True))

    with pytest.raises(OutcomeUnknownError):
        await post(messenger)


async def test_a_server_that_is_not_there_has_posted_nothing(clock: StillClock) -> None:
    async with FakeDiscord() as gone:
        messenger = DiscordMessenger(token=gone.token, clock=clock, api_url=gone.api_url)
        await messenger.check([])

    with pytest.raises(PlatformDownError, match="could not be reached"):
        await post(messenger)
    await messenger.close()


async def test_a_name_that_cannot_be_resolved_has_posted_nothing(clock: StillClock) -> None:
    messenger = DiscordMessenger(token="t", clock=clock, api_url="http://discord.invalid/api")

    with pytest.raises(PlatformDownError):
        await post(messenger)
    await messenger.close()


async def test_a_post_whose_caller_is_cancelled_runs_to_its_end(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    await messenger.check([])
    answer = asyncio.Event()
    held = Fault.held(answer)
    server.faults.add(POST_MESSAGE, held)
    posting = asyncio.create_task(post(messenger))
    await held.reached.wait()

    posting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await posting
    answer.set()
    await messenger.close()

    assert len(server.messages) == 1


async def test_a_cancelled_post_that_fails_complains_to_nobody(
    server: FakeDiscord, messenger: DiscordMessenger, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.add(POST_MESSAGE, Fault.error(403, 50013, "Missing Permissions"))
    posting = asyncio.create_task(post(messenger))
    await asyncio.sleep(0)

    posting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await posting
    await messenger.close()

    assert [record for record in caplog.records if record.name == "asyncio"] == []


async def test_a_channel_goes_on_after_a_cancelled_post(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    """A `send` broken off inside discord.py would leave the channel's rate limit stuck."""
    posting = asyncio.create_task(post(messenger))
    await asyncio.sleep(0)
    posting.cancel()

    await messenger.post(CHANNEL, Notice(title="a", text="b"), nonce="nonce-2")

    assert {message.nonce for message in server.messages} == {"nonce-1", "nonce-2"}


async def test_closing_a_messenger_never_used_is_fine(clock: StillClock) -> None:
    await DiscordMessenger(token="t", clock=clock).close()


async def test_the_token_is_never_logged(
    server: FakeDiscord, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    server.token = "MjAy.canary-of-the-token"
    caplog.set_level(logging.DEBUG)
    messenger = DiscordMessenger(token=server.token, clock=clock, api_url=server.api_url)
    server.faults.add(POST_MESSAGE, Fault.http(503), Fault.cut_before(), Fault.rate_limited(99))

    for _ in range(3):
        with pytest.raises(DeliveryError) as caught:
            await post(messenger)
        assert "canary" not in f"{caught.value!r} {caught.value.__cause__!r}"
    await post(messenger)
    await messenger.check([CHANNEL])
    server.token = "another"
    with pytest.raises(UnauthorizedError) as refused:
        await post(messenger)
    await messenger.close()

    assert "canary" not in caplog.text
    assert "canary" not in f"{refused.value!r} {refused.value.__cause__!r} {messenger!r}"


@pytest.mark.usefixtures("passing")
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.http(502, "bad"), OutcomeUnknownError),
        (Fault.rate_limited(20), PlatformDownError),
    ],
)
async def test_no_attempt_is_begun_when_the_time_for_it_is_over(
    server: FakeDiscord,
    messenger: DiscordMessenger,
    clock: StillClock,
    fault: Fault,
    said: type[DeliveryError],
) -> None:
    await post(messenger)  # logs in
    server.faults.add(POST_MESSAGE, fault, times=5)
    tried = len(server.requests)
    with pytest.raises(said, match="held up"):
        await messenger.post(
            CHANNEL, ALERT, nonce="nonce-2", before=clock.now() + timedelta(seconds=4)
        )
    assert len(server.requests) - tried == (2 if said is OutcomeUnknownError else 1)
    server.faults = type(server.faults)()
    await messenger.post(CHANNEL, ALERT, nonce="nonce-3")  # its rate limits are in order
    assert len(server.messages) == 2


@pytest.mark.usefixtures("passing")
async def test_a_login_too_late_for_its_message_is_not_begun(
    server: FakeDiscord, messenger: DiscordMessenger, clock: StillClock
) -> None:
    with pytest.raises(PlatformDownError, match="held up"):
        await messenger.post(CHANNEL, ALERT, nonce="nonce-1", before=clock.now())
    assert server.requests == []
    await post(messenger)
    assert len(server.messages) == 1


async def test_nothing_is_sent_when_newsbot_was_held_up_between_beginning_and_sending(
    server: FakeDiscord,
) -> None:
    messenger = DiscordMessenger(token=server.token, clock=HaltingClock(), api_url=server.api_url)
    await post(messenger)  # logs in
    tried = len(server.requests)
    with pytest.raises(PlatformDownError, match="held up"):
        await messenger.post(CHANNEL, ALERT, nonce="nonce-2", before=START + timedelta(minutes=1))
    assert len(server.requests) == tried
    await messenger.post(CHANNEL, ALERT, nonce="nonce-3", before=START + timedelta(hours=9))
    assert len(server.messages) == 2
    await messenger.close()


async def test_a_login_broken_off_leaves_nothing_open(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    """As it is when newsbot ends and Discord does not answer."""
    held = Fault.held(asyncio.Event())
    server.faults.add(GET_ME, held)
    posting = asyncio.create_task(messenger.post(CHANNEL, ALERT, nonce="nonce-1"))
    await held.reached.wait()
    for task in messenger._running:
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await posting

    assert unclosed() == []
