import pytest

from bot.chat.discord.buttons import components, lay_out, read_id, write_id
from bot.commands.reply import ARGUMENT_LIMIT, Button, Style


def button(label: str, argument: str = "") -> Button:
    return Button(label=label, action="do", argument=argument or label)


@pytest.mark.parametrize("argument", ["", "7", "a|b", "key:3", "\n"])
def test_what_a_button_does_is_read_back_from_its_identifier(argument: str) -> None:
    assert read_id(write_id("share", argument)) == ("share", argument)
    assert read_id(write_id("share", argument, 3)) == ("share", argument)


@pytest.mark.parametrize("custom_id", ["", "news", "news|share", "other|share|7", "news||7"])
def test_an_identifier_that_is_not_ours_is_an_action_nobody_knows(custom_id: str) -> None:
    assert read_id(custom_id) == (custom_id, "")


def test_the_longest_identifier_is_within_discords_limit() -> None:
    assert len(write_id("a" * 24, "x" * ARGUMENT_LIMIT, 24)) <= 100


def test_two_buttons_that_do_the_same_are_told_apart() -> None:
    [row] = components([[button("Mute", "7"), button("Mute too", "7")]])

    assert [one["custom_id"] for one in row["components"]] == ["news|do|7", "news1|do|7"]


def test_a_button_looks_as_it_is_to_be_taken() -> None:
    [row] = components(
        [[Button(label=style, action="do", argument=style, style=style) for style in Style]]
    )

    styles = {one["label"]: one["style"] for one in row["components"]}
    assert styles == {"plain": 2, "primary": 1, "danger": 4}


@pytest.mark.parametrize(
    ("groups", "rows"),
    [
        (["a", "", "b", "c", "d", "e", "f"], ["abcde", "f"]),
        (["ab", "cd", "e"], ["abcd", "e"]),
        (["abc", "def"], ["abc", "def"]),
        (["ab"] * 8, ["abab"] * 4),
    ],
)
def test_a_row_holds_as_many_whole_groups_as_fit_and_the_last_stand_below(
    groups: list[str], rows: list[str]
) -> None:
    drawn = lay_out([[button(name) for name in group] for group in groups], [button("Next")])

    assert ["".join(one.label for one in row) for row in drawn] == [*rows, "Next"]


def test_many_groups_share_rows_and_each_keeps_as_many_as_fit() -> None:
    groups = [[button(f"{n} {name}") for name in "abc"] for n in range(10)]

    rows = lay_out(groups, [button("Next")])

    labels = [one.label for row in rows for one in row]
    assert [len(row) for row in rows] == [5, 5, 5, 5, 1]
    assert labels[:4] == ["0 a", "0 b", "1 a", "1 b"]
    assert labels[-1] == "Next"


def test_without_buttons_there_are_no_rows() -> None:
    assert lay_out([[], []], []) == ()
