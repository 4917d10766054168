"""Space: the words and phrases that queries look for in the same fields."""

from collections.abc import Sequence
from dataclasses import replace

from bot.query.bag import put
from bot.query.clue import Clue, PhraseClue, WordClue
from bot.query.document import Reading
from bot.query.tree import Field, Words
from bot.query.verdict import terms
from bot.query.vocabulary import Vocabulary, take_out


class Space:
    """A vocabulary, and the phrases made of it, which their first words lead to."""

    __slots__ = ("_fields", "_vocabulary")

    def __init__(self, fields: frozenset[Field]) -> None:
        self._fields = fields
        self._vocabulary = Vocabulary()

    def __bool__(self) -> bool:
        """Whether anything is looked for here."""
        return bool(self._vocabulary)

    def take(self, leaf: Words) -> Clue:
        """The clue for words that must stand in this space's fields; `uses` is the caller's."""
        words = tuple(self._vocabulary.take(leaf, term) for term in terms(leaf))
        if not words:
            return Clue(leaf)
        if len(words) > 1:
            return self._phrase(leaf, words)
        words[0].node = self._lean(leaf, words[0].keys)
        return words[0]

    def drop(self, clue: Clue) -> None:
        """Forget a clue that nothing asks for any more."""
        if isinstance(clue, PhraseClue):
            self._drop_phrase(clue)
        elif isinstance(clue, WordClue):
            self._vocabulary.drop(clue)

    def standing(self, reading: Reading) -> set[WordClue]:
        """The words that stand in a document."""
        words = self._vocabulary.words(reading.folded(self._fields))
        if doubtful := self._vocabulary.in_capitals(words):
            among = reading.tokens(self._fields)
            words -= {word for word in doubtful if not word.is_written(among)}
        return words

    def _lean(self, leaf: Words, keys: Sequence[str] = ()) -> Words:
        """The same leaf, made of what is kept here anyway."""
        text = next((key for key in keys if key == leaf.text), leaf.text)
        return replace(leaf, text=text, fields=self._fields)

    def _phrase(self, leaf: Words, words: tuple[WordClue, ...]) -> PhraseClue:
        first, second, *_ = words
        by_second = first.phrases or {}
        alike = by_second.get(second, ())
        known = next((phrase for phrase in alike if phrase.words == words), None)
        if known is not None:
            return known
        phrase = PhraseClue(self._lean(leaf), words)
        by_second[second] = put(alike, (phrase,))
        first.phrases = by_second
        for word in words:
            word.uses += 1
        return phrase

    def _drop_phrase(self, phrase: PhraseClue) -> None:
        first, second, *_ = phrase.words
        if first.phrases:
            take_out(first.phrases, second, phrase)
        first.phrases = first.phrases or None
        for word in phrase.words:
            word.uses -= 1
            if not word.uses:
                self._vocabulary.drop(word)
