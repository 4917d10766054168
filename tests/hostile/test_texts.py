"""No text of a stranger pings, formats, hides or poses, wherever it comes in and goes out."""

import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from bot.chat.console.render import render as console_card
from bot.chat.discord.render import render as discord_message
from bot.chat.discord.reply import render_reply as discord_reply
from bot.chat.slack.render import render as slack_message
from bot.chat.slack.reply import shown as slack_reply
from bot.commands.reply import Reply
from bot.domain.alert import compose_alert
from bot.domain.entry import StoredEntry
from bot.domain.message import Alert, Reason
from bot.errors import NewsbotError
from bot.feeds.parse import parse_document
from bot.query.describe import describe
from bot.query.syntax import parse
from tests.fakes import discord_limits, slack_limits
from tests.hostile.texts import (
    HIDDEN,
    PAYLOADS,
    discord_pings,
    document,
    shown,
    slack_links,
    slack_pings,
    spoofed,
)

URL = "https://news.example/storm"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
each_payload = pytest.mark.parametrize("payload", PAYLOADS)


def alert_of(payload: str) -> Alert:
    """The alert a feed full of the payload leads to."""
    (entry,) = parse_document(document(payload, URL), url="https://news.example/feed").entries
    stored = StoredEntry(
        entry_id=1,
        story_id=1,
        feed_id=1,
        feed_name=payload,
        feed_tags=frozenset({payload}),
        entry=entry,
        seen_at=NOW,
    )
    return compose_alert(stored, [Reason(topic=payload, title=payload, words=(payload, payload))])


def test_there_are_two_hundred_of_them() -> None:
    assert len(PAYLOADS) >= 200


@each_payload
def test_slack_shows_it_as_text(payload: str) -> None:
    made = slack_message(alert_of(payload))
    blocks = [*made.blocks]

    assert slack_pings(blocks, made.text) == []
    assert [one for text, url in slack_links(blocks) for one in spoofed(text, url)] == []
    assert {url for _, url in slack_links(blocks)} <= {URL}
    assert HIDDEN.findall(shown(blocks) + made.text) == []
    assert slack_limits.faults_in(blocks) == []
    assert not slack_limits.too_long(blocks)


@each_payload
def test_discord_shows_it_as_text(payload: str) -> None:
    made = discord_message(alert_of(payload))
    embed = made.embed

    assert made.content == ""
    assert discord_pings(embed) == []
    assert spoofed(re.sub(r"\\(?=\W)", "", embed["title"]), embed.get("url")) == []
    assert HIDDEN.findall(str({**embed, "timestamp": ""})) == []
    assert discord_limits.mistakes({"embeds": [embed]}) == {}


@each_payload
def test_a_terminal_shows_it_as_text(payload: str) -> None:
    out = StringIO()
    alert = alert_of(payload)
    Console(file=out, width=200, color_system=None).print(console_card(alert), crop=False)

    assert HIDDEN.findall(out.getvalue()) == []
    assert spoofed(alert.headline, alert.url) == []


@each_payload
def test_replies_to_commands_show_it_as_text(payload: str) -> None:
    reply = Reply(title=f"There is no {payload}.", lines=(payload, f"Did you mean {payload}?"))
    slack, discord = slack_reply(reply), discord_reply(reply)

    blocks = [*slack.blocks]
    assert slack_pings(blocks, slack.text) == []
    assert slack_limits.faults_in(blocks) == []
    assert [ping for embed in discord.embeds for ping in discord_pings(embed)] == []
    assert discord_limits.mistakes({"embeds": [*discord.embeds]}) == {}
    assert HIDDEN.findall(shown(blocks) + str(discord.embeds).replace("\\n", "")) == []


@each_payload
def test_what_a_query_with_it_is_answered_is_shown_as_text(payload: str) -> None:
    try:
        said = describe(parse(payload))
    except NewsbotError as error:
        said = str(error)
    slack, discord = slack_reply(Reply(title=said)), discord_reply(Reply(title=said))

    assert slack_pings([*slack.blocks], slack.text) == []
    assert [ping for embed in discord.embeds for ping in discord_pings(embed)] == []
