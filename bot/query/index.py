"""Index: every clue that queries look for, and which of them stand in a document."""

from collections.abc import Iterable
from itertools import chain
from typing import assert_never

from bot.query.bag import put, without
from bot.query.clue import Clue, NearClue, OnDemand, RegexClue, WordsClue
from bot.query.document import Document, Reading
from bot.query.space import Space
from bot.query.tree import Field, Language, Leaf, Near, Regex, Site, Tagged, Words


class Index:
    """The clues of many queries.

    What two queries ask for alike is one clue. Those that lead to a query are watched for in every
    document; words and regular expressions that none of these are, only when they are asked for.
    Words lead to `NEAR`s too, each of which is looked at where its rarer words stand.
    """

    __slots__ = ("_languages", "_nears", "_sites", "_spaces", "_tags")

    def __init__(self) -> None:
        self._spaces: dict[frozenset[Field], Space] = {}
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

    def watch(self, clue: Clue) -> None:
        """Look for a clue in every document from now on, not only when it is asked for."""
        if isinstance(clue, WordsClue | RegexClue):
            self._spaces[clue.node.fields].watch(clue)

    def prepare(self) -> None:
        """Compile what came."""
        for space in self._spaces.values():
            space.prepare()

    def watched(self, reading: Reading) -> set[Clue]:
        """The clues watched for that stand in a document."""
        standing = set(self._labels(reading.document))
        for space in self._spaces.values():
            standing |= space.watched(reading)
        nears = [clue.nears for clue in standing if clue.nears]
        if nears:
            words = OnDemand(reading, standing, self.others)
            near = {near for alike in nears for near in alike}
            standing.update([one for one in near if one.is_close(reading, words)])
        return standing

    def others(self, reading: Reading) -> set[Clue]:
        """The clues not watched for that stand in a document, looked for all at once."""
        return set().union(*[space.others(reading) for space in self._spaces.values()])

    def _find_or_add(self, leaf: Leaf) -> Clue:
        match leaf:
            case Words(fields=fields) | Regex(fields=fields):
                space = self._spaces.get(fields) or Space(fields)
                clue = space.take(leaf)
                self._spaces[fields] = space
                return clue
            case Near():
                return self._near(leaf)
            case Tagged(tag=tag):
                return self._tags.setdefault(tag, Clue(leaf))
            case Site(host=host):
                return self._sites.setdefault(host, Clue(leaf))
            case Language(tag=tag):
                return self._languages.setdefault(tag, Clue(leaf))
            case _:
                assert_never(leaf)

    def _near(self, leaf: Near) -> NearClue:
        left, right = (tuple(map(self.take, side)) for side in (leaf.left, leaf.right))
        known = self._nears.get((left, right, leaf.distance))
        if known is not None:
            self._drop_all(left, right)
            return known
        near = NearClue(leaf, left, right)
        self._nears[left, right, leaf.distance] = near
        for clue in dict.fromkeys(near.rarer_side):
            self.watch(clue)
            clue.nears = put(clue.nears, (near,))
        return near

    def _remove(self, clue: Clue) -> None:
        if isinstance(clue, NearClue):
            self._remove_near(clue)
            return
        match clue.node:
            case Words(fields=fields) | Regex(fields=fields):
                self._remove_from_space(clue, fields)
            case Tagged(tag=tag):
                del self._tags[tag]
            case Site(host=host):
                del self._sites[host]
            case Language(tag=tag):
                del self._languages[tag]

    def _remove_near(self, near: NearClue) -> None:
        del self._nears[near.left, near.right, near.node.distance]
        for clue in dict.fromkeys(near.rarer_side):
            clue.nears = without(clue.nears, near)
        self._drop_all(near.left, near.right)

    def _drop_all(self, *sides: Iterable[Clue]) -> None:
        for clue in chain(*sides):
            self.drop(clue)

    def _remove_from_space(self, clue: Clue, fields: frozenset[Field]) -> None:
        space = self._spaces.get(fields)
        if space is not None:
            space.drop(clue)
        if not space:
            self._spaces.pop(fields, None)

    def _labels(self, document: Document) -> list[Clue]:
        found = [self._tags[tag] for tag in self._tags.keys() & document.tags]
        if self._sites:
            found += [self._sites[host] for host in self._sites.keys() & _above(document.host)]
        if self._languages:
            spoken = self._languages.keys() & _varied(document.language)
            found += [self._languages[tag] for tag in spoken]
        return found


def _above(host: str) -> set[str]:
    """Every host that this one is or is below, as `Document.is_at` has it."""
    dots = (place for place, sign in enumerate(host) if sign == ".")
    return {host, *(host[place + 1 :] for place in dots)}


def _varied(language: str) -> set[str]:
    """Every language that this one is or is a variety of, as `Document.is_in` has it."""
    hyphens = (place for place, sign in enumerate(language) if sign == "-")
    return {language, *(language[:place] for place in hyphens)}
