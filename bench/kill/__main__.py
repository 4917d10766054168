"""Kill -9 at random moments, or SIGSTOP: every alert of every story accounted for.

    python -m bench.kill [--kills 200] [--alerts 5000] [--database URL]
    python -m bench.kill --pauses 100 --database URL   # two processes on one PostgreSQL

Real `newsbot run` processes, feeds, a fake Slack and a fake Discord on loopback; 30 of 100 posts
go wrong. The database named is to be empty. Ends with status 1 where a kill lost or doubled an
alert, or a pause lost one; see `tests/fakes/kill`.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import structlog

from tests.fakes.kill.campaign import Campaign, Plan, Report

_TOLD = (
    "delivery.sent",
    "delivery.unknown",
    "delivery.found",
    "delivery.absent",
    "delivery.sent_again",
    "delivery.lease_lost",
)


def main() -> None:
    given = _arguments()
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # requests that a kill cut short
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    plan = Plan(
        blows=given.pauses or given.kills,
        pauses=bool(given.pauses),
        alerts=given.alerts,
        share=given.faults,
        lease=timedelta(seconds=given.lease),
        seed=given.seed,
    )
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(Campaign(plan, database=given.database).run(Path(folder)))
    print("\n".join(_lines(report)))
    account = report.account
    for name, lines in (("lost", account.lost), ("doubled", account.doubled)):
        for channel, headline in lines[:20]:
            print(f"{name}: {headline} in {channel}")
    print(f"lost {len(account.lost)}, duplicated {len(account.doubled)}")
    is_wrong = account.lost or account.unasked or (account.doubled and not plan.pauses)
    sys.exit(bool(is_wrong))


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
    parser.add_argument("--database", help="SQLite in a temporary place by default")
    return parser.parse_args()


def _lines(report: Report) -> Iterator[str]:
    blows = ", ".join(f"{number} at {what}" for what, number in report.blows.most_common())
    faulted = ", ".join(f"{number} {what}" for what, number in report.faulted.most_common())
    share = report.faulted.total() / max(1, report.posts)
    yield f"{'blows':<12} {report.blows.total()} ({blows})"
    yield f"{'alerts':<12} {report.account.wanted:,}"
    yield f"{'posts':<12} {report.posts:,}, {share:.0%} faulted ({faulted})"
    yield f"{'newsbot':<12} " + ", ".join(f"{report.events[e]:,} {e}" for e in _TOLD)
    yield f"{'left behind':<12} {report.orphans} processes"
    yield f"{'unasked':<12} {len(report.account.unasked)}"
    yield f"{'time':<12} {report.seconds:.0f} s"


if __name__ == "__main__":
    main()
