"""Identity: by which keys an entry is known again, whatever its feed does to it.

Any one key makes two entries the same: the GUID, the canonical URL, or the same title in the same
feed within a day. Feeds being what they are, no key is believed blindly; one that the entries of a
document contradict (every GUID is `0`, every link the section's page, every title `Morning
briefing`) identifies nothing, since news must not be swallowed.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.canonical import canonical_url, is_homepage
from bot.domain.entry import Entry
from bot.query.terms import Tokens

_DAY = timedelta(days=1)
_HALF_DAY = timedelta(hours=12)
KEY_BYTES = 16
"""Size of an identity key."""
_COLUMN = 3
_REVISION = re.compile(r"#\d{1,2}$")
_PLACEHOLDERS = frozenset(
    {"", "0", "-1", "#", "null", "none", "nil", "undefined", "false", "true", "n/a", "guid", "id"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """An entry and how to know it again.

    Attributes:
        entry: As the document has it first.
        keys: Digests of 16 bytes, valid within the entry's feed; at least one.
        story_key: Digest of 16 bytes of the publication's address, the same in every feed;
            None where no address can be trusted.
    """

    entry: Entry
    keys: frozenset[bytes]
    story_key: bytes | None


@dataclass(frozen=True, slots=True)
class _Marks:
    """What an entry offers to be known by; empty where it offers nothing usable."""

    entry: Entry
    guid: str
    url: str
    title: str


def identify(
    entries: Sequence[Entry],
    *,
    seen_at: datetime,
    feed_link: str | None,
    shared: frozenset[bytes] = frozenset(),
) -> tuple[Identified, ...]:
    """Give a document's entries their keys, and make one of those that are the same.

    Args:
        entries: In the document's order.
        seen_at: The time of the poll; stands in where an entry has no date.
        feed_link: The feed's own site; a link to it identifies nothing.
        shared: Keys that earlier documents of the feed contradicted, as `shared_keys` gave them.
            A document cut down to its unseen entries no longer shows that every GUID is the same.

    Returns:
        In the document's order; of entries that are the same, the first, with the keys of all.
    """
    marked = [_marks(entry, feed_link) for entry in entries]
    distrusted = shared | _contradicted(marked)
    return _merged([_identified(marks, seen_at, distrusted) for marks in marked])


def shared_keys(entries: Sequence[Entry], *, feed_link: str | None) -> frozenset[bytes]:
    """Keys that these entries contradict and that identify nothing in their feed from now on."""
    return _contradicted([_marks(entry, feed_link) for entry in entries])


def address_key(url: str) -> bytes | None:
    """The story key of what is published at an address; None where it is no http(s) address."""
    canonical = canonical_url(url)
    return _digest("url", canonical) if canonical else None


def _marks(entry: Entry, feed_link: str | None) -> _Marks:
    site = canonical_url(feed_link) if feed_link else None
    url = canonical_url(entry.url or "")
    return _Marks(
        entry=entry,
        guid=_usable_guid(entry.guid or "", url, site),
        url=_usable_url(url, site),
        title=" ".join(Tokens(entry.title).folded),
    )


def _usable_guid(guid: str, url: str | None, site: str | None) -> str:
    if guid.strip().lower() in _PLACEHOLDERS:
        return ""
    # Some publishers number the revisions of an entry behind its own address; any other fragment
    # tells entries apart.
    first = canonical_url(_REVISION.sub("", guid), fragment=True)
    as_url = first if first == url else canonical_url(guid, fragment=True)
    return guid.strip() if as_url is None else _usable_url(as_url, site)


def _usable_url(url: str | None, site: str | None) -> str:
    return "" if url is None or url == site or is_homepage(url) else url


def _contradicted(marked: Iterable[_Marks]) -> frozenset[bytes]:
    """Keys under which the document has entries that are plainly not the same."""
    groups: dict[tuple[str, str], list[_Marks]] = defaultdict(list)
    for marks in marked:
        for kind, mark in (("guid", marks.guid), ("url", marks.url), ("title", marks.title)):
            if mark:
                groups[kind, mark].append(marks)
    tests = {"guid": _shared_guid, "url": _shared_url, "title": _generic_title}
    return frozenset(
        _digest(kind, mark) for (kind, mark), group in groups.items() if tests[kind](group)
    )


def _shared_guid(group: Sequence[_Marks]) -> bool:
    return _differ([marks.url for marks in group], group)


def _shared_url(group: Sequence[_Marks]) -> bool:
    return _differ([marks.guid for marks in group], group)


def _differ(others: Sequence[str], group: Sequence[_Marks]) -> bool:
    """Whether entries that share one mark are told apart by the other, or else by their titles.

    Two titles under the same GUID and the same address are one entry before and after an edit;
    more are a feed that gives everything the same.
    """
    titles = {marks.title for marks in group}
    if not all(others):
        return len(titles) > 1
    return len(set(others)) > 1 or len(titles) >= _COLUMN


def _generic_title(group: Sequence[_Marks]) -> bool:
    """Whether a title is a column's rather than a story's: `Morning briefing`."""
    guids = {marks.guid for marks in group if marks.guid}
    urls = {marks.url for marks in group if marks.url}
    texts = {_text_key(marks.entry) for marks in group if not marks.guid and not marks.url}
    return max(len(guids), len(urls)) + len(texts) >= _COLUMN


def _identified(marks: _Marks, seen_at: datetime, distrusted: frozenset[bytes]) -> Identified:
    guid = _digest("guid", marks.guid) if marks.guid else None
    url = _digest("url", marks.url) if marks.url else None
    keys = {key for key in (guid, url) if key is not None and key not in distrusted}
    if not keys:
        keys.add(_text_key(marks.entry))
    if marks.title and _digest("title", marks.title) not in distrusted:
        keys.update(_title_keys(marks.title, marks.entry.published or seen_at))
    return Identified(
        entry=marks.entry,
        keys=frozenset(keys),
        story_key=url if url not in distrusted else None,
    )


def _title_keys(title: str, when: datetime) -> tuple[bytes, bytes]:
    """Two keys, one of the UTC day and one of the day from noon to noon.

    A story published at five to midnight and dated anew at five past keeps one of them; titles
    a day or more apart never share one.
    """
    since = when - datetime.min.replace(tzinfo=UTC)
    return (
        _digest("title", title, "midnight", f"{since // _DAY}"),
        _digest("title", title, "noon", f"{(since + _HALF_DAY) // _DAY}"),
    )


def _text_key(entry: Entry) -> bytes:
    return _digest("text", entry.title, entry.summary, entry.body)


def _digest(kind: str, *marks: str) -> bytes:
    text = "\0".join((kind, *marks))
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=KEY_BYTES).digest()


def _merged(found: Iterable[Identified]) -> tuple[Identified, ...]:
    groups: dict[int, Identified] = {}
    owners: dict[bytes, int] = {}
    for number, item in enumerate(found):
        first, *others = sorted({owners[key] for key in item.keys if key in owners}) or [number]
        groups[first] = _joined((groups.get(first, item), *map(groups.pop, others), item))
        owners.update(dict.fromkeys(groups[first].keys, first))
    return tuple(groups.values())


def _joined(same: Sequence[Identified]) -> Identified:
    return Identified(
        entry=same[0].entry,
        keys=frozenset().union(*(item.keys for item in same)),
        story_key=next((item.story_key for item in same if item.story_key is not None), None),
    )
