"""Index: every clue that queries look for, and which of them stand in a document."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import assert_never

from bot.query.bag import put, without
from bot.query.clue import Clue, NearClue
from bot.query.document import Document, Reading
from bot.query.expressions import Expressions
from bot.query.space import Space
from bot.query.tree import Field, Language, Leaf, Near, Regex, Site, Tagged, Words


class Index:
    """The clues of many queries.

    What two queries ask for alike is one clue. Words lead to phrases and either to `NEAR`s, so that
    each of these is looked at only where its rarer words stand, and once for all queries.
    """

    __slots__ = ("_expressions", "_languages", "_nears", "_sites", "_spaces", "_tags")

    def __init__(self) -> None:
        self._spaces: dict[frozenset[Field], Space] = {}
        self._expressions: dict[frozenset[Field], Expressions] = {}
        self._nears: dict[tuple[tuple[Clue, ...], tuple[Clue, ...], int], NearClue] = {}
        self._tags: dict[str, Clue] = {}
        self._sites: dict[str, Clue] = {}
        self._languages: dict[str, Clue] = {}

    def take(self, leaf: Leaf) -> Clue:
        """The clue for a leaf, to be given back by `drop`.

        Raises:
            RegexError: It is a regular expression that cannot be used.
        """
        clue = self._find_or_add(leaf)
        clue.uses += 1
        return clue

    def drop(self, clue: Clue) -> None:
        """Give back a clue; it goes once nothing asks for it."""
        clue.uses -= 1
        if not clue.uses:
            self._remove(clue)

    def standing(self, reading: Reading) -> set[Clue]:
        """The clues that stand in a document."""
        words = [space.standing(reading) for space in self._spaces.values()]
        expressions = [some.standing(reading) for some in self._expressions.values()]
        standing: set[Clue] = set().union(*words, *expressions, self._labels(reading.document))
        nears = {near for clue in standing if clue.nears for near in clue.nears}
        if nears:
            standing.update([near for near in nears if near.stands(reading, standing)])
        return standing

    def _find_or_add(self, leaf: Leaf) -> Clue:
        match leaf:
            case Words(fields=fields):
                if fields not in self._spaces:
                    self._spaces[fields] = Space(fields)
                return self._spaces[fields].take(leaf)
            case Near():
                return self._near(leaf)
            case Tagged(tag=tag):
                return self._tags.setdefault(tag, Clue(leaf))
            case Site(host=host):
                return self._sites.setdefault(host, Clue(leaf))
            case Language(tag=tag):
                return self._languages.setdefault(tag, Clue(leaf))
            case Regex(fields=fields):
                return self._regex(leaf, fields)
            case _:
                assert_never(leaf)

    def _regex(self, leaf: Regex, fields: frozenset[Field]) -> Clue:
        expressions = self._expressions.get(fields) or Expressions(fields)
        clue = expressions.take(leaf)
        self._expressions[fields] = expressions
        return clue

    def _near(self, leaf: Near) -> NearClue:
        left, right = (tuple(map(self.take, side)) for side in (leaf.left, leaf.right))
        known = self._nears.get((left, right, leaf.distance))
        if known is not None:
            self._drop_all(left, right)
            return known
        near = NearClue(leaf, left, right)
        self._nears[left, right, leaf.distance] = near
        for clue in dict.fromkeys(near.rarer_side):
            clue.nears = put(clue.nears, (near,))
        return near

    def _remove(self, clue: Clue) -> None:
        if isinstance(clue, NearClue):
            self._remove_near(clue)
            return
        match clue.node:
            case Words(fields=fields):
                self._remove_words(clue, fields)
            case Tagged(tag=tag):
                del self._tags[tag]
            case Site(host=host):
                del self._sites[host]
            case Language(tag=tag):
                del self._languages[tag]
            case Regex(pattern=pattern, fields=fields):
                self._remove_regex(pattern, fields)

    def _remove_near(self, near: NearClue) -> None:
        del self._nears[near.left, near.right, near.node.distance]
        for clue in dict.fromkeys(near.rarer_side):
            clue.nears = without(clue.nears, near)
        self._drop_all(near.left, near.right)

    def _drop_all(self, *sides: Iterable[Clue]) -> None:
        for clue in chain(*sides):
            self.drop(clue)

    def _remove_words(self, clue: Clue, fields: frozenset[Field]) -> None:
        space = self._spaces.get(fields)
        if space:
            space.drop(clue)
        if not space:
            self._spaces.pop(fields, None)

    def _remove_regex(self, pattern: str, fields: frozenset[Field]) -> None:
        expressions = self._expressions[fields]
        expressions.drop(pattern)
        if not expressions:
            del self._expressions[fields]

    def _labels(self, document: Document) -> Iterator[Clue]:
        for tag in self._tags.keys() & document.tags:
            yield self._tags[tag]
        for host in self._sites.keys() & _above(document.host) if self._sites else ():
            yield self._sites[host]
        for tag in self._languages.keys() & _varied(document.language) if self._languages else ():
            yield self._languages[tag]


def _above(host: str) -> set[str]:
    """Every host that this one is or is below, as `Document.is_at` has it."""
    dots = (place for place, sign in enumerate(host) if sign == ".")
    return {host, *(host[place + 1 :] for place in dots)}


def _varied(language: str) -> set[str]:
    """Every language that this one is or is a variety of, as `Document.is_in` has it."""
    hyphens = (place for place, sign in enumerate(language) if sign == "-")
    return {language, *(language[:place] for place in hyphens)}
