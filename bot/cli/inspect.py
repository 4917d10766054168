"""Inspect: what a feed gives, and what it would match."""

import asyncio
from pathlib import Path

import click
from rich.text import Text

from bot.bootstrap import open_reader
from bot.cli import context
from bot.cli.entries import KEYS_HELP, fields, print_json, show
from bot.cli.feedname import find_feed
from bot.clock import SystemClock
from bot.domain.catalog import Catalog
from bot.domain.channel import Platform
from bot.domain.entry import ParsedFeed, StoredEntry
from bot.domain.feed import Feed
from bot.errors import ConfigError, UsageError
from bot.ports import FetchRequest
from bot.services.route import Router
from bot.settings import Settings

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
_SOURCE = click.argument("source", metavar="URL-OR-FILE")


@click.command(epilog=f"{KEYS_HELP}.")
@_SOURCE
@_AS_JSON
@context.command
async def poll(source: str, *, as_json: bool) -> None:
    """Show what the feed at a URL, or in a FILE, gives; nothing is stored.

    A feed in feeds.yaml may be given by its name, and is asked with its login.
    """
    settings = context.settings()
    try:
        catalog = context.catalog(settings)
    except ConfigError:
        catalog = Catalog((), ())  # a feed can be looked at before anything is configured
    feed = _feed(catalog, source)
    parsed = await _read(settings, feed)
    entries = _as_stored(feed, parsed)
    if as_json:
        print_json([fields(entry) for entry in entries])
        return
    out = context.stdout()
    count = context.counted(len(entries), "entry", "entries")
    title = f"{parsed.title or source} — {count}, {parsed.version}"
    context.line(out, Text(title, "bold"))
    for entry in entries:
        show(out, entry, summary=True)


@click.command(epilog=f"{KEYS_HELP}; topics is an object: each topic matched, with the words.")
@_SOURCE
@_AS_JSON
@context.command
async def match(source: str, *, as_json: bool) -> None:
    """Show which topics each entry of a feed matches, and on which words.

    The feed is at a URL or in a FILE. One in feeds.yaml may be given by its name, and has its tags.
    """
    settings = context.settings()
    catalog = context.catalog(settings)
    router = Router(catalog.topics, platforms=frozenset(Platform))
    feed = _feed(catalog, source)
    entries = _as_stored(feed, await _read(settings, feed))
    found = [
        (entry, {reason.topic: reason.words for reason in router.match(entry).reasons})
        for entry in entries
    ]
    if as_json:
        print_json([fields(entry) | {"topics": topics} for entry, topics in found])
        return
    out = context.stdout()
    for entry, topics in found:
        show(out, entry, found=topics)
    hits = sum(bool(topics) for _, topics in found)
    count = context.counted(len(found), "entry", "entries")
    matching = "matches" if hits == 1 else "match"
    context.line(out, Text(f"{hits} of {count} {matching} a topic.", "bold"))


def _feed(catalog: Catalog, source: str) -> Feed:
    """The configured feed of this name or address; else one made for a URL or a file."""
    return find_feed(catalog, source) or Feed(url=source, name="")


async def _read(settings: Settings, feed: Feed) -> ParsedFeed:
    """A feed from the network, or from a file."""
    async with open_reader(settings, SystemClock()) as reader:
        if not feed.url.lower().startswith(("http://", "https://")):
            body, url = await asyncio.to_thread(_file, feed.url)
            return await reader.parser.parse(body, url=url)
        with context.stderr().status(f"Asking {feed.url} …"):
            result = await reader.fetcher.fetch(FetchRequest(url=feed.url, headers=feed.headers))
            parsed = await reader.parser.parse(
                result.body or b"", url=result.url, content_type=result.content_type
            )
    if result.moved_to:
        click.echo(f"{feed.url} has moved for good: use {result.moved_to}", err=True)
    return parsed


def _file(name: str) -> tuple[bytes, str]:
    """A file's bytes and its address."""
    path = Path(name).expanduser()
    try:
        return path.read_bytes(), path.absolute().as_uri()
    except OSError as error:
        raise UsageError(
            f"{name}: {error.strerror}; give a file, a feed's name as in feeds.yaml, "
            "or an address with https://"
        ) from error


def _as_stored(feed: Feed, parsed: ParsedFeed) -> list[StoredEntry]:
    """The entries as newsbot would store them."""
    now = SystemClock().now()
    return [
        StoredEntry(
            entry_id=0,
            story_id=0,
            feed_id=0,
            feed_name=feed.name or parsed.title,
            feed_tags=feed.tags,
            entry=entry,
            seen_at=now,
        )
        for entry in parsed.entries
    ]
