"""Reply: what a person gets, as Block Kit, every character literal."""

from collections.abc import Iterator, Sequence

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
)
from bot.chat.slack.render import BODY_LIMIT, HEADLINE_LIMIT, TEXT_LIMIT, SlackMessage
from bot.chat.slack.text import clean, cut, escape, safe_url
from bot.commands.reply import Button, Reply, Row

ROWS_SHOWN = 10
"""With title, text, time, buttons and a line between them, 42 of the 50 blocks of a message."""
BUTTONS_SHOWN = 5

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
    blocks = [
        rich(_head(reply)),
        *(block for row in rows for block in _row(row, room, numbers)),
        context([plain(f"{left_out} more do not fit here.")]) if left_out else None,
        _buttons(reply.buttons, numbers),
    ]
    return tuple(block for block in blocks if block is not None)


def _head(reply: Reply) -> list[Block]:
    head = [bold(_title(reply))]
    body = cut(clean("\n".join(reply.lines), lines=True), BODY_LIMIT)
    return [*head, {"type": "text", "text": f"\n{body}"}] if body else head


def _title(reply: Reply) -> str:
    return cut(clean(reply.title), HEADLINE_LIMIT) or "newsbot"


def _row(row: Row, room: tuple[int, int], numbers: Iterator[int]) -> Iterator[Block | None]:
    for_lines, for_url = room
    title = cut(clean(row.title), _TITLE_LIMIT) or "(no title)"
    url = safe_url(row.url)
    head = bold(title)
    if url is not None and len(url) <= for_url:
        head = {**head, "type": "link", "url": url}
    lines = cut(clean("\n".join(row.lines), lines=True), for_lines)
    yield {"type": "divider"}
    yield rich([head, {"type": "text", "text": f"\n{lines}"}] if lines else [head])
    yield context([mrkdwn(local_time(row.when))]) if row.when else None
    yield _buttons(row.buttons, numbers)


def _buttons(given: Sequence[Button], numbers: Iterator[int]) -> Block | None:
    return buttons((next(numbers), button) for button in given[:BUTTONS_SHOWN])


def _text(reply: Reply) -> str:
    """What notifications and screen readers read."""
    rows = (clean(row.title) for row in reply.rows[:ROWS_SHOWN])
    body = clean("\n".join(reply.lines), lines=True)
    return escape("\n".join(filter(None, (_title(reply), body, *rows))), TEXT_LIMIT)
