"""Feeds: feeds.yaml read into the domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.catalog.credentials import read_headers, read_login
from bot.catalog.document import Item
from bot.catalog.weburl import host_name, same_feed, web_address
from bot.domain.duration import duration, spell
from bot.domain.feed import Feed, PollBounds
from bot.domain.tag import slug

FILE_KEYS: Final = ("defaults", "sections")
DEFAULTS_KEYS: Final = ("interval", "tags")
FEED_KEYS: Final = ("url", "name", "tags", "interval", "headers", "login", "paused")

SHORTEST_INTERVAL: Final = timedelta(seconds=30)
"""More often is more than a publisher's server should be asked."""


@dataclass(frozen=True, slots=True)
class _Defaults:
    bounds: PollBounds
    tags: frozenset[str]


def read_feeds(root: Item, environ: Mapping[str, str]) -> tuple[Feed, ...]:
    """The feeds of feeds.yaml in its order; mistakes are noted in the item's report."""
    keys = root.keys(FILE_KEYS)
    defaults = _read_defaults(keys.get("defaults"))
    feeds: list[Feed] = []
    lines: dict[str, int] = {}
    sections = keys["sections"].pairs() if "sections" in keys else {}
    for section, listed in sections.items():
        for item in () if listed.is_nothing else listed.items():
            feed = _read_feed(item, section, defaults, environ)
            if feed is not None and _is_first(item, feed, lines):
                feeds.append(feed)
    if not feeds and not root.report.mistakes:
        root.wrong("lists no feed; write sections:, a heading below it, and feeds below that")
    return tuple(feeds)


def poll_bounds(text: str) -> PollBounds:
    """Read `5m` (always so often) or `2m-60m` (adapting between the two).

    Raises:
        ValueError: It is no such interval; says why.
    """
    first, dash, second = text.replace("–", "-").partition("-")
    fastest = duration(first)
    slowest = duration(second) if dash else fastest
    if fastest > slowest:
        raise ValueError(f"“{text}” runs backwards; write {second.strip()}-{first.strip()}")
    if fastest < SHORTEST_INTERVAL:
        least = spell(SHORTEST_INTERVAL)
        raise ValueError(f"“{text}” would ask the publisher too often; {least} is the least")
    return PollBounds(fastest, slowest)


def tag(text: str) -> str:
    """A tag as written, which must be a slug.

    Raises:
        ValueError: It is none; gives the slug.
    """
    proper = slug(text)
    if not proper:
        raise ValueError(f"“{text}” is no tag; write letters, digits and hyphens")
    if text != proper:
        raise ValueError(f"“{text}” is not how a tag is written; write {proper}")
    return text


def _read_defaults(item: Item | None) -> _Defaults:
    if item is None or item.is_nothing:
        return _Defaults(PollBounds(), frozenset())
    keys = item.keys(DEFAULTS_KEYS)
    bounds = keys["interval"].read(poll_bounds) if "interval" in keys else None
    return _Defaults(bounds or PollBounds(), _read_tags(keys.get("tags")))


def _read_feed(
    item: Item, section: str, defaults: _Defaults, environ: Mapping[str, str]
) -> Feed | None:
    if not item.is_mapping:
        url = item.read(web_address)
        if url is None:
            return None
        return Feed(url, host_name(url), section, defaults.tags, defaults.bounds)
    keys = item.keys(FEED_KEYS)
    if "url" not in keys:
        item.wrong("a feed needs its address; write url: https://…")
    url = keys["url"].read(web_address) if "url" in keys else None
    name = keys["name"].text() if "name" in keys else None
    bounds = keys["interval"].read(poll_bounds) if "interval" in keys else None
    paused = keys["paused"].flag() if "paused" in keys else None
    tags = defaults.tags | _read_tags(keys.get("tags"))
    headers = _read_credentials(keys, environ)
    if url is None:
        return None
    return Feed(
        url=url,
        name=name or host_name(url),
        section=section,
        tags=tags,
        bounds=bounds or defaults.bounds,
        headers=headers,
        paused=bool(paused),
    )


def _read_tags(item: Item | None) -> frozenset[str]:
    if item is None or item.is_empty_list:
        return frozenset()
    return frozenset(item.read_all(tag))


def _read_credentials(keys: Mapping[str, Item], environ: Mapping[str, str]) -> dict[str, str]:
    headers = read_headers(keys["headers"], environ) if "headers" in keys else {}
    login = read_login(keys["login"], environ) if "login" in keys else {}
    if login and any(name.lower() == "authorization" for name in headers):
        keys["login"].wrong("headers sets Authorization already; remove one of the two")
    return {**headers, **login}


def _is_first(item: Item, feed: Feed, lines: dict[str, int]) -> bool:
    key = same_feed(feed.url)
    if key in lines:
        item.wrong(f"{feed.url} is on line {lines[key]} already; remove one of the two")
        return False
    lines[key] = item.line
    return True
