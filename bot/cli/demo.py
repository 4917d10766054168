"""Demo: see newsbot at work, without tokens or internet."""

import logging

import click

from bot.cli import context
from bot.log import LogFormat, set_up_logging


@click.command()
@context.command
async def demo() -> None:
    """Run the main job end to end on bundled feeds: no token, no internet, ten seconds."""
    from bot.demo.play import play  # noqa: PLC0415 - serves over HTTP, which nothing else does

    set_up_logging(LogFormat.CONSOLE, level=logging.WARNING)
    await play(context.stdout())
