"""Clue: one thing that queries look for in a document, kept once for all of them."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final, Protocol

from bot.query.bag import Bag
from bot.query.document import Reading
from bot.query.literal import literal
from bot.query.rarity import chance_of_term
from bot.query.spelling import common_beginning, leads, proof, stand, terms
from bot.query.terms import Lines
from bot.query.tree import Language, Leaf, Near, Regex, Site, Tagged, Words
from bot.query.verdict import close_places, find

if TYPE_CHECKING:
    from bot.query.program import Query

_CHANCES = {Tagged: 0.03, Site: 0.02, Language: 0.6, Regex: 0.02}
_OF_A_PHRASE = 0.1
_OF_A_NEAR = 0.3
_MOST_ONE_BY_ONE = 64
"""Clues, in a document; looking for more takes longer than for all at once."""
_BETWEEN = "\0"
"""Two leads kept as one text, which takes a third of their memory."""


class Standing(Protocol):
    """The clues that stand in a document: a set of them, or something that tells which do."""

    def isdisjoint(self, clues: Collection["Clue"], /) -> bool:
        """Whether none of these stands."""


class Clue:
    """What one leaf of queries asks for.

    Attributes:
        node: The leaf.
        uses: How many queries and further clues ask for it.
        queries: Those that are found by it.
        nears: What is looked at once it is there.
        is_watched: Whether it is looked for in every document, not only when it is asked for.
    """

    __slots__ = ("is_watched", "nears", "node", "queries", "uses")

    def __init__(self, node: Leaf, *, is_watched: bool = True) -> None:
        self.node = node
        self.uses = 0
        self.queries: Bag[Query] = ()
        self.nears: Bag[NearClue] = ()
        self.is_watched = is_watched

    @property
    def chance(self) -> float:
        """A guess at how likely a document holds it, between 0 and 1."""
        return _CHANCES.get(type(self.node), 0.0)

    def stands(self, reading: Reading) -> bool:
        """Whether it stands in a document, looked for by itself."""
        return bool(find(self.node, reading))


class WordsClue(Clue):
    """Consecutive words.

    Attributes:
        node: As for every clue.
        proof: What proves that they stand where something leads to them (`spelling.proof`).
    """

    __slots__ = ("_begun", "_leads", "proof")
    node: Words

    def __init__(self, node: Words) -> None:
        super().__init__(node, is_watched=False)
        self.proof = proof(node)
        self._leads = _BETWEEN.join(leads(node))
        self._begun = ""

    @property
    def chance(self) -> float:
        """As for every clue."""
        chances = [chance_of_term(term) for term in terms(self.node)]
        return min(chances) if len(chances) == 1 else _OF_A_PHRASE * min(chances)

    def leads(self) -> tuple[str, ...]:
        """What leads to it in folded lines, as `spelling.leads` gives it."""
        return tuple(self._leads.split(_BETWEEN)) if self._leads else leads(self.node)

    def forget_leads(self) -> None:
        """Work them out each time from now on: kept for a hundred thousand, they would be much."""
        self._leads = ""

    def is_proven(self, lines: Lines) -> bool:
        """Whether it stands where something leads to it."""
        if self.proof is None:
            return stand(self.node, lines)
        return self.proof == "" or self.proof in lines.exact

    def stands(self, reading: Reading) -> bool:
        """As for every clue."""
        if not self._begun:
            self._begun = common_beginning(self.leads())
        lines = reading.lines(self.node.fields)
        folded = lines.folded
        if self._begun not in folded:
            return False  # as in most texts
        return any(lead in folded for lead in self.leads()) and self.is_proven(lines)


class RegexClue(Clue):
    """What a regular expression finds.

    Attributes:
        node: As for every clue.
    """

    __slots__ = ()
    node: Regex
    proof: Final = None

    def __init__(self, node: Regex) -> None:
        super().__init__(node, is_watched=False)

    def leads(self) -> tuple[str, ...]:
        """What stands in folded lines wherever it finds something in ASCII, if anything must."""
        required = literal(self.node.pattern)
        return (required,) if required else ()

    def is_proven(self, lines: Lines) -> bool:
        """No: it has to be looked for."""
        del lines
        return False


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

    def is_close(self, reading: Reading, standing: Standing) -> bool:
        """Whether a word of either side is close to one of the other; of all clues, these stand."""
        if standing.isdisjoint(self.left) or standing.isdisjoint(self.right):
            return False
        return any(close_places(self.node, *each) is not None for each in reading.fields.items())


class OnDemand:
    """The clues that stand in a document: those watched for, and of the others what is asked for.

    They are looked for one by one, but for regular expressions, which cost too much so, and until
    many were: then for all at once.
    """

    __slots__ = ("_find_others", "_known", "_left", "_reading")

    def __init__(
        self, reading: Reading, known: set[Clue], find_others: Callable[[Reading], set[Clue]]
    ) -> None:
        self._reading = reading
        self._known = known
        self._find_others = find_others
        self._left = _MOST_ONE_BY_ONE

    def isdisjoint(self, clues: Collection[Clue], /) -> bool:
        """As for every `Standing`."""
        if not self._known.isdisjoint(clues):
            return False
        if self._left <= 0:
            return True  # all are known
        for clue in clues:
            if clue.is_watched:
                continue
            self._left -= _MOST_ONE_BY_ONE if isinstance(clue, RegexClue) else 1
            if self._left <= 0:
                self._known |= self._find_others(self._reading)
                return self._known.isdisjoint(clues)
            if clue.stands(self._reading):
                self._known.add(clue)
                return False
        return True


def chance_of_any(clues: tuple[Clue, ...]) -> float:
    """A guess at how likely a document holds one of these; may exceed 1."""
    return sum(clue.chance for clue in clues)
