"""Check: are feeds.yaml and the rules free of mistakes?"""

import os
from pathlib import Path

import click

from bot.catalog.load import load_catalog
from bot.cli import context
from bot.environment import look_up
from bot.errors import ConfigError, SettingsError
from bot.query.lookalikes import lookalikes
from bot.settings import Settings, files


@click.command()
@context.plain_command
def check() -> None:
    """Read feeds.yaml and rules/ and list every mistake (exit 2 where there is one)."""
    catalog = context.catalog(_settings())
    feeds = context.counted(len(catalog.feeds), "feed")
    topics = context.counted(len(catalog.topics), "topic")
    click.echo(f"{feeds} and {topics}: no mistakes.")
    if paused := sum(feed.paused for feed in catalog.feeds):
        click.echo(f"Paused, so never polled: {context.counted(paused, 'feed')}.")
    if silent := [topic.name for topic in catalog.topics if not topic.channels]:
        names = ", ".join(silent)
        click.echo(f"Without a channel, so alerting only where somebody subscribes: {names}.")
    for topic in catalog.topics:
        if said := lookalikes(topic.query):
            click.echo(f"In {topic.name}, {said}.")


def _settings() -> Settings:
    """The settings in force.

    Raises:
        SettingsError: Any of them is wrong; names the files' mistakes as well.
    """
    try:
        return context.settings()
    except SettingsError as error:
        found = look_up(os.environ, Path.cwd())
        try:
            load_catalog(*files(found, Path.cwd()), found.values)
        except ConfigError as others:
            raise SettingsError(f"{error}\n{others}") from error
        raise
