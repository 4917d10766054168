"""Raw node: a dictionary as feedparser fills it, read without trusting what is in it.

An element of the document can put anything under any key, e.g. a text where a list belongs.
"""

from collections.abc import Mapping, Sequence

RawNode = Mapping[str, object]


def text(node: RawNode, key: str) -> str:
    """The text under a key; empty where there is none."""
    value = node.get(key)
    return value if isinstance(value, str) else ""


def node(parent: RawNode, key: str) -> RawNode:
    """The node under a key; an empty one where there is none."""
    value = parent.get(key)
    return value if isinstance(value, Mapping) else {}


def nodes(parent: RawNode, key: str) -> Sequence[RawNode]:
    """The nodes under a key; none where there is no list."""
    value = parent.get(key)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
