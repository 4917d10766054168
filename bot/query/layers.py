"""Layers: many things compiled together, so that one thing more does not have all compiled anew."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
C = TypeVar("C")

_MOST_IN_THE_FIRST = 32
_GROWTH = 32


@dataclass(slots=True)
class _Layer(Generic[T, C]):
    """Things compiled together.

    Attributes:
        things: In the order of their coming.
        compiled: All of them; None where one came since, or there is none.
    """

    things: list[T] = field(default_factory=list)
    compiled: C | None = None


class Layers(Generic[T, C]):
    """Things that come and go, compiled when they are asked for.

    What came last is in a small layer, which is compiled anew with each thing that comes; once it
    is full, all of it goes into the next, which is many times larger. Of a hundred thousand things
    that come one by one, each is compiled some fifty times; of as many that come before anything is
    asked for, once. What goes stays compiled for a while.
    """

    __slots__ = ("_compile", "_compiled", "_gone", "_layers")

    def __init__(self, compile_together: Callable[[Sequence[T]], C]) -> None:
        self._compile = compile_together
        self._layers: list[_Layer[T, C]] = [_Layer()]
        self._compiled: list[C] | None = None
        self._gone: set[T] = set()

    def __len__(self) -> int:
        """How many things it holds."""
        return sum(len(layer.things) for layer in self._layers) - len(self._gone)

    @property
    def gone(self) -> AbstractSet[T]:
        """What went and is still compiled with the others."""
        return self._gone

    def add(self, thing: T) -> None:
        """Put in a thing that is not there."""
        if thing in self._gone:
            self._gone.remove(thing)
            return
        first = self._layers[0]
        first.things.append(thing)
        first.compiled = None
        self._compiled = None
        most = _MOST_IN_THE_FIRST
        for number, layer in enumerate(self._layers):
            if len(layer.things) <= most:
                break
            self._empty_into_next(number)
            most *= _GROWTH

    def drop(self, thing: T) -> None:
        """Take out a thing that is there."""
        self._gone.add(thing)
        if len(self._gone) > len(self) + _MOST_IN_THE_FIRST:
            gone, self._gone = self._gone, set()
            layers, self._layers = self._layers, [_Layer()]
            for one in (thing for layer in layers for thing in layer.things):
                if one not in gone:
                    self.add(one)
            self._compiled = None

    def compiled(self) -> list[C]:
        """Every layer, compiled."""
        if self._compiled is None:
            self._compile_stale()
            compiled = (layer.compiled for layer in self._layers)
            self._compiled = [one for one in compiled if one is not None]
        return self._compiled

    def _compile_stale(self) -> None:
        """Make the layers that something came into one, and compile it."""
        stale = [layer.things and layer.compiled is None for layer in self._layers]
        if any(stale):
            last = max(number for number, is_stale in enumerate(stale) if is_stale)
            for number in range(last):
                self._empty_into_next(number)
            layer = self._layers[last]
            layer.compiled = self._compile(layer.things)

    def _empty_into_next(self, number: int) -> None:
        """Move what is in a layer, but for what is gone."""
        if number + 1 == len(self._layers):
            self._layers.append(_Layer())
        moving, self._layers[number] = self._layers[number].things, _Layer()
        following = self._layers[number + 1]
        following.things += [thing for thing in moving if thing not in self._gone]
        following.compiled = None
        self._gone.difference_update(moving)
        self._compiled = None
