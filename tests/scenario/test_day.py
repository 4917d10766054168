"""A day of trouble: every new entry alerts once, none is missed, no publisher is pressed."""

import pytest

from bot.services.poll_feed import Outcome
from tests.fakes.day.plan import Size
from tests.fakes.day.run import Day, Report

SMALL = Size(feeds=20, hours=4)
"""Every kind of outlet once; `make bench-day` lives through the whole day, over 200 feeds."""


@pytest.fixture
async def report(database_url: str) -> Report:
    """Feeds fail, move, throttle and change; newsbot is cut off for a while, and restarted once."""
    return await Day(SMALL, database_url=database_url).run()


async def test_every_new_entry_on_a_topic_alerts_once_whatever_feeds_and_network_do(
    report: Report,
) -> None:
    verdict = report.verdict
    assert verdict.wanted > 50
    assert (verdict.missed, verdict.twice, verdict.unasked) == ([], [], [])
    assert (verdict.unseen, verdict.misnamed) == ([], [])
    assert verdict.sent == verdict.wanted
    assert report.breaches == []
    # It was a day of trouble indeed.
    assert set(report.polls) == set(Outcome) - {Outcome.HELD}
    assert report.notices["newsbot was offline"] == 1
    assert report.not_modified > 0
