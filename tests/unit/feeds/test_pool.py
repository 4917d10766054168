"""A document that takes too much costs its worker, nothing else."""

import asyncio
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.entry import ParsedFeed
from bot.errors import ParseError
from bot.feeds.pool import PoolParser, _prepare, _read, _Refusal
from bot.ports import Parser

URL = "https://news.example/feed"
GOOD = b"<rss version='2.0'><channel><item><title>One</title></item></channel></rss>"
ENDLESS = (
    b"<rss version='2.0'><channel><item "
    + b" ".join(b'a%d="x"' % number for number in range(100_000))
    + b"/></channel></rss>"
)
"""1.3 MB of attributes, over which feedparser sits for minutes."""

MANY = b"<rss><channel>" + b"<item><title>x</title></item>" * 100_000 + b"</channel></rss>"

HUGE = b'<!DOCTYPE rss [<!ENTITY a "b">]>' + MANY
"""Entries that take some 200 MB when read; with entities of its own a document is not cut."""


@pytest_asyncio.fixture
async def parser() -> AsyncIterator[PoolParser]:
    """A pool of one worker, quick to lose its patience."""
    async with PoolParser(workers=1, timeout=1.0) as pool:
        yield pool


def workers() -> list[int]:
    """The processes that live now."""
    return [child.pid for child in multiprocessing.active_children() if child.pid]


def kill_workers() -> None:
    """What the kernel does when memory runs out."""
    for pid in workers():
        os.kill(pid, signal.SIGKILL)


async def title(parser: Parser) -> str:
    """The title of the good document, read by the parser."""
    feed = await parser.parse(GOOD, url=URL)
    return feed.entries[0].title


async def busy(parser: PoolParser) -> "asyncio.Task[object]":
    """A parse of the endless document, begun by a worker."""
    task: asyncio.Task[object] = asyncio.create_task(parser.parse(ENDLESS, url=URL))
    while not any(future.running() for future in parser._under_way):  # noqa: ASYNC110 - pebble has no event
        await asyncio.sleep(0)
    # The worker has said so and may still hold pebble's lock, which others wait for by the minute.
    await asyncio.sleep(0.05)
    return task


async def test_reads_a_feed(parser: PoolParser) -> None:
    feed = await parser.parse(GOOD, url=URL, content_type="text/xml")
    again = await parser.parse(GOOD, url=URL, known=feed.fragments)

    assert feed.entries[0].title == "One"
    assert again.entries == ()


async def test_says_of_what_is_no_feed_what_it_is(parser: PoolParser) -> None:
    with pytest.raises(ParseError, match="a web page, not a feed") as caught:
        await parser.parse(b"<html></html>", url=URL)
    assert caught.value.url == URL


async def test_gives_up_a_document_that_takes_too_long(parser: PoolParser) -> None:
    with pytest.raises(ParseError, match=r"news\.example sends took more than 1 s"):
        await parser.parse(ENDLESS, url=URL)

    assert await title(parser) == "One"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a process's own memory")
async def test_gives_up_a_document_that_takes_too_much_memory() -> None:
    async with PoolParser(workers=1, timeout=60, memory=60_000_000) as parser:
        with pytest.raises(ParseError, match="too much memory"):
            await parser.parse(HUGE, url=URL)

        assert await title(parser) == "One"


async def test_entries_beyond_the_first_thousand_are_counted_in_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with PoolParser(workers=1) as parser:
        feed = await parser.parse(MANY, url=URL)

    assert len(feed.entries) == 1000
    (line,) = capsys.readouterr().out.splitlines()
    assert "parse.too_many" in line
    assert "left_out=99000" in line


async def test_a_worker_that_dies_costs_its_document_only(parser: PoolParser) -> None:
    task = await busy(parser)
    kill_workers()

    with pytest.raises(ParseError, match="broke the parser"):
        await task
    assert await title(parser) == "One"


async def test_an_idle_worker_that_dies_costs_nothing(parser: PoolParser) -> None:
    assert await title(parser) == "One"
    kill_workers()

    assert await title(parser) == "One"


async def test_a_fault_of_ours_is_reported_as_one(
    parser: PoolParser, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ParseError, match="please report this"):
        await parser.parse("text, not bytes", url=URL)  # type: ignore[arg-type]

    assert "parse.broke" in capsys.readouterr().out
    assert await title(parser) == "One"


@pytest.fixture
def limits_put_back() -> Iterator[None]:
    """What a worker does to itself is undone in the process of the tests."""
    kinds = (resource.RLIMIT_DATA, resource.RLIMIT_CPU)
    before = [resource.getrlimit(kind) for kind in kinds]
    handler = signal.getsignal(signal.SIGTERM)
    yield
    for kind, limits in zip(kinds, before, strict=True):
        resource.setrlimit(kind, limits)
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.usefixtures("limits_put_back")
def test_a_worker_limits_itself_and_answers_with_a_feed_or_why_there_is_none() -> None:
    _prepare(2**32)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL

    feed = _read(GOOD, URL, "", frozenset(), 3600)
    no_feed = _read(b"", URL, "", frozenset(), 3600)
    fault = _read("text, not bytes", URL, "", frozenset(), 3600)  # type: ignore[arg-type]

    assert isinstance(feed, ParsedFeed)
    assert isinstance(no_feed, _Refusal)
    assert "empty document" in no_feed.what
    assert not no_feed.trace
    assert isinstance(fault, _Refusal)
    assert "Traceback" in fault.trace
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] > 3600


async def test_a_document_nobody_waits_for_any_more_is_given_up(parser: PoolParser) -> None:
    task = await busy(parser)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert await title(parser) == "One"


async def test_closing_ends_every_worker_and_every_wait() -> None:
    parser = PoolParser(workers=2, timeout=60)
    before = set(workers())
    task = await busy(parser)

    await parser.close()

    with pytest.raises(ParseError, match="newsbot is stopping"):
        await task
    with pytest.raises(ParseError, match="newsbot is stopping"):
        await parser.parse(GOOD, url=URL)
    assert set(workers()) <= before


async def test_closing_twice_or_unused_does_no_harm() -> None:
    parser = PoolParser()

    await parser.close()
    await parser.close()


SLOW_START = """
import asyncio, os, pathlib, signal, time
from bot.feeds.pool import PoolParser

STARTING = pathlib.Path(__file__).with_suffix(".starting")

async def use():
    async with PoolParser(workers=1) as parser:
        while not STARTING.exists():
            await asyncio.sleep(0.01)
        {act}

if __name__ == "__mp_main__":  # a worker, before pebble has made one of it
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    STARTING.touch()
    time.sleep({seconds})
else:
    signal.signal(signal.SIGINT, lambda *_: None)
    asyncio.run(use())
"""


def run_with_slow_start(script: Path, act: str, *, seconds: float) -> str:
    """What a process says that acts while its worker takes so many seconds to come up."""
    script.write_text(SLOW_START.format(act=act, seconds=seconds))
    command = [sys.executable, str(script)]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        command, capture_output=True, text=True, check=True, start_new_session=True, timeout=60
    )
    return done.stdout + done.stderr


def test_a_worker_stopped_while_it_starts_says_nothing(tmp_path: Path) -> None:
    said = run_with_slow_start(tmp_path / "stop.py", "pass", seconds=1)

    assert said == ""


def test_a_worker_that_is_starting_when_ctrl_c_is_pressed_goes_on(tmp_path: Path) -> None:
    """Whether that ends newsbot is decided by its parent alone."""
    act = f"os.killpg(0, signal.SIGINT); print(len((await parser.parse({GOOD!r}, url='')).entries))"

    assert run_with_slow_start(tmp_path / "interrupt.py", act, seconds=0.3) == "1\n"


def test_the_parent_does_not_load_the_parsers() -> None:
    code = """
import sys, bot.feeds.pool
print(sorted({"feedparser", "selectolax", "ftfy"} & {*sys.modules}))
"""

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter

    assert done.stdout == "[]\n"
