"""What newsbot is made of is closed at the end of each scenario."""

from tests.leftovers import nothing_is_left_behind, settled_heap

__all__ = ["nothing_is_left_behind", "settled_heap"]
