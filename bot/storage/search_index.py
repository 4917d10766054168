"""Index: what one kind of database keeps for search, and how it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.ports.entries import Place
from bot.query.lookup import Lookup


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index keeps of one entry.

    Attributes:
        place: Where search has it.
        terms: What it can be found by, in the order in which they stand there; no term is empty or
            holds white space.
    """

    place: Place
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an index is asked for.

    Attributes:
        lookup: What it must have for an entry; None: every entry is wanted.
        above: The lowest number of a place that is wanted.
        below: What every wanted place comes before.
    """

    lookup: Lookup | None
    above: int
    below: Place


class EntryIndex(Protocol):
    """An index over entries."""

    async def last_places(self, minutes: Sequence[int]) -> Mapping[int, int]:
        """The highest place taken in each of these minutes that has any."""
        ...

    async def add(self, fresh: Sequence[Indexed]) -> None:
        """Index entries, at least one, that are not in it; faster in the order of their places."""
        ...

    async def remove(self, gone: Sequence[Indexed]) -> None:
        """Forget entries, at least one, given as they were added."""
        ...

    async def clear(self) -> None:
        """Forget all, and be quick to index many."""
        ...

    async def finish(self) -> None:
        """End what `clear` began."""
        ...

    async def find(self, asked: Asked, *, limit: int) -> Sequence[Place]:
        """The places of the newest entries wanted, newest first.

        Returns:
            At least `limit` of them, unless there are no more. Some may belong to no entry.
        """
        ...
