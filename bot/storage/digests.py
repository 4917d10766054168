"""Digests: a set of digests of one size in one column."""

from collections.abc import Collection


def pack(digests: Collection[bytes]) -> bytes:
    """One after the other, in order."""
    return b"".join(sorted(digests))


def unpack(packed: bytes, *, size: int) -> frozenset[bytes]:
    """The set again.

    Args:
        packed: As `pack` gave it.
        size: Bytes of one digest.
    """
    return frozenset(packed[start : start + size] for start in range(0, len(packed), size))
