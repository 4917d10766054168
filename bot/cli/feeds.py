"""Feeds: how each stands, for people and for programs."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click
from rich.text import Text

from bot.bootstrap import open_store
from bot.cli import context
from bot.clock import SystemClock
from bot.domain.duration import spell
from bot.domain.feed import Feed, FeedState
from bot.errors import NeverRunError
from bot.settings import Settings


@click.command(
    epilog="With --json: a list of objects with the keys name, url, section, state, polled, "
    "answered, next, failures, failure and moved_to."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@context.command
async def feeds(*, as_json: bool) -> None:
    """List the feeds: when each was last polled, how often, and what is wrong."""
    settings = context.settings()
    catalog = context.catalog(settings)
    states = await _states(settings)
    now = SystemClock().now()
    if as_json:
        listed = [_object(feed, states.get(feed.url)) for feed in catalog.feeds]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    out = context.stdout()
    for feed in catalog.feeds:
        context.line(out, _line(feed, states.get(feed.url), now))
        # Left to the terminal to break: an address broken by us could not be copied or clicked.
        out.print(Text(f"    {feed.url}", "dim"), soft_wrap=True)


async def _states(settings: Settings) -> Mapping[str, FeedState]:
    try:
        async with open_store(settings, migrate=False) as store, store.read() as transaction:
            return {state.url: state for state in await transaction.feeds.all()}
    except NeverRunError as error:
        click.echo(f"newsbot: {error}", err=True)
        return {}


def _line(feed: Feed, state: FeedState | None, now: datetime) -> Text:
    standing, colour = _standing(feed, state)
    times = "" if state is None or feed.paused else _times(state, now)
    return Text.assemble((feed.name, "bold"), " — ", (standing, colour), times)


def _times(state: FeedState, now: datetime) -> str:
    polled = f"polled {spell(now - state.polled_at)} ago, " if state.polled_at else ""
    due = f"in {spell(state.due_at - now)}" if state.due_at > now else "now"
    return f"; {polled}next {due}"


def _standing(feed: Feed, state: FeedState | None) -> tuple[str, str]:
    """How a feed stands, in words and in a colour."""
    if feed.paused:
        return "paused", ""
    if state is None or state.polled_at is None:
        return "not yet polled", ""
    if state.failures or state.is_unreached:
        return _trouble(state)
    if state.held:
        return "holds entries: newsbot release or discard", "yellow"
    if state.moved_to:
        return f"moved to {state.moved_to}: write that into feeds.yaml", "yellow"
    return "well", "green"


def _trouble(state: FeedState) -> tuple[str, str]:
    never = "never answered" if state.succeeded_at is None else ""
    if not state.failures:
        return f"{never or 'no answer last time'}: newsbot was offline", "yellow"
    failed = f"failed {state.failures}×: {state.failure}"
    return (f"{never}, {failed}" if never else failed), "red"


def _object(feed: Feed, state: FeedState | None) -> dict[str, Any]:
    standing, _ = _standing(feed, state)
    polled = state.polled_at if state else None
    answered = state.succeeded_at if state else None
    due = state.due_at if state and not feed.paused else None
    return {
        "name": feed.name,
        "url": feed.url,
        "section": feed.section,
        "state": standing,
        "polled": polled and polled.isoformat(),
        "answered": answered and answered.isoformat(),
        "next": due and due.isoformat(),
        "failures": state.failures if state else 0,
        "failure": state and state.failure,
        "moved_to": state and state.moved_to,
    }
