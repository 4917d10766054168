"""Program: a query compiled to the clues that decide it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Self

from bot.query.clue import Clue, Standing, chance_of_any
from bot.query.tree import And, Leaf, Node, Not, Or, TopicQuery

Take = Callable[[Leaf], Clue]
"""Gives the clue for a leaf."""


class AllOf:
    """What an `And` asks for.

    Most queries ask for one of these words and one of those and none of others, and set operations
    on a document's clues decide that; `further` is for what nests deeper.

    Attributes:
        needs: Of each of these groups a clue must stand.
        shuns: None of these must.
        further: What must hold besides, each with the number of `needs` before it.
    """

    __slots__ = ("further", "needs", "shuns")

    def __init__(
        self,
        needs: Sequence[tuple[Clue, ...]],
        shuns: Sequence[Clue],
        further: Sequence[tuple[int, "Program"]],
    ) -> None:
        self.needs = tuple(needs)
        self.shuns = tuple(shuns)
        self.further = tuple(further)

    @classmethod
    def of(cls, node: Node, take: Take) -> Self:
        """The program of a conjunction, or of anything else as if it were one's only part."""
        needs: list[tuple[Clue, ...]] = []
        shuns: list[Clue] = []
        further: list[tuple[int, Program]] = []
        for part in _conjuncts(node):
            if (leaves := _alternatives(part)) is not None:
                needs.append(tuple(map(take, leaves)))
            elif isinstance(part, Not) and (leaves := _alternatives(_bare(part.part))) is not None:
                shuns.extend(map(take, leaves))
            else:
                further.append((len(needs), compile_program(part, take)))
        return cls(needs, shuns, further)

    def holds(self, standing: Standing) -> bool:
        """Whether a document in which these clues stand satisfies it."""
        absent = standing.isdisjoint
        for group in self.needs:
            if absent(group):
                return False
        return absent(self.shuns) and (
            not self.further or all(part.holds(standing) for _, part in self.further)
        )

    def clues(self) -> Iterator[Clue]:
        """Every clue as often as it was taken."""
        for group in self.needs:
            yield from group
        yield from self.shuns
        for _, part in self.further:
            yield from part.clues()

    def find_anchors(self) -> tuple[Clue, ...] | None:
        """Clues of which one stands wherever it holds, the rarest; None where none must."""
        groups = (*self.needs, *(part.find_anchors() for _, part in self.further))
        certain = [group for group in groups if group is not None]
        return min(certain, key=chance_of_any, default=None)

    def node(self) -> Node:
        """A tree that is satisfied alike, and by the same words."""
        parts: list[Node] = [Or(tuple(clue.node for clue in group)) for group in self.needs]
        for place, part in reversed(self.further):
            parts.insert(place, part.node())
        return And((*parts, Not(Or(tuple(clue.node for clue in self.shuns)))))


class Query:
    """A whole query.

    Attributes:
        name: Its name.
        number: Its place among others.
        anchors: Clues of which one stands wherever it holds, the rarest; None where none must.
        others: The groups of which a clue must stand too.
        shuns: As for `AllOf`.
        further: As for `AllOf`.
    """

    __slots__ = ("_place", "anchors", "further", "name", "number", "others", "shuns")

    def __init__(self, node: Node, take: Take, *, name: str, number: int) -> None:
        whole = AllOf.of(node, take)
        self.name = name
        self.number = number
        self.anchors = whole.find_anchors()
        places = (n for n, group in enumerate(whole.needs) if group is self.anchors)
        self._place = next(places, None)
        self.others = tuple(group for n, group in enumerate(whole.needs) if n != self._place)
        self.shuns = whole.shuns
        self.further = whole.further

    def whole(self) -> AllOf:
        """All that it asks for, anchors included."""
        needs = list(self.others)
        if self._place is not None and self.anchors is not None:
            needs.insert(self._place, self.anchors)
        return AllOf(needs, self.shuns, self.further)


class AnyOf:
    """What an `Or` asks for whose parts are more than leaves."""

    __slots__ = ("_parts",)

    def __init__(self, node: Or, take: Take) -> None:
        self._parts = tuple(compile_program(part, take) for part in node.parts)

    def holds(self, standing: Standing) -> bool:
        """Whether a document in which these clues stand satisfies it."""
        return any(part.holds(standing) for part in self._parts)

    def clues(self) -> Iterator[Clue]:
        """Every clue as often as it was taken."""
        for part in self._parts:
            yield from part.clues()

    def find_anchors(self) -> tuple[Clue, ...] | None:
        """As for `AllOf`."""
        anchors: list[Clue] = []
        for part in self._parts:
            some = part.find_anchors()
            if some is None:
                return None
            anchors.extend(some)
        return tuple(anchors)

    def node(self) -> Node:
        """A tree that is satisfied alike, and by the same words."""
        return Or(tuple(part.node() for part in self._parts))


class NoneOf:
    """What a `Not` asks for whose part is more than leaves."""

    __slots__ = ("_part",)

    def __init__(self, node: Not, take: Take) -> None:
        self._part = compile_program(node.part, take)

    def holds(self, standing: Standing) -> bool:
        """Whether a document in which these clues stand satisfies it."""
        return not self._part.holds(standing)

    def clues(self) -> Iterator[Clue]:
        """Every clue as often as it was taken."""
        return self._part.clues()

    def find_anchors(self) -> None:
        """None: it holds where something is absent."""

    def node(self) -> Node:
        """A tree that is satisfied alike."""
        return Not(self._part.node())


Program = AllOf | AnyOf | NoneOf


def compile_program(node: Node, take: Take) -> Program:
    """The program for a query; its clues are taken."""
    node = _bare(node)
    if isinstance(node, Or) and _alternatives(node) is None:
        return AnyOf(node, take)
    if isinstance(node, Not) and _alternatives(_bare(node.part)) is None:
        return NoneOf(node, take)
    return AllOf.of(node, take)


def _conjuncts(node: Node) -> Iterator[Node]:
    """The parts of a conjunction and of those within it; of anything else, itself."""
    node = _bare(node)
    if isinstance(node, And):
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _alternatives(node: Node) -> tuple[Leaf, ...] | None:
    """The leaves of a disjunction of leaves, or a leaf alone; None for anything else."""
    match node:
        case Or(parts=parts):
            leaves = tuple(part for part in parts if isinstance(part, Leaf))
            return leaves if len(leaves) == len(parts) else None
        case And() | Not() | TopicQuery():
            return None
        case _:
            return (node,)


def _bare(node: Node) -> Node:
    """What a topic's query is, without the topic's name; what nothing satisfies for one unknown."""
    while isinstance(node, TopicQuery):
        node = Or(()) if node.query is None else node.query
    return node
