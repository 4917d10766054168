"""Backtest: what a query or a rule file would have alerted of late."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Final

import click
from dateutil.tz import tzlocal
from rich.progress import BarColumn, Progress, TextColumn

from bot.bootstrap import open_store
from bot.catalog.document import Report, read_document
from bot.catalog.load import rule_files
from bot.catalog.topics import Rule, join, read_rule, topic_name
from bot.cli import context
from bot.cli.asked import query_of
from bot.cli.backtest_report import as_object, show
from bot.clock import SystemClock
from bot.domain.catalog import Catalog
from bot.domain.topic import Topic
from bot.errors import ConfigError, UsageError
from bot.query.tree import Node
from bot.services.backtest import backtest as test_back
from bot.settings import Settings

_ENDINGS: Final = (".yaml", ".yml")
_MOST_DAYS: Final = 3_660


@click.command(
    epilog="With --json: an object with the keys since, until, watched_since, hits, per_day, new, "
    "days, feeds, newest, spread, topics and exclusions.",
    # So that `newsbot backtest China -Taiwan` is a query.
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("words", nargs=-1, metavar="QUERY-OR-FILE")
@click.option(
    "--days",
    type=click.IntRange(1, _MOST_DAYS),
    default=30,
    show_default=True,
    help="How far back, today included.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@context.command
async def backtest(words: tuple[str, ...], *, days: int, as_json: bool) -> None:
    """Count what a query, or the rule in a file, would have alerted of late.

    \b
        newsbot backtest 'China AND (tariffs OR "trade war") -Taiwan'
        newsbot backtest rules/ai-safety.yaml --days 7
    """  # noqa: D301 - click's mark for lines that are to stay as they are
    if not words:
        raise UsageError("say what to look for: words, a query in quotes, or a rule file")
    settings = context.settings()
    is_file = len(words) == 1 and words[0].lower().endswith(_ENDINGS)
    catalog = _catalog(settings)
    if is_file:
        query, others = _of_file(Path(words[0]), settings, catalog)
    else:
        query = query_of(words, {topic.name: topic.query for topic in catalog.topics})
        others = catalog.topics
    zone, now = tzlocal(), SystemClock().now()
    async with open_store(settings, migrate=False) as store:
        with _progress() as progress:
            tested = await test_back(
                store,
                query,
                others,
                since=_midnight(now, days, zone),
                until=now,
                zone=zone,
                progress=progress,
            )
    if as_json:
        click.echo(json.dumps(as_object(tested), ensure_ascii=False, indent=2))
        return
    show(context.stdout(), tested, is_rule=is_file, retention=settings.retention)


def _catalog(settings: Settings) -> Catalog:
    """The configuration; an empty one where it holds mistakes, which is said."""
    try:
        return context.catalog(settings)
    except ConfigError:
        click.echo(
            "feeds.yaml or the rules hold mistakes: `newsbot check` lists them. "
            "Nothing is compared with existing topics.",
            err=True,
        )
        return Catalog((), ())


def _of_file(file: Path, settings: Settings, catalog: Catalog) -> tuple[Node, Sequence[Topic]]:
    """What a rule file asks for, and the topics it is compared with: all but itself.

    Raises:
        ConfigError: The file holds mistakes.
    """
    report = Report(file)
    name = topic_name(file, report)
    root = read_document(file, report)
    known = {topic.name: Rule(topic, None) for topic in catalog.topics if topic.name != name}
    rule = read_rule(root, name, [name, *known]) if root is not None else None
    topics = join({name: rule, **known}) if rule is not None else ()
    if report.mistakes or not topics:
        raise ConfigError(report.mistakes)
    itself = any(file.samefile(one) for one in rule_files(settings.rules))
    others = [topic for topic in catalog.topics if not (itself and topic.name == name)]
    return topics[0].query, others


def _midnight(now: datetime, days: int, zone: tzinfo) -> datetime:
    """When the first of so many days began, the last of which is today."""
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    return datetime.combine(first, time.min, zone).astimezone(UTC)


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """A bar while it lasts, on a terminal."""
    console = context.stderr()
    columns = TextColumn("Reading what is stored"), BarColumn()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda part: bar.update(task, completed=part)
