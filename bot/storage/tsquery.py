"""Tsquery: what is looked up and what is kept, written for PostgreSQL's text search; pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from bot.query.lookup import AllOf, AnyOf, Key, Lookup, Pair

_MOST_POSITIONS, _MOST_EACH = 16_383, 255
"""That a tsvector keeps, in all and of one term (PostgreSQL's limits of text search)."""
_LONG = "!long"
"""A term of the entries that have more, which are kept without positions."""
_MOST_DISTANCE = 30
"""That is asked for: each step is an alternative."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A lookup as tsqueries are written.

    Attributes:
        terms: All of it.
        together: The same, except that what must stand close need only be there.
    """

    terms: str
    together: str

    @classmethod
    def of(cls, lookup: Lookup) -> Self:
        """The lookup."""
        return cls(_expression(lookup, _close), _expression(lookup, _both))

    @property
    def is_close(self) -> bool:
        """Whether something must stand close."""
        return self.terms != self.together


def _expression(lookup: Lookup, pair: Callable[[Pair], str]) -> str:
    match lookup:
        case Key(term=term, prefix=prefix):
            return f"{quoted(term)}:*" if prefix else quoted(term)
        case Pair():
            return pair(lookup)
        case AllOf(parts=parts):
            return f"({' & '.join(_expression(part, pair) for part in parts)})"
        case AnyOf(parts=parts):
            return f"({' | '.join(_expression(part, pair) for part in parts)})"


def _both(pair: Pair) -> str:
    return f"({_any(pair.one)} & {_any(pair.other)})"


def _close(pair: Pair) -> str:
    """Both sides, and close wherever that is known."""
    one, other = _any(pair.one), _any(pair.other)
    if pair.distance is None:
        near = f"{one} <-> {other}"
    elif pair.distance > _MOST_DISTANCE:
        return _both(pair)
    else:
        steps = range(pair.distance + 2)
        near = " | ".join(
            f"{left} <{step}> {right}"
            for step in steps
            for left, right in ((one, other), (other, one))
        )
    return f"({one} & {other} & ({quoted(_LONG)} | {near}))"


def _any(terms: Iterable[str]) -> str:
    return f"({' | '.join(map(quoted, terms))})"


def quoted(term: str) -> str:
    """A term as a tsvector or tsquery is written."""
    doubled = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def placed(terms: Sequence[str]) -> Iterator[str]:
    """The terms with their positions, or marked as too many to have any."""
    positions: dict[str, list[str]] = {}
    for position, term in enumerate(terms, 1):
        positions.setdefault(term, []).append(str(position))
    if len(terms) > _MOST_POSITIONS or max(map(len, positions.values()), default=0) > _MOST_EACH:
        yield from map(quoted, (*positions, _LONG))
    else:
        yield from (f"{quoted(term)}:{','.join(those)}" for term, those in positions.items())
