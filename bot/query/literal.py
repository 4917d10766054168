"""Literal: what a text must hold for a regular expression to find anything in it; pure."""

import re
import string

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


def literal(pattern: str) -> str:
    """Letters and digits that stand, in this order and side by side, in all that a pattern finds.

    Whoever looks for them must not heed letter case.

    Args:
        pattern: One that RE2 reads.

    Returns:
        The most there are, in small letters; empty where they are none or few.
    """
    if r"\Q" in pattern or "{," in pattern:
        return ""
    runs = [""]
    depth = 0
    for part in _PART.finditer(pattern):
        written = part.group()
        if written in _ALPHANUMERIC and depth == 0:
            runs[-1] += written
            continue
        if part["opened"] and written.endswith(")"):
            if part.start():
                return ""  # flags alone: what is repeated behind them stands before them
        elif part["repeated"] and _OPTIONAL.match(written):
            runs[-1] = runs[-1][:-1]
        elif part["opened"]:
            depth += 1
        elif written == ")":
            depth -= 1
        elif written == "[" or (written == "|" and depth == 0):
            return ""
        runs.append("")
    longest = max(runs, key=len)
    return longest.lower() if len(longest) >= _LEAST_LETTERS else ""
