"""Doctor: is everything newsbot needs there, and if not, what is to be done?"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Final

import click
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from bot.bootstrap import Reader, open_reader, open_store
from bot.cli import context
from bot.cli.firststep import first_steps, following
from bot.cli.tokens import missing_tokens
from bot.clock import SystemClock
from bot.domain.catalog import Catalog
from bot.domain.channel import Channel, Platform
from bot.domain.feed import Feed
from bot.errors import (
    ConfigError,
    FeedError,
    FetchError,
    FetchFault,
    NeverRunError,
    SchemaError,
    StorageError,
)
from bot.platforms import check_commands, open_messengers
from bot.ports import FetchRequest, Finding, Messenger
from bot.settings import Settings

_FEEDS_AT_ONCE: Final = 8
_MANY_FEEDS: Final = 5
"""So many feeds do not all fail of themselves."""

_REMEDIES: Final[Mapping[FetchFault, str]] = {
    FetchFault.GONE: "Take it out of feeds.yaml: the publisher says it will not come back.",
    FetchFault.NOT_FOUND: "Look for the feed's new address on the publisher's site and write it "
    "into feeds.yaml, or take the feed out.",
    FetchFault.THROTTLED: "Try again later; a running newsbot waits as long as it is asked to.",
    FetchFault.DENIED: "If it wants a login, give it login: or headers: in feeds.yaml; else the "
    "publisher does not want it read by programs.",
    FetchFault.SERVER: "The publisher's server is in trouble: try again later.",
    FetchFault.NETWORK: "Check the address in feeds.yaml, and that this machine reaches it.",
    FetchFault.TOO_LARGE: "Look for a shorter feed on the publisher's site.",
    FetchFault.REFUSED: "Mend the address in feeds.yaml; if it is right and in your own network, "
    "name that network in NEWSBOT_ALLOW_PRIVATE_FEEDS.",
}


@click.command()
@context.command
async def doctor() -> None:
    """Test tokens, rights, channels, feeds, rules and the database (exit 1 if anything is wrong).

    Posts nothing and changes nothing. ✓ is well, ✗ is wrong, – is good to know.
    """
    settings = context.settings()
    out = context.stdout()
    looked = wrong = 0
    async for finding in _findings(settings):
        _tell(out, finding)
        looked += 1
        wrong += not finding.ok
    if wrong:
        need = "needs" if wrong == 1 else "need"
        context.fail(f"{wrong} of {looked} things {need} attention.")
    click.echo(f"All {looked} things are as they should be.")


def _tell(out: Console, finding: Finding) -> None:
    well = ("– ", "dim") if finding.remedy else ("✓ ", "green")
    mark = well if finding.ok else ("✗ ", "red")
    context.line(out, Text.assemble(mark, finding.what))
    if finding.remedy:
        context.line(out, Text(f"  → {finding.remedy}", "dim" if finding.ok else "yellow"))


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    """Everything looked at, as it is found out."""
    yield await _database(settings)
    for token in missing_tokens(settings):
        yield token
    try:
        catalog = context.catalog(settings)
    except ConfigError as error:
        for mistake in error.mistakes:
            yield Finding(False, str(mistake), "Mend the file; `newsbot check` reads it again.")
        catalog = None
    if catalog is not None:
        feeds = context.counted(len(catalog.feeds), "feed")
        topics = context.counted(len(catalog.topics), "topic")
        yield Finding(True, f"Configuration: {feeds}, {topics}")
    for finding in await _chat(settings, catalog):
        yield finding
    for finding in await _first_steps(settings, catalog):
        yield finding
    if catalog is not None:
        for finding in await _feeds(settings, catalog):
            yield finding


async def _database(settings: Settings) -> Finding:
    try:
        async with open_store(settings, migrate=False) as store:
            return Finding(True, f"Database: {store.address}, schema up to date")
    except NeverRunError:
        return Finding(True, "Database: not there yet", "The first `newsbot run` makes it.")
    except SchemaError as error:
        return Finding(False, f"Database: {error}", "`newsbot run` migrates by itself, too.")
    except StorageError as error:
        return Finding(False, f"Database: {error}", context.DATABASE_REMEDY)


async def _chat(settings: Settings, catalog: Catalog | None) -> Sequence[Finding]:
    channels = _channels(settings, catalog)
    findings: list[Finding] = []
    async with AsyncExitStack() as stack:
        store = None
        with suppress(StorageError):  # what is wrong with it was told before
            store = await stack.enter_async_context(open_store(settings, migrate=False))
        messengers = await stack.enter_async_context(
            open_messengers(settings, context.stdout(), SystemClock(), store)
        )
        for platform, messenger in messengers.items():
            findings += await _examined(messenger, channels[platform])
    return [*findings, *await check_commands(settings)]


async def _first_steps(settings: Settings, catalog: Catalog | None) -> Sequence[Finding]:
    """How a channel begins to follow something, where none does; a store not there has none."""
    if catalog is None:
        return ()
    subscribed: Collection[Platform] = ()
    with suppress(StorageError):  # what is wrong with it was told before
        async with open_store(settings, migrate=False) as store, store.read() as transaction:
            subscribed = await following(transaction)
    return first_steps(settings, catalog, subscribed)


async def _examined(messenger: Messenger, channels: Sequence[Channel]) -> Sequence[Finding]:
    """The channels, then the workspaces of which none is named."""
    found = list(await messenger.check(channels)) if channels else []
    known = {finding.workspace for finding in found}
    return [*found, *(one for one in await messenger.check(()) if one.workspace not in known)]


def _channels(settings: Settings, catalog: Catalog | None) -> Mapping[Platform, Sequence[Channel]]:
    """Every channel named in a rule file or in the settings, by platform, each once."""
    topics = catalog.topics if catalog else ()
    named = [channel for topic in topics for channel in topic.channels]
    by_platform: dict[Platform, list[Channel]] = defaultdict(list)
    for channel in dict.fromkeys((*named, settings.ops_channel)):
        by_platform[channel.platform].append(channel)
    return by_platform


async def _feeds(settings: Settings, catalog: Catalog) -> Sequence[Finding]:
    """Each feed, fetched and read once; where none is reached, that alone."""
    polled = [feed for feed in catalog.feeds if not feed.paused]
    places = asyncio.Semaphore(_FEEDS_AT_ONCE)
    err = context.stderr()
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task("Asking the feeds", total=len(polled))
        async with open_reader(settings, SystemClock()) as reader:
            troubles = await asyncio.gather(
                *(_read(reader, feed, places, lambda: progress.advance(bar)) for feed in polled)
            )
    if len(polled) >= _MANY_FEEDS and all(map(_is_unreachable, troubles)):
        return [
            Finding(
                False,
                f"None of the {len(polled)} feeds can be reached, {polled[0].name}: {troubles[0]}",
                "Check this machine's connection to the internet and its name service (DNS).",
            )
        ]
    return [_judge(feed, outcome) for feed, outcome in zip(polled, troubles, strict=True)]


def _is_unreachable(outcome: object) -> bool:
    return isinstance(outcome, FetchError) and outcome.fault is FetchFault.NETWORK


async def _read(
    reader: Reader, feed: Feed, places: asyncio.Semaphore, done: Callable[[], None]
) -> FeedError | tuple[int, str | None]:
    """How many entries a feed has and where it moved to, or why it cannot be read."""
    async with places:
        try:
            result = await reader.fetcher.fetch(FetchRequest(url=feed.url, headers=feed.headers))
            parsed = await reader.parser.parse(
                result.body or b"", url=result.url, content_type=result.content_type
            )
        except FeedError as error:
            return error
        finally:
            done()
    return len(parsed.entries), result.moved_to


def _judge(feed: Feed, outcome: FeedError | tuple[int, str | None]) -> Finding:
    if isinstance(outcome, FetchError):
        remedy = _REMEDIES[outcome.fault]
        return Finding(False, f"{feed.name}: {outcome}", f"{remedy} It stands at {feed.url}")
    if isinstance(outcome, FeedError):
        return Finding(False, f"{feed.name}: {outcome}", f"It stands at {feed.url}")
    entries, moved_to = outcome
    if moved_to:
        what = f"{feed.name}: moved for good from {feed.url} to {moved_to}"
        return Finding(False, what, "Write the new address into feeds.yaml.")
    if not entries:
        return Finding(True, f"{feed.name}: a feed without entries", f"See {feed.url}")
    return Finding(True, f"{feed.name}: {context.counted(entries, 'entry', 'entries')}")
