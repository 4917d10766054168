"""Covers: whether one query is sure to find whatever another finds."""

from collections.abc import Sequence

from bot.query.tree import And, Near, Node, Not, Or, TopicQuery, Words


def covers(wide: Node, narrow: Node) -> bool:
    """Whether all that satisfies `narrow` satisfies `wide`; False too where that cannot be told.

    It is told by the form of the two: `tariff` covers `tariff AND China`, and `"trade war"`.
    """
    return _Covering().sure(wide, narrow)


class _Covering:
    """One look; what was found out of two nodes is kept, since deep queries ask it again."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}

    def sure(self, wide: Node, narrow: Node) -> bool:
        key = (id(wide), id(narrow))
        if key not in self._known:
            self._known[key] = self._look(_opened(wide), _opened(narrow))
        return self._known[key]

    def _look(self, wide: Node, narrow: Node) -> bool:
        if wide == narrow:
            return True
        match wide, narrow:
            case _, Or(parts):
                return all(self.sure(wide, part) for part in parts)
            case And(parts), _:
                return all(self.sure(part, narrow) for part in parts)
            case Not(part), Not(other):
                return self.sure(other, part)
            case Words(), Words():
                return _within(wide, narrow)
        return self._in_part(wide, narrow)

    def _in_part(self, wide: Node, narrow: Node) -> bool:
        """Whether one alternative of `wide`, or one condition of `narrow`, is enough."""
        alternatives = wide.parts if isinstance(wide, Or) else ()
        return any(self.sure(part, narrow) for part in alternatives) or any(
            all(self.sure(wide, one) for one in condition) for condition in _conditions(narrow)
        )


def _conditions(narrow: Node) -> Sequence[Sequence[Node]]:
    """What must hold all together: of each of these one."""
    if isinstance(narrow, And):
        return [(part,) for part in narrow.parts]
    return (narrow.left, narrow.right) if isinstance(narrow, Near) else ()


def _opened(node: Node) -> Node:
    """What a topic asks for, in place of its name."""
    while isinstance(node, TopicQuery) and node.query is not None:
        node = node.query
    return node


def _within(wide: Words, narrow: Words) -> bool:
    """Whether words stand within a longer phrase."""
    if not narrow.fields <= wide.fields or wide.prefix or narrow.prefix:
        return False
    if wide.exact and not narrow.exact:
        return False
    ours, theirs = wide.text.split(), narrow.text.split()
    places = range(len(theirs) - len(ours) + 1)
    return any(all(map(_same, ours, theirs[place : place + len(ours)])) for place in places if ours)


def _same(wide: str, narrow: str) -> bool:
    """Whether a word finds what another finds; one in capitals finds itself alone."""
    return wide == narrow or (not wide.isupper() and wide.casefold() == narrow.casefold())
