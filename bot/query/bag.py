"""Bag: a set for the many that hold little: a tuple at first, a dict once it grows.

A set takes 216 bytes to hold one thing, a tuple 48; and there are hundreds of thousands.
"""

from typing import TypeVar

T = TypeVar("T")

Bag = tuple[T, ...] | dict[T, None]
"""Each thing once, in the order of their coming."""

_FEW = 24


def put(bag: Bag[T], one: tuple[T]) -> Bag[T]:
    """The bag with one thing more, which is not in it yet; the one given may have changed.

    Args:
        bag: Where it goes.
        one: The thing alone: what goes into many empty bags is wrapped once for all of them.
    """
    if isinstance(bag, dict):
        bag[one[0]] = None
        return bag
    more = bag + one if bag else one
    return more if len(more) <= _FEW else dict.fromkeys(more)


def without(bag: Bag[T], thing: T) -> Bag[T]:
    """The bag with one thing less, which is in it; the one given may have changed."""
    if isinstance(bag, dict):
        del bag[thing]
        return bag
    return tuple(one for one in bag if one is not thing)
