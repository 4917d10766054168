"""Memory that many queries take, in a process that holds nothing else."""

import gc
import multiprocessing
import os
from pathlib import Path

from bench.matcher.made import World
from bot.query.matcher import Matcher
from bot.query.syntax import parse

ENTRIES = 1_000


def megabytes(size: int, *, rarer_than: int) -> float:
    """What a process grows by that reads so many queries, and then matches entries; 10^6 bytes.

    The trees go once they are compiled, as where queries are read from a database.
    """
    with multiprocessing.get_context("spawn").Pool(1) as fresh:
        return fresh.apply(_grown_by, (size, rarer_than))


def _grown_by(size: int, rarer_than: int) -> float:
    world = World()
    entries = world.entries(ENTRIES, 120)
    before = _resident()
    matcher = Matcher()
    for name, text in world.queries(size, rarer_than=rarer_than):
        matcher.add(name, parse(text))
    for entry in entries:
        matcher.match(entry)
    return _resident() - before


def _resident() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
