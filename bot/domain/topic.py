"""Topic: a named query that people follow."""

from dataclasses import dataclass

from bot.domain.channel import Channel
from bot.query.tree import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One file in `rules/`.

    Attributes:
        name: The slug people type, the file's stem, e.g. `us-china`.
        title: As shown to people.
        description: One sentence for lists; may be empty.
        query: What an entry must satisfy.
        channels: Where the rule file sends its alerts.
        breaking: Whether its alerts pass the quiet hours of those who asked for that.
    """

    name: str
    title: str
    query: Node
    description: str = ""
    channels: tuple[Channel, ...] = ()
    breaking: bool = False
