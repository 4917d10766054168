"""Catalog: what newsbot watches, as configured."""

from dataclasses import dataclass

from bot.domain.feed import Feed
from bot.domain.topic import Topic


@dataclass(frozen=True, slots=True)
class Catalog:
    """The feeds and the topics in force.

    Attributes:
        feeds: In the order of feeds.yaml.
        topics: In the order of their files' names.
    """

    feeds: tuple[Feed, ...]
    topics: tuple[Topic, ...]
