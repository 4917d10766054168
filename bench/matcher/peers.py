"""Peers: other ways to decide the same queries, for the matcher bench.

`re` asks each query in turn, a compiled pattern for every leaf. The other two find leaves with an
automaton and leave AND, OR and NOT to newsbot's own programs and anchors, so that only how leaves
are found differs. Words are spelled out as newsbot means them, plurals included; a `NEAR` is
searched for with `re` where a word of either side stands.
"""

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, product
from types import ModuleType

from bot.query.bag import put
from bot.query.clue import Clue, NearClue
from bot.query.document import Document
from bot.query.matcher import holding
from bot.query.program import Query
from bot.query.regex import Patterns
from bot.query.spelling import terms
from bot.query.tree import And, Leaf, Near, Node, Not, Or, Regex, Tagged, Words

Ask = Callable[[Document], int]
"""Gives how many queries an entry satisfies."""

_NOT_OF_WORDS = re.compile("[^A-Za-z0-9]+")


def one_by_one(queries: Mapping[str, Node]) -> Ask:
    """Each query in turn, with `re`."""
    tests = [_test(node) for node in queries.values()]
    return lambda entry: sum(test(entry) for test in tests)


def aho_corasick(queries: Mapping[str, Node]) -> Ask:
    """Words and phrases by pyahocorasick, regular expressions by newsbot's own set of RE2's.

    Raises:
        ImportError: It is not installed.
    """
    ahocorasick = importlib.import_module("ahocorasick")
    programs = _Programs(queries)
    automaton = ahocorasick.Automaton()
    found_by: dict[str, list[tuple[Clue, Words, str]]] = {}
    for words, clue in programs.words.items():
        for spelling in _spellings(words):
            found_by.setdefault(spelling.lower(), []).append((clue, words, spelling))
    for spelling, clues in found_by.items():
        automaton.add_word(spelling, (len(spelling), clues))
    automaton.make_automaton()
    patterns = Patterns()
    for regex in programs.regexes:
        patterns.add(regex.pattern)

    def find(text: str, *, title: bool) -> Iterator[Clue]:
        yield from (programs.regexes[Regex(pattern)] for pattern in patterns.found_in(text))
        spaced = f" {_NOT_OF_WORDS.sub(' ', text)} "
        for end, (length, clues) in automaton.iter(spaced.lower()):
            start = end - length + 1
            if spaced[start - 1] == " ":
                yield from _whole(clues, spaced, start, end + 1, title=title)

    return lambda entry: programs.count(entry, find)


def _whole(
    clues: Iterable[tuple[Clue, Words, str]], text: str, start: int, end: int, *, title: bool
) -> Iterator[Clue]:
    for clue, words, spelling in clues:
        if (
            (words.prefix or text[end] == " ")
            and (title or not _is_of_title(words))
            and (not spelling.isupper() or text[start:end] == spelling)
        ):
            yield clue


def hyperscan(queries: Mapping[str, Node]) -> Ask:
    """Words, phrases and regular expressions by Hyperscan.

    Raises:
        ImportError: It is not installed.
    """
    library = importlib.import_module("hyperscan")
    programs = _Programs(queries)
    leaves = [*programs.words.items(), *programs.regexes.items()]
    of_title, of_both = (
        _database(library, [one for one in leaves if _is_of_title(one[0]) is title])
        for title in (True, False)
    )

    def find(text: str, *, title: bool) -> Iterable[Clue]:
        found: list[Clue] = []
        of_both(text.encode(), found)
        if title:
            of_title(text.encode(), found)
        return found

    return lambda entry: programs.count(entry, find)


ONE_BY_ONE = "re, one by one"
PEERS: Mapping[str, Callable[[Mapping[str, Node]], Ask]] = {
    ONE_BY_ONE: one_by_one,
    "pyahocorasick": aho_corasick,
    "hyperscan": hyperscan,
}


class _Programs:
    """The queries as newsbot's programs, to be decided by leaves that something else finds."""

    def __init__(self, queries: Mapping[str, Node]) -> None:
        self.words: dict[Words, Clue] = {}
        self.regexes: dict[Regex, Clue] = {}
        self._tags: dict[str, Clue] = {}
        self._nears: dict[Near, tuple[Clue, Callable[[Document], bool]]] = {}
        for number, (name, node) in enumerate(queries.items()):
            query = Query(node, self._take, name=name, number=number)
            for clue in dict.fromkeys(query.anchors or ()):
                clue.queries = put(clue.queries, (query,))

    def count(self, entry: Document, find: Callable[..., Iterable[Clue]]) -> int:
        standing = {self._tags[tag] for tag in self._tags.keys() & entry.tags}
        standing.update(find(entry.title, title=True))
        standing.update(find(entry.summary, title=False))
        nears = {near for clue in standing for near in clue.nears}
        standing.update(near for near in nears if self._stands(near, standing, entry))
        candidates = set(chain.from_iterable(clue.queries for clue in standing))
        return sum(1 for _ in holding(candidates, standing))

    def _stands(self, near: NearClue, standing: set[Clue], entry: Document) -> bool:
        if standing.isdisjoint(near.left) or standing.isdisjoint(near.right):
            return False
        return self._nears[near.node][1](entry)

    def _take(self, leaf: Leaf) -> Clue:
        match leaf:
            case Words():
                return self.words.setdefault(leaf, Clue(leaf))
            case Regex():
                return self.regexes.setdefault(leaf, Clue(leaf))
            case Tagged(tag=tag):
                return self._tags.setdefault(tag, Clue(leaf))
            case Near():
                return self._take_near(leaf)
            case _:
                raise TypeError(leaf)

    def _take_near(self, leaf: Near) -> Clue:
        if leaf not in self._nears:
            left, right = (tuple(map(self._take, side)) for side in (leaf.left, leaf.right))
            near = NearClue(leaf, left, right)
            self._nears[leaf] = (near, _searches(leaf))
            for clue in dict.fromkeys(left):
                clue.nears = put(clue.nears, (near,))
        return self._nears[leaf][0]


def _database(
    library: ModuleType, leaves: Sequence[tuple[Leaf, Clue]]
) -> Callable[[bytes, list[Clue]], None]:
    patterns = [(pattern, clue) for leaf, clue in leaves for pattern in _patterns(leaf)]
    if not patterns:
        return lambda _text, _found: None
    single = library.HS_FLAG_SINGLEMATCH
    database = library.Database()
    database.compile(
        expressions=[pattern.encode() for (pattern, _), _ in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[single | (0 if exact else library.HS_FLAG_CASELESS) for (_, exact), _ in patterns],
    )
    clues = [clue for _, clue in patterns]

    def scan(text: bytes, found: list[Clue]) -> None:
        def add(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.append(clues[number])

        database.scan(text, match_event_handler=add)

    return scan


def _is_of_title(leaf: Leaf) -> bool:
    return isinstance(leaf, Words) and len(leaf.fields) == 1


def _spellings(words: Words) -> list[str]:
    return [" ".join(keys) for keys in product(*(sorted(term.keys) for term in terms(words)))]


def _patterns(leaf: Leaf) -> list[tuple[str, bool]]:
    """The patterns that find a leaf, each with whether letter case counts."""
    match leaf:
        case Words(prefix=prefix):
            capitals = any(term.in_capitals for term in terms(leaf))
            found = "|".join(r"[^A-Za-z0-9]+".join(one.split()) for one in _spellings(leaf))
            return [(rf"\b(?:{found})" + ("" if prefix else r"\b"), capitals)]
        case Near(left=left, right=right, distance=distance):
            one, other = (
                "|".join(pattern for words in side for pattern, _ in _patterns(words))
                for side in (left, right)
            )
            between = rf"[^A-Za-z0-9]+(?:[A-Za-z0-9]+[^A-Za-z0-9]+){{0,{distance}}}"
            return [
                (f"(?:{one}){between}(?:{other})", False),
                (f"(?:{other}){between}(?:{one})", False),
            ]
        case Regex(pattern=pattern):
            return [(pattern, False)]
        case _:
            raise TypeError(leaf)


def _test(node: Node) -> Callable[[Document], bool]:
    match node:
        case And(parts=parts):
            tests = [_test(part) for part in parts]
            return lambda entry: all(test(entry) for test in tests)
        case Or(parts=parts):
            tests = [_test(part) for part in parts]
            return lambda entry: any(test(entry) for test in tests)
        case Not(part=part):
            inner = _test(part)
            return lambda entry: not inner(entry)
        case Tagged(tag=tag):
            return lambda entry: tag in entry.tags
        case Words() | Near() | Regex():
            return _searches(node)
        case _:
            raise TypeError(node)


def _searches(leaf: Words | Near | Regex) -> Callable[[Document], bool]:
    found = [
        re.compile(one, 0 if exact else re.IGNORECASE).search for one, exact in _patterns(leaf)
    ]
    if _is_of_title(leaf):
        return lambda entry: any(search(entry.title) for search in found)
    return lambda entry: any(search(entry.title) or search(entry.summary) for search in found)
