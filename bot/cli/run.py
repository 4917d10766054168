"""Run: the bot, until it is told to stop."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

import click
import structlog

from bot.bootstrap import Newsbot, assemble, ops_channel
from bot.catalog.reload import CatalogSource
from bot.cli import context
from bot.cli.firststep import first_steps, following
from bot.cli.tokens import missing_tokens
from bot.domain.catalog import Catalog
from bot.domain.channel import CONSOLE, Channel, Platform
from bot.errors import NewsbotError
from bot.log import LogFormat, leave_out, set_up_logging
from bot.settings import Settings

_NOTICED: Final = frozenset(
    {
        "channel.set_aside",
        "configuration.mended",
        "configuration.refused",
        "delivery.expired",
        "delivery.rejected",
        "feed.failing",
        "feed.recovered",
        "outage.over",
        "platform.locked",
    }
)
"""Events of which the ops channel has a notice that says the same."""
_SENT: Final = frozenset({"delivery.found", "delivery.sent"})
_MISSED_BEATS: Final = timedelta(seconds=30)
"""A process that gave a sign of life within this time is probably alive."""
_ANOTHER: Final = "Another newsbot is at work on this database; `newsbot health` speaks for both."
_CONSOLE_ONLY: Final = (
    "Alerts appear here: no rule names a channel elsewhere. "
    "docs/slack.md and docs/discord.md say how to connect one."
)


@click.command()
@click.option(
    "--log-format",
    type=click.Choice([form.value for form in LogFormat]),
    default=LogFormat.CONSOLE.value,
    show_default=True,
    help="Lines for people, or one JSON object a line.",
)
@click.option("--verbose", is_flag=True, help="Log every poll, also those that bring nothing.")
@context.command
async def run(log_format: str, *, verbose: bool) -> None:
    """Start the bot; Ctrl-C or SIGTERM ends it in good order.

    Alerts for the console go to standard output, the log to standard error.
    """
    set_up_logging(LogFormat(log_format), level=logging.DEBUG if verbose else logging.INFO)
    try:
        await _run()
    except (NewsbotError, OSError) as error:
        if LogFormat(log_format) is not LogFormat.JSON:
            raise  # to be shown as any command's failure is
        text, code = context.told(error)
        structlog.get_logger("newsbot").error("start.refused", error=text.removeprefix("newsbot: "))
        raise SystemExit(code) from error


async def _run() -> None:
    from bot.serve import serving  # noqa: PLC0415 - slow, and `newsbot health` is called often

    log = structlog.get_logger("newsbot")
    settings = context.settings(lambda doubt: log.warning("setting.ignored", what=f"{doubt}."))
    source = CatalogSource(settings.feeds, settings.rules, context.environment())
    catalog = source.load()
    if sys.stdout.isatty() and sys.stderr.isatty():
        leave_out(partial(shown_as_card, ops=ops_channel(settings)))
    stop = _stop_on_signals()
    _tell_of_tokens(settings, catalog)
    async with assemble(
        settings, catalog=catalog, source=source, console=context.stdout()
    ) as newsbot:
        await _tell_of_another(settings, newsbot)
        async with serving(newsbot):
            log.info(
                "newsbot.started",
                feeds=len(catalog.feeds),
                topics=len(catalog.topics),
                platforms=",".join(sorted(newsbot.messengers)),
            )
            await _tell_of_first_steps(settings, catalog, newsbot)
            # What is loaded by now stays; looking through it for garbage would hold all for 0.1 s.
            gc.freeze()
            await stop.wait()
            log.info("newsbot.stopping")
    log.info("newsbot.stopped")


def shown_as_card(event: Mapping[str, Any], *, ops: Channel) -> bool:
    """Whether what an event says stands in a card, where cards and log share a terminal."""
    if event["event"] in _SENT:
        return bool(event.get("channel") == str(CONSOLE))
    return ops == CONSOLE and event["event"] in _NOTICED


def _tell_of_tokens(settings: Settings, catalog: Catalog) -> None:
    """A warning for each platform that is named and has no token; calm where none is named."""
    log = structlog.get_logger("newsbot")
    channels = {settings.ops_channel}.union(*(topic.channels for topic in catalog.topics))
    named = {channel.platform for channel in channels}
    for missing in missing_tokens(settings, named=named):
        log.warning("token.missing", what=f"{missing.what}; {missing.remedy}.")
    if settings.platforms | named == {Platform.CONSOLE}:
        log.info("console.only", what=_CONSOLE_ONLY)


async def _tell_of_first_steps(settings: Settings, catalog: Catalog, newsbot: Newsbot) -> None:
    """Where a token is there and no channel follows anything, how one does."""
    async with newsbot.store.read() as transaction:
        subscribed = await following(transaction)
    log = structlog.get_logger("newsbot")
    for step in first_steps(settings, catalog, subscribed):
        log.info("nothing.followed", what=f"{step.what}: {step.remedy}.")


async def _tell_of_another(settings: Settings, newsbot: Newsbot) -> None:
    """On PostgreSQL there may be one; an SQLite file is for one alone, see `assemble`."""
    if settings.database_url.get_secret_value().startswith("sqlite"):
        return
    async with newsbot.store.read() as transaction:
        latest = await transaction.heartbeats.latest()
    if latest is not None and newsbot.clock.now() - latest < _MISSED_BEATS:
        structlog.get_logger("newsbot").info("newsbot.another", what=_ANOTHER)


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
