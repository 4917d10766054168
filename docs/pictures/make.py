"""Pictures: all that people read of newsbot, as Slack, Discord and a terminal show it.

    .venv/bin/python docs/pictures/make.py           the pictures of README and docs, beside this
    .venv/bin/python docs/pictures/make.py FOLDER    every screen, in light and dark, to look at

The demo's feed goes through the real parser, rules and renderers; the real commands answer over a
database of made-up stories. The HTML draws what the payload holds and fails on what it does not
know, so a picture cannot show more than is sent. It looks like the two apps; it is not made by
them. The terminal's picture records `newsbot demo` itself.

PNGs need Chromium (on Debian: `apt-get install chromium fonts-lato fonts-inter fonts-noto`); where
it is missing, the HTML is kept for any browser to open.
"""

import asyncio
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
from newsroom import opened
from rich.console import Console
from screens import Page, Shown, screens
from slack_html import Reader

from bot.catalog.load import load_catalog
from bot.chat.discord.form import modal
from bot.chat.discord.render import render as render_discord
from bot.chat.discord.reply import render_reply
from bot.chat.slack.render import render as render_slack
from bot.chat.slack.reply import shown as render_answer
from bot.chat.slack.window import Origin, form_view, home_view
from bot.commands.reply import Form, Reply
from bot.demo.play import play
from bot.domain.alert import compose_alert
from bot.domain.channel import Platform
from bot.domain.entry import StoredEntry
from bot.domain.message import Alert
from bot.domain.topic import Topic
from bot.feeds.parse import parse_document
from bot.log import LogFormat, set_up_logging
from bot.services.route import Router

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 12, 13, 6, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
OUTLET = "Harbour Wire"
ADDRESS = "https://harbour-wire.example"
SUMMIT = "hw-1004"
READER = Reader(NOW, ZONE)

_THEMES = ("light", "dark")
_SHOWN: Mapping[str, tuple[str, str]] = {
    "slack": ("alert", "light"),
    "slack-dark": ("alert", "dark"),
    "slack-search": ("search", "light"),
    "slack-digest": ("digest", "light"),
    "discord": ("alert", "dark"),
    "discord-light": ("alert", "light"),
    "discord-search": ("search", "dark"),
    "discord-digest": ("digest", "dark"),
}
"""The screen and the theme of each picture that README and docs show."""
_CSS = {Platform.SLACK: slack_html.CSS, Platform.DISCORD: discord_html.CSS}

_LONGEST_AGE = 600
_TERMINAL_COLUMNS = 100
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip
_WIDTH = 680
_ON_A_SHEET, _COLUMNS = 6, 2
_SHEET_CSS = """
body { width: auto; display: grid; grid-template-columns: 680px 680px; align-items: start; }
figure { width: 680px; margin: 0; }
figcaption { padding: 2px 22px; background: #7b3fa0; color: #fff; font: bold 13px/18px monospace; }
"""


def main() -> None:
    """Make the pictures beside this script, or all screens elsewhere."""
    set_up_logging(LogFormat.CONSOLE, level=logging.WARNING)
    drawn = {platform: asyncio.run(_drawn(platform)) for platform in _CSS}
    if sys.argv[1:]:
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        for sheet in _sheets(drawn):
            _picture(sheet, folder)
        return
    for name, (screen, theme) in _SHOWN.items():
        platform = Platform(name.partition("-")[0])
        page = _page(_CSS[platform], theme, drawn[platform][screen])
        _picture(Sheet(name, page, _WIDTH, sharpness=2), HERE)
    (HERE / "terminal.svg").write_text(asyncio.run(_terminal()), "utf-8")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is photographed.

    Attributes:
        name: Of its file.
        page: HTML.
        width: Pixels.
        sharpness: Pixels of the picture for each of them.
    """

    name: str
    page: str
    width: int
    sharpness: int = 1


async def _drawn(platform: Platform) -> Mapping[str, str]:
    """Every screen of a platform as HTML, by its name."""
    draw = _slack if platform is Platform.SLACK else _discord
    topics = tuple(
        load_catalog(HERE.parents[1] / "feeds.yaml", HERE.parents[1] / "rules", {}).topics
    )
    async with opened(platform, topics, NOW, ZONE) as newsroom:
        drawn = {name: draw(one) async for name, one in screens(newsroom, summit())}
    if platform is Platform.DISCORD:
        sent = render_discord(summit(), nonce="n")
        drawn["alert-in-forum"] = discord_html.post(sent.name, drawn["alert"])
    return drawn


def _slack(one: Shown) -> str:
    origin = Origin(channel="C0123ABCD")
    match one:
        case Reply():
            return slack_html.message(render_answer(one).blocks, READER, private=True)
        case Form():
            return slack_html.view(form_view(one, origin), READER)
        case Page():
            return slack_html.view(home_view(one.reply, origin), READER)
        case _:
            return slack_html.message(render_slack(one, nonce="n").blocks, READER)


def _discord(one: Shown) -> str:
    match one:
        case Reply():
            answer = render_reply(one)
            return discord_html.message(
                answer.content, answer.embeds, answer.components, READER, private=True
            )
        case Form():
            return discord_html.modal(modal(one).to_dict())
        case Page():
            raise ValueError("newsbot has no page of its own on Discord")
        case _:
            sent = render_discord(one, nonce="n")
            return discord_html.message(sent.content, [sent.embed], sent.components, READER)


def _sheets(drawn: Mapping[Platform, Mapping[str, str]]) -> Iterator[Sheet]:
    """All screens, a few side by side, each under its name."""
    for platform, bodies in drawn.items():
        figures = [
            f"<figure><figcaption>{name}</figcaption>{body}</figure>"
            for name, body in bodies.items()
        ]
        for number, start in enumerate(range(0, len(figures), _ON_A_SHEET), 1):
            some = "".join(figures[start : start + _ON_A_SHEET])
            for theme in _THEMES:
                page = _page(_CSS[platform] + _SHEET_CSS, theme, some)
                yield Sheet(f"{platform}-{number:02}-{theme}", page, _COLUMNS * _WIDTH)


def _page(css: str, theme: str, body: str) -> str:
    return (
        f"<!doctype html><meta charset='utf-8'><style>{css}</style><body class='{theme}'>{body}"
        "<script>document.title = document.body.scrollHeight</script>"
    )


def _picture(sheet: Sheet, folder: Path) -> None:
    """A PNG, or the page itself where there is no browser."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    page = folder / f"{sheet.name}.html"
    page.write_text(sheet.page, "utf-8")
    if browser is None:
        sys.stderr.write(f"No Chromium: open {page} in a browser, or install it.\n")
        return
    _photograph(browser, sheet, page)
    page.unlink()


def _topics() -> tuple[Topic, ...]:
    """The demo's."""
    with TemporaryDirectory() as directory, as_file(files("bot.demo") / "rules") as rules:
        listed = Path(directory) / "feeds.yaml"
        listed.write_text(f"sections: {{Demo: ['{ADDRESS}/wire.xml']}}", "utf-8")
        return tuple(load_catalog(listed, rules, {}).topics)


def summit() -> Alert:
    """The alert of the demo's main story, made as the bot makes it."""
    parsed = parse_document(_feed().encode(), url=f"{ADDRESS}/wire.xml")
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
    router = Router(_topics(), platforms=frozenset(Platform))
    return compose_alert(stored, router.match(stored).reasons)


def _feed() -> str:
    """The bundled feed after the summit, at a fixed time."""
    ages = range(_LONGEST_AGE + 1)
    dates = {f"minutes_{age}": format_datetime(NOW - timedelta(minutes=age)) for age in ages}

    def fill(name: str, **parts: str) -> str:
        text = (files("bot.demo") / name).read_text("utf-8")
        return Template(text).substitute(dates | parts, site=ADDRESS)

    return fill("harbour-wire.xml", summit=fill("harbour-wire-summit.xml"), weather="")


def _photograph(browser: str, sheet: Sheet, page: Path) -> None:
    with TemporaryDirectory() as profile:
        command = (browser, *_QUIET, f"--user-data-dir={profile}")
        dom = subprocess.run(  # noqa: S603 - a browser found above, on a page of our own
            (*command, f"--window-size={sheet.width},2000", "--dump-dom", page.as_uri()),
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        height = re.search(r"<title>(\d+)</title>", dom)
        if height is None:
            raise RuntimeError(f"{browser} did not show {page}")
        subprocess.run(  # noqa: S603 - as above
            (
                *command,
                f"--window-size={sheet.width},{height[1]}",
                f"--force-device-scale-factor={sheet.sharpness}",
                f"--screenshot={page.with_suffix('.png')}",
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
