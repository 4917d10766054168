"""Home: newsbot's own page in Slack, with what a person follows and how the feeds are."""

from collections.abc import Awaitable, Callable

from bot.commands.core import COMMAND, Home
from bot.commands.desk import Desk, counted
from bot.commands.reference import refer
from bot.commands.reply import Reply, Row
from bot.commands.request import Person
from bot.commands.subscription import subject_name
from bot.commands.wish import spell_manner
from bot.domain.channel import Channel
from bot.domain.duration import spell
from bot.domain.subscription import Subscription
from bot.services.health import Status

_MOST = 8
"""Subscriptions shown."""


def home(desk: Desk, look: Callable[[], Awaitable[Status]]) -> Home:
    """The page.

    Args:
        desk: What it looks at.
        look: Reads how newsbot is doing.
    """

    async def show(person: Person, channel: Channel) -> Reply:
        async with desk.store.read() as transaction:
            everybodys = await transaction.subscriptions.of_workspace(person.workspace)
            here = set(await transaction.subscriptions.of_channel(channel))
        own = [one for one in everybodys if one.created_by == person.user or one in here]
        status = await look()
        return Reply(
            title="newsbot is at work." if not status.problems else "newsbot has trouble.",
            lines=(
                *status.problems,
                _feeds(desk, status),
                f"You follow {counted(len(own), 'topic or search', 'topics and searches')}."
                if own
                else f"You follow nothing yet: write {COMMAND} subscribe in a channel or here.",
                f"{COMMAND} help lists what you can ask.",
            ),
            rows=tuple(_row(desk, one, channel) for one in own[-_MOST:]),
        )

    return show


def _feeds(desk: Desk, status: Status) -> str:
    failing = f", {status.failing} failing" if status.failing else ""
    ago = spell(desk.clock.now() - status.polled_at) if status.polled_at else ""
    polled = f"; last poll {ago} ago" if ago else "; no poll yet"
    return f"Watching {counted(status.feeds, 'feed')}{failing}{polled}."


def _row(desk: Desk, one: Subscription, private: Channel) -> Row:
    where = "here, in private" if one.channel == private else f"in {refer(one.channel)}"
    return Row(
        title=subject_name(one, desk.topics),
        lines=(f"{spell_manner(one.following)}, {where}.",),
    )
