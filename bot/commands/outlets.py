"""Outlets: who reports a story, in a line."""

from collections.abc import Sequence

from bot.commands.desk import cut

_MOST_OUTLETS = 8
_MOST_NAME = 40


def spell_outlets(names: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    shown = ", ".join(cut(name, _MOST_NAME) for name in names[:_MOST_OUTLETS])
    left = len(names) - _MOST_OUTLETS
    return f"{shown} and {left} more" if left > 0 else shown
