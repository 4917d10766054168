"""Entry: one publication in a feed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

FRAGMENT_BYTES = 8
"""Size of the digest of an entry's raw bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One publication as its feed gives it, cleaned.

    All text is plain: no markup, no entities, no control characters, white space collapsed
    (`body` keeps paragraph breaks as one newline each).

    Attributes:
        title: The headline; empty where the feed gives none.
        guid: The publisher's identifier, or a digest of one that is very long; None where absent.
        url: Absolute http(s) link to the publication; None where absent or unusable.
        summary: The publisher's own summary; empty where absent.
        body: The full text in the feed; empty where absent.
        authors: Names, in the feed's order.
        published: Aware, UTC; None where absent or unreadable.
        updated: Aware, UTC; None where absent or unreadable.
        tags: Slugs of the publisher's categories, in the feed's order, without repeats.
        image: Absolute http(s) address of a picture for the story.
        language: BCP 47 tag as the feed states it, lower case, e.g. `en-gb`.
        fragment: Digest of the raw bytes this entry was read from.
    """

    title: str
    guid: str | None = None
    url: str | None = None
    summary: str = ""
    body: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    language: str | None = None
    fragment: bytes = b""

    @property
    def dated(self) -> datetime | None:
        """When it was published; Atom requires only the time of the last update."""
        return self.published or self.updated


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What one document says.

    Attributes:
        title: The feed's own title.
        link: Absolute address of the site; None where absent.
        language: BCP 47 tag, lower case.
        ttl: Shortest interval the publisher asks for.
        skip_hours: GMT hours the publisher asks to skip.
        skip_days: GMT weekdays (Monday is 0) the publisher asks to skip.
        entries: In the document's order; without the ones whose fragment was passed as known.
        fragments: Digests of the raw entries that count, the known ones included: all but those
            left out.
        left_out: How many entries stand behind the ones that count, in a document of too many.
        version: feedparser's name of the format (`rss20`, `atom10`, `json11`, …).
    """

    title: str = ""
    link: str | None = None
    language: str | None = None
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    entries: tuple[Entry, ...] = ()
    fragments: frozenset[bytes] = field(default_factory=frozenset)
    left_out: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry with its place in the store.

    Attributes:
        entry_id: The entry's row.
        story_id: The story it reports.
        feed_id: The feed it came from.
        feed_name: That feed's name, as shown to readers.
        feed_tags: Slugs that the feed gives all its entries.
        entry: What the feed said, as last seen.
        seen_at: When newsbot first saw it.
    """

    entry_id: int
    story_id: int
    feed_id: int
    feed_name: str
    feed_tags: frozenset[str]
    entry: Entry
    seen_at: datetime


def appeared_at(entry: Entry, seen_at: datetime) -> datetime:
    """When an entry counts as published.

    The publisher's time, unless there is none or it lies ahead of when newsbot first saw it.
    """
    return min(entry.dated or seen_at, seen_at)
