"""Markdown: text written so that Discord's clients show it character for character."""

import re
from collections.abc import Callable

from bot.domain.text import CONTROLS, STRAY_JOINER, UNSEEN

ELLIPSIS = "…"
_WORD_SEARCH = 40
"""How many characters a cut may move back to find the end of a word."""

_INVISIBLE = re.compile(f"[{UNSEEN}]")
_STRAY_JOINERS = re.compile(STRAY_JOINER)
_CONTROLS = re.compile(f"[{CONTROLS}]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" *\n[\n ]*")

_ACTIVE = re.compile(
    r"""
      [\\*_`]                     # escapes, emphasis, code
    | ~(?=~) | (?<=~)~            # strike-through
    | \|(?=\|) | (?<=\|)\|        # spoilers
    | <(?=[^\ ])                   # mentions, emoji, times, commands, links in brackets
    | @(?=everyone|here)
    | (?<=\])\(                   # [text](address)
    | :(?=//)                     # bare addresses
    | :(?=[\w+\-~]+:)             # :emoji:
    """,
    re.VERBOSE,
)
_LINK = "]("
_LINE_START = re.compile(
    r"^(?P<mark>\#{1,3}|-\#|[-+]|>{1,3}|(?P<number>\d+)\.)(?=\s|$)", re.MULTILINE
)


def plain(text: str, *, keep_lines: bool = False) -> str:
    """Text without what cannot be seen: controls, direction marks, zero-width characters.

    Args:
        text: Anything.
        keep_lines: Leave single line breaks standing; otherwise they become spaces.
    """
    text = _SURROGATES.sub("\ufffd", text)
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n"))
    text = _SPACES.sub(" ", _CONTROLS.sub(" ", _STRAY_JOINERS.sub("", text)))
    return _LINE_ENDS.sub("\n" if keep_lines else " ", text).strip()


def escape(text: str) -> str:
    r"""Put a backslash before whatever Discord would format, link, mention or turn to emoji.

    Only before that: a push notification shows the backslashes. Source: Discord's "Markdown Text
    101", and its clients' rule that `\` before any character but a letter, digit or space shows
    that character.

    Args:
        text: As `plain` gives it, to stand at the start of a line.
    """
    links = _LINK in text
    text = _ACTIVE.sub(r"\\\g<0>", text)
    if links:
        text = text.replace("[", r"\[")
    return _LINE_START.sub(_escape_mark, text)


def _escape_mark(found: re.Match[str]) -> str:
    number = found["number"]
    return f"{number}\\." if number else f"\\{found['mark']}"


def as_is(text: str) -> str:
    """For the places where Discord formats nothing: an embed's author and footer."""
    return text


def size(text: str) -> int:
    """Length as the strictest client counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def fit(text: str, limit: int, write: Callable[[str], str] = escape) -> str:
    """Write text within a limit, cut at the end of a word and marked with an ellipsis.

    Args:
        text: As `plain` gives it.
        limit: In UTF-16 code units, of the written form, at least 2.
        write: `escape` or `as_is`.
    """
    written = write(text)
    end = min(len(text), limit)
    while size(written) > limit:
        head = _end_at_word(text, end)
        written = write(head + ELLIPSIS)
        # One character takes at most two units, so this never cuts more than it must.
        end = len(head) - max(1, (size(written) - limit) // 2)
    return written


def _end_at_word(text: str, end: int) -> str:
    head = text[:end]
    if text[end : end + 1].strip():
        space = max(head.rfind(" "), head.rfind("\n"))
        if space > 0 and end - space <= _WORD_SEARCH:
            head = head[:space]
    return head.rstrip(" \n,;:·–—-")
