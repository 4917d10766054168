"""Reference: a channel, a person or a group within a reply, which each platform shows by its name.

Between two characters that Unicode sets aside for a program's own use and no text of a feed keeps
(`bot.domain.text.printable`) stands the neutral form: `slack:C0123`, `user:U0123`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.channel import Channel

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_REFERENCE = re.compile(f"{_OPEN}(?P<kind>[a-z]+):(?P<id>[A-Za-z0-9]+){_CLOSE}")
_STRAY = re.compile(f"[{_OPEN}{_CLOSE}]")
_WRITTEN = re.compile(r"\b(?:slack|discord):[A-Z0-9]+\b")


@dataclass(frozen=True, slots=True)
class Reference:
    """What is referred to.

    Attributes:
        kind: `slack` or `discord` for a channel; `user`, `group` or `role`.
        id: The platform's identifier.
    """

    kind: str
    id: str

    def __str__(self) -> str:
        """The neutral form."""
        return f"{self.kind}:{self.id}"


def refer(to: Channel | str) -> str:
    """A channel, or a mention as in `bot.domain.subscription.Following.mention`."""
    return f"{_OPEN}{to}{_CLOSE}"


def refer_all(text: str) -> str:
    """A text of newsbot's own, each channel named in it referred to."""
    return _WRITTEN.sub(lambda found: refer(found[0]), text)


def parts(text: str) -> Iterator[str | Reference]:
    """The text and its references, in order; half a reference, as a cut leaves it, is text."""
    end = 0
    for found in _REFERENCE.finditer(text):
        yield _STRAY.sub("", text[end : found.start()])
        yield Reference(found["kind"], found["id"])
        end = found.end()
    yield _STRAY.sub("", text[end:])


def neutral(text: str) -> str:
    """The text with each reference as it is written in rule files."""
    return _STRAY.sub("", text)
