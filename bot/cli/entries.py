"""Entries: as lines for a person, and as JSON for a program."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from bot.cli import context
from bot.domain.alert import compose_alert
from bot.domain.entry import StoredEntry

KEYS_HELP = (
    "With --json: a list of objects with the keys title, url, guid, published, updated, summary, "
    "body, authors, tags, image and language"
)


def show(
    out: Console,
    stored: StoredEntry,
    *,
    summary: bool = False,
    found: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Print an entry as a few lines.

    Args:
        out: Where to.
        stored: The entry.
        summary: Whether to say what it says, as an alert of it would.
        found: Topics or feeds, each with the words found; what has any is set off.
    """
    entry = stored.entry
    alert = compose_alert(stored, ())
    date = f"{entry.published.astimezone():%Y-%m-%d %H:%M}" if entry.published else "no date"
    headline = (alert.headline, "bold" if found else "")
    context.line(out, Text.assemble((f"{date:16}  ", "dim"), headline))
    details = [alert.summary] if summary else []
    details += [" ".join(f"#{tag}" for tag in alert.tags), entry.url or ""]
    for detail in filter(None, details):
        context.line(out, Text(f"    {detail}", "dim"))
    for name, words in (found or {}).items():
        context.line(out, Text.assemble("    ", (name, "green"), f" — {', '.join(words)}"))


def fields(stored: StoredEntry) -> dict[str, Any]:
    """An entry's JSON object."""
    entry = stored.entry
    return {
        "title": entry.title,
        "url": entry.url,
        "guid": entry.guid,
        "published": _iso(entry.published),
        "updated": _iso(entry.updated),
        "summary": entry.summary,
        "body": entry.body,
        "authors": entry.authors,
        "tags": entry.tags,
        "image": entry.image,
        "language": entry.language,
    }


def print_json(objects: Sequence[Mapping[str, Any]]) -> None:
    """Print a JSON list."""
    click.echo(json.dumps(objects, ensure_ascii=False, indent=2))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
