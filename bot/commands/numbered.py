"""Numbered: a list in pages that are worked out anew, by their number, at each press."""

from collections.abc import Sequence

from bot.commands.reply import Button, Reply, Row
from bot.commands.request import Press
from bot.errors import CommandError

_MOST_DIGITS = 4


def numbered(title: str, rows: Sequence[Row], number: int, *, size: int, action: str) -> Reply:
    """One page.

    Args:
        title: Of the whole list.
        rows: All there are.
        number: Of the page, from 0; the last one where there are fewer.
        size: Rows on a page.
        action: Turns pages; its argument is the number.
    """
    last = max(0, (len(rows) - 1) // size)
    page = min(number, last)
    around = (("Previous", page - 1), ("Next", page + 1))
    return Reply(
        title=f"{title} (page {page + 1} of {last + 1})" if last else title,
        rows=tuple(rows[page * size : (page + 1) * size]),
        buttons=tuple(
            Button(label=label, action=action, argument=str(other))
            for label, other in around
            if 0 <= other <= last
        ),
    )


def page_number(press: Press) -> int:
    """The page a button names.

    Raises:
        CommandError: It names none.
    """
    written = press.argument
    if not (written.isascii() and written.isdecimal() and len(written) <= _MOST_DIGITS):
        raise CommandError("This list cannot be continued here: ask again")
    return int(written)
