"""Render: a message as a card in a terminal."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from bot.domain.message import Alert, Digest, Gravity, Message, Notice
from bot.domain.text import CONTROLS, UNSEEN

_HARMFUL: Final = re.compile(f"[{CONTROLS}{UNSEEN}]")
_MARKS: Final = {Gravity.WARNING: ("!", "yellow"), Gravity.INFO: ("i", "blue")}
_EDGES: Final = 4
"""Columns a card's sides and their spaces take."""


def render(message: Message, *, zone: tzinfo | None = None) -> RenderableType:
    """A card; print it with `crop=False`.

    Text from feeds is shown as it is: neither terminal controls nor rich's markup take effect.

    Args:
        message: What to show.
        zone: The reader's time zone; the machine's where not given.
    """
    match message:
        case Alert():
            return _alert(message, zone)
        case Digest():
            return _digest(message, zone)
        case Notice():
            return _notice(message)


@dataclass(frozen=True, slots=True)
class _Card:
    """Lines in a box, with a link in it or, where the box is too narrow for that, below it.

    A link broken over lines cannot be clicked or copied in most terminals.
    """

    lines: Sequence[Text]
    title: Text
    style: str
    link: Text | None = None

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        link = self.link
        fits = link is not None and cell_len(link.plain) <= options.max_width - _EDGES
        yield Panel(
            Group(*self.lines, *([link] if link is not None and fits else [])),
            title=self.title,
            title_align="left",
            border_style=self.style,
            box=box.ROUNDED,
        )
        if link is not None and not fits:
            yield link


def _alert(alert: Alert, zone: tzinfo | None) -> _Card:
    lines: list[Text] = [_plain(alert.headline, "bold")]
    if alert.summary:
        lines.append(_plain(alert.summary))
    published = alert.published.astimezone(zone)
    lines.append(_plain(f"{alert.outlet} · {published:%-d %b %Y %H:%M %Z}", "cyan"))
    for reason in alert.reasons:
        why = ", ".join(reason.evidence)
        lines.append(Text.assemble(_plain(reason.topic, "green"), _plain(f" — {why}", "dim")))
    if alert.tags:
        lines.append(_plain(" ".join(f"#{tag}" for tag in alert.tags), "dim"))
    topics = ", ".join(reason.title for reason in alert.reasons)
    return _Card(
        lines,
        title=_plain(f" {topics} ", "bold green"),
        style="green",
        link=_link(alert.url) if alert.url else None,
    )


def _digest(digest: Digest, zone: tzinfo | None) -> _Card:
    since = digest.since.astimezone(zone)
    lines = [_plain(f"since {since:%-d %b %Y %H:%M %Z}", "cyan")]
    for group in digest.groups:
        lines.append(_plain(group.title, "bold green"))
        for alert in group.alerts:
            line = Text.assemble("· ", _plain(alert.headline), _plain(f" ({alert.outlet})", "cyan"))
            lines += [line, *([_plain(f"  {alert.url}", "dim")] if alert.url else [])]
    return _Card(lines, title=_plain(f" {digest.title} ", "bold green"), style="green")


def _notice(notice: Notice) -> _Card:
    mark, colour = _MARKS[notice.gravity]
    title = _plain(f" {mark} {notice.title} ", f"bold {colour}")
    return _Card([_plain(notice.text)], title=title, style=colour)


def _plain(text: str, style: str = "") -> Text:
    return Text(_HARMFUL.sub("", text), style=style)


def _link(url: str) -> Text:
    text = _plain(url, "blue underline")
    text.stylize(Style(link=text.plain))
    text.no_wrap = True
    text.overflow = "ignore"
    return text
