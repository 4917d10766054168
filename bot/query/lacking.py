"""Lacking: why a document does not satisfy a query, in words for a person."""

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
    if len(verdict.parts) == 1:
        return lacking(verdict.parts[0])
    if any(_is_joint(part.node) for part in verdict.parts[:_NAMED]):
        named = " or ".join(f"({lacking(part)})" for part in verdict.parts[:_NAMED])
        return f"{named}{_more(len(verdict.parts))}" if named else "nothing can match"
    named = ", ".join(describe(part.node) for part in verdict.parts[:_NAMED])
    return f"none of {named}{_more(len(verdict.parts))}" if named else "nothing can match"


def _more(number: int) -> str:
    return f" and {number - _NAMED} more" if number > _NAMED else ""


def _is_joint(node: Node) -> bool:
    return isinstance(node, And | Or | Not | TopicQuery)


def _there(verdict: Verdict) -> str:
    """What was found under a verdict that holds."""
    found = [str(one) for one in verdict.found]
    found += [words for part in verdict.parts if part.holds and (words := _there(part))]
    return ", ".join(found)
