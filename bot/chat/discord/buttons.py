"""Buttons: how they stand under a message, and how Discord hands back which one was pressed.

A button carries all that its press needs, so that it works after a restart and for as long as its
message stands. Limits: Discord, "Component Reference".
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.chat.discord.markdown import as_is, fit, plain
from bot.commands.reply import Button, Style

ROWS, PER_ROW = 5, 5
_LABEL_LIMIT = 80
_ACTION_ROW, _BUTTON = 1, 2
_STYLES = {Style.PRIMARY: 1, Style.PLAIN: 2, Style.DANGER: 4}
_ID = re.compile(r"news\d*\|(?P<action>[^|]+)\|(?P<argument>.*)", re.DOTALL)

Component = dict[str, Any]


def write_id(action: str, argument: str, repeat: int = 0) -> str:
    """The identifier under which Discord hands a press back.

    Args:
        action: The button's.
        argument: Likewise.
        repeat: How many before it in its message do the same: Discord takes none twice.
    """
    return f"news{repeat or ''}|{action}|{argument}"


def read_id(custom_id: str) -> tuple[str, str]:
    """Action and argument; an identifier that is not ours is an action nobody knows."""
    found = _ID.fullmatch(custom_id)
    return (found["action"], found["argument"]) if found else (custom_id, "")


def components(rows: Sequence[Sequence[Button]]) -> tuple[Component, ...]:
    """Rows of buttons as Discord's objects.

    Args:
        rows: At most `ROWS` of at most `PER_ROW`.
    """
    seen: Counter[tuple[str, str]] = Counter()
    drawn = []
    for row in rows:
        buttons = []
        for button in row:
            key = (button.action, button.argument)
            buttons.append(_component(button, seen[key]))
            seen[key] += 1
        drawn.append({"type": _ACTION_ROW, "components": buttons})
    return tuple(drawn)


def lay_out(
    groups: Sequence[Sequence[Button]], last: Sequence[Button]
) -> tuple[tuple[Button, ...], ...]:
    """Put buttons into rows.

    Args:
        groups: Those of each entry of a list, as many whole groups in a row as fit; where there is
            no room for all, one after the other, as many of each as fit.
        last: Those of the whole, in a row of their own.
    """
    groups = [group[:PER_ROW] for group in groups if group]
    last = last[:PER_ROW]
    room = ROWS - bool(last)
    together = PER_ROW // max(map(len, groups), default=1)
    if len(groups) > room * together:
        each, together = max(1, room * PER_ROW // len(groups)), PER_ROW
        groups = [[button] for group in groups for button in group[:each]]
    rows = [
        tuple(button for group in groups[start : start + together] for button in group)
        for start in range(0, len(groups), together)
    ][:room]
    return (*rows, tuple(last)) if last else tuple(rows)


def _component(button: Button, repeat: int) -> Component:
    return {
        "type": _BUTTON,
        "style": _STYLES[button.style],
        "label": fit(plain(button.label) or button.action, _LABEL_LIMIT, as_is),
        "custom_id": write_id(button.action, button.argument, repeat),
    }
