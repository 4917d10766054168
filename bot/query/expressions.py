"""Expressions: the regular expressions that queries look for in the same fields.

Most begin with a word; an ASCII text that lacks the words of all of them is not searched.
"""

from collections import Counter
from collections.abc import Set as AbstractSet

from bot.query.clue import Clue
from bot.query.document import Reading
from bot.query.regex import Patterns
from bot.query.tree import Field, Regex


class Expressions:
    """Regular expressions, each once."""

    __slots__ = ("_clues", "_fields", "_patterns", "_words", "_words_of")

    def __init__(self, fields: frozenset[Field]) -> None:
        self._fields = fields
        self._clues: dict[str, Clue] = {}
        self._words_of: dict[str, Clue | None] = {}
        self._words: Counter[Clue | None] = Counter()
        self._patterns = Patterns()

    def __bool__(self) -> bool:
        """Whether anything is looked for here."""
        return bool(self._clues)

    def get(self, pattern: str) -> Clue | None:
        """The clue for an expression that is looked for; None if it is not."""
        return self._clues.get(pattern)

    def add(self, leaf: Regex, word: Clue | None) -> Clue:
        """Have an expression looked for that is not yet.

        Args:
            leaf: The expression.
            word: What stands in every ASCII text in which it finds something; None for nothing.

        Returns:
            Its clue.
        """
        clue = Clue(leaf)
        self._patterns.add(leaf.pattern)
        self._clues[leaf.pattern] = clue
        self._words_of[leaf.pattern] = word
        self._words[word] += 1
        return clue

    def drop(self, pattern: str) -> Clue | None:
        """Forget an expression that nothing asks for any more.

        Returns:
            The word it was added with.
        """
        del self._clues[pattern]
        self._patterns.drop(pattern)
        word = self._words_of.pop(pattern)
        self._words[word] -= 1
        if not self._words[word]:
            del self._words[word]
        return word

    def standing(self, reading: Reading, words: AbstractSet[Clue]) -> set[Clue]:
        """The clues that stand in a document, in which these words do."""
        texts = [tokens.text for tokens in reading.tokens(self._fields)]
        if (
            None not in self._words
            and self._words.keys().isdisjoint(words)
            and all(map(str.isascii, texts))
        ):
            return set()
        return {self._clues[pattern] for text in texts for pattern in self._patterns.found_in(text)}
