"""Nobody sees or changes what is another workspace's, whatever is asked or pressed."""

from dataclasses import dataclass, replace

import pytest

from bot.commands.reply import Button, Form, Reply
from bot.commands.request import Person, Press, Request
from bot.domain.channel import Channel, Platform
from bot.domain.delivery import DeliveryState
from bot.domain.feed import Feed
from bot.ports.chat import AddedFeed
from bot.ports.deliveries import Settlement
from tests.fakes.asking import DESK, HERE, STRANGER, THERE, Newsroom, button
from tests.fakes.people import person, yes
from tests.scenario.commands.test_card import HOUR

OURS = Feed(url="https://quagga.example/feed", name="Quagga Crier")
SECRETS = ("zebra", "quagga", "okapi", "gnu")
"""Words of our stories, feeds, subscriptions and exclusions."""
OTHERS = (
    STRANGER,
    replace(STRANGER, manages=yes),
    person("U3", platform=Platform.SLACK, workspace="", manages=True),
    person("303", platform=Platform.DISCORD, workspace="999", manages=True),
    person("303", platform=Platform.DISCORD, workspace="@303", manages=True),
)
VALUES = ("1", "us-china", "ferries", "all", "2d", "12:00", "yes", "hourly")
"""Tried as every option of every command."""
FREE = {"help", "ping"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a workspace has, and every argument that its buttons carry."""

    state: str
    arguments: tuple[str, ...]


async def state(newsroom: Newsroom, nonce: str) -> str:
    """All that our workspace has."""
    async with newsroom.store.read() as transaction:
        card = await transaction.cards.get(nonce)
        assert card is not None
        return repr((
            await transaction.subscriptions.of_workspace(DESK.workspace),
            await transaction.subscriptions.of_channel(HERE),
            await transaction.subscriptions.mutes(newsroom.clock.now()),
            await transaction.subscriptions.exclusions(),
            await transaction.added_feeds.of_workspace(DESK.workspace),
            card.alert.claimed_by,
        ))  # fmt: skip


async def furnished(newsroom: Newsroom) -> Kept:
    """Let our workspace have some of everything."""
    async with newsroom.store.begin() as transaction:
        added = AddedFeed(
            workspace=DESK.workspace,
            url=OURS.url,
            name=OURS.name,
            added_by=DESK.user,
            added_at=newsroom.clock.now(),
        )
        await transaction.added_feeds.add(added)
    offered = await newsroom.ask("subscribe okapi OR zebra")
    await newsroom.press(button(offered, "Confirm"))
    await newsroom.publish("Zebra at sea", "Zebra at home", "Okapi", "Okapi two", feed=OURS)
    await newsroom.route(*await newsroom.publish("Zebra gnu parade", feed=OURS))
    async with newsroom.store.begin() as transaction:
        claim = await transaction.deliveries.claim(HERE, now=newsroom.clock.now(), lease=HOUR)
        assert claim is not None
        sent = Settlement(state=DeliveryState.SENT)
        await transaction.deliveries.settle(claim, sent, now=newsroom.clock.now())
    nonce = claim.delivery.nonce
    await newsroom.commands.press(Press(action="claim", argument=nonce, channel=HERE, person=DESK))
    replies = [
        offered,
        await newsroom.ask("search zebra OR okapi"),
        await newsroom.ask("latest"),
        await newsroom.ask("subscriptions"),
        await newsroom.press(Button(label="", action="mute", argument=nonce)),
        await newsroom.press(Button(label="", action="irrelevant", argument=nonce)),
    ]
    proposed = next(one for row in replies[-1].rows for one in row.buttons)
    replies.append(await newsroom.press(proposed))
    buttons = [one for reply in replies for one in reply.buttons]
    buttons += [one for reply in replies for row in reply.rows for one in row.buttons]
    arguments = {one.argument for one in buttons}
    places = {f"{nonce}:{place}" for place in ("0", "story", "feed")}
    return Kept(
        state=await state(newsroom, nonce),
        arguments=(nonce, *sorted(arguments | places)),
    )


@pytest.mark.parametrize("who", OTHERS, ids=lambda who: f"{who.workspace.id}-{who.user}")
async def test_no_button_and_no_command_of_a_stranger_shows_or_changes_ours(
    newsroom: Newsroom, who: Person
) -> None:
    kept = await furnished(newsroom)
    commands = newsroom.commands
    there = THERE if who.workspace == STRANGER.workspace else replace(THERE, id="C8", workspace="")
    if who.workspace.platform is Platform.DISCORD:
        there = Channel(Platform.DISCORD, "2002")
    allowed = []
    for action in commands.actions:
        for argument in kept.arguments:
            press = Press(action=action.name, argument=argument, channel=there, person=who)
            answer = await commands.press(press)
            told = str(answer).casefold()
            if any(secret in told for secret in SECRETS) or isinstance(answer, Form):
                allowed.append((action.name, argument, told))
    for command in commands:
        for value in VALUES:
            options = {option.name: value for option in command.options}
            request = Request(verb=command.verb, options=options, channel=there, person=who)
            told = str(await commands.answer(request)).casefold()
            for option in command.options:
                told += str(await commands.suggest(request, option.name, "")).casefold()
            if any(secret in told for secret in SECRETS):
                allowed.append((command.verb, value, told))
    assert allowed == []
    assert await state(newsroom, kept.arguments[0]) == kept.state


MANAGED = [
    "subscriptions all",
    "subscribe us-china in <#C777|desk>",
    "subscribe us-china in slack:C777",
    "feed add https://news.example.org",
    "feed remove Quagga Crier",
]
"""For those who manage alone."""


@pytest.mark.parametrize("line", MANAGED)
async def test_what_is_for_those_who_manage_is_refused_to_others(
    newsroom: Newsroom, line: str
) -> None:
    for who, channel in ((DESK, HERE), (STRANGER, THERE)):
        reply = await newsroom.ask(line, who=who, channel=channel)
        assert isinstance(reply, Reply)
        assert reply.title.startswith("Only people who manage newsbot may")
        assert (reply.rows, reply.buttons) == ((), ())
