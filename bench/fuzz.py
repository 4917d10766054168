"""Fuzzing, guided by coverage: looks for an input that breaks what strangers can reach.

    python -m bench.fuzz parser|url|query|cards|commands [--seconds 60] [--inputs FOLDER]

Needs the extra `fuzz`. A find is printed with its bytes and ends with a status other than 0.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: pip install -e '.[fuzz]'")

with atheris.instrument_imports(include=["bot"]):
    from bot.chat.discord.render import render as discord_card
    from bot.chat.slack.render import render as slack_card
    from bot.domain.alert import compose_alert
    from bot.domain.canonical import canonical_url
    from bot.domain.entry import StoredEntry
    from bot.domain.message import Reason
    from bot.errors import NewsbotError, ParseError
    from bot.feeds.parse import parse_document
    from bot.query.describe import describe
    from bot.query.syntax import parse
    from bot.storage.database import Database
    from tests.hostile.asked import PEOPLE, PIECES, answers, busy, faults

from tests.fakes import discord_limits, slack_limits
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock
from tests.hostile.texts import PAYLOADS, discord_pings, document, slack_pings

_NOW = datetime(2026, 3, 2, tzinfo=UTC)
_URL = "https://news.example/feed"


def parser(data: bytes) -> None:
    try:
        parse_document(data, url=_URL)
    except ParseError:
        return


def url(data: bytes) -> None:
    canonical = canonical_url(f"https://news.example{data.decode(errors='replace')}")
    assert canonical is None or canonical_url(canonical) == canonical, canonical


def query(data: bytes) -> None:
    try:
        node = parse(data.decode(errors="replace"))
    except NewsbotError:
        return
    describe(node)


def cards(data: bytes) -> None:
    text = data.decode(errors="replace")
    try:
        feed = parse_document(document(text, "https://news.example/a"), url=_URL)
    except ParseError:
        return
    for entry in feed.entries:
        stored = StoredEntry(
            entry_id=1, story_id=1, feed_id=1, feed_name=text, feed_tags=frozenset(),
            entry=entry, seen_at=_NOW,
        )  # fmt: skip
        alert = compose_alert(stored, [Reason(topic="t", title=text, words=(text,))])
        slack, embed = slack_card(alert), discord_card(alert).embed
        blocks = [*slack.blocks]
        assert not slack_pings(blocks, slack.text)
        assert not slack_limits.faults_in(blocks)
        assert not discord_pings(embed)
        assert not discord_limits.mistakes({"embeds": [embed]})


def commands(newsroom: Newsroom, loop: asyncio.AbstractEventLoop, data: bytes) -> None:
    """A line typed, or options filled in, and each button beneath the answer pressed."""
    given = atheris.FuzzedDataProvider(data)
    who, where = given.PickValueInList([*PEOPLE])
    command = given.PickValueInList([*newsroom.commands])
    if given.ConsumeBool():
        options = {option.name: _text(given) for option in command.options if given.ConsumeBool()}
        work = answers(newsroom, who, where, line=command.verb, options=options)
    else:
        verb = command.verb if given.ConsumeBool() else ""
        work = answers(newsroom, who, where, line=f"{verb} {_text(given)}")
    for answer in loop.run_until_complete(work):
        assert not faults(answer), (answer, faults(answer))


def _text(given: atheris.FuzzedDataProvider) -> str:
    pieces = [
        given.PickValueInList([*PIECES]) if given.ConsumeBool() else given.ConsumeUnicode(12)
        for _ in range(given.ConsumeIntInRange(0, 8))
    ]
    return given.PickValueInList(["", " "]).join(pieces)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parser": parser,
    "url": url,
    "query": query,
    "cards": cards,
}
SEEDS: dict[str, Sequence[bytes]] = {
    "parser": [document(text, _URL) for text in PAYLOADS[::10]],
    "url": [b"/a/../b?utm_source=x&id=1#c", b"@[::1]:80/%7Ea", "/\u5317?q=\u4eac".encode()],
    "query": [text.encode(errors="replace") for text in (*PIECES, " ".join(PIECES[4:30]))],
    "cards": [text.encode(errors="replace") for text in PAYLOADS],
    "commands": [],
}
"""What each begins with."""


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("target", choices=SEEDS)
    reader.add_argument("--seconds", type=int, default=60)
    reader.add_argument(
        "--inputs", help="a folder to begin with too, and to keep in what reaches new code"
    )
    given = reader.parse_args()
    with TemporaryDirectory() as folder:
        # libFuzzer ends its process at once: somebody has to be left to tidy up.
        process = get_context("fork").Process(target=_fuzz, args=(given, Path(folder)))
        process.start()
        process.join()
    sys.exit(process.exitcode)


def _fuzz(given: argparse.Namespace, folder: Path) -> None:
    inputs = folder / "inputs"
    inputs.mkdir()
    for number, seed in enumerate(SEEDS[given.target]):
        (inputs / str(number)).write_bytes(seed)
    target = TARGETS.get(given.target) or _commands(folder)
    bounds = [f"-max_total_time={given.seconds}", "-rss_limit_mb=1024", "-print_final_stats=1"]
    lengths = ["-max_len=8192", "-len_control=0", f"-artifact_prefix={gettempdir()}/"]
    # libFuzzer keeps what it finds worth keeping in the first of its folders.
    kept = [given.inputs] if given.inputs else []
    atheris.Setup([sys.argv[0], *bounds, *lengths, *kept, str(inputs)], partial(_telling, target))
    atheris.Fuzz()


def _telling(target: Callable[[bytes], None], data: bytes) -> None:
    try:
        target(data)
    except Exception:
        print(f"\nFound with {data!r}", flush=True)
        raise


def _commands(folder: Path) -> Callable[[bytes], None]:
    loop = asyncio.new_event_loop()
    database = Database.open(f"sqlite+aiosqlite:///{folder}/newsbot.db")
    newsroom = loop.run_until_complete(busy(loop.run_until_complete(database), FakeClock()))
    return partial(commands, newsroom, loop)


if __name__ == "__main__":
    main()
