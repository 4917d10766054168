"""Matcher bench: what it takes to ask many queries of one entry, beside other ways to do so.

Prints microseconds of processor time an entry (medians over rounds in which all take turns), for
ever more queries, for short and long entries, for queries that few entries satisfy and for ones
that many do; the floor is cutting the entry into tokens, with and without letter case, and nothing
else. Then what it takes to build, to add and drop one query, and in memory; last, whether each
target is reached. Queries and entries are made up (`made.py`).

    python -m bench.matcher [--most 100000] [--peers]

`pip install -e '.[bench]'` brings the peers; one that is not there is left out.
"""

import argparse
import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import median

from bench.matcher.made import World
from bench.matcher.memory import megabytes
from bench.matcher.peers import ONE_BY_ONE, PEERS
from bench.matcher.targets import Figures, Speed, targets
from bot.query.document import Document, Reading
from bot.query.matcher import Matcher
from bot.query.syntax import parse
from bot.query.tree import Node

SIZES = (100, 1_000, 10_000, 100_000)
WORDS = (120, 800)
RANKS = {"few": 12_000, "some": 4_000, "many": 0}
"""How rare the words of queries are at least, by how much they match."""
ENTRIES = 150
"""Of a round."""
ROUNDS = 9
BEFORE = 1_000
"""Entries matched before any is measured; none is measured twice, as words met once are known."""
MOST_ASKED = 300_000
"""Queries times entries that `re` is asked, so that its share takes minutes."""
MOST_FOR_HYPERSCAN = 1_000
"""Queries; its compiler takes about a minute for these."""
CHANGED = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=SIZES[-1], help="queries")
    parser.add_argument("--peers", action="store_true", help="measure the others too (minutes)")
    asked = parser.parse_args()
    sizes = [size for size in SIZES if size <= asked.most]
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    figures = Figures()
    world = World()
    entries = {words: world.entries(BEFORE + ROUNDS * ENTRIES, words) for words in WORDS}
    for size in sizes:
        for rarity in RANKS:
            report_speed(size, rarity, entries, figures)
    print()
    for size in sizes:
        report_change_and_memory(size, figures)
    if asked.peers:
        print()
        for size in sizes:
            report_peers(size, figures)
    print()
    for target in targets(figures):
        print(target)


def report_speed(
    size: int, rarity: str, entries: Mapping[int, Sequence[Document]], figures: Figures
) -> None:
    matcher = Matcher(made_queries(World(), size, RANKS[rarity]))
    for words, some in entries.items():
        matches = sum(len(matcher.match(entry)) for entry in some[:BEFORE]) / BEFORE
        floor, ours = microseconds([cut, matcher.match], rounds(some[BEFORE:]))
        figures.speeds[size, rarity, words] = Speed(ours, floor, matches)
        print(
            f"{size:>7,} queries, {rarity:>4} matches ({matches:>6.1f}), {words} words:"
            f" {ours:>7.1f} µs an entry; tokenising {floor:>6.1f}, {ours / floor:>5.2f} times"
        )


def cut(entry: Document) -> None:
    """Everything there is to know of an entry's tokens."""
    for tokens in Reading(entry).fields.values():
        tokens.exact, tokens.folded  # noqa: B018 - which are worked out when they are asked for


def report_change_and_memory(size: int, figures: Figures) -> None:
    taken = megabytes(size, rarer_than=RANKS["some"])
    world = World()
    queries = made_queries(world, size, RANKS["some"])
    passing = [parse(text) for _, text in world.queries(CHANGED, rarer_than=RANKS["some"])]
    entry = world.entries(1, WORDS[0])[0]
    started = time.thread_time()
    matcher = Matcher(queries)
    matcher.match(entry)  # which has all compiled
    built = time.thread_time() - started
    added, compiled, dropped = [], [], []
    for node in passing:
        added.append(spent(partial(matcher.add, "passing", node)))
        first, second = (spent(partial(matcher.match, entry)) for _ in range(2))
        compiled.append(max(0.0, first - second))
        dropped.append(spent(partial(matcher.drop, "passing")))
    more = [sum(pair) for pair in zip(added, compiled, strict=True)]
    figures.megabytes[size] = taken
    figures.changes[size] = median(more)
    print(
        f"{size:>7,} queries: built in {built:>6.2f} s, {taken:>6.1f} MB;"
        f" one more {median(more):>5.1f} µs (at most {max(more):>9,.0f};"
        f" {median(compiled):>5.1f} of it in the next match),"
        f" one less {median(dropped):>5.1f} (at most {max(dropped):>7,.0f})"
    )


def report_peers(size: int, figures: Figures) -> None:
    world = World()
    entries = world.entries(3 * ENTRIES, WORDS[0])
    queries = made_queries(world, size, RANKS["some"])
    matcher = Matcher(queries)
    for name, build in PEERS.items():
        if name == "hyperscan" and size > MOST_FOR_HYPERSCAN:
            print(f"{size:>7,} queries: {name} left out, its compiler would take very long")
            continue
        started = time.thread_time()
        try:
            ask = build(queries)
        except ImportError:
            print(f"{size:>7,} queries: {name} is not installed; left out")
            continue
        built = time.thread_time() - started
        slow = name == ONE_BY_ONE
        some = entries[: max(2, MOST_ASKED // size)] if slow else entries
        assert all(ask(entry) == len(matcher.match(entry)) for entry in some), name
        theirs, ours = microseconds([ask, matcher.match], [some] if slow else rounds(entries))
        figures.peers[size, name] = theirs / ours
        print(
            f"{size:>7,} queries: {name:>14} {theirs:>12,.1f} µs an entry"
            f" (built in {built:>6.2f} s), the matcher {ours:>6.1f}: {theirs / ours:>9,.1f} times"
            f" ({len(some)} entries)"
        )


def made_queries(world: World, size: int, rank: int) -> dict[str, Node]:
    return {name: parse(text) for name, text in world.queries(size, rarer_than=rank)}


def rounds(entries: Sequence[Document]) -> list[Sequence[Document]]:
    return [entries[start : start + ENTRIES] for start in range(0, len(entries), ENTRIES)]


def microseconds(
    ways: Sequence[Callable[[Document], object]], rounds: Sequence[Sequence[Document]]
) -> list[float]:
    """For each way the median round's mean, in microseconds an entry."""
    gc.collect()
    gc.freeze()
    taken: list[list[float]] = [[] for _ in ways]
    for entries in rounds:
        for way, times in zip(ways, taken, strict=True):
            started = time.thread_time()
            for entry in entries:
                way(entry)
            times.append((time.thread_time() - started) / len(entries) * 1e6)
    gc.unfreeze()
    return [median(times) for times in taken]


def spent(work: Callable[[], object]) -> float:
    """Microseconds."""
    started = time.thread_time()
    work()
    return (time.thread_time() - started) * 1e6


if __name__ == "__main__":
    main()
