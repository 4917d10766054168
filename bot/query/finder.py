"""Finder: looks for many words, phrases and regular expressions in one pass over a text.

What leads to them is found in the text's lines by automata (Aho and Corasick, "Efficient string
matching", Communications of the ACM 18, 1975), in a time that hardly depends on how many there are.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import repeat

from ahocorasick_rs import BytesAhoCorasick

from bot.query.clue import Clue, RegexClue, WordsClue
from bot.query.expressions import Expressions
from bot.query.layers import Layers
from bot.query.terms import Lines

Findable = WordsClue | RegexClue

_CROWD = 8
"""Clues that share a lead; of more, one stands for all: a lead is told of wherever it stands."""
_MOST_GROUPED = 5_000
"""Clues compiled together."""


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

    def prepare(self) -> None:
        """Compile what came."""
        self._layers.compiled()
        self._expressions.prepare()

    def found_in(self, lines: Lines) -> set[Clue]:
        """The clues that stand in these lines."""
        if not self._words:
            return set(self._expressions.standing(lines))  # the text need not be cut into words
        led_to: set[Findable] = set()
        encoded = _encoded(lines.folded)
        for automaton in self._layers.compiled():
            led_to |= automaton.led_to(encoded)
        unproven = [one for one in led_to if one.proof != "" and not one.is_proven(lines)]
        found: set[Clue] = {*led_to}
        found.difference_update(unproven)
        if self._expressions and self._expressions.may_stand(lines, led_to):
            found |= self._expressions.standing(lines)
        return found


class _Automaton:
    """Finds what leads to clues."""

    __slots__ = ("_clues", "_crowds", "_find")

    def __init__(self, clues: Sequence[Findable]) -> None:
        self._clues: list[Findable] = []
        self._crowds: dict[int, list[Findable]] = {}
        # Of many, grouping them would take half as much memory again as all that is kept.
        leads = self._leads(clues) if len(clues) > _MOST_GROUPED else self._grouped(clues)
        automaton = BytesAhoCorasick(map(_encoded, leads))
        self._find = partial(automaton.find_matches_as_indexes, overlapping=True)

    def led_to(self, lines: bytes) -> set[Findable]:
        """The clues that these lines lead to."""
        clues = self._clues
        places = self._find(lines)
        found = {clues[number] for number, _, _ in places}
        if self._crowds:
            for number in self._crowds.keys() & {number for number, _, _ in places}:
                found.update(self._crowds[number])
        return found

    def _leads(self, clues: Sequence[Findable]) -> Iterator[str]:
        for clue in clues:
            for lead in clue.leads():
                self._clues.append(clue)
                yield lead

    def _grouped(self, clues: Sequence[Findable]) -> Iterator[str]:
        """The leads, that of a crowd once."""
        led_by: dict[str, list[Findable]] = {}
        for clue in clues:
            for lead in clue.leads():
                led_by.setdefault(lead, []).append(clue)
        for lead, those in led_by.items():
            if len(those) > _CROWD:
                self._crowds[len(self._clues)] = those
                self._clues.append(those[0])
                yield lead
            else:
                self._clues += those
                yield from repeat(lead, len(those))


def _encoded(lines: str) -> bytes:
    return lines.encode("utf-8", "surrogatepass")
