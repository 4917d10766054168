"""Syntax: the text of a query read into its tree.

    query    := part { [AND] part } | part { OR part }
    part     := NOT near | "-" one | near
    near     := one [ NEAR/n one ]
    one      := word | "phrase" | /regex/ | field: one | "(" query ")"

`AND` and `OR` side by side need parentheses: Google binds OR closer and Meltwater AND, so that
either reading would surprise the users of the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.errors import QueryError
from bot.query.leaves import FIELDS, TIMES, Place, nearest_field, read_leaf
from bot.query.lexer import Kind, Lexeme, lex
from bot.query.tree import DEFAULT_FIELDS, And, Field, Near, Node, Not, Or, Words

MOST_CHARACTERS = 10_000
"""Of a query."""
MOST_DEPTH = 50
"""Of parentheses and fields within one another."""

MOST_REGEXES = 20
"""Regular expressions: RE2 may take a fortieth of a second to make one ready."""

_MOST_SHOWN = 40

_LEAVES = (Kind.WORD, Kind.PHRASE, Kind.REGEX)
_JOINING = (Kind.AND, Kind.OR)
_EXCLUDING = (Kind.NOT, Kind.MINUS)
_ENDS = (Kind.CLOSE, Kind.END)


def parse(
    text: str,
    *,
    fields: frozenset[Field] = DEFAULT_FIELDS,
    topics: Mapping[str, Node | None] | None = None,
) -> Node:
    """Read a query.

    Args:
        text: As people write it.
        fields: Where to look for words and patterns without a field of their own.
        topics: The topics that `topic:` may name, each with its tree; None for a tree that
            `bot.query.references` is to fill in. Without, any name will do.

    Raises:
        QueryError: It cannot be read, or would match nearly everything.
    """
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            text,
            MOST_CHARACTERS,
            f"the query is longer than {MOST_CHARACTERS:,} characters",
            "make topics of its parts and join them with topic:NAME",
        )
    return _Parser(text, fields, topics).read()


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the query that was read.

    Attributes:
        node: What it says.
        start: Its first character's place.
        end: The place behind its last character.
        parts: What it is made of.
        asks: Whether it holds only where something is there.
        shuns: Whether it fails only where something is there.
    """

    node: Node
    start: int
    end: int
    parts: tuple["_Part", ...] = ()
    asks: bool = True
    shuns: bool = False


class _Parser:
    def __init__(
        self, text: str, fields: frozenset[Field], topics: Mapping[str, Node | None] | None
    ) -> None:
        self._text = text
        self._fields = fields
        self._topics = topics
        self._lexemes = lex(text)
        self._next = 0
        self._depth = 0

    def read(self) -> Node:
        """The whole query."""
        if self._peek.kind is Kind.END:
            raise self._error(self._peek, "the query is empty", "write what to look for")
        regexes = [lexeme for lexeme in self._lexemes if lexeme.kind is Kind.REGEX]
        if len(regexes) > MOST_REGEXES:
            raise self._error(
                regexes[MOST_REGEXES],
                f"the query has more than {MOST_REGEXES} regular expressions",
                "join some, as in /one|other/",
            )
        part = self._query("")
        if self._peek.kind is Kind.CLOSE:
            raise self._closes_nothing()
        if not part.asks:
            raise self._asks_for_nothing(part)
        return part.node

    @property
    def _peek(self) -> Lexeme:
        return self._lexemes[self._next]

    @property
    def _last(self) -> Lexeme:
        return self._lexemes[self._next - 1]

    def _take(self) -> Lexeme:
        self._next += 1
        return self._last

    def _query(self, field: str) -> _Part:
        parts = [self._part(field)]
        joint = Kind.END
        while self._peek.kind not in _ENDS:
            here = self._peek
            kind = self._take().kind if here.kind in _JOINING else Kind.AND
            parts.append(self._part(field))
            if joint is not Kind.END and kind is not joint:
                raise self._mixed(here, joint, parts)
            joint = kind
        return _joined(joint, parts) if len(parts) > 1 else parts[0]

    def _part(self, field: str) -> _Part:
        if self._peek.kind not in _EXCLUDING:
            return self._near(field)
        sign = self._take()
        if self._peek.kind in _EXCLUDING:
            raise self._error(
                self._peek, "one exclusion follows another", "write NOT or a minus once"
            )
        left_out = self._near(field) if sign.kind is Kind.NOT else self._one(field)
        return _Part(
            Not(left_out.node),
            sign.start,
            left_out.end,
            (left_out,),
            asks=left_out.shuns,
            shuns=left_out.asks,
        )

    def _near(self, field: str) -> _Part:
        left = self._one(field)
        if self._peek.kind is not Kind.NEAR:
            return left
        near = self._take()
        right = self._one(field)
        if self._peek.kind is Kind.NEAR:
            shown = (self._shown(left), near.text, self._shown(right), self._peek.text)
            raise self._error(
                self._peek,
                "NEAR stands between two words, not in a row of them",
                "write {0} {1} {2} AND {2} {3} …".format(*shown),
            )
        node = Near(self._side(left), self._side(right), near.distance)
        if not _places(node.left) & _places(node.right):
            raise self._error(
                near, "its two sides are never in the same field", "give both the same field"
            )
        return _Part(node, left.start, right.end)

    def _side(self, part: _Part) -> tuple[Words, ...]:
        alternatives = part.node.parts if isinstance(part.node, Or) else (part.node,)
        words = tuple(node for node in alternatives if isinstance(node, Words))
        if len(words) < len(alternatives):
            raise QueryError(
                self._text,
                part.start,
                f"NEAR cannot have {self._shown(part)} beside it",
                'give it a word, a "phrase" or (one OR another)',
            )
        return words

    def _one(self, field: str) -> _Part:
        lexeme = self._peek
        if lexeme.kind in _LEAVES:
            self._take()
            place = Place(self._text, field, self._fields, self._topics)
            return _Part(read_leaf(lexeme, place), lexeme.start, lexeme.end)
        if lexeme.kind not in (Kind.OPEN, Kind.FIELD):
            raise self._misplaced(lexeme)
        if self._depth == MOST_DEPTH:
            raise self._error(
                lexeme,
                f"more than {MOST_DEPTH} parentheses stand within one another",
                "make a topic of a part and name it with topic:NAME",
            )
        self._depth += 1
        part = self._group(field) if lexeme.kind is Kind.OPEN else self._field(field)
        self._depth -= 1
        return part

    def _group(self, field: str) -> _Part:
        opening = self._take()
        if self._peek.kind is Kind.CLOSE:
            raise self._error(opening, "nothing stands in these parentheses", "remove them")
        part = self._query(field)
        if self._peek.kind is Kind.END:
            raise self._error(opening, "this ( is not closed", "add ) where the group ends")
        return replace(part, start=opening.start, end=self._take().end)

    def _field(self, outer: str) -> _Part:
        named = self._take()
        name = named.text.lower()
        if name not in FIELDS:
            raise self._unknown_field(named)
        if outer:
            raise self._error(
                named,
                f"{name}: stands inside of {outer}:",
                "close the parentheses of the one before the other begins",
            )
        if self._peek.kind in _EXCLUDING:
            raise self._error(
                self._peek, f"the exclusion comes before {name}:", f"write -{name}:word"
            )
        if self._peek.kind not in (*_LEAVES, Kind.OPEN):
            raise self._error(
                named, f"{name}: has nothing to look for", f"write it behind, as in {name}:word"
            )
        part = self._one(name)
        return replace(part, start=named.start)

    def _error(self, lexeme: Lexeme, what: str, suggestion: str) -> QueryError:
        return QueryError(self._text, lexeme.start, what, suggestion)

    def _closes_nothing(self) -> QueryError:
        return self._error(self._peek, "this ) closes nothing", "remove it, or open it with (")

    def _shown(self, part: _Part) -> str:
        text = self._text[part.start : part.end]
        return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"

    def _unknown_field(self, named: Lexeme) -> QueryError:
        name = named.text.lower()
        if name in TIMES:
            return self._error(
                named,
                f"a query has no {name}: of its own",
                "a search takes since TIME and until TIME beside it (--since and --until in a"
                " terminal)",
            )
        near = nearest_field(name)
        meant = f"write {near}:" if near else f"use one of {': '.join(FIELDS)}:"
        return self._error(
            named,
            f"there is no field “{named.text}:”",
            f"{meant}, or put quotes around text that holds a colon",
        )

    def _misplaced(self, lexeme: Lexeme) -> QueryError:
        """Something stands where a word should."""
        if lexeme.kind in _EXCLUDING:
            return self._error(
                lexeme, "an exclusion cannot stand here", "write it behind, after AND"
            )
        before = self._last.text if self._next else ""
        if not before and lexeme.kind is Kind.CLOSE:
            return self._closes_nothing()
        if lexeme.kind in _ENDS:
            return QueryError(
                self._text,
                self._last.start,
                f"nothing follows {before}",
                f"write a word behind it, or remove {before}",
            )
        if not before or self._last.kind is Kind.OPEN:
            what, superfluous = f"{lexeme.text} stands at the beginning", "it"
        else:
            what, superfluous = f"{lexeme.text} follows {before}", "one"
        return self._error(
            lexeme, what, f'remove {superfluous}, or write "{lexeme.text}" for the word'
        )

    def _mixed(self, here: Lexeme, joint: Kind, parts: Sequence[_Part]) -> QueryError:
        *before, last = parts
        first = f" {joint} ".join(self._shown(part) for part in before)
        start = f" {joint} ".join(self._shown(part) for part in before[:-1])
        other = Kind.OR if joint is Kind.AND else Kind.AND
        tail = f"({self._shown(before[-1])} {other} {self._shown(last)})"
        return self._error(
            here,
            "AND and OR side by side can be read in two ways",
            f"write ({first}) {other} {self._shown(last)}, or {start} {joint} {tail}",
        )

    def _asks_for_nothing(self, part: _Part) -> QueryError:
        culprit = part
        while isinstance(culprit.node, Or):
            culprit = next(inner for inner in culprit.parts if not inner.asks)
        if culprit is part:
            return QueryError(
                self._text,
                part.start,
                "the query only says what to leave out, so it would match nearly everything",
                f"write what to look for before it, as in tariff {self._shown(part)}",
            )
        return QueryError(
            self._text,
            culprit.start,
            f"OR {self._shown(culprit)} would match nearly everything",
            f"write AND {self._shown(culprit)}",
        )


def _joined(joint: Kind, parts: Sequence[_Part]) -> _Part:
    nodes = tuple(part.node for part in parts)
    asking = [part.asks for part in parts]
    shunning = [part.shuns for part in parts]
    both = joint is Kind.AND
    return _Part(
        And(nodes) if both else Or(nodes),
        parts[0].start,
        parts[-1].end,
        tuple(parts),
        asks=any(asking) if both else all(asking),
        shuns=all(shunning) if both else any(shunning),
    )


def _places(side: Sequence[Words]) -> frozenset[Field]:
    return frozenset(field for words in side for field in words.fields)
