"""Ping: is newsbot there, and at work?"""

from collections.abc import Awaitable, Callable

from bot.commands.core import COMMAND, Command
from bot.commands.reply import Reply
from bot.commands.request import Request
from bot.domain.duration import spell
from bot.ports import Clock
from bot.services.health import Status


def ping(look: Callable[[], Awaitable[Status]], clock: Clock) -> Command:
    """The command.

    Args:
        look: Reads how newsbot is doing.
        clock: The time.
    """

    async def answer(request: Request) -> Reply:
        del request
        status = await look()
        polled = (
            f"last poll {spell(clock.now() - status.polled_at)} ago"
            if status.polled_at
            else "no poll yet"
        )
        feeds = "1 feed" if status.feeds == 1 else f"{status.feeds} feeds"
        failing = f", {status.failing} failing" if status.failing else ""
        return Reply(
            title="newsbot is here.",
            lines=(f"Watching {feeds}{failing}; {polled}.", *status.problems),
        )

    return Command(
        verb="ping",
        usage=f"{COMMAND} ping",
        summary="Is newsbot there, and at work?",
        handler=answer,
    )
