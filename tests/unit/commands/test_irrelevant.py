"""How it is told that an exclusion takes stories from another topic too."""

import pytest

from bot.commands.irrelevant import also_of_others


@pytest.mark.parametrize(
    ("removed", "shared", "told"),
    [
        (4, 0, ""),
        (1, 1, ", which another topic has too"),
        (4, 4, ", all of which others have too"),
        (4, 1, ", 1 of which another topic has too"),
    ],
)
def test_one_some_and_all_are_told_apart(removed: int, shared: int, told: str) -> None:
    assert also_of_others(removed, shared) == told
