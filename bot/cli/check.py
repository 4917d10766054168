"""Check: are feeds.yaml and the rules free of mistakes?"""

import click

from bot.cli import context


@click.command()
@context.plain_command
def check() -> None:
    """Read feeds.yaml and rules/ and list every mistake (exit 2 where there is one)."""
    catalog = context.catalog(context.settings())
    feeds = context.counted(len(catalog.feeds), "feed")
    topics = context.counted(len(catalog.topics), "topic")
    click.echo(f"{feeds} and {topics}: no mistakes.")
    if paused := sum(feed.paused for feed in catalog.feeds):
        click.echo(f"Paused, so never polled: {context.counted(paused, 'feed')}.")
    if silent := [topic.name for topic in catalog.topics if not topic.channels]:
        click.echo(f"Without a channel, so never alerting: {', '.join(silent)}.")
