"""Neither platform's tests leave anything open."""

from tests.leftovers import nothing_is_left_behind, settled_heap

__all__ = ["nothing_is_left_behind", "settled_heap"]
