"""Real processes killed while they post: a small form of `python -m bench.kill`."""

from datetime import timedelta
from pathlib import Path

from tests.fakes.kill.campaign import Campaign, Plan
from tests.fakes.kill.world import Extent


async def test_no_alert_is_lost_or_doubled_though_newsbot_is_killed_six_times(
    tmp_path: Path,
) -> None:
    extent = Extent(feeds=4, topics=2, channels=1)
    report = await Campaign(
        Plan(blows=6, alerts=36, lease=timedelta(seconds=2), extent=extent, seed=7)
    ).run(tmp_path)

    assert report.blows.total() == 6
    assert report.account.wanted == 36
    assert report.faulted.total() > 3
    account = report.account
    assert account.listed > 1
    assert (account.lost, account.doubled, account.unasked) == ([], [], [])
    assert report.orphans == 0
