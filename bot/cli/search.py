"""Search: what is stored that a query would have alerted."""

from datetime import datetime
from typing import Any

import click
from dateutil.tz import tzlocal
from rich.text import Text

from bot.bootstrap import open_store
from bot.cli import context
from bot.cli.asked import parsed, written
from bot.cli.entries import KEYS_HELP, fields, print_json, show
from bot.cli.feedname import feed_address
from bot.clock import SystemClock
from bot.domain.catalog import Catalog
from bot.domain.stretch import Stretch, stretch_behind
from bot.domain.window import read_since, read_until
from bot.errors import ConfigError, UsageError
from bot.query.suggest import nearest
from bot.query.tree import And, Node
from bot.services.search import MOST_LOOKED_AT, Hit, Order, Page
from bot.services.search import search as search_entries


@click.command(
    epilog=f"{KEYS_HELP}, and feed, the feed's name, and words, a list of what was found.",
    # So that `newsbot search China -Taiwan` is a query.
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("words", nargs=-1, metavar="QUERY")
@click.option("--since", metavar="TIME", help="18:00, yesterday 18:00, last 7 days, 2026-11-23 …")
@click.option("--until", metavar="TIME", help="The same; a day is meant to its end.")
@click.option("--feed", metavar="FEED", help="One feed's entries only: its name or address.")
@click.option("--topic", metavar="TOPIC", help="What this topic asks for, and QUERY if given.")
@click.option(
    "--order",
    type=click.Choice([order.value for order in Order]),
    default=Order.NEWEST.value,
    show_default=True,
    help="newest first, or best: what says it in the headline first.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="How many to show at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@context.command
async def search(
    words: tuple[str, ...],
    *,
    since: str | None,
    until: str | None,
    feed: str | None,
    topic: str | None,
    order: str,
    limit: int,
    as_json: bool,
) -> None:
    """Show the stored entries that QUERY would have alerted, the newest first.

    QUERY is written as in rules, in one argument or several:

    \b
        newsbot search China tariffs
        newsbot search 'China AND (tariffs OR "trade war") -Taiwan' --since 'last 7 days'
    """  # noqa: D301 - click's mark for lines that are to stay as they are
    settings = context.settings()
    try:
        catalog = context.catalog(settings)
    except ConfigError:
        if feed or topic:
            raise
        catalog = Catalog((), ())  # what is stored can be searched whatever the files say
    text = written(words)
    if since or until:
        stretch = _named(since, until)
    else:
        text, stretch = _found(text, alone=topic is not None or feed is not None)
    query = _query(text, topic, catalog)
    if stretch.words:
        click.echo(_read_as(stretch), err=True)
    address = feed_address(catalog, feed) if feed else None
    async with open_store(settings, migrate=False) as store:
        with context.stderr().status("Searching …"):
            page = await search_entries(
                store,
                query,
                order=Order(order),
                since=stretch.since,
                until=stretch.until,
                feed=address,
                limit=limit,
            )
    if as_json:
        print_json([_object(hit) for hit in page.hits])
    else:
        _show(page)
    if page.reached:
        click.echo(_stopped(page.reached), err=True)
    elif page.next:
        click.echo(_full(limit), err=True)


def _named(since: str | None, until: str | None) -> Stretch:
    """The time that the options name.

    Raises:
        UsageError: One of them is none.
    """
    now, zone = SystemClock().now(), tzlocal()
    try:
        begin = read_since(since, now, zone) if since else None
        end = read_until(until, now, zone, since=begin) if until else None
    except ValueError as error:
        raise UsageError(str(error)) from error
    if begin and end and end <= begin:
        raise UsageError(f"--until {until} ends before --since {since} begins; exchange the two")
    return Stretch(words="", since=begin, until=end)


def _found(text: str, *, alone: bool) -> tuple[str, Stretch]:
    """What is looked for, and the time in words behind it, if there is any."""
    found = stretch_behind(text, SystemClock().now(), tzlocal(), alone=alone)
    return found or (text, Stretch(words=""))


def _query(text: str, topic: str | None, catalog: Catalog) -> Node:
    """What to look for.

    Raises:
        UsageError: Nothing is, or in a topic there is none of.
    """
    topics = {one.name: one.query for one in catalog.topics}
    parts: list[Node] = []
    if topic:
        if topic not in topics:
            near = nearest(topic, topics)
            hint = f"did you mean {near}?" if near else "rules/ has none of that name"
            raise UsageError(f"there is no topic “{topic}”; {hint}")
        parts.append(topics[topic])
    if text:
        parts.append(parsed(text, topics))
    if not parts:
        raise UsageError("say what to look for: words, a query in quotes, or --topic TOPIC")
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _object(hit: Hit) -> dict[str, Any]:
    return fields(hit.stored) | {"feed": hit.stored.feed_name, "words": hit.evidence.phrases()}


def _show(page: Page) -> None:
    out = context.stdout()
    for hit in page.hits:
        show(out, hit.stored, found={hit.stored.feed_name: hit.evidence.phrases()})
    if not page.hits and not page.reached:
        context.line(out, Text("Nothing found among the entries newsbot has stored."))


def _read_as(stretch: Stretch) -> str:
    named = (("since", stretch.since), ("until", stretch.until))
    time = " ".join(f"{name} {at.astimezone():%Y-%m-%d %H:%M}" for name, at in named if at)
    return (
        f"“{stretch.words}” is read as {time}. "
        f"To look for the words, put them in quotes: '\"{stretch.words}\"'."
    )


def _stopped(reached: datetime) -> str:
    until = f"{reached.astimezone():%Y-%m-%d %H:%M}"
    return (
        f"Looked at {MOST_LOOKED_AT:,} entries, back to {until}, and stopped: "
        f"go on with --until '{until}', or give a word that must be there."
    )


def _full(limit: int) -> str:
    return f"{limit} shown; there may be more: --limit {5 * limit} shows as many."
