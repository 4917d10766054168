"""Expressions: the regular expressions that queries look for in the same fields.

Most begin with a word; no text is searched that lacks the words of all of them.
"""

from collections.abc import Set as AbstractSet

from bot.query.clue import RegexClue
from bot.query.document import Reading
from bot.query.regex import Patterns
from bot.query.tree import Field


class Expressions:
    """Regular expressions, each once."""

    __slots__ = ("_anywhere", "_clues", "_fields", "_keys", "_patterns")

    def __init__(self, fields: frozenset[Field]) -> None:
        self._fields = fields
        self._clues: dict[str, RegexClue] = {}
        self._patterns = Patterns()
        self._keys: dict[str, int] = {}
        self._anywhere = 0

    def __bool__(self) -> bool:
        """Whether anything is looked for here."""
        return bool(self._clues)

    def add(self, clue: RegexClue) -> None:
        """Have an expression looked for that is not yet.

        Raises:
            RegexError: It cannot be used.
        """
        self._patterns.add(clue.node.pattern)
        self._clues[clue.node.pattern] = clue
        self._anywhere += not clue.besides
        for key in clue.besides:
            self._keys[key] = self._keys.get(key, 0) + 1

    def drop(self, clue: RegexClue) -> None:
        """Forget an expression that nothing asks for any more."""
        del self._clues[clue.node.pattern]
        self._patterns.drop(clue.node.pattern)
        self._anywhere -= not clue.besides
        for key in clue.besides:
            self._keys[key] -= 1
            if not self._keys[key]:
                del self._keys[key]

    def standing(self, reading: Reading, keys: AbstractSet[object]) -> set[RegexClue]:
        """The clues that stand in a document, which holds these keys."""
        texts = [tokens.text for tokens in reading.tokens(self._fields)]
        in_vain = not self._anywhere and self._keys.keys().isdisjoint(keys)
        if in_vain and all(map(str.isascii, texts)):
            return set()
        return {self._clues[pattern] for text in texts for pattern in self._patterns.found_in(text)}
