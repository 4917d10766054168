"""Trail: how far somebody has leafed through a list, kept between two presses."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from bot.commands.desk import Desk
from bot.commands.reply import Button
from bot.commands.request import Person, Press
from bot.errors import CommandError
from bot.ports.chat import AskedKind
from bot.ports.store import Transaction

MOST_PAGES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What a list was asked for, and what its pages began with.

    Attributes:
        query: The key of the query asked; None for no query.
        topic: The name of the topic asked for; None for no topic.
        feed: The address of the one feed to look in; None for all.
        since: Only what appeared then or later.
        until: Only what appeared before.
        marks: What to ask each page with that can be asked for, from the first, which is "".
        shown: The rows of the stories on each page that was shown.
    """

    query: str | None = None
    topic: str | None = None
    feed: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    marks: tuple[str, ...] = ("",)
    shown: tuple[tuple[int, ...], ...] = field(default=())

    def shown_before(self, page: int) -> frozenset[int]:
        """The rows of the stories on the pages before one."""
        return frozenset(row for rows in self.shown[:page] for row in rows)

    def beyond(self, page: int, mark: str | None, shown: tuple[int, ...]) -> "Trail":
        """The trail once a page was shown, with the way to the next one."""
        marks = self.marks[: page + 1]
        return replace(
            self,
            marks=(*marks, mark) if mark and len(marks) < MOST_PAGES else marks,
            shown=(*self.shown[:page], shown),
        )


_ADAPTER = TypeAdapter(Trail)


async def keep_trail(
    desk: Desk, transaction: Transaction, kind: AskedKind, trail: Trail, person: Person
) -> str:
    """Write a trail down; gives its key."""
    text = _ADAPTER.dump_json(trail).decode()
    return await desk.keep(transaction, kind, text, person)


async def trail_of(desk: Desk, kind: AskedKind, press: Press) -> tuple[Trail, int]:
    """The trail and the page that a button names.

    Raises:
        CommandError: It names none of this kind and workspace.
    """
    key, _, number = press.argument.partition(":")
    text = await desk.asked_before(kind, key, press)
    try:
        trail = _ADAPTER.validate_json(text)
    except ValidationError:
        trail = None
    if trail is None or not number.isdecimal() or int(number[:4]) >= len(trail.marks):
        raise CommandError("This list cannot be continued here: ask again")
    return trail, int(number)


def page_buttons(action: str, key: str, page: int, trail: Trail) -> tuple[Button, ...]:
    """The buttons to the pages before and behind one."""
    around = (("Previous", page - 1), ("Next", page + 1))
    return tuple(
        Button(label=label, action=action, argument=f"{key}:{number}")
        for label, number in around
        if 0 <= number < len(trail.marks)
    )
