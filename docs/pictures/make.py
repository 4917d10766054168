"""Pictures: alerts, answers, windows and digests as Slack, Discord and a terminal show them.

    .venv/bin/python docs/pictures/make.py [DIRECTORY]

The demo's feed goes through the real parser, rules and renderers; the real commands answer over a
database of made-up stories. The HTML draws what the payload holds and fails on what it does not
know, so a picture cannot show more than is sent. It looks like the two apps; it is not made by
them. The terminal's picture records `newsbot demo` itself.

Beside this script go the pictures that README and docs show. Into a directory, where one is named,
go all of them in light and in dark, to be looked at after a change.

PNGs need Chromium (on Debian: `apt-get install chromium fonts-lato fonts-inter`); where it is
missing, the HTML is kept for any browser to open.
"""

import asyncio
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.resources import as_file, files
from io import StringIO
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import discord_html
import slack_html
from newsroom import Newsroom, opened
from rich.console import Console
from slack_html import Reader

from bot.catalog.load import load_catalog
from bot.chat.discord.form import modal
from bot.chat.discord.render import render as render_discord
from bot.chat.discord.reply import render_reply
from bot.chat.slack.render import render as render_slack
from bot.chat.slack.reply import shown
from bot.chat.slack.window import Origin, form_view, home_view
from bot.commands.reply import Reply
from bot.demo.play import play
from bot.domain.alert import compose_alert
from bot.domain.channel import Platform
from bot.domain.entry import StoredEntry
from bot.domain.message import Alert, Message
from bot.domain.topic import Topic
from bot.feeds.parse import parse_document
from bot.log import LogFormat, set_up_logging
from bot.services.route import Router

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 12, 13, 6, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
OUTLET = "Harbour Wire"
SITE = "https://harbour-wire.example"
SUMMIT = "hw-1004"
READER = Reader(NOW, ZONE)

_SEARCH = "search tariffs China since yesterday"
_OFFER = "subscribe us-china daily 08:30 quiet 22:00-07:00"
_LIGHT, _DARK = ("light", ""), ("dark", "")
_THEMES = (("light", "-light"), ("dark", "-dark"))
_SHOWN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "slack": (_LIGHT, ("dark", "-dark")),
    "slack-search": (_LIGHT,),
    "slack-digest": (_LIGHT,),
    "discord": (_DARK, ("light", "-light")),
    "discord-search": (_DARK,),
    "discord-digest": (_DARK,),
}
"""The theme and the end of the name of each picture that README and docs show."""

_LONGEST_AGE = 600
_TERMINAL_COLUMNS = 100
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars",
)  # fmt: skip
_SHARPNESS = 2
_WIDTH = 680


def main() -> None:
    """Make the pictures beside this script, or all of them elsewhere."""
    set_up_logging(LogFormat.CONSOLE, level=logging.WARNING)
    elsewhere = Path(sys.argv[1]) if sys.argv[1:] else None
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    for name, screen in asyncio.run(_screens()).items():
        for theme, suffix in _THEMES if elsewhere else _SHOWN.get(name, ()):
            page = (elsewhere or HERE) / f"{name}{suffix}.html"
            page.write_text(screen.document(theme), "utf-8")
            if browser is None:
                sys.stderr.write(f"No Chromium: open {page} in a browser, or install it.\n")
            else:
                _photograph(browser, page, page.with_suffix(".png"))
                page.unlink()
    if elsewhere is None:
        (HERE / "terminal.svg").write_text(asyncio.run(_terminal()), "utf-8")


@dataclass(frozen=True, slots=True)
class Screen:
    """What is photographed.

    Attributes:
        body: HTML.
        css: Its looks, in light and dark.
    """

    body: str
    css: str

    def document(self, theme: str) -> str:
        """A whole page, `light` or `dark`."""
        return (
            f"<!doctype html><meta charset='utf-8'><style>{self.css}</style>"
            f"<body class='{theme}'>{self.body}"
            "<script>document.title = document.body.scrollHeight</script>"
        )


async def _screens() -> Mapping[str, Screen]:
    """All of them, by the name of their file."""
    topics = _topics()
    alert = summit(topics)
    async with opened(topics, NOW, ZONE) as newsroom:
        slack = {name: body async for name, body in _slack(newsroom, alert)}
        discord = {name: body async for name, body in _discord(newsroom, alert)}
    return {name: Screen(body, slack_html.CSS) for name, body in slack.items()} | {
        name: Screen(body, discord_html.CSS) for name, body in discord.items()
    }


async def _slack(newsroom: Newsroom, alert: Alert) -> AsyncIterator[tuple[str, str]]:
    def posted(message: Message) -> str:
        return slack_html.message(render_slack(message, nonce="n").blocks, READER)

    def answered(reply: Reply) -> str:
        return slack_html.message(shown(reply).blocks, READER, private=True)

    origin = Origin(channel="C0123ABCD")
    yield "slack", posted(alert)
    yield "slack-claimed", posted(replace(alert, claimed_by="U0123ABCD"))
    yield "slack-search", answered(await newsroom.ask(_SEARCH))
    yield "slack-offer", answered(await newsroom.ask(_OFFER))
    yield "slack-subscriptions", answered(await newsroom.ask("subscriptions"))
    yield "slack-digest", posted(newsroom.digest())
    yield "slack-home", slack_html.view(home_view(await newsroom.home(), origin), READER)
    yield "slack-subscribe", slack_html.view(form_view(newsroom.form("subscribe"), origin), READER)


async def _discord(newsroom: Newsroom, alert: Alert) -> AsyncIterator[tuple[str, str]]:
    def posted(message: Message) -> str:
        sent = render_discord(message, nonce="n")
        return discord_html.message(sent.content, [sent.embed], sent.components, READER)

    def answered(reply: Reply) -> str:
        sent = render_reply(reply)
        return discord_html.message(
            sent.content, sent.embeds, sent.components, READER, private=True
        )

    yield "discord", posted(alert)
    yield "discord-claimed", posted(replace(alert, claimed_by="112233445566778899"))
    yield "discord-search", answered(await newsroom.ask(_SEARCH))
    yield "discord-offer", answered(await newsroom.ask(_OFFER))
    yield "discord-subscriptions", answered(await newsroom.ask("subscriptions"))
    yield "discord-digest", posted(newsroom.digest())
    yield "discord-subscribe", discord_html.modal(modal(newsroom.form("subscribe")).to_dict())


def _topics() -> tuple[Topic, ...]:
    """The demo's."""
    with TemporaryDirectory() as directory, as_file(files("bot.demo") / "rules") as rules:
        listed = Path(directory) / "feeds.yaml"
        listed.write_text(f"sections: {{Demo: ['{SITE}/wire.xml']}}", "utf-8")
        return tuple(load_catalog(listed, rules, {}).topics)


def summit(topics: tuple[Topic, ...]) -> Alert:
    """The alert of the demo's main story, made as the bot makes it."""
    parsed = parse_document(_feed().encode(), url=f"{SITE}/wire.xml")
    (entry,) = (entry for entry in parsed.entries if entry.guid == SUMMIT)
    stored = StoredEntry(
        entry_id=1,
        story_id=1,
        feed_id=1,
        feed_name=OUTLET,
        feed_tags=frozenset(),
        entry=entry,
        seen_at=NOW,
    )
    router = Router(topics, platforms=frozenset(Platform))
    return compose_alert(stored, router.match(stored).reasons)


def _feed() -> str:
    """The bundled feed after the summit, at a fixed time."""
    ages = range(_LONGEST_AGE + 1)
    dates = {f"minutes_{age}": format_datetime(NOW - timedelta(minutes=age)) for age in ages}

    def fill(name: str, **parts: str) -> str:
        text = (files("bot.demo") / name).read_text("utf-8")
        return Template(text).substitute(dates | parts, site=SITE)

    return fill("harbour-wire.xml", summit=fill("harbour-wire-summit.xml"), weather="")


def _photograph(browser: str, page: Path, picture: Path) -> None:
    with TemporaryDirectory() as profile:
        command = (browser, *_QUIET, f"--user-data-dir={profile}", f"--window-size={_WIDTH},2000")
        dom = subprocess.run(  # noqa: S603 - a browser found above, on a page of our own
            (*command, "--dump-dom", page.as_uri()), check=True, capture_output=True, text=True
        ).stdout
        height = re.search(r"<title>(\d+)</title>", dom)
        if height is None:
            raise RuntimeError(f"{browser} did not show {page}")
        subprocess.run(  # noqa: S603 - as above
            (
                *command,
                f"--window-size={_WIDTH},{height[1]}",
                f"--force-device-scale-factor={_SHARPNESS}",
                f"--screenshot={picture}",
                page.as_uri(),
            ),
            check=True,
            capture_output=True,
        )


async def _terminal() -> str:
    """What `newsbot demo` shows, recorded."""
    console = Console(
        record=True,
        file=StringIO(),
        force_terminal=True,
        width=_TERMINAL_COLUMNS,
        highlight=False,
    )
    await play(console)
    svg = console.export_svg(title="newsbot demo", unique_id="terminal")
    # A picture loads nothing from anywhere; the font falls back to the reader's own.
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    main()
