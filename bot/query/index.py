"""Index: what queries look for, and what of it a document holds."""

from collections.abc import Iterable
from itertools import chain

from bot.query.bag import Bag, put, without
from bot.query.clue import Clue, Element, RegexClue, clue_of
from bot.query.document import Reading
from bot.query.expressions import Expressions
from bot.query.key import keys_of, mark_of
from bot.query.program import Query
from bot.query.space import Space
from bot.query.tree import Field, Leaf


class Lead:
    """What a key leads to.

    Attributes:
        queries: Those that are found by it.
        clues: What is looked at once it stands and another key does, by that one; None for none.
    """

    __slots__ = ("clues", "queries")

    def __init__(self) -> None:
        self.queries: Bag[Query] = ()
        self.clues: dict[str, Bag[Clue]] | None = None


class Index:
    """The keys and clues of many queries.

    What two queries ask for alike is one clue. Of the keys, those are kept that lead to a query or
    to a clue: the rarest of all that must stand.
    """

    __slots__ = ("_clues", "_expressions", "_leads", "_spaces")

    def __init__(self) -> None:
        self._spaces: dict[str, Space] = {}
        self._leads: dict[str, Lead] = {}
        self._clues: dict[Leaf, Clue] = {}
        self._expressions: dict[frozenset[Field], Expressions] = {}

    def take(self, leaf: Leaf) -> tuple[Element, ...]:
        """What stands in a document if it satisfies a leaf; each is to be given back by `drop`.

        Raises:
            RegexError: It is a regular expression that cannot be used.
        """
        keys = keys_of(leaf)
        if keys:
            self._open(keys)
            return keys
        clue = self._clues.get(leaf) or self._add(leaf)
        clue.uses += 1
        return (clue,)

    def drop(self, element: Element) -> None:
        """Give back a key or clue; it goes once nothing asks for it."""
        if isinstance(element, str):
            self._close((element,))
            return
        element.uses -= 1
        if not element.uses:
            self._remove(element)

    def file(self, query: Query, anchors: Iterable[Element]) -> None:
        """Have a query found by each of these."""
        one = (query,)
        for anchor in dict.fromkeys(anchors):
            found: Lead | Clue = self._lead(anchor) if isinstance(anchor, str) else anchor
            found.queries = put(found.queries, one)

    def unfile(self, query: Query, anchors: Iterable[Element]) -> None:
        """Have a query no longer found by them."""
        for anchor in dict.fromkeys(anchors):
            if isinstance(anchor, str):
                lead = self._leads[anchor]
                lead.queries = without(lead.queries, query)
                self._tidy(anchor, lead)
            else:
                anchor.queries = without(anchor.queries, query)

    def look(self, reading: Reading) -> tuple[set[Element], set[Query]]:
        """What stands in a document, and the queries that it leads to."""
        held: list[set[Element]] = [space.standing(reading) for space in self._spaces.values()]
        standing = max(held, key=len, default=set())
        standing.update(*held)
        led = [self._leads[key] for key in self._leads.keys() & standing]
        found = [
            clue
            for clues in [lead.clues for lead in led if lead.clues]
            for key in clues.keys() & standing
            for clue in clues[key]
            if clue.stands(reading)
        ]
        for expressions in self._expressions.values():
            found += expressions.standing(reading, standing)
        standing.update(found)
        leading: Iterable[Lead | Clue] = chain(led, found)
        return standing, set().union(*[one.queries for one in leading])

    def _add(self, leaf: Leaf) -> Clue:
        clue = clue_of(leaf)
        if isinstance(clue, RegexClue):
            fields = clue.node.fields
            expressions = self._expressions.get(fields) or Expressions(fields)
            expressions.add(clue)
            self._expressions[fields] = expressions
        self._clues[leaf] = clue
        self._open(chain(clue.leads, clue.besides))
        one = (clue,)
        for key in dict.fromkeys(clue.leads):
            lead = self._lead(key)
            lead.clues = lead.clues or {}
            for other in dict.fromkeys(clue.besides):
                lead.clues[other] = put(lead.clues.get(other, ()), one)
        return clue

    def _remove(self, clue: Clue) -> None:
        del self._clues[clue.node]
        if isinstance(clue, RegexClue):
            self._remove_regex(clue)
        self._close(chain(clue.leads, clue.besides))
        for key in dict.fromkeys(clue.leads):
            lead = self._leads[key]
            clues = lead.clues or {}
            for other in dict.fromkeys(clue.besides):
                clues[other] = without(clues[other], clue)
                if not clues[other]:
                    del clues[other]
            lead.clues = clues or None
            self._tidy(key, lead)

    def _remove_regex(self, clue: RegexClue) -> None:
        expressions = self._expressions[clue.node.fields]
        expressions.drop(clue)
        if not expressions:
            del self._expressions[clue.node.fields]

    def _lead(self, key: str) -> Lead:
        lead = self._leads.get(key)
        if lead is None:
            lead = self._leads[key] = Lead()
        return lead

    def _tidy(self, key: str, lead: Lead) -> None:
        if not lead.queries and not lead.clues:
            del self._leads[key]

    def _open(self, keys: Iterable[str]) -> None:
        for key in keys:
            mark = mark_of(key)
            if mark not in self._spaces:
                self._spaces[mark] = Space(mark)
            self._spaces[mark].open(key)

    def _close(self, keys: Iterable[str]) -> None:
        for key in keys:
            space = self._spaces[mark_of(key)]
            space.close(key)
            if not space.uses:
                del self._spaces[mark_of(key)]
