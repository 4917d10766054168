"""What comes to the public address: Slack's signed requests once, and nothing else."""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from io import BytesIO

import aiohttp
import pytest

from bot.chat.slack.door import PATH
from bot.chat.slack.events import BODY_LIMIT, SlackEvents
from bot.clock import SystemClock
from bot.commands.core import Command, Commands
from bot.commands.reply import Reply
from bot.commands.request import Request
from bot.errors import NewsbotError
from bot.web import listening
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_app import ANY_PORT, SECRET, running, slack_app
from tests.fakes.slack_people import command_payload
from tests.fakes.slack_transport import COMMANDS, INTERACTIVE, encoded, signature

FORM = "application/x-www-form-urlencoded"
EACH = 80
"""Requests of each of the five kinds that are refused."""

Sent = tuple[bytes, dict[str, str]]


class Door:
    """An app that counts what it carries out, behind its address."""

    def __init__(self, slack: FakeSlack, url: str, done: list[str]) -> None:
        self.slack = slack
        self.url = url
        self.done = done

    def command(self, text: str = "ping") -> bytes:
        payload = command_payload(self.slack, f"/news {text}", "C0NEWS", "U0DESK")
        return encoded(COMMANDS, payload)[0]

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                self.url, data=BytesIO(body), headers={"Content-Type": FORM, **headers}
            ) as answer,
        ):
            return answer.status, await answer.text()


@pytest.fixture
async def door(slack: FakeSlack) -> AsyncIterator[Door]:
    done: list[str] = []

    async def note(request: Request) -> Reply:
        done.append(request.verb)
        return Reply(title="pong")

    command = Command(verb="ping", usage="/news ping", summary="There?", handler=note)
    app = slack_app(slack, Commands((command,)))
    events = SlackEvents(app, signing_secret=SECRET, clock=SystemClock())
    async with listening(events.routes, ANY_PORT) as taken, running(events):
        yield Door(slack, f"http://{taken}{PATH}", done)


def _forged(door: Door, chance: random.Random) -> Sent:
    """Signed with another secret, with a mangled signature, or not at all."""
    body = door.command()
    right = signature(SECRET, body)
    name = "X-Slack-Signature"
    return body, chance.choice(
        [
            {},
            signature("f" * 32, body),
            signature("", body),
            {**right, name: right[name][:-1] + ("0" if right[name][-1] != "0" else "1")},
            {**right, name: "v0="},
            {**right, name: "v0=é"},
            {name: right[name]},
            signature(SECRET, body + b"&text=other"),
            {**right, "X-Slack-Request-Timestamp": chance.choice(["x", "", "9" * 5000, "NaN"])},
        ]
    )


def _stale(door: Door, chance: random.Random) -> Sent:
    """Rightly signed, more than five minutes ago or ahead."""
    body = door.command()
    off = chance.choice([-1, 1]) * chance.uniform(310, 1e6)
    return body, signature(SECRET, body, at=time.time() + off)


def _oversized(door: Door, chance: random.Random) -> Sent:
    """Rightly signed, larger than Slack sends."""
    body = door.command() + b"&more=" + b"x" * (BODY_LIMIT + chance.randrange(1, 9999))
    return body, signature(SECRET, body)


def _malformed(door: Door, chance: random.Random) -> Sent:
    """Rightly signed, and nothing that Slack sends."""
    del door
    unlike_others = f"&n={chance.random()}".encode()
    body: bytes = chance.choice(
        [
            unlike_others,
            b"payload={" + unlike_others,
            b"payload=[]" + unlike_others,
            b"payload=null" + unlike_others,
            b"\xff\xfe" + unlike_others,
            b"{" + unlike_others,
            json.dumps({"type": "block_actions", "n": chance.random()}).encode(),
            encoded(INTERACTIVE, {"type": "block_actions", "n": chance.random()})[0],
            encoded(INTERACTIVE, {"type": "nothing", "n": chance.random()})[0],
        ]
    )
    kind = chance.choice([FORM, "application/json", "text/plain"])
    return body, {"Content-Type": kind, **signature(SECRET, body)}


def _replayed(door: Door) -> Iterator[Sent]:
    """One request that was carried out already, over and over."""
    body = door.command()
    return iter([(body, signature(SECRET, body))] * (EACH + 1))


async def test_of_400_requests_that_slack_did_not_send_or_sent_before_none_is_carried_out(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(4)  # noqa: S311 - to be the same each time
    once, *replayed = _replayed(door)
    assert (await door.post(*once))[0] == 200
    kinds: dict[str, list[Sent]] = {
        kind.__name__.strip("_"): [kind(door, chance) for _ in range(EACH)]
        for kind in (_forged, _stale, _oversized, _malformed)
    }
    kinds["replayed"] = replayed
    answers: dict[str, Counter[int]] = {}
    texts: set[str] = set()
    for kind, requests in kinds.items():
        answered = [await door.post(*request) for request in requests]
        answers[kind] = Counter(status for status, _ in answered)
        texts |= {text for _, text in answered}
    assert await _settled(door) == ["ping"]

    with capsys.disabled():
        for kind, statuses in answers.items():
            sys.stdout.write(f"\n{kind}: {statuses.total()} sent, answered {dict(statuses)}")
        sys.stdout.write(f"\ncarried out: {len(door.done) - 1} of them\n")
    assert sum(statuses.total() for statuses in answers.values()) == 400
    for kind, status in {"forged": 401, "stale": 401, "replayed": 401, "oversized": 413}.items():
        assert set(answers[kind]) == {status}
    assert not {text for text in texts if text}


async def _settled(door: Door) -> list[str]:
    """What was carried out, when all before has been."""
    await door.slack.until(lambda: bool(door.slack.responses))
    return door.done


async def test_the_address_is_confirmed_to_slack(door: Door) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "t"}).encode()
    headers = {"Content-Type": "application/json", **signature(SECRET, body)}
    status, text = await door.post(body, headers)
    assert (status, json.loads(text)) == (200, {"challenge": "c-1"})


async def test_a_body_without_an_announced_length_is_bounded_too(door: Door) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 65536 + 2):
            yield b"x" * 65536

    async with (
        aiohttp.ClientSession() as session,
        session.post(door.url, data=endless()) as answer,
    ):
        assert (answer.status, await answer.text()) == (413, "")


@pytest.mark.parametrize("header", ["X-Slack-Bolt-Lazy-Only", "X-Slack-Bolt-Lazy-Function-Name"])
async def test_what_slack_does_not_sign_changes_nothing(door: Door, header: str) -> None:
    body = door.command()
    status, _ = await door.post(body, {**signature(SECRET, body), header: "1"})
    assert status == 200
    assert await _settled(door) == ["ping"]


async def test_a_port_that_is_taken_is_told_with_the_settings_name() -> None:
    async with listening((), ANY_PORT) as taken:
        with pytest.raises(NewsbotError, match=r"NEWSBOT_HTTP_LISTEN: 127\.0\.0\.1:"):
            async with listening((), taken):
                pass
