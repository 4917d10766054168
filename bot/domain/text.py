"""Text: what people read, freed of what they cannot see."""

import re
from typing import Final

UNSEEN: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e007f"
)
"""For a character class: what shows nothing or turns the reading direction, and so hides, splits or
reverses words."""

CONTROLS: Final = "\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029"
"""For a character class: control characters and line ends, but for the newline."""

STRAY_JOINER: Final = (
    "(?<![\u0590-\U0010ffff])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0590-\U0010ffff])"
)
"""Joiners shape emoji and scripts from Hebrew on; beside a Latin, Greek or Cyrillic letter they
only make two words look like one another."""

_FLAG_OR_UNSEEN = re.compile(
    # Regional flags (England, Scotland, Wales) are a black flag with invisible letters: kept whole.
    "(\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)"
    f"|[{UNSEEN}"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls, except those that are white space
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of characters, and what is none
    "]"
)
_STRAY_JOINER = re.compile(STRAY_JOINER)

_LINE_BREAK = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def printable(text: str) -> str:
    """The text without controls, bidirectional overrides and characters that cannot be seen.

    White space stays as it is; so do joiners where a script or an emoji needs them.
    """
    if text.isascii() and text.isprintable():
        return text
    seen = _FLAG_OR_UNSEEN.sub(lambda found: found[1] or "", text)
    return _STRAY_JOINER.sub("", seen)


def one_line(text: str) -> str:
    """Printable text with each run of white space as one space, none at the ends."""
    return " ".join(printable(text).split())


def paragraphs(text: str) -> str:
    """Printable text, each line with single spaces, empty lines left out, one newline between."""
    lines = (" ".join(line.split()) for line in _LINE_BREAK.split(printable(text)))
    return "\n".join(line for line in lines if line)
