"""Targets: what the matcher is to reach, and whether the figures of a run do."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.matcher.peers import ONE_BY_ONE

MOST_OVER_TOKENISING = 1.5
MOST_MICROSECONDS = 500
MOST_MEGABYTES = 100
LEAST_OVER_ONE_BY_ONE = 100
MOST_OVER_QUERIES = 0.1
MOST_OVER_MATCHES = 1.0
"""A growth of the time in proportion to the matches would be 1."""
MOST_OVER_FEWEST = 2.0
LEAST_TIMES_AS_MANY = 100
"""Queries, of which growth can be told."""


@dataclass(frozen=True, slots=True)
class Speed:
    """What an entry took.

    Attributes:
        microseconds: To match it.
        tokenising: Microseconds to cut it into tokens.
        matches: Queries that it satisfied.
    """

    microseconds: float
    tokenising: float
    matches: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run measured.

    Attributes:
        speeds: By the number of queries, how many match (`few`, `some`, `many`), and words.
        megabytes: By the number of queries.
        changes: Microseconds that one query more took, by the number of queries.
        peers: How many times as long a peer took, by the number of queries and its name.
    """

    speeds: dict[tuple[int, str, int], Speed] = field(default_factory=dict)
    megabytes: dict[int, float] = field(default_factory=dict)
    changes: dict[int, float] = field(default_factory=dict)
    peers: dict[tuple[int, str], float] = field(default_factory=dict)


def targets(figures: Figures) -> Iterator[str]:
    """A line for each target that the run had figures for."""
    if speed := figures.speeds.get((1_000, "some", 120)):
        ratio = speed.microseconds / speed.tokenising
        yield _line("1,000 queries, times tokenising", ratio, most=MOST_OVER_TOKENISING)
    if speed := figures.speeds.get((100_000, "some", 120)):
        what = f"100,000 queries, {speed.matches:.0f} matches, µs an entry"
        yield _line(what, speed.microseconds, most=MOST_MICROSECONDS)
    if taken := figures.megabytes.get(100_000):
        yield _line("100,000 queries, MB", taken, most=MOST_MEGABYTES)
    for (size, name), times in figures.peers.items():
        if name == ONE_BY_ONE and size > 100:  # which are few enough to ask in turn
            what = f"{size:,} queries, times as fast as one by one"
            yield _line(what, times, least=LEAST_OVER_ONE_BY_ONE)
    yield from _growth(figures)


def _growth(figures: Figures) -> Iterator[str]:
    fewest, most = min(figures.changes), max(figures.changes)
    if most < LEAST_TIMES_AS_MANY * fewest:
        return
    sparse, dense = (figures.speeds[one, "few", 120] for one in (fewest, most))
    yield _line(
        f"from {fewest:,} to {most:,} queries, few matches: µs an entry grew over queries",
        dense.microseconds / sparse.microseconds / (most / fewest),
        most=MOST_OVER_QUERIES,
    )
    many = figures.speeds[most, "many", 120]
    yield _line(
        f"{most:,} queries, from few to many matches: µs an entry grew over matches",
        many.microseconds / dense.microseconds / (many.matches / dense.matches),
        most=MOST_OVER_MATCHES,
    )
    yield _line(
        f"one query more, beside {most:,} over beside {fewest:,}",
        figures.changes[most] / figures.changes[fewest],
        most=MOST_OVER_FEWEST,
    )


def _line(what: str, figure: float, *, most: float | None = None, least: float = 0) -> str:
    is_reached = figure >= least and (most is None or figure <= most)
    bound = f"at least {least:g}" if most is None else f"at most {most:g}"
    return f"{'pass' if is_reached else 'MISS'}  {what}: {figure:,.2f}, {bound}"
