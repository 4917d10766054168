"""Space: the words, phrases and regular expressions that queries look for in the same fields."""

from dataclasses import replace

from bot.query.clue import Clue, RegexClue, WordsClue
from bot.query.document import Reading
from bot.query.finder import Finder
from bot.query.regex import Pattern
from bot.query.spelling import terms
from bot.query.terms import keys_of
from bot.query.tree import Field, Regex, Words

_FLAGS = "=*"
_BETWEEN_KEYS = "\n"
"""Which no key holds; a space some do, such as that of ﷺ, which is one token and four words."""
_MANY = 5_000
"""Clues watched for; those that come once there are as many are watched for too. A document then
leads to so many queries that most others are asked for, and finding them takes less than asking."""
_MOST_REMEMBERED = 30_000
"""Clues whose leads are kept; it makes compiling them again ten times as fast."""


class Space:
    """Clues, each once: those watched for in every document, and the others."""

    __slots__ = ("_expressions", "_fields", "_others", "_watched", "_words")

    def __init__(self, fields: frozenset[Field]) -> None:
        self._fields = fields
        self._words: dict[str, WordsClue] = {}
        self._expressions: dict[str, RegexClue] = {}
        self._watched = Finder()
        self._others = Finder()

    def __bool__(self) -> bool:
        """Whether anything is looked for here."""
        return bool(self._words or self._expressions)

    def take(self, leaf: Words | Regex) -> Clue:
        """The clue for what must stand in this space's fields; `uses` is the caller's.

        Raises:
            RegexError: It is a regular expression that cannot be used.
        """
        return self._take_regex(leaf) if isinstance(leaf, Regex) else self._take_words(leaf)

    def drop(self, clue: Clue) -> None:
        """Forget a clue that nothing asks for any more."""
        if isinstance(clue, WordsClue):
            del self._words[_name(clue.node)]
            self._finder(clue).drop(clue)
        elif isinstance(clue, RegexClue):
            del self._expressions[clue.node.pattern]
            self._finder(clue).drop(clue)

    def watch(self, clue: WordsClue | RegexClue) -> None:
        """Look for a clue in every document from now on."""
        if not clue.is_watched:
            self._others.drop(clue)
            self._watched.add(clue)
            clue.is_watched = True

    def prepare(self) -> None:
        """Compile what came."""
        self._watched.prepare()
        self._others.prepare()

    def watched(self, reading: Reading) -> set[Clue]:
        """The clues watched for that stand in a document."""
        return self._watched.found_in(reading.lines(self._fields))

    def others(self, reading: Reading) -> set[Clue]:
        """The other clues that stand in a document."""
        return self._others.found_in(reading.lines(self._fields))

    def _take_words(self, leaf: Words) -> Clue:
        if not terms(leaf):
            return Clue(leaf)
        name = _name(leaf)
        if name not in self._words:
            clue = self._words[name] = WordsClue(self._lean(leaf, name))
            if len(self._words) > _MOST_REMEMBERED:
                clue.forget_leads()
            self._add(clue)
        return self._words[name]

    def _lean(self, leaf: Words, name: str) -> Words:
        """The same leaf, made of what is kept anyway: there may be a hundred thousand."""
        text = name.lstrip(_FLAGS).replace(_BETWEEN_KEYS, " ")
        lean = replace(leaf, text=text, fields=self._fields)
        # Rare signs are cut into several only once they are written out.
        return lean if _name(lean) == name else replace(leaf, fields=self._fields)

    def _take_regex(self, leaf: Regex) -> RegexClue:
        if leaf.pattern not in self._expressions:
            Pattern(leaf.pattern)
            self._expressions[leaf.pattern] = RegexClue(leaf)
            self._add(self._expressions[leaf.pattern])
        return self._expressions[leaf.pattern]

    def _add(self, clue: WordsClue | RegexClue) -> None:
        clue.is_watched = len(self._watched) >= _MANY
        self._finder(clue).add(clue)

    def _finder(self, clue: Clue) -> Finder:
        return self._watched if clue.is_watched else self._others


def _name(leaf: Words) -> str:
    """What leaves that look for the same have in common."""
    flags = "=" * leaf.exact + "*" * leaf.prefix
    return flags + _BETWEEN_KEYS.join(keys_of(leaf.text))
