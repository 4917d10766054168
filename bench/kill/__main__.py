"""Kill -9 at random moments, or SIGSTOP: every alert of every story accounted for.

    python -m bench.kill [--kills 200] [--alerts 5000] [--postgres URL]
    python -m bench.kill --pauses 50 --alerts 1500 --postgres URL   # two processes a database

Real newsbot processes, feeds, a fake Slack and a fake Discord on loopback; 30 of 100 posts go
wrong. Several worlds run side by side, each with a database of its own: the server named is one
whose user may create databases. A pause may double an alert in one way that no bot
can exclude, see `tests/fakes/kill/inquest.py`; what came twice so is counted by itself. Ends with
status 1 where any other was doubled, or one was lost; see `tests/fakes/kill`.
"""

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import structlog

from tests.fakes.databases import created
from tests.fakes.kill.campaign import Campaign, Plan, Report
from tests.fakes.kill.inquest import under_way

_TOLD = (
    "delivery.sent",
    "delivery.unknown",
    "delivery.found",
    "delivery.absent",
    "delivery.sent_again",
    "delivery.lease_lost",
    "burst.kept",
)
_DIGEST = "digest.written"
_MOST_SHOWN = 20


def main() -> None:
    given = _arguments()
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # requests that a kill cut short
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    began = time.monotonic()
    reports = asyncio.run(_run(given))
    print("\n".join(_lines(reports)))
    print(f"{'time':<12} {time.monotonic() - began:.0f} s, {given.worlds} worlds side by side")
    accounts = [report.account for report in reports]
    lost = [line for account in accounts for line in account.lost]
    unasked = [line for account in accounts for line in account.unasked]
    for name, lines in (("lost", lost), ("unasked", unasked)):
        for channel, headline in lines[:_MOST_SHOWN]:
            print(f"{name}: {headline} in {channel}")
    soon = timedelta(seconds=given.lease) / 2
    doubled = [
        (one, under_way(one, report.pauses, soon=soon))
        for report in reports
        for one in report.account.doubled
    ]
    for one, how in doubled[:_MOST_SHOWN]:
        print(f"doubled: {one.line[1]} in {one.line[0]}: {how or one}")
    if unfinished := sum(report.unfinished for report in reports):
        print(f"not finished when the time was over: {unfinished} deliveries, told as lost here")
    excused = sum(bool(how) for _, how in doubled)
    aside = f" ({excused} by a request stopped under way)" if excused else ""
    print(f"lost {len(lost)}, duplicated {len(doubled)}{aside}")
    sys.exit(bool(lost or unasked or len(doubled) > excused))


async def _run(given: argparse.Namespace) -> Sequence[Report]:
    """One campaign in each world, which share blows and alerts."""
    plan = Plan(
        blows=-(-(given.pauses or given.kills) // given.worlds),
        pauses=bool(given.pauses),
        alerts=-(-given.alerts // given.worlds),
        share=given.faults,
        lease=timedelta(seconds=given.lease),
        seed=given.seed,
    )
    async with AsyncExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        campaigns = []
        for number in range(given.worlds):
            (folder / str(number)).mkdir(parents=True)
            database = None
            if given.postgres:
                name = f"newsbot_kill_{os.getpid()}_{number}"
                database = await stack.enter_async_context(created(given.postgres, name))
            of_its_own = replace(plan, seed=given.seed * 1000 + number)
            campaigns.append(Campaign(of_its_own, database=database).run(folder / str(number)))
        return await asyncio.gather(*campaigns)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pauses", type=int, default=0, help="instead of kills")
    parser.add_argument("--alerts", type=int, default=5000)
    parser.add_argument("--faults", type=float, default=0.3, help="share of posts, 0 to 1")
    parser.add_argument("--lease", type=int, default=3, help="seconds, at least 2")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=5, help="side by side")
    parser.add_argument("--keep", type=Path, help="a folder to leave the worlds in, to look into")
    parser.add_argument("--postgres", help="a server; SQLite in a temporary place by default")
    return parser.parse_args()


def _lines(reports: Sequence[Report]) -> Iterator[str]:
    blows = sum((report.blows for report in reports), Counter[str]())
    faulted = sum((report.faulted for report in reports), Counter[str]())
    events = sum((report.events for report in reports), Counter[str]())
    posts = sum(report.posts for report in reports)
    wanted = sum(report.account.wanted for report in reports)
    listed = sum(report.account.listed for report in reports)
    share = faulted.total() / max(1, posts)
    yield f"{'blows':<12} {blows.total()} ({_counted(blows, 'at ')})"
    yield f"{'alerts':<12} {wanted:,}, {listed:,} of them in {events[_DIGEST]:,} digests"
    yield f"{'posts':<12} {posts:,}, {share:.0%} faulted ({_counted(faulted)})"
    yield f"{'newsbot':<12} " + ", ".join(f"{events[event]:,} {event}" for event in _TOLD)
    yield f"{'left behind':<12} {sum(report.orphans for report in reports)} processes"
    yield f"{'unasked':<12} {sum(len(report.account.unasked) for report in reports)}"


def _counted(count: Counter[str], word: str = "") -> str:
    return ", ".join(f"{number} {word}{what}" for what, number in count.most_common())


if __name__ == "__main__":
    main()
