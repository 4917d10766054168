"""OPML: take feeds over from another reader, and hand them on."""

import sys
from pathlib import Path

import click

from bot.catalog.document import shown
from bot.catalog.edit import add_feeds
from bot.catalog.opml import read_opml, write_opml
from bot.cli import context
from bot.errors import CommandError


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@context.plain_command
def import_opml(file: Path) -> None:
    """Add the feeds of an OPML FILE to feeds.yaml; comments and order stay.

    Feeds whose addresses cannot be used are listed and passed over (exit 1).
    """
    settings = context.settings()
    try:
        document = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error
    listed = read_opml(document, file=str(file))
    result = add_feeds(settings.feeds, listed.feeds)
    added = context.counted(len(result.added), "feed")
    already = f", {len(result.already)} already there" if result.already else ""
    click.echo(f"{added} added to {shown(settings.feeds)}{already}.")
    if listed.mistakes:
        left = context.counted(len(listed.mistakes), "feed")
        context.fail("\n".join([*map(str, listed.mistakes), f"{left} passed over."]))


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@context.plain_command
def export_opml(file: Path | None) -> None:
    """Write the feeds as OPML to FILE, or to standard output; logins stay behind."""
    catalog = context.catalog(context.settings())
    document = write_opml(catalog)
    if file is None:
        sys.stdout.buffer.write(document)
        return
    try:
        file.write_bytes(document)
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{context.counted(len(catalog.feeds), 'feed')} written to {file}.")
