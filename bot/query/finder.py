"""Finder: looks for many words, phrases and regular expressions in one pass over a text.

What leads to them is found in the text's lines by automata (Aho and Corasick, "Efficient string
matching", Communications of the ACM 18, 1975), in a time that hardly depends on how many there are.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from ahocorasick_rs import BytesAhoCorasick

from bot.query.clue import Clue, RegexClue, WordsClue
from bot.query.expressions import Expressions
from bot.query.layers import Layers
from bot.query.terms import Lines

Findable = WordsClue | RegexClue


class Finder:
    """Clues that are looked for together."""

    __slots__ = ("_expressions", "_layers", "_words")

    def __init__(self) -> None:
        self._words = 0
        self._expressions = Expressions()
        self._layers: Layers[Findable, _Automaton] = Layers(_Automaton)

    def __len__(self) -> int:
        """How many clues there are."""
        return self._words + len(self._expressions)

    def add(self, clue: Findable) -> None:
        """Have a clue looked for that is not yet."""
        if isinstance(clue, RegexClue):
            self._expressions.add(clue)
        else:
            self._words += 1
        self._layers.add(clue)

    def drop(self, clue: Findable) -> None:
        """Have a clue no longer looked for that is so far."""
        if isinstance(clue, RegexClue):
            self._expressions.drop(clue)
        else:
            self._words -= 1
        self._layers.drop(clue)

    def found_in(self, lines: Lines) -> set[Clue]:
        """The clues that stand in these lines."""
        if not self._words:
            return set(self._expressions.standing(lines))  # the text need not be cut into words
        led_to: list[Findable] = []
        encoded = _encoded(lines.folded)
        for automaton in self._layers.compiled():
            led_to += automaton.led_to(encoded)
        found: set[Clue] = set(led_to)
        for clue in led_to:
            if clue.proof != "" and not clue.is_proven(lines):
                found.discard(clue)
        if self._expressions and self._expressions.may_stand(lines, led_to):
            found |= self._expressions.standing(lines)
        return found


class _Automaton:
    """Finds what leads to clues."""

    __slots__ = ("_clues", "_find")

    def __init__(self, clues: Sequence[Findable]) -> None:
        self._clues: list[Findable] = []
        automaton = BytesAhoCorasick(self._leads(clues))
        self._find = partial(automaton.find_matches_as_indexes, overlapping=True)

    def led_to(self, lines: bytes) -> list[Findable]:
        """The clues that these lines lead to, as often as they do."""
        clues = self._clues
        return [clues[number] for number, _, _ in self._find(lines)]

    def _leads(self, clues: Sequence[Findable]) -> Iterator[bytes]:
        for clue in clues:
            for lead in clue.leads():
                self._clues.append(clue)
                yield _encoded(lead)


def _encoded(lines: str) -> bytes:
    return lines.encode("utf-8", "surrogatepass")
