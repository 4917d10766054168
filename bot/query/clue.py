"""Clue: one thing that queries look for in a document, kept once for all of them."""

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from bot.query.bag import Bag
from bot.query.document import Reading
from bot.query.rarity import chance_of, chance_of_beginning
from bot.query.terms import Term, Tokens
from bot.query.tree import Field, Language, Leaf, Near, Regex, Site, Tagged, Words
from bot.query.verdict import close_spans

if TYPE_CHECKING:
    from bot.query.program import Query

_CHANCES = {Tagged: 0.03, Site: 0.02, Language: 0.6, Regex: 0.02}
_OF_A_PHRASE = 0.1
_OF_A_NEAR = 0.3


class Clue:
    """What one leaf of queries asks for.

    Attributes:
        node: The leaf; for a word that only phrases ask for, one of these.
        uses: How many queries and further clues ask for it.
        queries: Those that are found by it.
        nears: What is looked at once it is there.
    """

    __slots__ = ("nears", "node", "queries", "uses")

    def __init__(self, node: Leaf) -> None:
        self.node = node
        self.uses = 0
        self.queries: Bag[Query] = ()
        self.nears: Bag[NearClue] = ()

    @property
    def chance(self) -> float:
        """A guess at how likely a document holds it, between 0 and 1."""
        return _CHANCES.get(type(self.node), 0.0)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words to be found consecutively; none for what is no words."""
        return ()


class WordClue(Clue):
    """A word, or the beginning of one.

    Attributes:
        keys: What may stand for it, in their order.
        begun: Whether a token need only begin so; there is one key then.
        phrases: Those that begin with it, by their second word; None where there is none.
    """

    __slots__ = ("begun", "keys", "phrases")

    def __init__(self, node: Words, keys: tuple[str, ...], *, begun: bool) -> None:
        super().__init__(node)
        self.keys = keys
        self.begun = begun
        self.phrases: dict[WordClue, Bag[PhraseClue]] | None = None

    @property
    def chance(self) -> float:
        """As for every clue."""
        guess = chance_of_beginning if self.begun else chance_of
        return max(map(guess, self.keys))

    @property
    def in_capitals(self) -> bool:
        """Whether it is looked for among exact forms."""
        return self.keys[0].isupper()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The word."""
        return (Term(frozenset(self.keys), prefix=self.begun),)


class PhraseClue(Clue):
    """Consecutive words.

    Attributes:
        words: At least two.
    """

    __slots__ = ("words",)

    def __init__(self, node: Words, words: tuple[WordClue, ...]) -> None:
        super().__init__(node)
        self.words = words

    @property
    def chance(self) -> float:
        """As for every clue."""
        return _OF_A_PHRASE * min(word.chance for word in self.words)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words."""
        return tuple(term for word in self.words for term in word.terms)


class NearClue(Clue):
    """Two groups of words close to each other.

    Attributes:
        node: As for every clue.
        left: Alternatives, in the order of the node's.
        right: The same.
    """

    __slots__ = ("left", "right")
    node: Near

    def __init__(self, node: Near, left: tuple[Clue, ...], right: tuple[Clue, ...]) -> None:
        super().__init__(node)
        self.left = left
        self.right = right

    @property
    def chance(self) -> float:
        """As for every clue."""
        return _OF_A_NEAR * min(chance_of_any(self.left), chance_of_any(self.right))

    @property
    def rarer_side(self) -> tuple[Clue, ...]:
        """The alternatives one of which is there least often."""
        return min(self.left, self.right, key=chance_of_any)

    def stands(self, reading: Reading, standing: AbstractSet[Clue]) -> bool:
        """Whether a word of either side is close to one of the other; of all clues, these stand."""
        near = self.node
        if standing.isdisjoint(self.left) or standing.isdisjoint(self.right):
            return False
        return any(
            close_spans(
                _spans(self.left, near.left, field, tokens),
                _spans(self.right, near.right, field, tokens),
                near.distance,
            )
            for field, tokens in reading.fields.items()
        )


def _spans(
    clues: tuple[Clue, ...], alternatives: tuple[Words, ...], field: Field, tokens: Tokens
) -> list[tuple[int, int]]:
    found = []
    for clue, words in zip(clues, alternatives, strict=True):
        terms = clue.terms if field in words.fields else ()
        if terms:
            found += [(start, len(terms)) for start in tokens.places(terms)]
    return found


def chance_of_any(clues: tuple[Clue, ...]) -> float:
    """A guess at how likely a document holds one of these; may exceed 1."""
    return sum(clue.chance for clue in clues)
