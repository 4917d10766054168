"""The edge between what Slack sends and the neutral core."""

from datetime import UTC, datetime

import pytest

from bot.chat.slack.authority import Authority
from bot.chat.slack.commands import Payload, Reading, apology
from bot.chat.slack.web import web_client
from bot.commands.core import Commands
from bot.commands.request import Press, Request
from bot.domain.channel import Channel, Platform
from tests.fakes.clock import FakeClock
from tests.fakes.people import person

ADA = person("U0DESK", platform=Platform.SLACK)
NEWS = Channel(Platform.SLACK, "C0NEWS")


@pytest.fixture
def reading() -> Reading:
    client = web_client(token="xoxb-any", api_url="http://127.0.0.1:9/")
    clock = FakeClock(datetime(2026, 3, 4, tzinfo=UTC))
    return Reading(Commands(()), Authority(client, clock=clock))


def _typed(text: str | None) -> Payload:
    return {
        "text": text,
        "channel_id": "C0NEWS",
        "user_id": "U0DESK",
        "trigger_id": "1.2.x",
        "response_url": "https://hooks.example/1",
    }


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("ping", "ping", ""),
        ("", "", ""),
        (None, "", ""),
        ("  search   R&amp;D &lt;AI&gt; ", "search", "R&D <AI>"),
        ("search &amp;lt;", "search", "&lt;"),
    ],
)
def test_a_payload_becomes_a_request(
    reading: Reading, text: str | None, verb: str, rest: str
) -> None:
    request, _ = reading.command(_typed(text))
    assert request == Request(verb=verb, text=rest, channel=NEWS, person=ADA)


def _message(**message: object) -> Payload:
    return {
        "user": {"id": "U0DESK"},
        "channel": {"id": "C0NEWS"},
        "message": {"ts": "1.000001", **message},
        "trigger_id": "1.2.x",
        "response_url": "https://hooks.example/1",
    }


_RICH = {"type": "rich_text_section", "elements": [{"type": "link", "url": "https://a.example/1"}]}


@pytest.mark.parametrize(
    "message",
    [
        {"blocks": [{"type": "rich_text", "elements": [_RICH]}]},
        {"text": "see <https://a.example/1|this> and <https://b.example/>"},
        {"text": "", "attachments": [{"from_url": "https://a.example/1"}]},
    ],
)
def test_why_of_a_foreign_message_asks_by_its_first_link(
    reading: Reading, message: dict[str, object]
) -> None:
    asked, surface = reading.shortcut(_message(**message))
    assert asked == Request(verb="why", text="https://a.example/1", channel=NEWS, person=ADA)
    assert not surface.ephemeral


def test_why_of_a_card_without_buttons_asks_by_what_it_was_posted_with(reading: Reading) -> None:
    metadata = {"event_type": "newsbot_delivery", "event_payload": {"nonce": "n-1"}}
    asked, _ = reading.shortcut(_message(text="<https://a.example/>", metadata=metadata))
    assert asked == Press(action="more", argument="n-1", channel=NEWS, person=ADA)


def test_why_of_a_message_without_a_link_asks_nothing(reading: Reading) -> None:
    assert reading.shortcut(_message(text="good morning"))[0] is None


def test_an_apology_says_what_to_try() -> None:
    reply = apology("/news search")
    assert reply.title.startswith("/news search did not work")
    assert "Try it again in a minute." in reply.lines
