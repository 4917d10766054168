r"""Regex: people's regular expressions, in linear time and within limits.

RE2 (https://github.com/google/re2/wiki/Syntax) reads it. Its `\b`, `\w` and `\d` know ASCII only.
"""

import string
from collections.abc import Iterator, Sequence

import re2

from bot.query.layers import Layers

MOST_CHARACTERS = 500
"""Of a pattern."""

_MOST_BYTES = 1 << 20
"""That RE2 may spend on one pattern, what it remembers while searching included."""

_MOST_BYTES_OF_MANY = 64 << 20
"""The same for patterns searched for together."""

_SHORTER = "make it shorter, or repeat less"
_EXPLAINED = {
    "missing )": ("a ( is opened and not closed", r"close it, or write \( for the sign itself"),
    "unexpected )": ("a ) closes nothing", r"remove it, or write \) for the sign itself"),
    "missing ]": ("a [ is opened and not closed", r"close it, or write \[ for the sign itself"),
    "bad repetition operator": ("one repetition follows another", "keep one of the two"),
    "no argument for repetition operator": (
        "nothing stands before the repetition",
        r"put what is to repeat before it, or write \* for the sign itself",
    ),
    "invalid repetition size": ("it repeats more than 1000 times in all", _SHORTER),
    "invalid character class range": ("there is no such class or range", "write it like [a-z]"),
    "invalid perl operator": (
        "looking ahead and behind is not supported",
        "use AND, NOT and NEAR outside of the regular expression",
    ),
    "invalid escape sequence": (
        "there is no such escape, and no back-reference",
        "leave the backslash out, or write the words",
    ),
    "invalid named capture group": ("a group has no valid name", "write ( ) without a name"),
    "trailing \\": ("a backslash stands at the end", r"write \\ for the sign itself"),
    "pattern too large - compile failed": ("it needs too much memory", _SHORTER),
}


class RegexError(ValueError):
    """A pattern that cannot be used.

    Attributes:
        what: Why.
        remedy: What to do.
        position: Where in the pattern, in characters.
    """

    def __init__(self, what: str, remedy: str, position: int = 0) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what = what
        self.remedy = remedy
        self.position = position


class Pattern:
    """A regular expression, ready to search."""

    __slots__ = ("_compiled",)

    def __init__(self, pattern: str) -> None:
        """Compile it; RE2 keeps the latest ones compiled.

        Raises:
            RegexError: It is not one that RE2 reads within the limits.
        """
        if len(pattern) > MOST_CHARACTERS:
            what = f"the regular expression is longer than {MOST_CHARACTERS} characters"
            raise RegexError(what, _SHORTER, MOST_CHARACTERS)
        try:
            self._compiled = re2.compile(pattern, options())
        except re2.error as error:
            raise _explained(pattern, error) from error
        except UnicodeEncodeError as error:
            raise RegexError("half a character stands here", "type it anew", error.start) from error

    def find(self, text: str) -> str | None:
        """What it finds first in a text; None if nothing."""
        found = self._compiled.search(text)
        return None if found is None else str(found.group())

    def finds_anything(self) -> bool:
        """Whether it is found in an empty text, or in whichever one letter."""
        return self.find("") is not None or all(
            self.find(letter) is not None for letter in string.ascii_lowercase
        )


class Patterns:
    """Many regular expressions, searched for together in one pass over a text."""

    __slots__ = ("_layers",)

    def __init__(self) -> None:
        self._layers: Layers[str, _Together] = Layers(_Together)

    def add(self, pattern: str) -> None:
        """Have a pattern searched for that is not yet."""
        Pattern(pattern)
        self._layers.add(pattern)

    def drop(self, pattern: str) -> None:
        """Have a pattern no longer searched for that is so far."""
        self._layers.drop(pattern)

    def prepare(self) -> None:
        """Compile what came."""
        self._layers.compiled()

    def found_in(self, text: str) -> list[str]:
        """The patterns that find something in a text, in no order."""
        found: list[str] = []
        for some in self._layers.compiled():
            found += some.found_in(text)
        return [pattern for pattern in found if pattern not in self._layers.gone]


class _Together:
    """Patterns compiled into as few automata as memory allows."""

    __slots__ = ("_sets",)

    def __init__(self, patterns: Sequence[str]) -> None:
        self._sets = list(_compiled(tuple(patterns)))

    def found_in(self, text: str) -> list[str]:
        found: list[str] = []
        for automaton, patterns in self._sets:
            numbers = automaton.Match(text)
            if numbers is None:  # not even the empty pattern: out of memory
                found += [one for one in patterns if Pattern(one).find(text) is not None]
            elif len(numbers) > 1:
                found += [patterns[number] for number in numbers if number < len(patterns)]
        return found


def _compiled(patterns: Sequence[str]) -> Iterator[tuple["re2.Set", Sequence[str]]]:
    """Sets with each of the patterns; as many sets as memory asks for."""
    automaton = re2.Set.SearchSet(options(most_bytes=_MOST_BYTES_OF_MANY))
    for pattern in (*patterns, ""):
        automaton.Add(pattern)
    try:
        automaton.Compile()
    except re2.error:
        if len(patterns) == 1:
            raise
        middle = len(patterns) // 2
        yield from _compiled(patterns[:middle])
        yield from _compiled(patterns[middle:])
    else:
        yield automaton, patterns


def options(*, most_bytes: int = _MOST_BYTES) -> "re2.Options":
    """How every pattern is read: letter case makes no difference unless it says `(?-i)`."""
    chosen = re2.Options()
    chosen.case_sensitive = False
    chosen.log_errors = False
    chosen.max_mem = most_bytes
    return chosen


def _explained(pattern: str, error: Exception) -> RegexError:
    # RE2 says `what went wrong: the offending part`, or the whole pattern.
    what, _, part = error.args[0].decode("utf-8", "replace").partition(": ")
    said, remedy = _EXPLAINED.get(what, (what, "see the regular expressions of RE2"))
    sign = {"missing )": "(", "unexpected )": ")"}.get(what)
    position = pattern.rfind(sign) if sign else pattern.find(part)
    return RegexError(said, remedy, max(position, 0))
