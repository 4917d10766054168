"""Spelling: how the words of a query are written in the lines of a text; pure."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, product, takewhile
from math import prod

from bot.query.rarity import chance_of_term
from bot.query.terms import WORDS_REMEMBERED, Lines, Term, in_lines, terms_of
from bot.query.tree import Words

_LETTERS_OF_THE_SECOND = 3
_MOST_WAYS = 16


def terms(words: Words) -> tuple[Term, ...]:
    """What to look for, one for each word; none where there is no letter and no digit."""
    return terms_of(words.text, exact=words.exact, prefix=words.prefix)


def leads(words: Words) -> tuple[str, ...]:
    """What leads to consecutive words: one of these stands in folded lines wherever they do.

    For more than one word it is a pair of them, the second by its first letters alone: that is
    hardly ever there where they are not, and a fraction of every way to write two words.
    """
    phrase = terms(words)
    if len(phrase) == 1:
        return _ways(phrase, str.casefold)
    first, second = min(pairwise(phrase), key=_chance_of_both)
    begun = common_beginning(map(str.casefold, second.keys))[:_LETTERS_OF_THE_SECOND]
    return _ways((first, Term(frozenset((begun,)), prefix=True)), str.casefold)


def proof(words: Words) -> str | None:
    """What proves that words stand which one of their `leads` led to.

    Returns:
        What must stand in exact lines, for a word in capitals; nothing for any other word, which
        its lead proves; None for more than one word, which have to be looked for.
    """
    phrase = terms(words)
    if len(phrase) > 1:
        return None
    (exact, *_) = _ways(phrase, str)
    return exact if phrase[0].in_capitals else ""


def stand(words: Words, lines: Lines) -> bool:
    """Whether words, at least one, stand one behind the other."""
    phrase, ways = _spelt_out(words)
    if ways:
        return any(way in lines.folded for way in ways)
    return any(text.find(phrase) is not None for text in lines.texts)


def common_beginning(written: Iterable[str]) -> str:
    """The letters that all of these begin with."""
    columns = takewhile(lambda letters: len(set(letters)) == 1, zip(*written, strict=False))
    return "".join(letters[0] for letters in columns)


@lru_cache(WORDS_REMEMBERED)
def _spelt_out(words: Words) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """The words, and every way to write them; none where there are many, or capitals matter."""
    phrase = terms(words)
    has_capitals = any(term.in_capitals for term in phrase)
    if has_capitals or prod(len(term.keys) for term in phrase) > _MOST_WAYS:
        return phrase, ()
    return phrase, _ways(phrase, str)


def _ways(phrase: Sequence[Term], form: Callable[[str], str]) -> tuple[str, ...]:
    """Every way to write consecutive words in lines."""
    keys = (sorted(map(form, term.keys)) for term in phrase)
    ways = map(in_lines, product(*keys))
    return tuple(way[:-1] for way in ways) if phrase[-1].prefix else tuple(ways)


def _chance_of_both(pair: tuple[Term, Term]) -> float:
    return prod(map(chance_of_term, pair))
