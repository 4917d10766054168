"""Fuzzing, guided by coverage: looks for an input that breaks what strangers can reach.

    python -m bench.fuzz parser|url|query|cards [--seconds 60]

Needs the extra `fuzz`. A find is printed with its bytes and ends with a status other than 0.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime

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

from tests.fakes import discord_limits, slack_limits
from tests.hostile.texts import discord_pings, document, slack_pings

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


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parser": parser,
    "url": url,
    "query": query,
    "cards": cards,
}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("target", choices=TARGETS)
    reader.add_argument("--seconds", type=int, default=60)
    given = reader.parse_args()
    bounds = [f"-max_total_time={given.seconds}", "-rss_limit_mb=1024", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *bounds], TARGETS[given.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
