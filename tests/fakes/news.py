"""Made-up feeds and entries."""

from datetime import datetime

from bot.domain.entry import Entry
from bot.domain.feed import Feed
from bot.domain.identity import Identified, identify
from tests.fakes.clock import START

WIRE = Feed(url="https://wire.example/feed", name="Wire", tags=frozenset({"world"}))
POST = Feed(url="https://post.example/feed", name="Post")


def entry(number: int, *, title: str = "", published: datetime | None = START) -> Entry:
    """An entry with all the trimmings."""
    return Entry(
        title=title or f"Story number {number}",
        guid=f"guid-{number}",
        url=f"https://wire.example/{number}",
        summary=f"What happened, part {number}. And what it means.",
        body="The whole text.\nIn two paragraphs.",
        authors=("Ann Author", "Ben Báez"),
        published=published,
        updated=published,
        tags=("us-china", "policy"),
        image="https://wire.example/picture.jpg",
        language="en-gb",
        fragment=number.to_bytes(8, "big"),
    )


def identified(*entries: Entry) -> tuple[Identified, ...]:
    """Entries with their keys."""
    return identify(entries, seen_at=START, feed_link=None)
