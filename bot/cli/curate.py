"""Curate: backfill, release and discard from the terminal."""

from typing import Final

import click

from bot.bootstrap import open_store
from bot.cli import context
from bot.cli.feedname import feed_address
from bot.clock import SystemClock
from bot.domain.catalog import Catalog
from bot.services.curate import Curate
from bot.services.route import Router
from bot.settings import Settings

_SENT_BY: Final = "The running newsbot posts them; without one, the next `newsbot run` does."
_NO_ALERTS: Final = "No alert follows: none is of a topic with a channel, or all were alerted."


@click.command()
@click.argument("feed", metavar="FEED")
@click.argument("count", type=click.IntRange(min=1), metavar="COUNT")
@context.command
async def backfill(feed: str, count: int) -> None:
    """Alert the newest COUNT entries of FEED that were there when it was first seen.

    FEED is the feed's name or address, as `newsbot feeds` lists them.
    """
    settings = context.settings()
    catalog = context.catalog(settings)
    url = feed_address(catalog, feed)
    async with open_store(settings, migrate=False) as store:
        curate = Curate(store=store, clock=SystemClock())
        entries, alerts = await curate.backfill(url, count, _router(catalog, settings))
    if not entries:
        click.echo(f"Nothing is left of what was there when {url} was first seen.")
        return
    _tell(f"{context.counted(entries, 'entry', 'entries')} taken as news", alerts)


@click.command()
@click.argument("feed", metavar="FEED")
@context.command
async def release(feed: str) -> None:
    """Alert the entries of FEED that were held because most of it looked new.

    FEED is the feed's name or address, as `newsbot feeds` lists them.
    """
    settings = context.settings()
    catalog = context.catalog(settings)
    url = feed_address(catalog, feed)
    async with open_store(settings, migrate=False) as store:
        curate = Curate(store=store, clock=SystemClock())
        entries, alerts = await curate.release(url, _router(catalog, settings))
    _tell(f"{context.counted(entries, 'entry', 'entries')} released", alerts)


@click.command()
@click.argument("feed", metavar="FEED")
@context.command
async def discard(feed: str) -> None:
    """Drop the entries of FEED that were held because most of it looked new.

    FEED is the feed's name or address, as `newsbot feeds` lists them.
    """
    settings = context.settings()
    url = feed_address(context.catalog(settings), feed)
    async with open_store(settings, migrate=False) as store:
        entries = await Curate(store=store, clock=SystemClock()).discard(url)
    click.echo(f"{context.counted(entries, 'entry', 'entries')} dropped; they never alert.")


def _tell(done: str, alerts: int) -> None:
    written = f"{context.counted(alerts, 'alert')} written. {_SENT_BY}" if alerts else _NO_ALERTS
    click.echo(f"{done}. {written}" if not alerts else f"{done}, {written}")


def _router(catalog: Catalog, settings: Settings) -> Router:
    return Router(
        catalog.topics,
        platforms=settings.platforms,
        shared=[feed.url for feed in catalog.feeds],
    )
