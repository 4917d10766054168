"""Evidence: the words, tags, sites and languages that made a document satisfy a query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.query.document import Reading
from bot.query.terms import keys_of
from bot.query.tree import And, Field, Node, Not, Or, TopicQuery
from bot.query.verdict import Found, Verdict, judge

__all__ = ["MOST_FOUND", "Evidence", "Found", "explain"]

MOST_FOUND = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a document satisfies a query.

    Attributes:
        found: At most `MOST_FOUND`, without repeats, the title's first; empty where the query
            only asks that something be absent.
    """

    found: tuple[Found, ...] = ()

    def phrases(self) -> tuple[str, ...]:
        """What was found, for people, by place: `("“Beijing” and “US” in the title", "tag eu")`."""
        return tuple(
            phrase
            for field, there in groupby(self.found, key=lambda found: found.field)
            for phrase in (map(str, there) if field is None else [_together(list(there))])
        )


def _together(there: Sequence[Found]) -> str:
    """What stands in one place, which is named once."""
    *others, last = there
    listed = ", ".join(f"“{found.words}”" for found in others)
    return f"{listed} and {last}" if listed else str(last)


@dataclass(frozen=True, slots=True)
class _Proof:
    """What holds: without each of `decisive` it would not; `further` only adds to it."""

    decisive: tuple[Found, ...] = ()
    further: tuple[Found, ...] = ()


def explain(node: Node, reading: Reading) -> Evidence | None:
    """Why a document satisfies a query, or None if it does not."""
    verdict = judge(node, reading)
    if not verdict.holds:
        return None
    proof = _prove(verdict)
    kept = _distinct((*proof.decisive, *proof.further))[:MOST_FOUND]
    return Evidence(tuple(sorted(kept, key=_place)))


def _prove(verdict: Verdict) -> _Proof:
    """What makes a verdict hold, which it must."""
    match verdict.node:
        case And() | TopicQuery():
            proofs = [_prove(part) for part in verdict.parts]
            return _Proof(
                tuple(found for proof in proofs for found in proof.decisive),
                tuple(found for proof in proofs for found in proof.further),
            )
        case Or():
            return _prove_any(part for part in verdict.parts if part.holds)
        case Not():
            return _Proof()
        case _:
            return _Proof(verdict.found)


def _prove_any(held: Iterable[Verdict]) -> _Proof:
    best, *others = sorted(map(_prove, held), key=_first_place)
    further = (found for proof in others for found in (*proof.decisive, *proof.further))
    return _Proof(best.decisive, (*best.further, *further))


def _first_place(proof: _Proof) -> int:
    return min(map(_place, proof.decisive), default=len(_ORDER))


_ORDER = (Field.TITLE, None, Field.SUMMARY, Field.BODY, Field.FEED, Field.AUTHOR)


def _place(found: Found) -> int:
    return _ORDER.index(found.field)


def _distinct(founds: Iterable[Found]) -> tuple[Found, ...]:
    first: dict[tuple[str, ...], Found] = {}
    for found in founds:
        name = keys_of(found.words) or (str(found),)
        first.setdefault(tuple(map(str.casefold, name)), found)
    return tuple(first.values())
