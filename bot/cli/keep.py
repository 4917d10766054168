"""Keep: what newsbot remembers, backed up and restored."""

from pathlib import Path

import click

from bot.cli import context
from bot.clock import SystemClock
from bot.storage.backup import backup as make
from bot.storage.backup import restore as put_back


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@context.command
async def backup(file: Path) -> None:
    """Write everything newsbot remembers into FILE, while it runs."""
    schema = await make(context.settings().database_url.get_secret_value(), file)
    click.echo(f"{file}: whole, schema {schema}. `newsbot restore {file}` puts it back.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Lose what the database holds now.")
@context.command
async def restore(file: Path, *, replace: bool) -> None:
    """Make the database what FILE says; newsbot must not be running on it."""
    url = context.settings().database_url.get_secret_value()
    await put_back(url, file, now=SystemClock().now(), replace=replace)
    click.echo(f"The database is what it was when {file} was made. Start newsbot again.")
