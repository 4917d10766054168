"""A running newsbot is asked over HTTP how it is doing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.fakes.clock import FakeClock
from tests.fakes.process import Desk
from tests.fakes.publisher import Publisher


@pytest.mark.parametrize("listens", [True, False])
async def test_newsbot_tells_how_it_is_doing_where_it_is_said_where(
    tmp_path: Path, clock: FakeClock, *, listens: bool
) -> None:
    desk = Desk(tmp_path, {"NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8"})
    if listens:
        desk.environ["NEWSBOT_HTTP_LISTEN"] = "127.0.0.1:0"
    async with Publisher(clock, hosts=1) as publisher:
        wire = publisher.feed("/wire.xml")
        wire.publish("Beijing hosts a summit")
        clock.advance(timedelta(minutes=1))
        desk.feeds({"Wire": wire.url})
        desk.rule("us-china", channels=["console"], any=["Beijing"])
        async with desk.running("--log-format", "json", "--verbose") as newsbot:
            await newsbot.says('"poll.done"')
            if not listens:
                assert newsbot.events("http.listening") == []
                return
            (event,) = newsbot.events("http.listening")
            wire.publish("Beijing ends a summit")
            await desk.make_due()
            await newsbot.says('"delivery.sent"')
            async with ClientSession(f"http://{event['at']}") as session:
                async with session.get("/healthz") as answer:
                    assert (answer.status, (await answer.json())["problems"]) == (200, [])
                async with session.get("/metrics") as answer:
                    text = await answer.text()
    assert re.search(r'^newsbot_polls_total\{outcome="baseline"\} 1\.0$', text, re.MULTILINE)
    assert re.search(r"^newsbot_lag_seconds_count 1\.0$", text, re.MULTILINE)
    assert re.search(r"^newsbot_feeds 1\.0$", text, re.MULTILINE)
