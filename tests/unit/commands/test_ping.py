"""`/news ping`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.core import Commands
from bot.commands.ping import ping
from bot.commands.reply import Reply
from bot.commands.request import Request
from bot.domain.channel import CONSOLE
from bot.services.health import Status
from tests.fakes.clock import START, FakeClock
from tests.fakes.people import person, reply_to

WELL = Status(
    beat_at=START,
    feeds=61,
    failing=0,
    overdue=0,
    polled_at=START - timedelta(seconds=40),
    deliveries={},
    waiting_since=None,
    digest_since=None,
    set_aside={},
    problems=(),
)


async def answer(status: Status) -> Reply:
    async def look() -> Status:
        return status

    asked = Request(verb="ping", channel=CONSOLE, person=person())
    return await reply_to(Commands((ping(look, FakeClock()),)), asked)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (WELL, "Watching 61 feeds; last poll 40 s ago."),
        (replace(WELL, failing=3), "Watching 61 feeds, 3 failing; last poll 40 s ago."),
        (replace(WELL, polled_at=None), "Watching 61 feeds; no poll yet."),
        (replace(WELL, feeds=1), "Watching 1 feed; last poll 40 s ago."),
    ],
)
async def test_it_says_what_is_watched_and_when_it_was_polled(status: Status, said: str) -> None:
    reply = await answer(status)
    assert reply.title == "newsbot is here."
    assert reply.lines == (said,)


async def test_problems_follow() -> None:
    reply = await answer(replace(WELL, problems=("An alert has waited for 12 min.",)))
    assert reply.lines[1:] == ("An alert has waited for 12 min.",)
