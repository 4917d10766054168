"""What Slack's libraries log, with everything at DEBUG."""

import asyncio
import logging

import pytest

from bot.chat.slack.messenger import SlackMessenger
from bot.commands.core import Commands
from bot.domain.channel import Channel
from bot.domain.message import Notice
from bot.errors import DeliveryError, UnauthorizedError
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack_app import by_socket, slack_app

NOTICE = Notice(title="A notice", text="Its text.")


def _written(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, but for the access log of the server, which is not part of newsbot."""
    records = [record for record in caplog.records if record.name != "aiohttp.access"]
    return "\n".join(f"{record.name} {caplog.handler.format(record)}" for record in records)


def _talkative(caplog: pytest.LogCaptureFixture) -> set[str]:
    """Loggers of Slack's libraries that wrote anything less than an error."""
    quiet = (record.name for record in caplog.records if record.levelno < logging.ERROR)
    return {name for name in quiet if name.startswith(("slack", "newsbot", "bot."))}


async def test_posting_and_checking_write_no_token(
    slack: FakeSlack,
    messenger: SlackMessenger,
    channel: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await messenger.post(channel, NOTICE, nonce="n-1")
    await messenger.check([channel])
    for fault in (Fault.error("internal_error"), Fault.cut_before(), Fault.http(503)):
        slack.faults.add("chat.postMessage", fault)
        with pytest.raises(DeliveryError) as caught:
            await messenger.post(channel, NOTICE, nonce="n-2")
        assert slack.bot_token not in f"{caught.value} {caught.value.__cause__}"

    assert slack.bot_token not in _written(caplog)
    # Requests and answers, the channels' messages among them, are not the log's business either.
    assert _talkative(caplog) == set()


async def test_a_connection_writes_no_token_ticket_or_response_address(
    slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    slack.faults.add("apps.connections.open", Fault.http(503))
    connection = by_socket(slack, slack_app(slack, Commands(())))
    task = asyncio.create_task(connection.run())
    await slack.command("/news help")
    ticket = slack.ticket
    slack.ticket = "another"
    slack.refuse_sockets = 1
    await slack.drop()
    await slack.command("/news help")
    slack.app_token = "xapp-revoked"
    await slack.drop()
    with pytest.raises(UnauthorizedError):
        await asyncio.wait_for(task, timeout=10)

    written = _written(caplog)
    assert "WSServerHandshakeError" in written
    for secret in (slack.bot_token, "apptoken", ticket, "ticket=another", "/commands/"):
        assert secret not in written
    assert _talkative(caplog) == set()
