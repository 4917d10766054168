"""References: topics that name other topics, joined with their trees."""

from collections.abc import Mapping, Sequence

from bot.query.tree import And, Node, Not, Or, TopicQuery


class CircleError(ValueError):
    """Topics that need one another.

    Attributes:
        names: The circle, its first name again at the end, e.g. `("a", "b", "a")`.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(" → ".join(names))
        self.names = tuple(names)


def resolve(name: str, queries: Mapping[str, Node]) -> Node:
    """A topic's tree with the trees of the topics it names filled in, and theirs within.

    Args:
        name: The topic.
        queries: The tree of every topic as read; one that is missing stays open.

    Raises:
        CircleError: The topic, or one it leads to, needs itself.
    """
    return _resolve(queries[name], queries, (name,))


def names_in(node: Node) -> frozenset[str]:
    """The topics a tree names itself."""
    match node:
        case TopicQuery(name=name):
            return frozenset((name,))
        case And(parts=parts) | Or(parts=parts):
            return frozenset().union(*map(names_in, parts))
        case Not(part=part):
            return names_in(part)
        case _:
            return frozenset()


def _resolve(node: Node, queries: Mapping[str, Node], path: tuple[str, ...]) -> Node:
    match node:
        case TopicQuery(name=name) if name in queries:
            if name in path:
                raise CircleError((*path[path.index(name) :], name))
            return TopicQuery(name, _resolve(queries[name], queries, (*path, name)))
        case And(parts=parts):
            return And(tuple(_resolve(part, queries, path) for part in parts))
        case Or(parts=parts):
            return Or(tuple(_resolve(part, queries, path) for part in parts))
        case Not(part=part):
            return Not(_resolve(part, queries, path))
        case _:
            return node
