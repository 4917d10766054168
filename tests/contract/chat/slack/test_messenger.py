"""Posting on Slack through the real client library, and finding messages again."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.chat.slack.check import SCOPES
from bot.chat.slack.messenger import SlackMessenger
from bot.clock import SystemClock
from bot.domain.channel import Channel, Platform
from bot.domain.message import Alert, Notice, Reason
from bot.errors import (
    ChannelDeadError,
    DeliveryError,
    MessageRejectedError,
    OutcomeUnknownError,
    PlatformDownError,
    RateLimitedError,
    UnauthorizedError,
)
from bot.ports import Messenger
from tests.fakes.clock import START, HaltingClock
from tests.fakes.slack import FakeSlack, Fault

POST = "chat.postMessage"
HISTORY = "conversations.history"
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
IMAGE = "https://img.example/harbour.jpg"

ALERT = Alert(
    headline="Ministers agree on a harbour plan",
    url="https://news.example/harbour?a=1&b=2",
    summary="The plan was agreed after two days of talks.",
    outlet="Harbour Times",
    published=NOW,
    reasons=(Reason(topic="harbours", title="Harbours", words=("“harbour” in the title",)),),
    tags=("harbours", "trade"),
    image=IMAGE,
)
NOTICE = Notice(title="Harbour Times is failing", text="It has answered 404 for a day.")


def _kinds(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["type"] for block in blocks]


@asynccontextmanager
async def _messenger_to(api_url: str, seconds: float = 30) -> AsyncIterator[SlackMessenger]:
    messenger = SlackMessenger(
        token="xoxb-any", api_url=api_url, timeout=seconds, clock=SystemClock()
    )
    yield messenger
    await messenger.close()


async def test_it_is_a_messenger_for_slack_at_a_message_a_second(messenger: SlackMessenger) -> None:
    port: Messenger = messenger
    assert (port.platform, port.pace) == (Platform.SLACK, timedelta(seconds=1))


async def test_an_alert_is_posted_once_with_nonce_and_without_previews(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    ref = await messenger.post(channel, ALERT, nonce="n-1")

    (message,) = slack.messages
    assert (ref.channel, ref.id) == ("C0NEWS", message.ts)
    assert _kinds(message.blocks) == ["rich_text", "section", "context", "context", "actions"]
    assert message.text.startswith("Ministers agree on a harbour plan\n")
    assert message.metadata == {"event_type": "newsbot_delivery", "event_payload": {"nonce": "n-1"}}
    arguments = message.arguments
    assert [arguments[name] for name in ("unfurl_links", "unfurl_media", "mrkdwn")] == [False] * 3
    assert len(slack.requests) == 1


async def test_a_notice_is_posted(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    await messenger.post(channel, NOTICE, nonce="n-1")

    assert slack.messages[0].text == "⚠️ Harbour Times is failing\nIt has answered 404 for a day."


async def test_the_message_id_is_the_same_for_the_same_nonce_only(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    for nonce in ("n-1", "n-1", "n-2"):
        await messenger.post(channel, NOTICE, nonce=nonce)

    first, again, other = (call["client_msg_id"] for call in slack.calls(POST))
    assert first == again != other


async def test_every_message_has_a_connection_of_its_own(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    for nonce in ("n-1", "n-2"):
        await messenger.post(channel, NOTICE, nonce=nonce)

    assert len(slack.peers) == 2


async def test_a_picture_slack_cannot_fetch_costs_the_picture_not_the_alert(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    slack.broken_images.add(IMAGE)
    with capture_logs() as logs:
        await messenger.post(channel, ALERT, nonce="n-1")

    (message,) = slack.messages
    assert _kinds(message.blocks) == ["rich_text", "section", "context", "context", "actions"]
    assert "accessory" not in message.blocks[1]
    assert [log["event"] for log in logs] == ["slack.blocks_refused"]
    assert "downloading image failed" in logs[0]["why"]


@pytest.mark.parametrize("code", ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"])
async def test_blocks_refused_twice_leave_the_text(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel, code: str
) -> None:
    slack.faults.add(POST, Fault.error(code), times=2)

    await messenger.post(channel, ALERT, nonce="n-1")

    (message,) = slack.messages
    assert message.blocks == []
    assert "<https://news.example/harbour?a=1&amp;b=2>" in message.text
    ids = [call["client_msg_id"] for call in slack.calls(POST)]
    assert len(set(ids)) == 3


async def test_a_message_without_picture_falls_back_to_text_at_once(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    slack.faults.add(POST, Fault.error("invalid_blocks"))

    await messenger.post(channel, NOTICE, nonce="n-1")

    assert [bool(call.get("blocks")) for call in slack.calls(POST)] == [True, False]


async def test_a_text_refused_as_well_is_rejected(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    slack.faults.add(POST, Fault.error("invalid_blocks"), times=2)
    slack.faults.add(POST, Fault.error("msg_too_long"))

    with pytest.raises(MessageRejectedError, match=r"slack:C0NEWS.*msg_too_long"):
        await messenger.post(channel, ALERT, nonce="n-1")
    assert slack.messages == []


@pytest.mark.parametrize(
    ("fault", "error", "match"),
    [
        (Fault.error("channel_not_found"), ChannelDeadError, "check the channel's id"),
        (Fault.error("not_in_channel"), ChannelDeadError, "/invite @newsbot"),
        (Fault.error("is_archived"), ChannelDeadError, "unarchive"),
        (Fault.error("restricted_action"), ChannelDeadError, "administrators"),
        (Fault.error("restricted_action_read_only_channel"), ChannelDeadError, "administrators"),
        (Fault.error("missing_scope", needed="chat:write"), UnauthorizedError, "chat:write"),
        (Fault.error("missing_scope", needed="chat:write.public"), ChannelDeadError, "public"),
        (Fault.error("missing_scope"), ChannelDeadError, "the scope it needs"),
        (Fault.error("invalid_auth"), UnauthorizedError, "install the app"),
        (Fault.error("token_revoked"), UnauthorizedError, "token_revoked"),
        (Fault.error("account_inactive"), UnauthorizedError, "account_inactive"),
        (Fault.error("not_authed"), UnauthorizedError, "not_authed"),
        (Fault.error("token_expired"), UnauthorizedError, "token_expired"),
        (Fault.error("msg_too_long"), MessageRejectedError, "msg_too_long"),
        (Fault.error("no_text"), MessageRejectedError, "no_text"),
        (Fault.error("a_code_of_next_year"), MessageRejectedError, "a_code_of_next_year"),
        (Fault.error("request_timeout"), PlatformDownError, "request_timeout"),
        (Fault.error("team_added_to_org"), PlatformDownError, "team_added_to_org"),
        (Fault.error("message_limit_exceeded"), PlatformDownError, "message_limit_exceeded"),
        (Fault.http(403, "a proxy's page"), PlatformDownError, "403"),
        (Fault.error("internal_error"), OutcomeUnknownError, "internal_error"),
        (Fault.error("fatal_error"), OutcomeUnknownError, "fatal_error"),
        (Fault.error("service_unavailable"), OutcomeUnknownError, "service_unavailable"),
        (Fault.error("duplicate_message_not_found"), OutcomeUnknownError, "duplicate"),
        (Fault.http(503), OutcomeUnknownError, "503"),
        (
            Fault.http(500, {"ok": False, "error": "internal_error"}),
            OutcomeUnknownError,
            "internal",
        ),
        (Fault.http(200, "a captive portal"), OutcomeUnknownError, "not Slack's"),
        (Fault.http(200, {"neither": "ok nor error"}), OutcomeUnknownError, "not Slack's"),
        (Fault.cut_before(), OutcomeUnknownError, "broke"),
        (Fault.cut_after(), OutcomeUnknownError, "broke"),
    ],
)
async def test_a_failure_tells_whether_it_may_have_been_posted(
    slack: FakeSlack,
    messenger: SlackMessenger,
    *,
    channel: Channel,
    fault: Fault,
    error: type[DeliveryError],
    match: str,
) -> None:
    slack.faults.add(POST, fault)

    with pytest.raises(error, match=match) as caught:
        await messenger.post(channel, NOTICE, nonce="n-1")
    assert type(caught.value) is error
    assert len(slack.calls(POST)) == 1


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault.rate_limited(3), 3),
        (Fault.rate_limited(None), 30),
        (Fault.error("rate_limited"), 30),
        (Fault.http(429, "busy"), 30),
    ],
)
async def test_a_rate_limit_says_how_long_to_wait(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel, fault: Fault, seconds: int
) -> None:
    slack.faults.add(POST, fault)

    with pytest.raises(RateLimitedError) as caught:
        await messenger.post(channel, NOTICE, nonce="n-1")
    assert caught.value.retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"neither JSON nor HTML"),
        ("application/json", b"{half an answer"),
        ("application/json", b'["a list"]'),
        ("application/json; charset=utf-8", b'{"ok": "\xff"}'),
    ],
)
async def test_an_answer_nobody_can_read_leaves_the_outcome_unknown(
    channel: Channel, content_type: str, body: bytes
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}"
        writer.write(f"{head}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, _messenger_to(f"http://127.0.0.1:{port}/api/") as messenger:
        with pytest.raises(OutcomeUnknownError):
            await messenger.post(channel, NOTICE, nonce="n-1")


async def test_no_answer_in_time_leaves_the_outcome_unknown(
    slack: FakeSlack, channel: Channel
) -> None:
    let_go = asyncio.Event()
    slack.faults.add(POST, Fault.held(let_go))
    async with _messenger_to(slack.api_url, seconds=0.2) as messenger:
        with pytest.raises(OutcomeUnknownError, match="TimeoutError"):
            await messenger.post(channel, NOTICE, nonce="n-1")
    let_go.set()


async def test_a_refused_connection_posted_nothing(channel: Channel) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        async with _messenger_to(f"http://127.0.0.1:{port}/api/") as messenger:
            with pytest.raises(PlatformDownError, match="could not be reached"):
                await messenger.post(channel, NOTICE, nonce="n-1")


async def test_a_message_cut_off_after_acceptance_is_found_by_its_nonce(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    await messenger.post(channel, NOTICE, nonce="n-0")
    slack.faults.add(POST, Fault.cut_after())
    before = datetime.now(UTC)
    with pytest.raises(OutcomeUnknownError):
        await messenger.post(channel, NOTICE, nonce="n-1")

    ref = await messenger.find(channel, nonce="n-1", message=NOTICE, since=before)

    assert ref is not None
    assert (ref.channel, ref.id) == ("C0NEWS", slack.messages[1].ts)


async def test_a_message_cut_off_before_acceptance_is_not_found(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    await messenger.post(channel, NOTICE, nonce="n-0")
    slack.faults.add(POST, Fault.cut_before())
    before = datetime.now(UTC)
    with pytest.raises(OutcomeUnknownError):
        await messenger.post(channel, NOTICE, nonce="n-1")

    assert await messenger.find(channel, nonce="n-1", message=NOTICE, since=before) is None


async def test_what_goes_on_in_a_thread_is_found_there_and_not_in_the_channel(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    before = datetime.now(UTC)
    first = await messenger.post(channel, NOTICE, nonce="n-0")
    second = await messenger.post(channel, NOTICE, nonce="n-1", thread=first)

    assert slack.messages[1].arguments["thread_ts"] == first.id
    for nonce, found in (("n-1", second), ("n-2", None)):
        assert found == await messenger.find(
            channel, nonce=nonce, message=NOTICE, since=before, known=first, thread=first
        )
    in_channel = await messenger.find(
        channel, nonce="n-1", message=NOTICE, since=before, known=first
    )
    assert in_channel is None


async def test_a_message_is_found_on_a_later_page(channel: Channel) -> None:
    async with FakeSlack(now=lambda: NOW) as slack:
        slack.page_size = 2
        async with _messenger_of(slack) as messenger:
            for number in range(5):
                await messenger.post(channel, NOTICE, nonce=f"n-{number}")
            ref = await messenger.find(channel, nonce="n-0", message=NOTICE, since=NOW)
            assert ref is not None
            assert ref.id == slack.messages[0].ts
        assert len(slack.calls(HISTORY)) == 3


async def test_history_is_read_from_a_little_before_the_first_attempt(channel: Channel) -> None:
    async with FakeSlack(now=lambda: NOW) as slack, _messenger_of(slack) as messenger:
        await messenger.post(channel, NOTICE, nonce="n-1")
        for ahead, found in ((timedelta(seconds=90), True), (timedelta(minutes=5), False)):
            ref = await messenger.find(channel, nonce="n-1", message=NOTICE, since=NOW + ahead)
            assert (ref is not None) is found


async def test_a_history_too_long_to_read_cannot_be_told(channel: Channel) -> None:
    async with FakeSlack(now=lambda: NOW) as slack, _messenger_of(slack) as messenger:
        slack.page_size = 1
        for number in range(26):
            await messenger.post(channel, NOTICE, nonce=f"n-{number}")
        with pytest.raises(DeliveryError, match="look through") as caught:
            await messenger.find(channel, nonce="n-0", message=NOTICE, since=NOW)
    assert type(caught.value) is DeliveryError  # looking again would find no fewer


async def test_a_history_that_shows_our_last_message_is_believed_to_lack_another(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    known = await messenger.post(channel, NOTICE, nonce="n-1")
    for since in (datetime.now(UTC), datetime.now(UTC) + timedelta(hours=1)):
        found = await messenger.find(channel, nonce="n-2", message=NOTICE, since=since, known=known)
        assert found is None
    assert len(slack.calls(HISTORY)) == 3  # the second time it was not in what is read anyway


@pytest.mark.parametrize("how", ["deleted", "without its metadata"])
async def test_a_history_that_does_not_show_our_last_message_tells_nothing(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel, how: str
) -> None:
    known = await messenger.post(channel, NOTICE, nonce="n-1")
    await messenger.post(channel, NOTICE, nonce="n-2")
    [gone, other] = slack.messages
    slack.messages[:] = [other] if how == "deleted" else [replace(gone, metadata={}), other]

    with pytest.raises(DeliveryError, match="own last message") as caught:
        await messenger.find(
            channel, nonce="n-3", message=NOTICE, since=datetime.now(UTC), known=known
        )
    assert type(caught.value) is DeliveryError


async def test_no_request_is_begun_when_the_time_for_it_is_over(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    now = datetime.now(UTC)
    with pytest.raises(PlatformDownError, match="held up"):
        await messenger.post(channel, NOTICE, nonce="n-1", before=now)
    assert slack.requests == []
    await messenger.post(channel, NOTICE, nonce="n-1", before=now + timedelta(minutes=1))
    assert len(slack.messages) == 1


async def test_nothing_is_sent_when_newsbot_was_held_up_between_beginning_and_sending(
    slack: FakeSlack, channel: Channel
) -> None:
    messenger = SlackMessenger(token=slack.bot_token, api_url=slack.api_url, clock=HaltingClock())
    with pytest.raises(PlatformDownError, match="held up"):
        await messenger.post(channel, NOTICE, nonce="n-1", before=START + timedelta(minutes=1))
    assert slack.requests == []
    await messenger.post(channel, NOTICE, nonce="n-1", before=START + timedelta(hours=9))
    assert len(slack.messages) == 1
    await messenger.close()


@pytest.mark.parametrize(
    "metadata",
    [
        {"event_type": "another_app", "event_payload": {"nonce": "n-1"}},
        {"event_type": "newsbot_delivery", "event_payload": {}},
        {"event_type": "newsbot_delivery"},
    ],
)
async def test_metadata_of_another_kind_is_not_taken_for_ours(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel, metadata: dict[str, object]
) -> None:
    foreign = {"type": "message", "ts": "1.000001", "text": "", "metadata": metadata}
    slack.faults.add(HISTORY, Fault(body={"ok": True, "messages": [foreign]}))

    assert await messenger.find(channel, nonce="n-1", message=NOTICE, since=NOW) is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.error("not_in_channel"), ChannelDeadError),
        (Fault.error("missing_scope", needed="groups:history"), ChannelDeadError),
        (Fault.rate_limited(1), RateLimitedError),
        (Fault.http(503), OutcomeUnknownError),
        (Fault(body={"ok": True}), OutcomeUnknownError),
    ],
)
async def test_a_history_that_cannot_be_read_is_not_taken_for_an_empty_one(
    slack: FakeSlack,
    messenger: SlackMessenger,
    channel: Channel,
    fault: Fault,
    error: type[DeliveryError],
) -> None:
    slack.faults.add(HISTORY, fault)
    with pytest.raises(error):
        await messenger.find(channel, nonce="n-1", message=NOTICE, since=NOW)


async def test_check_names_workspace_scopes_and_each_channel(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.add_channel("C0AWAY", member=False)
    slack.add_channel("C0SECRET", member=False, private=True)
    ids = ("C0NEWS", "C0AWAY", "C0SECRET", "C0NONE")

    found = await messenger.check([Channel(Platform.SLACK, id_) for id_ in ids])

    assert [finding.ok for finding in found] == [True, True, True, False, False, False]
    assert found[0].what == "Slack token: newsbot in the workspace Desk"
    assert found[2].what == "slack:C0NEWS: newsbot is a member"
    assert all("/invite @newsbot" in finding.remedy for finding in found[3:])
    assert slack.messages == []


async def test_check_names_missing_and_surplus_scopes() -> None:
    for scopes, ok, named in (
        (SCOPES[:2], False, "channels:history, groups:history, im:history, users:read missing"),
        ((*SCOPES, "team:read"), True, "not needed: team:read"),
        ((), False, f"{', '.join(SCOPES)} missing"),
    ):
        async with FakeSlack(scopes=scopes) as slack, _messenger_of(slack) as messenger:
            _, finding = await messenger.check([])
            assert finding.ok is ok
            assert named in finding.what


async def test_check_tells_a_persons_token_from_the_bots(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.faults.add("auth.test", Fault(body={"ok": True, "team": "Desk", "user": "ada"}))

    finding = (await messenger.check([]))[0]

    assert (finding.ok, finding.what) == (
        False,
        "Slack token: a person's (ada in Desk), not the bot's",
    )


@pytest.mark.parametrize(
    ("fault", "named"),
    [(Fault.error("invalid_auth"), "SLACK_BOT_TOKEN"), (Fault.cut_before(), "slack.com")],
)
async def test_check_stops_at_a_token_that_cannot_be_tested(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel, fault: Fault, named: str
) -> None:
    slack.faults.add("auth.test", fault)

    (finding,) = await messenger.check([channel])

    assert not finding.ok
    assert named in finding.remedy


async def test_check_says_where_a_channel_could_not_be_asked_about(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    slack.faults.add(HISTORY, Fault.http(503))

    finding = (await messenger.check([channel]))[2]

    assert (finding.ok, finding.remedy) == (False, "try again")


async def test_closing_waits_for_a_post_under_way_and_takes_no_other(
    slack: FakeSlack, messenger: SlackMessenger, channel: Channel
) -> None:
    let_go = asyncio.Event()
    slack.faults.add(POST, Fault.held(let_go))
    posting = asyncio.create_task(messenger.post(channel, NOTICE, nonce="n-1"))
    await slack.asked("chat.postMessage")
    closing = asyncio.create_task(messenger.close())
    await asyncio.sleep(0)

    with pytest.raises(PlatformDownError, match="stopping"):
        await messenger.post(channel, NOTICE, nonce="n-2")
    assert not closing.done()
    let_go.set()
    await closing
    assert (await posting).id == slack.messages[0].ts


async def test_a_messenger_never_used_closes(slack: FakeSlack) -> None:
    await SlackMessenger(token=slack.bot_token, api_url=slack.api_url, clock=SystemClock()).close()


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("bot.chat.slack.messenger", ("slack_bolt",)),
        ("bot.chat.slack", ("slack_bolt", "slack_sdk")),
        ("bot", ("slack_bolt", "slack_sdk")),
    ],
)
def test_importing_loads_no_more_of_slack_than_is_used(
    module: str, absent: tuple[str, ...]
) -> None:
    code = f"import sys, {module}; print(*[name for name in {absent!r} if name in sys.modules])"
    run = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == ""


@asynccontextmanager
async def _messenger_of(slack: FakeSlack) -> AsyncIterator[SlackMessenger]:
    messenger = SlackMessenger(token=slack.bot_token, api_url=slack.api_url, clock=SystemClock())
    yield messenger
    await messenger.close()
