"""State: whether newsbot does its work, and its database."""

from collections.abc import Collection

import click

from bot.bootstrap import open_store
from bot.cli import context
from bot.clock import SystemClock
from bot.domain.catalog import Catalog
from bot.domain.channel import Channel
from bot.errors import ConfigError
from bot.services.health import Status, status
from bot.settings import Settings


@click.command()
@context.command
async def health() -> None:
    """Say whether the running newsbot does its work (exit 1 where it does not)."""
    settings = context.settings()
    catalog = _catalog(settings)
    urls = {feed.url for feed in catalog.feeds if not feed.paused} if catalog else set[str]()
    async with open_store(settings, migrate=False) as store:
        found = await status(store, SystemClock(), urls=urls, platforms=settings.platforms)
    named = _channels(settings, catalog) if catalog else found.set_aside.keys()
    for channel, reason in found.set_aside.items():
        aside = "" if channel in named else " (no rule names it)"
        click.echo(f"Set aside: {channel}{aside}: {reason}")
    if found.problems:
        context.fail("\n".join(found.problems))
    click.echo(_polling(found) if urls else "Well.")


def _catalog(settings: Settings) -> Catalog | None:
    try:
        return context.catalog(settings)
    except ConfigError:
        # A running newsbot goes on with the last good files: that alone makes it not unwell.
        click.echo("feeds.yaml or the rules hold mistakes: `newsbot check` lists them.", err=True)
        return None


def _channels(settings: Settings, catalog: Catalog) -> Collection[Channel]:
    return {settings.ops_channel}.union(*(topic.channels for topic in catalog.topics))


def _polling(found: Status) -> str:
    """How the feeds answer; “well” only where any does."""
    counts = [f"{context.counted(found.feeds, 'feed')} watched", f"{found.failing} failing"]
    if found.unreached:
        counts.append(f"{found.unreached} not reached")
    if found.unpolled:
        counts.append(f"{found.unpolled} not yet polled")
    said = ", ".join(counts)
    if found.unpolled == found.feeds:
        return f"Running: {said}."
    if found.failing + found.unreached + found.unpolled == found.feeds:
        return f"Running, but no feed answers: {said}. Check this machine's network."
    return f"Well: {said}."


@click.command()
@context.command
async def migrate() -> None:
    """Bring the database's schema up to date; `newsbot run` does so by itself."""
    async with open_store(context.settings()) as store:
        click.echo(f"{store.address}: the schema is up to date.")
