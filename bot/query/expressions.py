"""Expressions: the regular expressions that queries look for in the same fields."""

from bot.query.clue import Clue
from bot.query.document import Reading
from bot.query.regex import Patterns
from bot.query.tree import Field, Regex


class Expressions:
    """Regular expressions, each once."""

    __slots__ = ("_clues", "_fields", "_patterns")

    def __init__(self, fields: frozenset[Field]) -> None:
        self._fields = fields
        self._clues: dict[str, Clue] = {}
        self._patterns = Patterns()

    def __bool__(self) -> bool:
        """Whether anything is looked for here."""
        return bool(self._clues)

    def take(self, leaf: Regex) -> Clue:
        """The clue for an expression that must find something in these fields.

        Raises:
            RegexError: It cannot be used.
        """
        if leaf.pattern not in self._clues:
            self._patterns.add(leaf.pattern)
            self._clues[leaf.pattern] = Clue(leaf)
        return self._clues[leaf.pattern]

    def drop(self, pattern: str) -> None:
        """Forget an expression that nothing asks for any more."""
        del self._clues[pattern]
        self._patterns.drop(pattern)

    def standing(self, reading: Reading) -> set[Clue]:
        """The clues that stand in a document."""
        return {
            self._clues[pattern]
            for tokens in reading.tokens(self._fields)
            for pattern in self._patterns.found_in(tokens.text)
        }
