"""Why: what decided that a stored entry matches a topic or a query, or does not."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.text import Text
from rich.tree import Tree

from bot.bootstrap import open_store
from bot.cli import context
from bot.domain.catalog import Catalog
from bot.domain.message import Alert
from bot.domain.topic import Topic
from bot.errors import QueryError
from bot.ports.deliveries import Progress
from bot.query.describe import describe
from bot.query.suggest import nearest
from bot.query.syntax import parse
from bot.query.tree import Node
from bot.query.verdict import Verdict
from bot.services.explain_match import Explanation, explain_match


@click.command(
    epilog="With --json: a list of objects, one for each feed that gave the entry, with the keys "
    "entry, url, title, feed, seen_at, standing, matches, conclusion, tree (asks, holds, found, "
    "parts) and deliveries.",
    # So that `newsbot why URL '-fog ferry'` is a query.
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("entry", metavar="URL")
@click.argument("query", metavar="TOPIC-OR-QUERY")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@context.command
async def why(entry: str, query: str, *, as_json: bool) -> None:
    """Show why the stored entry at URL matches a topic or query, or does not.

    \b
        newsbot why https://news.example.org/story us-china
        newsbot why https://news.example.org/story 'tariff NEAR/5 China'
    """  # noqa: D301 - click's mark for lines that are to stay as they are
    settings = context.settings()
    catalog = context.catalog(settings)
    topic = next((topic for topic in catalog.topics if topic.name == query), None)
    node = topic.query if topic else _parsed(query, catalog)
    async with open_store(settings, migrate=False) as store:
        found = await explain_match(store, entry, node, topic=topic)
    if as_json:
        click.echo(json.dumps([_object(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        _show(one, query, topic)


def _parsed(text: str, catalog: Catalog) -> Node:
    topics = {topic.name: topic.query for topic in catalog.topics}
    if near := nearest(text, topics):
        click.echo(f"“{text}” is taken as a query; did you mean the topic {near}?", err=True)
    try:
        return parse(text, topics=topics)
    except QueryError as error:
        context.fail(f"{error.caret()}\nnewsbot: {error}", context.EXIT_CONFIGURATION)


def _show(one: Explanation, query: str, topic: Topic | None) -> None:
    out = context.stdout()
    stored = one.kept.stored
    context.line(out, Text(stored.entry.title or stored.entry.url or "", "bold"))
    seen = f"{stored.seen_at.astimezone():%Y-%m-%d %H:%M}"
    context.line(out, Text(f"{stored.feed_name}, first seen {seen}", "dim"))
    tree = Tree(Text(f"topic {query}" if topic else "query"), guide_style="dim")
    _grow(tree, one.verdict)
    out.print(tree)
    context.line(out, Text(one.conclusion))
    for delivery in one.deliveries:
        progress = f"{_moment(delivery)}  {delivery.channel}: {delivery.state}"
        context.line(out, Text(f"  {progress}{_for(delivery)}"))
    out.print()


def _grow(tree: Tree, verdict: Verdict) -> None:
    mark = ("✓ ", "green") if verdict.holds else ("✗ ", "red")
    found = "; ".join(map(str, verdict.found))
    text = Text.assemble(mark, describe(verdict.node), (f" — {found}" if found else "", "dim"))
    branch = tree.add(text)
    for part in verdict.parts:
        _grow(branch, part)


def _for(delivery: Progress) -> str:
    """What an alert came for."""
    reasons = delivery.message.reasons if isinstance(delivery.message, Alert) else ()
    names = " and ".join(reason.title or reason.topic for reason in reasons)
    return f", for {names}" if names else ""


def _moment(delivery: Progress) -> str:
    return f"{(delivery.sent_at or delivery.created_at).astimezone():%Y-%m-%d %H:%M}"


def _object(one: Explanation) -> Mapping[str, Any]:
    stored = one.kept.stored
    return {
        "entry": stored.entry_id,
        "url": stored.entry.url,
        "title": stored.entry.title,
        "feed": stored.feed_name,
        "seen_at": stored.seen_at.isoformat(),
        "standing": one.kept.standing.value,
        "matches": one.verdict.holds,
        "conclusion": one.conclusion,
        "tree": _branch(one.verdict),
        "deliveries": _deliveries(one.deliveries),
    }


def _branch(verdict: Verdict) -> Mapping[str, Any]:
    return {
        "asks": describe(verdict.node),
        "holds": verdict.holds,
        "found": [str(found) for found in verdict.found],
        "parts": [_branch(part) for part in verdict.parts],
    }


def _deliveries(deliveries: Sequence[Progress]) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "channel": str(delivery.channel),
            "state": delivery.state.value,
            "created_at": delivery.created_at.isoformat(),
            "sent_at": delivery.sent_at.isoformat() if delivery.sent_at else None,
            "error": delivery.error,
        }
        for delivery in deliveries
    ]
