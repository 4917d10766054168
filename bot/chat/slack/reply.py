"""Reply: what a person gets, as Block Kit, every character literal."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.chat.slack.blocks import (
    BLOCKS_LIMIT,
    Block,
    bold,
    buttons,
    context,
    length,
    local_time,
    mrkdwn,
    plain,
    rich,
    said,
)
from bot.chat.slack.render import BODY_LIMIT, HEADLINE_LIMIT, TEXT_LIMIT, SlackMessage
from bot.chat.slack.text import clean, cut, escape, safe_url
from bot.commands.reference import neutral
from bot.commands.reply import Button, Reply, Row

ROWS_SHOWN = 10
"""With title, time, buttons and a line between them, 43 of the 50 blocks of a message."""
BUTTONS_SHOWN = 5
_SEVERAL = 2

_ROOMS = ((1500, 3000), (600, 1000), (200, 300), (60, 0))
"""Characters for the lines of a row, and of its address, tried in this order until all fits."""
_TITLE_LIMIT = 150


def shown(reply: Reply) -> SlackMessage:
    """A reply within every limit of a message, and of a window."""
    rows = reply.rows[:ROWS_SHOWN]
    while True:
        for room in _ROOMS:
            blocks = _blocks(reply, rows, room)
            if length(blocks) <= BLOCKS_LIMIT:
                return SlackMessage(text=_text(reply), blocks=blocks)
        rows = rows[:-1]


def _blocks(reply: Reply, rows: Sequence[Row], room: tuple[int, int]) -> tuple[Block, ...]:
    left_out = len(reply.rows) - len(rows)
    numbers = iter(range(BUTTONS_SHOWN * (ROWS_SHOWN + 1)))
    gathered = _gathered(rows)
    below = not gathered and any(row.buttons for row in rows)
    blocks = [
        rich(_head(reply)),
        *(
            block
            for number, row in enumerate(rows, 1)
            for block in (
                {"type": "divider"} if below or number == 1 else None,
                *_row(row, room, f"{number}. " if gathered else ""),
                _buttons(row.buttons[:BUTTONS_SHOWN], numbers) if below else None,
            )
        ),
        context([plain(f"{left_out} more do not fit here.")]) if left_out else None,
        _buttons(gathered, numbers),
        {"type": "divider"} if rows and reply.buttons else None,
        _buttons(reply.buttons[:BUTTONS_SHOWN], numbers),
    ]
    return tuple(block for block in blocks if block is not None)


def _gathered(rows: Sequence[Row]) -> Sequence[Button]:
    """One button of each of several rows, numbered, to stand in one line below them all."""
    if len(rows) < _SEVERAL or any(len(row.buttons) > 1 for row in rows):
        return ()
    return [
        replace(button, label=f"{button.label} {number}")
        for number, row in enumerate(rows, 1)
        for button in row.buttons
    ]


def _head(reply: Reply) -> list[Block]:
    head = said(_title(reply), is_bold=True)
    body = cut(clean("\n".join(reply.lines), lines=True), BODY_LIMIT)
    return [*head, *said(f"\n{body}")] if body else head


def _title(reply: Reply) -> str:
    return cut(clean(reply.title), HEADLINE_LIMIT) or "newsbot"


def _row(row: Row, room: tuple[int, int], number: str) -> Iterator[Block]:
    for_lines, for_url = room
    title = cut(clean(row.title), _TITLE_LIMIT) or "(no title)"
    url = safe_url(row.url)
    head = bold(title)
    if url is not None and len(url) <= for_url:
        head = {**head, "type": "link", "url": url}
    heads = [bold(number), head] if number else [head]
    lines = cut(clean("\n".join(row.lines), lines=True), for_lines)
    if row.when is None:
        yield rich([*heads, *said(f"\n{lines}")] if lines else heads)
        return
    yield rich(heads)
    grey = [plain(neutral(lines))] if lines else []
    yield context([*grey, mrkdwn(local_time(row.when))])


def _buttons(given: Sequence[Button], numbers: Iterator[int]) -> Block | None:
    return buttons((next(numbers), button) for button in given)


def _text(reply: Reply) -> str:
    """What notifications and screen readers read."""
    rows = (clean(row.title) for row in reply.rows[:ROWS_SHOWN])
    body = clean("\n".join(reply.lines), lines=True)
    return escape(neutral("\n".join(filter(None, (_title(reply), body, *rows)))), TEXT_LIMIT)
