"""Expressions: many regular expressions, looked for in the same texts."""

from collections.abc import Iterable

from bot.query.clue import Clue, RegexClue
from bot.query.regex import Patterns
from bot.query.terms import Lines


class Expressions:
    """The clues of regular expressions, each once."""

    __slots__ = ("_clues", "_patterns", "_unled")

    def __init__(self) -> None:
        self._clues: dict[str, RegexClue] = {}
        self._patterns = Patterns()
        self._unled = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._clues)

    def add(self, clue: RegexClue) -> None:
        """Have an expression looked for that is not yet."""
        self._patterns.add(clue.node.pattern)
        self._clues[clue.node.pattern] = clue
        self._unled += not clue.leads()

    def drop(self, clue: RegexClue) -> None:
        """Have one no longer looked for that is so far."""
        del self._clues[clue.node.pattern]
        self._patterns.drop(clue.node.pattern)
        self._unled -= not clue.leads()

    def prepare(self) -> None:
        """Compile what came."""
        self._patterns.prepare()

    def may_stand(self, lines: Lines, led_to: Iterable[Clue]) -> bool:
        """Whether one may stand where there are leads to these clues and no others."""
        if self._unled or any(isinstance(clue, RegexClue) for clue in led_to):
            return True
        # Letters are cut as a pattern reads them in ASCII; elsewhere nothing leads for certain.
        return not all(text.is_ascii for text in lines.texts)

    def standing(self, lines: Lines) -> set[RegexClue]:
        """The clues that stand in a document."""
        return {
            self._clues[pattern]
            for text in lines.texts
            for pattern in self._patterns.found_in(text.text)
        }
