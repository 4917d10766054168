"""Subscription: what commands call one, and which one of a channel a person means."""

from collections.abc import Sequence

from bot.commands.desk import Desk, cut, titled
from bot.commands.request import Person, Press
from bot.commands.target import demand_rights
from bot.domain.channel import Channel
from bot.domain.subscription import Subscription
from bot.domain.topic import Topic
from bot.errors import CommandError
from bot.ports.store import Transaction

_MOST_NAME, _MOST_DIGITS = 80, 18
_NOT_HERE = "That subscription is not here any more: /news subscriptions lists them"


def subject_name(one: Subscription, topics: Sequence[Topic]) -> str:
    """What is followed, as shown to people."""
    if one.following.topic is None:
        return f"“{cut(one.following.query or '', _MOST_NAME)}”"
    known = next((topic for topic in topics if topic.name == one.following.topic), None)
    return titled(known) if known else f"{one.following.topic} (no rule file has it now)"


async def of_channel(
    transaction: Transaction, channel: Channel, person: Person
) -> Sequence[Subscription]:
    """A channel's, as far as they are this workspace's."""
    found = await transaction.subscriptions.of_channel(channel)
    return [one for one in found if one.workspace == person.workspace]


async def demand_own(desk: Desk, press: Press) -> Subscription:
    """The subscription of a button, if it is of this workspace and the person may change it.

    Raises:
        CommandError: It is not, or they may not.
    """
    written = press.argument
    found = None
    if written.isascii() and written.isdecimal() and len(written) <= _MOST_DIGITS:
        async with desk.store.read() as transaction:
            found = await transaction.subscriptions.get(int(written))
    if found is None or found.workspace != press.person.workspace:
        raise CommandError(_NOT_HERE)
    await demand_rights(desk, press, found.channel)
    return found
