"""The command line: `newsbot …`."""

import io
import sys

import click

from bot.cli.backtest import backtest
from bot.cli.check import check
from bot.cli.curate import backfill, discard, release
from bot.cli.demo import demo
from bot.cli.doctor import doctor
from bot.cli.feeds import feeds
from bot.cli.inspect import match, poll
from bot.cli.invite import invite
from bot.cli.keep import backup, restore
from bot.cli.opml import export_opml, import_opml
from bot.cli.run import run
from bot.cli.search import search
from bot.cli.state import health, migrate
from bot.cli.why import why

__all__ = ["newsbot"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="newsbot")
def newsbot() -> None:
    """News alerts for Slack and Discord.

    newsbot polls the feeds in feeds.yaml, matches new stories against the topics in rules/ and
    posts each to the channels that follow it, once.

    \b
    To begin:      newsbot demo, newsbot check, newsbot doctor, newsbot run
    To try rules:  newsbot poll, match, search, backtest, why
    Exit codes:    0 well, 1 something is wrong, 2 a mistake in the command or configuration
    """  # noqa: D301 - click's mark for lines that are to stay as they are
    # A story's accents and dashes must not end newsbot on a terminal that cannot show them.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


for command in (
    run,
    demo,
    check,
    doctor,
    invite,
    poll,
    match,
    search,
    backtest,
    why,
    feeds,
    backfill,
    release,
    discard,
    import_opml,
    export_opml,
    health,
    migrate,
    backup,
    restore,
):
    newsbot.add_command(command)
