"""A simulated day: 24 hours of newsbot over 200 feeds on loopback, every alert accounted for.

    python -m bench.day [--feeds 200] [--hours 24] [--database URL]

Feeds fail, redirect, throttle, change and vanish, newsbot's own network is away for an hour, and
newsbot is restarted once. What should have been alerted is known; see `tests/fakes/day`. Ends
with status 1 where an alert was missed or came twice, or a host was asked too often.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta

import structlog

from tests.fakes.day.plan import Size
from tests.fakes.day.run import Day, Report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--database", help="an empty one; SQLite in a temporary place by default")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    size = Size(feeds=given.feeds, hours=given.hours)
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or f"sqlite+aiosqlite:///{folder}/newsbot.db"
        report = asyncio.run(Day(size, database_url=database).run())
    print("\n".join(lines(report)))
    wrong = [*faults(report)]
    print("\n".join(wrong))
    sys.exit(bool(wrong))


def lines(report: Report) -> Iterator[str]:
    verdict, polls = report.verdict, sum(report.polls.values())
    by_outcome = ", ".join(f"{number:,} {outcome}" for outcome, number in report.polls.items())
    yield _line("feeds", f"{report.feeds} over {report.simulated}")
    yield _line("polls", f"{polls:,} ({by_outcome})")
    yield _line("answered 304", f"{report.not_modified:,}")
    yield _line("entries published", f"{verdict.published:,}")
    yield _line("alerts expected", f"{verdict.wanted:,}")
    yield _line("alerts sent", f"{verdict.sent:,}")
    yield _line("missed", f"{len(verdict.missed)}")
    yield _line("gone before seen", f"{len(verdict.unseen)}")
    yield _line("twice", f"{len(verdict.twice)}")
    yield _line("unasked", f"{len(verdict.unasked)}")
    yield _line("wrong topics", f"{len(verdict.misnamed)}")
    for name, lags in verdict.lags.items():
        figures = f"p50 {_short(lags.median)}  p95 {_short(lags.p95)}  max {_short(lags.most)}"
        yield _line("lag", f"{figures}  {name} ({lags.number:,})")
    yield _line("asked too soon", f"{len(report.breaches)}")
    yield _line("requests a host", f"at most {report.most_asked:,}, {report.at_once} at a time")
    yield _line("notices", ", ".join(f"{n} × {title}" for title, n in report.notices.items()))
    yield _line("wall time", f"{report.wall:.1f} s, {report.wall / polls * 1e3:.2f} ms a poll")
    yield _line(
        "processor time",
        f"{report.cpu:.1f} s and {report.parsers_cpu:.1f} s in parsers, "
        f"{report.cpu / polls * 1e3:.2f} and {report.parsers_cpu / polls * 1e3:.2f} ms a poll",
    )


def faults(report: Report) -> Iterator[str]:
    yield from report.breaches
    verdict = report.verdict
    for name in ("missed", "twice", "unasked", "misnamed"):
        for channel, url in getattr(verdict, name):
            yield f"{name}: {url} in {channel}"


def _line(name: str, text: str) -> str:
    return f"{name:<18} {text}"


def _short(lag: timedelta) -> str:
    return str(timedelta(seconds=round(lag.total_seconds())))


if __name__ == "__main__":
    main()
