"""Vocabulary: the words and beginnings of words that queries look for in the same fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count, repeat
from operator import itemgetter
from typing import TypeVar

from bot.query.bag import Bag, put, without
from bot.query.clue import WordClue
from bot.query.terms import Term
from bot.query.tree import Words

K = TypeVar("K")
T = TypeVar("T")

_LETTERS_OF_A_HEAD = 4


@dataclass(frozen=True, slots=True)
class _Head:
    """What beginnings that are looked up together have in common.

    Attributes:
        letters: How many of their letters they are looked up by.
        in_capitals: Whether among exact forms.
    """

    letters: int
    in_capitals: bool


class Vocabulary:
    """Words by their keys, beginnings of words by their first letters."""

    __slots__ = ("_begun", "_heads", "_whole", "_words")

    def __init__(self) -> None:
        self._words: dict[str, Bag[WordClue]] = {}
        self._whole: dict[tuple[str, ...], WordClue] = {}
        self._heads: dict[_Head, dict[str, Bag[WordClue]]] = {}
        self._begun: dict[str, WordClue] = {}

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
        if word.begun:
            head, letters = _head(word)
            del self._begun[word.keys[0]]
            take_out(self._heads[head], letters, word)
            if not self._heads[head]:
                del self._heads[head]
        else:
            del self._whole[word.keys]
            for key in word.keys:
                take_out(self._words, key, word)

    def words(self, exact: Sequence[str], folded: Sequence[str]) -> list[Bag[WordClue]]:
        """For each token, given in both forms, the words it may stand for."""
        found = list(map(self._words.get, folded, repeat(())))
        for place in compress(count(), map(str.isupper, exact)):
            if words := self._words.get(exact[place]):
                found[place] = (*found[place], *words)
        for head, alike in self._heads.items():
            for place, word in _begun_in(exact if head.in_capitals else folded, head, alike):
                found[place] = (*found[place], word)
        return found

    def _add(self, word: WordClue) -> WordClue:
        one = (word,)
        if word.begun:
            head, letters = _head(word)
            self._begun[word.keys[0]] = word
            alike = self._heads.setdefault(head, {})
            alike[letters] = put(alike.get(letters, ()), one)
        else:
            self._whole[word.keys] = word
            for key in word.keys:
                self._words[key] = put(self._words.get(key, ()), one)
        return word


def take_out(bags: dict[K, Bag[T]], name: K, thing: T) -> None:
    """Take a thing out of the bag of this name; an empty bag goes."""
    left = without(bags[name], thing)
    if left:
        bags[name] = left
    else:
        del bags[name]


def _head(beginning: WordClue) -> tuple[_Head, str]:
    """By what a word's beginning is looked up, and its letters there."""
    (key,) = beginning.keys
    letters = key[:_LETTERS_OF_A_HEAD]
    return _Head(len(letters), beginning.in_capitals), letters


def _begun_in(
    tokens: Sequence[str], head: _Head, beginnings: Mapping[str, Bag[WordClue]]
) -> Iterator[tuple[int, WordClue]]:
    """Each place of a token that begins so, with the beginning."""
    letters = slice(head.letters)
    for place in compress(count(), map(beginnings.__contains__, map(itemgetter(letters), tokens))):
        for word in beginnings[tokens[place][letters]]:
            if tokens[place].startswith(word.keys):
                yield place, word
