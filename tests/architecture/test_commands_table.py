"""docs/commands.md lists every command and every button, each with a test that drives it."""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from bot.commands.all import all_commands
from bot.commands.core import Commands
from bot.commands.desk import Desk
from bot.domain.catalog import Catalog
from bot.domain.channel import Platform
from bot.ports.store import Store
from tests.fakes.clock import FakeClock

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests" / "contract" / "chat"
PAGE = (ROOT / "docs" / "commands.md").read_text("utf-8")
_TEST = re.compile(r"`(?P<file>[\w/]+\.py)::(?P<name>\w+)`")
_WINDOW = ".fills("

Row = Sequence[str]


def registered() -> Commands:
    """All there is."""
    desk = Desk(
        store=cast("Store", None),  # nothing is asked
        clock=FakeClock(),
        zone=ZoneInfo("UTC"),
        catalog=lambda: Catalog((), ()),
    )
    return all_commands(desk, platforms=frozenset(Platform))


def table(first: str) -> Sequence[Row]:
    """The rows of the table whose first column is called so."""
    lines = PAGE.splitlines()
    (head,) = (place for place, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = takewhile(lambda line: line.startswith("|"), lines[head + 2 :])
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def sources(cell: str) -> str:
    """The files of the tests that a cell names."""
    return "".join((TESTS / found["file"]).read_text("utf-8") for found in _TEST.finditer(cell))


def labels(cell: str) -> Iterator[str]:
    """What stands on the buttons of a row; a description begins with a small letter."""
    names = re.sub(r"\(.*?\)", "", cell)
    return (name.strip() for name in names.split(", ") if not name[0].islower())


def test_every_command_is_in_the_table() -> None:
    verbs = [command.verb for command in registered()]

    assert sorted(row[0].strip("`") for row in table("`/news …`")) == sorted(verbs)


def test_every_action_of_a_button_or_a_window_is_in_the_table() -> None:
    names = [action.name for action in registered().actions]

    assert sorted(row[1].strip("`") for row in table("button")) == sorted(names)


@pytest.mark.parametrize("first", ["`/news …`", "button", "in Slack"])
def test_every_row_names_a_test(first: str) -> None:
    assert [row for row in table(first) if not all(row) or not _TEST.search(row[-1])] == []


def test_every_test_that_is_named_exists() -> None:
    named = {(found["file"], found["name"]) for found in _TEST.finditer(PAGE)}
    there = {
        (file, node.name)
        for file, _ in named
        for node in ast.parse((TESTS / file).read_text("utf-8")).body
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
    }

    assert named
    assert named - there == set()


def test_the_test_of_a_command_asks_it() -> None:
    for verb, *_, tests in table("`/news …`"):
        assert re.search(rf'"{verb.strip("`")}\b', sources(tests)), verb


def test_the_test_of_a_button_presses_it() -> None:
    for button, *_, tests in table("button"):
        if "(window)" in button:
            assert _WINDOW in sources(tests), button
            continue
        for label in labels(button):
            begun = label.removesuffix("…")
            written = f'"{begun}' if begun != label else f'"{label}"'
            assert written in sources(tests), label
