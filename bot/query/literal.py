"""Literal: what a text must hold for a regular expression to find anything in it; pure."""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass

_LEAST_LETTERS = 3
_ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)

_PART = re.compile(
    r"""
    (?P<repeated> [*+?]\?? | \{\d+(?:,\d*)?\}\?? )
    | (?P<opened> \( (?: \?[a-zA-Z-]*[:)] | \?P?<\w+> )? )
    | \)
    | \[ \^? \]? (?: \\. | \[:\^?\w+:\] | [^\]\\] )* \]
    | \\ (?: [pP](?:\{[^}]*\}|.) | x(?:\{[^}]*\}|..) | [0-7]{1,3} | . )
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_OPTIONAL = re.compile(r"[*?]|\{0")
_BETWEEN_WORDS = re.compile(r"\\(?:[bAsWnt]|\W)|\^|[^\w.$|()\[\]{}*+?\\]")
"""Where it ends, RE2 sees no word go on."""


@dataclass(slots=True)
class _Run:
    r"""Letters and digits that stand side by side in a pattern.

    Attributes:
        written: They.
        begins_word: Whether RE2's `\b` holds before them.
    """

    written: str = ""
    begins_word: bool = False


def literal(pattern: str) -> str:
    """Letters and digits that stand, in this order and side by side, in all that a pattern finds.

    Whoever looks for them must not heed letter case.

    Args:
        pattern: One that RE2 reads.

    Returns:
        The most there are, in small letters; empty where they are none or few.
    """
    return _longest(_runs(pattern))


def word_beginning(pattern: str) -> str:
    r"""The same, but that RE2's `\b` holds before them and the first is a letter."""
    begun = (run for run in _runs(pattern) if run.begins_word)
    return _longest(run for run in begun if run.written[:1].isalpha())


def _longest(runs: Iterable[_Run]) -> str:
    longest = max((run.written for run in runs), key=len, default="")
    return longest.lower() if len(longest) >= _LEAST_LETTERS else ""


def _runs(pattern: str) -> list[_Run]:
    """What stands in all that a pattern finds; nothing where that is hard to tell."""
    if r"\Q" in pattern or "{," in pattern:
        return []
    runs = [_Run()]
    depth = 0
    is_between = False
    for part in _PART.finditer(pattern):
        written = part.group()
        if written in _ALPHANUMERIC and depth == 0:
            runs[-1].written += written
            is_between = False
            continue
        if part["repeated"]:
            if _OPTIONAL.match(written):
                runs[-1].written = runs[-1].written[:-1]
                is_between = False
        elif part["opened"] and written.endswith(")"):
            if part.start():
                return []  # flags alone: what is repeated behind them stands before them
        elif written == "[" or (written == "|" and depth == 0):
            return []
        else:
            depth += bool(part["opened"]) - (written == ")")
            is_between = depth == 0 and _BETWEEN_WORDS.fullmatch(written) is not None
        runs.append(_Run(begins_word=is_between))
    return runs
