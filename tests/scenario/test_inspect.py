"""`newsbot poll` and `newsbot match` on feeds over HTTP."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from tests.fakes.faults import Redirect, Status
from tests.fakes.feed import FakeFeed
from tests.fakes.process import Desk
from tests.fakes.publisher import Publisher


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with Publisher(SystemClock()) as publisher:
        yield publisher


@pytest.fixture
def wire(publisher: Publisher) -> FakeFeed:
    feed = publisher.feed("/wire.xml")
    feed.publish("A story about Beijing")
    feed.publish("Fog on the ferry")
    return feed


@pytest.fixture
def desk(tmp_path: Path, wire: FakeFeed) -> Desk:
    """A desk with the wire, whose tag is a topic, and which wants a login."""
    desk = Desk(tmp_path, {"NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8", "LOGIN": "secret"})
    (tmp_path / "feeds.yaml").write_text(
        "sections:\n  Desk:\n"
        f"    - url: {wire.url}\n      name: Harbour Wire\n      tags: [harbour]\n"
        '      login: {user: desk, password: "${LOGIN}"}\n'
    )
    desk.rule("harbour", tags=["harbour"], channels=["console"])
    return desk


async def test_a_configured_feed_is_asked_with_its_login(desk: Desk, wire: FakeFeed) -> None:
    poll = await desk.run("poll", "harbour wire")
    assert poll.code == 0
    assert "2 entries, rss20" in poll.out
    login = base64.b64encode(b"desk:secret").decode()
    assert wire.requests[-1].headers["Authorization"] == f"Basic {login}"
    assert poll.err == ""


async def test_a_configured_feed_matches_by_its_tags_too(desk: Desk, wire: FakeFeed) -> None:
    match = await desk.run("match", wire.url, "--json")
    assert [list(entry["topics"]) for entry in json.loads(match.out)] == [["harbour"]] * 2


async def test_a_feed_that_moved_is_shown_and_its_new_address_told(
    desk: Desk, wire: FakeFeed, publisher: Publisher
) -> None:
    new = publisher.feed("/new.xml")
    new.publish("A story about Beijing")
    wire.fault = Redirect(new.url)
    poll = await desk.run("poll", wire.url)
    assert poll.code == 0
    assert "1 entry" in poll.out
    assert poll.err == f"{wire.url} has moved for good: use {new.url}\n"


async def test_a_feed_that_cannot_be_had_is_a_line_and_exit_1(desk: Desk, wire: FakeFeed) -> None:
    wire.fault = Status(410)
    poll = await desk.run("poll", wire.url)
    assert (poll.code, poll.out) == (1, "")
    assert poll.err.startswith("newsbot: ")
    assert poll.err.count("\n") == 1


@pytest.mark.parametrize("command", [("poll", "harbour wire"), ("feeds",), ("export",)])
async def test_output_that_nobody_reads_is_no_traceback(
    desk: Desk, command: tuple[str, ...]
) -> None:
    ended = await desk.run(*command, closed=True)
    assert ended.code == 1
    assert "Traceback" not in ended.err
