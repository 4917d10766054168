"""Asked: lines as anybody may type them behind `/news`, and what no answer to one may be."""

from collections.abc import Iterator, Mapping

from bot.chat.discord.form import modal
from bot.chat.discord.render import render as discord_card
from bot.chat.discord.reply import render_reply
from bot.chat.slack.render import render as slack_card
from bot.chat.slack.reply import shown
from bot.chat.slack.window import Origin, form_view, reply_view
from bot.commands.reply import Answer, Button, Form, Redrawn, Reply
from bot.commands.request import Person, Press, Request
from bot.domain.channel import Channel, Platform
from bot.storage.database import Database
from tests.fakes import discord_limits, slack_limits
from tests.fakes.asking import DESK, HERE, Newsroom
from tests.fakes.clock import FakeClock
from tests.fakes.people import person
from tests.hostile.texts import discord_pings, slack_pings

PIECES = (
    "us-china", "ferries", "Wire", "Post", "Town Crier", "tariff", "Beijing", "US", "us-chna",
    "AND", "OR", "NOT", "NEAR/3", "-", "(", ")", '"', "“", "”", "*", "/a.c/", "/(/", "\\", "|", ":",
    "title:", "topic:us-china", "tag:", "site:wire.example", "lang:en", "since", "2d", "18:00",
    "yesterday", "topic", "feed", "all", "until", "instant", "hourly", "daily 08:30",
    "mon,thu 25:00", "quiet 22:00-07:00", "quiet 5-5", "zone Europe/Berlin", "zone X/Y",
    "mention <@U12345678>", "mention <@&7>", "mention @desk", "in #desk", "in <#C777|desk>",
    "in <#7>", "breaking", "30d", "https://wire.example/beijing-and-tariffs", "<https://wire.example/1|x>",
    "https://[::1", "http://", "https://u:p@a.example/", "\ud800", "\0", "\u202e", "\u200b", "🇩🇪",
    "北京", "a" * 300, "9" * 30,
)  # fmt: skip
"""What lines are made of, besides any text."""
_TITLES = ("Beijing and tariffs", "A ferry in the fog", "Ferry *strikes* <!here> @everyone")
ABROAD = Channel(Platform.DISCORD, "1001")
BOSS = person("9", platform=Platform.DISCORD, workspace="7", manages=True)
PEOPLE: tuple[tuple[Person, Channel], ...] = ((DESK, HERE), (BOSS, ABROAD))
"""Who asks, and where: one may do little, the other everything."""


async def busy(store: Database, clock: FakeClock) -> Newsroom:
    """A newsroom with stories, two of which alert."""
    newsroom = Newsroom(store, clock)
    await newsroom.route(*await newsroom.publish(*_TITLES))
    return newsroom


async def answers(
    newsroom: Newsroom,
    who: Person,
    where: Channel,
    *,
    line: str = "",
    options: Mapping[str, str] | None = None,
) -> list[Answer]:
    """What is answered to a line, and to each button beneath the answer.

    Args:
        newsroom: Who is asked.
        who: Who asks.
        where: In which channel.
        line: All that is typed; its verb alone where there are options.
        options: By name, as Discord asks for each by itself.
    """
    commands = newsroom.commands
    verb, text = commands.split(line)
    asked = Request(
        verb=verb, text="" if options else text, options=options or {}, channel=where, person=who
    )
    first = commands.form(asked) or await commands.answer(asked)
    found = [first]
    for button in _buttons(first):
        press = Press(action=button.action, argument=button.argument, channel=where, person=who)
        found.append(await commands.press(press))
    return found


def _buttons(answer: Answer) -> list[Button]:
    if not isinstance(answer, Reply):
        return []
    return [*(button for row in answer.rows for button in row.buttons), *answer.buttons]


def faults(answer: Answer) -> list[str]:
    """What either platform would refuse of an answer, or make more of than text."""
    return [*_on_slack(answer), *map(str, _on_discord(answer))]


def _on_slack(answer: Answer) -> Iterator[str]:
    match answer:
        case Form():
            yield from slack_limits.faults_in_view(form_view(answer, Origin(channel="C1")))
        case Redrawn():
            card = slack_card(answer.alert, nonce=answer.nonce)
            yield from slack_limits.faults_in([*card.blocks])
        case Reply():
            made = shown(answer)
            blocks = [*made.blocks]
            yield from slack_limits.faults_in(blocks)
            yield from slack_limits.faults_in_view(reply_view(answer, Origin(channel="C1")))
            yield from slack_pings(blocks, made.text)
            if slack_limits.too_long(blocks) or len(made.text) > slack_limits.TEXT_LIMIT:
                yield "too long for Slack"


def _on_discord(answer: Answer) -> Iterator[object]:
    match answer:
        case Form():
            yield from discord_limits.window_mistakes(modal(answer).to_dict()).items()
        case Redrawn():
            card = discord_card(answer.alert, answer.nonce)
            made = {"embeds": [card.embed], "components": [*card.components]}
            yield from discord_limits.mistakes(made).items()
        case Reply():
            given = render_reply(answer)
            payload = {
                "content": given.content,
                "embeds": [*given.embeds],
                "components": [*given.components],
            }
            yield from discord_limits.mistakes(payload).items()
            yield from discord_pings({"description": given.content})
            for embed in given.embeds:
                yield from discord_pings(embed)
            if discord_limits.is_empty(payload):
                yield "nothing to be seen"
