"""Status: how newsbot is doing, and how it stands with this channel."""

from collections.abc import Collection, Sequence

from bot.commands.core import COMMAND, Command
from bot.commands.desk import Desk, counted, cut
from bot.commands.reference import refer_all
from bot.commands.reply import Reply
from bot.commands.request import Request
from bot.domain.channel import Platform
from bot.domain.duration import spell
from bot.services.followed import followed
from bot.services.health import Status
from bot.services.health import status as look

_MOST_NAMED = 10
_MOST_NAME = 60


def status(desk: Desk, platforms: Collection[Platform]) -> Command:
    """The command.

    Args:
        desk: What it looks at.
        platforms: Those newsbot has tokens for.
    """

    async def answer(request: Request) -> Reply:
        async with desk.store.read() as transaction:
            visible = await desk.visible(transaction, request.person.workspace)
            known = await followed(transaction, desk.topics, request.person.workspace)
        polled = {url for url, feed in visible.feeds.items() if not feed.paused}
        found = await look(desk.store, desk.clock, urls=polled, platforms=platforms)
        here = request.channel
        names = [topic.name for topic in known.topics_in(here)]
        names += [f"“{one.following.query}”" for one in known.queries_in(here)]
        aside = found.set_aside.get(here)
        return Reply(
            title="newsbot is at work." if not found.problems else "newsbot has trouble.",
            lines=(
                *found.problems,
                _feeds(desk, found),
                f"This channel follows {_named(names)}."
                if names
                else f"This channel follows nothing: {COMMAND} topics lists what there is,"
                f" {COMMAND} subscribe TOPIC follows it.",
                *([f"This channel accepts no alerts: {refer_all(aside)}"] if aside else []),
                f"Times you type are read in {desk.zone}.",
            ),
        )

    return Command(
        verb="status",
        usage=f"{COMMAND} status",
        summary="Shows how newsbot is doing and what this channel follows.",
        handler=answer,
    )


def _feeds(desk: Desk, found: Status) -> str:
    counts = ((found.failing, "failing"), (found.unpolled, "not yet polled"))
    unwell = "".join(f", {number} {what}" for number, what in counts if number)
    polled = (
        f"last poll {spell(desk.clock.now() - found.polled_at)} ago"
        if found.polled_at
        else "no poll yet"
    )
    return f"Watching {counted(found.feeds, 'feed')}{unwell}; {polled}."


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(cut(name, _MOST_NAME) for name in names[:_MOST_NAMED])
    left = len(names) - _MOST_NAMED
    return f"{shown} and {left} more" if left > 0 else shown
