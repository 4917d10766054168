"""Suggest: the nearest of some names to one that was mistyped."""

import difflib
from collections.abc import Iterable

_NEAR_ENOUGH = 0.6


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like what was written; None where none looks like it."""
    near = difflib.get_close_matches(written.lower(), list(known), 1, _NEAR_ENOUGH)
    return near[0] if near else None
