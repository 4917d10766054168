"""Space: the words and phrases that queries look for in the same fields."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, compress, count, pairwise

from bot.query.bag import Bag, put
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

    def standing(self, reading: Reading) -> set[Clue]:
        """The clues that stand in a document."""
        places = self._places(reading)
        standing: set[Clue] = set(chain.from_iterable(filter(None, places)))
        standing.update(_phrases_in(places))
        return standing

    def _places(self, reading: Reading) -> list[Bag[WordClue]]:
        """For each token the words it may stand for; between two fields there is a gap."""
        exact: list[str] = []
        folded: list[str] = []
        for tokens in reading.tokens(self._fields):
            exact += tokens.exact
            exact.append("")
            folded += tokens.folded
            folded.append("")
        return self._vocabulary.words(exact, folded)

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


def _phrases_in(places: Sequence[Bag[WordClue]]) -> Iterator[PhraseClue]:
    there = compress(count(), places)
    for place in [place for place, following in pairwise(there) if following == place + 1]:
        for first in places[place]:
            if first.phrases:
                for second in places[place + 1]:
                    for phrase in first.phrases.get(second, ()):
                        if all(map(_may_be, phrase.words[2:], places[place + 2 :])):
                            yield phrase


def _may_be(word: WordClue, words: Bag[WordClue]) -> bool:
    """Whether a word is among those that stand at a place."""
    return word in words
