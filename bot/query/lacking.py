"""Lacking: why a document does not satisfy a query, in words for a person."""

from collections.abc import Iterator

from bot.query.describe import describe
from bot.query.tree import And, Node, Not, Or, TopicQuery
from bot.query.verdict import Verdict

_NAMED = 5
"""Alternatives named; the others are counted."""


def lacking(verdict: Verdict) -> str:
    """What keeps a verdict from holding: `no tariff; “fog” in the title is left out`.

    Args:
        verdict: One that does not hold.
    """
    match verdict.node:
        case And():
            return "; ".join(lacking(part) for part in verdict.parts if not part.holds)
        case Or():
            return _none_of(verdict)
        case Not(part=part):
            (inner,) = verdict.parts
            return f"{_there(inner) or describe(part)} is left out"
        case TopicQuery(name=name):
            (inner,) = verdict.parts
            return f"not topic {name} ({lacking(inner)})"
        case _:
            return f"no {describe(verdict.node)}"


def _none_of(verdict: Verdict) -> str:
    parts = list(_alternatives(verdict))
    if not parts:
        return "nothing can match"
    if len(parts) == 1:
        return lacking(parts[0])
    more = _more(len(parts))
    if more:  # the shortest say most in the room there is
        parts.sort(key=lambda part: len(describe(part.node)))
    if any(_is_joint(part.node) for part in parts[:_NAMED]):
        return " or ".join(f"({lacking(part)})" for part in parts[:_NAMED]) + more
    return f"none of {', '.join(describe(part.node) for part in parts[:_NAMED])}{more}"


def _alternatives(verdict: Verdict) -> Iterator[Verdict]:
    """Those of an OR, and in place of an OR among them its own."""
    for part in verdict.parts:
        if isinstance(part.node, Or):
            yield from _alternatives(part)
        else:
            yield part


def _more(number: int) -> str:
    return f" and {number - _NAMED} more" if number > _NAMED else ""


def _is_joint(node: Node) -> bool:
    return isinstance(node, And | Not | TopicQuery)


def _there(verdict: Verdict) -> str:
    """What was found under a verdict that holds."""
    found = [str(one) for one in verdict.found]
    found += [words for part in verdict.parts if part.holds and (words := _there(part))]
    return ", ".join(found)
