"""Typed: what is typed in one line, read into options by name."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise

from bot.commands.core import Option
from bot.errors import CommandError

Read = Callable[[Sequence[Option], str], Mapping[str, str]]

_PIECE = re.compile(
    r"""=?["“”„‟＂«»][^"“”„‟＂«»]*(?:["“”„‟＂«»]|$)   # a phrase, closed or not
    |(?<![^\s(])/(?:[^/\\]|\\.)+/                      # a regular expression
    |[()（）]
    |[^\s()（）"“”„‟＂«»]+""",
    re.VERBOSE,
)
_ANGLES = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")


def with_keywords(*keywords: str) -> Read:
    """Reads a first option, then others behind their names: `tariffs since 2d topic us-china`.

    A name counts where it stands outside quotes and parentheses with something behind it; in
    quotes it is a word to look for.

    Args:
        keywords: The names of those others.
    """

    def read(options: Sequence[Option], text: str) -> Mapping[str, str]:
        first, *parts = _split(text, frozenset(keywords))
        found = {options[0].name: first[1]} if first[1] else {}
        for name, value in parts:
            if name in found:
                raise CommandError(f"“{name}” is given twice: leave one out. {quoting(name)}")
            found[name] = value
        return found

    return read


def link_and_rest(options: Sequence[Option], text: str) -> Mapping[str, str]:
    """Reads a link, and the rest as the second option; Slack puts links into angle brackets."""
    words = _ANGLES.sub(r"\1", text).split()
    place = next((n for n, word in enumerate(words) if "://" in word), 0)
    link, rest = words[place : place + 1], words[:place] + words[place + 1 :]
    values = zip(options, (" ".join(link), " ".join(rest)), strict=True)
    return {option.name: value for option, value in values if value}


def time_and_rest(reads: Callable[[str], bool]) -> Read:
    """Reads as much of the beginning as is a time, or of the end, and the rest as the other option.

    Args:
        reads: Whether a text is a time.
    """

    def read(options: Sequence[Option], text: str) -> Mapping[str, str]:
        words = text.split()
        lengths = range(len(words), 0, -1)
        length = next((n for n in lengths if reads(" ".join(words[:n]))), 0)
        if not length:
            length = next((n for n in lengths if reads(" ".join(words[-n:]))), len(words))
            words = words[-length:] + words[:-length]
        rest = words[length:]
        if rest[:1] == [options[1].name] and len(rest) > 1:
            rest = rest[1:]
        values = zip(options, (" ".join(words[:length]), " ".join(rest)), strict=True)
        return {option.name: value for option, value in values if value}

    return read


@contextmanager
def hinting(keyword: str, *, typed: str) -> Iterator[None]:
    """Adds to what is wrong behind a keyword how to look for it as a word.

    Args:
        keyword: Whose value is looked at within the block.
        typed: What was typed; empty where the platform asked for each option by itself.
    """
    try:
        yield
    except CommandError as error:
        said = str(error)
        end = "" if said.endswith((".", "?")) else "."
        raise CommandError(f"{said}{end} {quoting(keyword)}" if typed else said) from error


def quoting(keyword: str) -> str:
    """How to look for a word that is a keyword too."""
    return f"To look for the word “{keyword}”, put it in quotes."


def _split(text: str, keywords: frozenset[str]) -> list[tuple[str, str]]:
    """The text before the first keyword, and what stands behind each."""
    marks = [("", 0, 0), *_marks(text, keywords), ("", len(text), len(text))]
    pairs = pairwise(marks)
    return [(name, text[end:start].strip()) for (name, _, end), (_, start, _) in pairs]


def _marks(text: str, keywords: frozenset[str]) -> list[tuple[str, int, int]]:
    """Each keyword that has something behind it, with where it begins and ends."""
    found: list[tuple[str, int, int]] = []
    depth = 0
    for piece in _PIECE.finditer(text):
        depth += (piece[0] in "(（") - (piece[0] in ")）")
        is_keyword = piece[0].lower() in keywords and depth == 0 and _stands_alone(text, piece)
        if is_keyword and text[piece.end() :].strip():
            if found and not text[found[-1][2] : piece.start()].strip():
                found.pop()  # what has nothing before the next is a word to look for
            found.append((piece[0].lower(), piece.start(), piece.end()))
    return found


def _stands_alone(text: str, piece: re.Match[str]) -> bool:
    before, behind = text[: piece.start()][-1:], text[piece.end() :][:1]
    return not before.strip() and not behind.strip()
