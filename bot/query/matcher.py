"""Matcher: which of many queries one document satisfies, in one pass.

A query can only be satisfied by a document in which certain clues stand: those of one part of an
`And`, of every part of an `Or`. The rarest such clues lead to the query and are watched for in
every document; what else it asks for is looked for once it has been led to. So the work grows with
what matches, not with how many queries there are.

A matcher may change while it is in use. `match` never waits for anything, so that every document
is judged by the queries of one moment; what it gave stays as it was, evidence included, whichever
queries are added or dropped before that is looked at. It is not for several threads at once.
"""

from collections.abc import Iterable, Iterator, KeysView, Mapping
from itertools import count
from operator import attrgetter

from bot.query.bag import Bag, put, without
from bot.query.clue import Clue, OnDemand, Standing
from bot.query.document import Document, Reading
from bot.query.explain import Evidence, explain
from bot.query.index import Index
from bot.query.program import Query
from bot.query.regex import RegexError
from bot.query.tree import Leaf, Node

__all__ = ["Document", "Matcher"]

_FEW = 16
"""Queries, whose clues are looked for one by one; those of more are found sooner all at once."""

_NUMBER = attrgetter("number")


class Matcher:
    """Many named queries, ready to be asked of documents."""

    def __init__(self, queries: Mapping[str, Node] | None = None) -> None:
        """Compile the queries.

        Raises:
            RegexError: One holds a regular expression that cannot be used.
        """
        self._index = Index()
        self._queries: dict[str, Query] = {}
        self._always: Bag[Query] = ()
        self._numbers = count()
        for name, node in (queries or {}).items():
            self.add(name, node)

    @property
    def queries(self) -> KeysView[str]:
        """The names of the queries, in the order of their answers."""
        return self._queries.keys()

    def add(self, name: str, node: Node) -> None:
        """Have a query asked from now on; one of the same name makes way and leaves its place.

        The time it takes hardly depends on how many there are, but for a larger layer at times.

        Raises:
            RegexError: It holds a regular expression that cannot be used; nothing has changed.
        """
        before = self._queries.get(name)
        number = next(self._numbers) if before is None else before.number
        query = self._compile(name, number, node)
        if before is not None:
            self._unhook(before)
        self._queries[name] = query
        one = (query,)
        if query.anchors is None:
            self._always = put(self._always, one)
        else:
            for clue in dict.fromkeys(query.anchors):
                self._index.watch(clue)
                clue.queries = put(clue.queries, one)

    def drop(self, name: str) -> None:
        """Have a query no longer asked; how many there are hardly matters, as for `add`.

        Raises:
            KeyError: There is none of this name.
        """
        self._unhook(self._queries.pop(name))

    def prepare(self) -> None:
        """Compile what came, which the next documents would otherwise wait for."""
        self._index.prepare()

    def match(self, document: Document) -> Mapping[str, Evidence]:
        """The queries a document satisfies, by name, in the order given, each with its evidence.

        The evidence of a query is worked out when it is looked up.
        """
        reading = Reading(document)
        known = self._index.watched(reading)
        leading = [clue.queries for clue in known if clue.queries]
        candidates = set(self._always).union(*leading)
        if len(candidates) > _FEW:
            satisfied = holding(candidates, known | self._index.others(reading))
        else:
            standing = OnDemand(reading, known, self._index.others)
            satisfied = holding(candidates, standing)
        return _Matches({query.name: query for query in sorted(satisfied, key=_NUMBER)}, reading)

    def _compile(self, name: str, number: int, node: Node) -> Query:
        taken: list[Clue] = []

        def take(leaf: Leaf) -> Clue:
            taken.append(self._index.take(leaf))
            return taken[-1]

        try:
            return Query(node, take, name=name, number=number)
        except RegexError:
            for clue in taken:
                self._index.drop(clue)
            raise

    def _unhook(self, query: Query) -> None:
        if query.anchors is None:
            self._always = without(self._always, query)
        else:
            for clue in dict.fromkeys(query.anchors):
                clue.queries = without(clue.queries, query)
        for clue in query.whole().clues():
            self._index.drop(clue)


def holding(candidates: Iterable[Query], standing: Standing) -> Iterator[Query]:
    """Those of the candidates that hold; an anchor of each stands."""
    absent = standing.isdisjoint
    for query in candidates:
        for group in query.others:
            if absent(group):
                break
        else:
            if absent(query.shuns) and (not query.further or _holds_further(query, standing)):
                yield query


def _holds_further(query: Query, standing: Standing) -> bool:
    return all(part.holds(standing) for _, part in query.further)


class _Matches(Mapping[str, Evidence]):
    """Evidence by name, worked out when asked for."""

    def __init__(self, queries: Mapping[str, Query], reading: Reading) -> None:
        self._queries = queries
        self._reading = reading

    def __getitem__(self, name: str) -> Evidence:
        return explain(self._queries[name].whole().node(), self._reading) or Evidence()

    def __contains__(self, name: object) -> bool:
        return name in self._queries

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)
