"""Screen: what one person sees of newsbot, in words that do not tell the platform."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff

_NUMBER = re.compile(r"^\d+(?:\.| ·) (?=\S)")
"""Before the title of a row whose buttons bear the same number."""
_NUMBERED = re.compile(r"(?<=\S) \d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A message, or a window.

    Attributes:
        lines: Its words; a time is `<t:SECONDS>`, the channel `#news`, a person `@ada`.
        buttons: Their labels, those of rows without the row's number.
        fields: What stands in each field of a window; none in a message.
        place: Tells the message or window from others, whatever stands in it.
        seen: The platform's own.
    """

    lines: tuple[str, ...]
    buttons: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    place: str = field(compare=False)
    seen: object = field(compare=False, repr=False)

    @property
    def title(self) -> str:
        """The first line."""
        return self.lines[0]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    @property
    def parts(self) -> "Sequence[Screen]":
        """What this is the sum of: itself, or the screens of several platforms."""
        return self.seen if isinstance(self.seen, tuple) else (self,)

    def says(self, words: str) -> bool:
        """Whether it holds these words, on each platform."""
        (answer,) = {words in part.text for part in self.parts}
        return answer


def drawn(
    seen: object,
    text: str,
    *,
    place: object,
    buttons: Iterable[str] = (),
    fields: Mapping[str, str] | None = None,
) -> Screen:
    """A screen with these words."""
    lines = (_NUMBER.sub("", line.strip()) for line in text.split("\n"))
    return Screen(
        lines=tuple(line for line in lines if line),
        buttons=tuple(_NUMBERED.sub("", label) for label in buttons),
        fields=fields or {},
        place=str(place),
        seen=seen,
    )


def summed(screens: Sequence[Screen], *, alike: bool = True) -> Screen:
    """The same on several platforms.

    Args:
        screens: One a platform.
        alike: Whether their words are; of an alert only what can be done with it is.
    """
    first, *others = screens
    for other in others:
        assert other.buttons == first.buttons, (first.buttons, other.buttons)
        assert other.fields == first.fields, (first.fields, other.fields)
        apart = "\n".join(unified_diff(first.lines, other.lines, lineterm=""))
        assert not (alike and apart), apart
    return replace(first, place=" ".join(one.place for one in screens), seen=tuple(screens))
