"""Vocabulary: the words and beginnings of words that queries look for in the same fields."""

from collections.abc import Sequence
from typing import TypeVar

from bot.query.bag import Bag, put, without
from bot.query.clue import WordClue
from bot.query.terms import Term
from bot.query.tree import Words

K = TypeVar("K")
T = TypeVar("T")

_LETTERS_OF_A_HEAD = 4


class Vocabulary:
    """Words by their keys, beginnings of words by their first letters, all in small letters."""

    __slots__ = ("_begun", "_capitals", "_heads", "_whole", "_words")

    def __init__(self) -> None:
        self._words: dict[str, Bag[WordClue]] = {}
        self._whole: dict[tuple[str, ...], WordClue] = {}
        self._heads: dict[int, dict[str, dict[str, Bag[WordClue]]]] = {}
        self._begun: dict[str, WordClue] = {}
        self._capitals: set[WordClue] = set()

    def __bool__(self) -> bool:
        """Whether it holds any word."""
        return bool(self._whole or self._begun)

    def take(self, leaf: Words, term: Term) -> WordClue:
        """The clue for one of a leaf's words; `uses` is the caller's."""
        keys = tuple(sorted(term.keys))
        known = self._begun.get(keys[0]) if term.prefix else self._whole.get(keys)
        return known or self._add(WordClue(leaf, keys, begun=term.prefix))

    def drop(self, word: WordClue) -> None:
        """Forget a word that nothing asks for any more."""
        self._capitals.discard(word)
        if word.begun:
            self._drop_begun(word)
        else:
            del self._whole[word.keys]
            for key in word.folded:
                take_out(self._words, key, word)

    def words(self, folded: Sequence[str]) -> set[WordClue]:
        """The words that folded tokens may stand for, in capitals or not."""
        words = self._words
        found: set[WordClue] = set().union(*map(words.__getitem__, words.keys() & folded))
        if self._heads:
            found.update(self._begun_in(folded))
        return found

    def in_capitals(self, words: set[WordClue]) -> set[WordClue]:
        """Those of the words that must stand in capitals."""
        return words & self._capitals

    def _begun_in(self, folded: Sequence[str]) -> list[WordClue]:
        return [
            word
            for letters, alike in self._heads.items()
            for token in folded
            if (head := token[:letters]) in alike
            for beginning, some in alike[head].items()
            if token.startswith(beginning)
            for word in some
        ]

    def _drop_begun(self, word: WordClue) -> None:
        del self._begun[word.keys[0]]
        (beginning,) = word.begun
        head = beginning[:_LETTERS_OF_A_HEAD]
        alike = self._heads[len(head)]
        take_out(alike[head], beginning, word)
        if not alike[head]:
            del alike[head]
        if not alike:
            del self._heads[len(head)]

    def _add(self, word: WordClue) -> WordClue:
        one = (word,)
        if word.in_capitals:
            self._capitals.add(word)
        if word.begun:
            self._begun[word.keys[0]] = word
            (beginning,) = word.begun
            head = beginning[:_LETTERS_OF_A_HEAD]
            alike = self._heads.setdefault(len(head), {}).setdefault(head, {})
            alike[beginning] = put(alike.get(beginning, ()), one)
        else:
            self._whole[word.keys] = word
            for key in word.folded:
                self._words[key] = put(self._words.get(key, ()), one)
        return word


def take_out(bags: dict[K, Bag[T]], name: K, thing: T) -> None:
    """Take a thing out of the bag of this name; an empty bag goes."""
    left = without(bags[name], thing)
    if left:
        bags[name] = left
    else:
        del bags[name]
