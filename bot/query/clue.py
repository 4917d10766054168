"""Clue: what a leaf of queries asks for where that is more than a key, kept once for all of them.

A clue is looked at only where keys stand without which it cannot be there.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.query.bag import Bag
from bot.query.document import Reading
from bot.query.key import chance, keys_of_term
from bot.query.regex import first_letters
from bot.query.terms import Term, Tokens
from bot.query.tree import Field, Leaf, Near, Regex, Words
from bot.query.verdict import close_spans, terms

if TYPE_CHECKING:
    from bot.query.program import Query

_OF_A_PHRASE = 0.1
_OF_A_NEAR = 0.3
_OF_A_REGEX = 0.02


class Clue:
    """What one leaf asks for.

    Attributes:
        node: The leaf.
        uses: How many queries ask for it.
        queries: Those that are found by it.
        leads: Keys one of which stands wherever it does; those that do lead to it.
        besides: The same; it is not looked at unless one of these stands too.
    """

    __slots__ = ("besides", "leads", "node", "queries", "uses")

    def __init__(
        self, node: Leaf, leads: tuple[str, ...] = (), besides: tuple[str, ...] = ()
    ) -> None:
        self.node = node
        self.uses = 0
        self.queries: Bag[Query] = ()
        self.leads = leads
        self.besides = besides

    @property
    def chance(self) -> float:
        """A guess at how likely a document holds it, between 0 and 1."""
        return _OF_A_REGEX

    def stands(self, reading: Reading) -> bool:
        """Whether a document holds it."""
        raise NotImplementedError


class PhraseClue(Clue):
    """Consecutive words, or one that only stands as it is written."""

    __slots__ = ("_terms",)
    node: Words

    def __init__(self, node: Words) -> None:
        self._terms = terms(node)
        leads, besides = _rarest(self._terms, node.fields)
        super().__init__(node, leads, besides)

    @property
    def chance(self) -> float:
        """As for every clue."""
        among_others = _OF_A_PHRASE if len(self._terms) > 1 else 1
        return among_others * chance_of_any(self.leads)

    def stands(self, reading: Reading) -> bool:
        """Whether a document holds it."""
        among = reading.tokens(self.node.fields)
        if len(self._terms) == 1:
            return any(tokens.holds(self._terms[0]) for tokens in among)
        return any(tokens.find(self._terms) is not None for tokens in among)


class NearClue(Clue):
    """Two groups of words close to each other."""

    __slots__ = ("_left", "_right")
    node: Near

    def __init__(self, node: Near) -> None:
        self._left, self._right = (tuple(map(terms, side)) for side in (node.left, node.right))
        sides = (
            tuple(key for words in side for key in _rarest(terms(words), words.fields)[0])
            for side in (node.left, node.right)
        )
        super().__init__(node, *sorted(sides, key=chance_of_any))

    @property
    def chance(self) -> float:
        """As for every clue."""
        return _OF_A_NEAR * chance_of_any(self.leads)

    def stands(self, reading: Reading) -> bool:
        """Whether a document holds it."""
        near = self.node
        return any(
            close_spans(
                _spans(near.left, self._left, field, tokens),
                _spans(near.right, self._right, field, tokens),
                near.distance,
            )
            for field, tokens in reading.fields.items()
        )


class RegexClue(Clue):
    """What a regular expression finds; `Expressions` looks for it."""

    __slots__ = ()
    node: Regex

    def __init__(self, node: Regex) -> None:
        word = first_letters(node.pattern)
        term = Term((word,), prefix=True)
        super().__init__(node, besides=keys_of_term(term, node.fields) if word else ())


Element = str | Clue
"""A key or a clue: what a document holds, or does not."""


def clue_of(leaf: Leaf) -> Clue:
    """The clue for a leaf that has no keys."""
    match leaf:
        case Words():
            return PhraseClue(leaf)
        case Near():
            return NearClue(leaf)
        case Regex():
            return RegexClue(leaf)
        case _:
            raise TypeError(leaf)


def chance_of_any(group: Iterable[Element]) -> float:
    """A guess at how likely a document holds one of these; may exceed 1."""
    return sum(chance(one) if isinstance(one, str) else one.chance for one in group)


def _rarest(
    phrase: tuple[Term, ...], fields: frozenset[Field]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of the two rarest words of a phrase, or twice of the only one; none without any."""
    keys = sorted((keys_of_term(term, fields) for term in phrase), key=chance_of_any)
    return (keys[0], keys[min(1, len(keys) - 1)]) if keys else ((), ())


def _spans(
    side: tuple[Words, ...], phrases: tuple[tuple[Term, ...], ...], field: Field, tokens: Tokens
) -> list[tuple[int, int]]:
    return [
        (start, len(phrase))
        for words, phrase in zip(side, phrases, strict=True)
        if phrase and field in words.fields
        for start in tokens.places(phrase)
    ]
