"""Nearest: the verb that somebody meant who wrote another."""

import difflib
from collections.abc import Collection, Iterable

_NEAR_ENOUGH = 0.6
_LEAST_LETTERS = 3
_OTHERWISE = {
    "add": "feed add",
    "delete": "unsubscribe",
    "find": "search",
    "follow": "subscribe",
    "following": "subscriptions",
    "list": "subscriptions",
    "new": "latest",
    "news": "latest",
    "quiet": "mute",
    "remove": "unsubscribe",
    "silence": "mute",
    "snooze": "mute",
    "stop": "unsubscribe",
    "test": "preview",
    "unfollow": "unsubscribe",
}
"""What people call some verbs."""


def nearest_verb(written: str, text: str, verbs: Collection[str]) -> tuple[str, str] | None:
    """The verb that was likely meant, and what follows it; None where none looks like it.

    Args:
        written: What stands in the verb's place.
        text: What follows that: some verbs are two words.
        verbs: Those there are.
    """
    first, (second, _, rest) = written.lower(), text.strip().partition(" ")
    others = [verb for verb in verbs if verb != first]
    for meant, behind in (
        (f"{first} {second.lower()}".strip(), rest.strip()),
        (first, text.strip()),
    ):
        near = difflib.get_close_matches(meant, others, 1, _NEAR_ENOUGH)
        for found in filter(None, (_OTHERWISE.get(meant), _begun(meant, others), *near)):
            if found in verbs:
                return found, behind
    return None


def _begun(written: str, verbs: Iterable[str]) -> str | None:
    """The verb that begins with what was written, where that is enough to tell."""
    begun = (verb for verb in verbs if verb.startswith(written))
    return next(begun, None) if len(written) >= _LEAST_LETTERS else None
