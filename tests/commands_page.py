"""Commands page: docs/commands.md as its tables, which name a test for each command and button."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests" / "contract" / "chat"
"""Where the tests are that it names."""

Row = Sequence[str]

_PAGE = ROOT / "docs" / "commands.md"
_TEST = re.compile(r"`(?P<file>[\w/]+\.py)::(?P<name>\w+)`")


@dataclass(frozen=True, slots=True)
class Driver:
    """A test that is named.

    Attributes:
        file: Within `TESTS`.
        name: The function's.
    """

    file: str
    name: str


def table(first: str) -> Sequence[Row]:
    """The rows of the table whose first column is called so."""
    lines = _PAGE.read_text("utf-8").splitlines()
    (head,) = (place for place, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = takewhile(lambda line: line.startswith("|"), lines[head + 2 :])
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def commands() -> Sequence[Row]:
    """What can be typed: the verb, what it does, its tests."""
    return table("`/news …`")


def buttons() -> Sequence[Row]:
    """What can be pressed or sent: the label, the action, what it does, its tests."""
    return table("button")


def named_in(text: str) -> Sequence[Driver]:
    """The tests that a text names."""
    return [Driver(found["file"], found["name"]) for found in _TEST.finditer(text)]


def named() -> Sequence[Driver]:
    """All tests that the page names."""
    return named_in(_PAGE.read_text("utf-8"))


def driven_by(name: str) -> Iterator[str]:
    """The verbs and actions that a test drives, as the page has it."""
    rows = [(row[0], row[-1]) for row in commands()] + [(row[1], row[-1]) for row in buttons()]
    return (what.strip("`") for what, cell in rows if name in (t.name for t in named_in(cell)))
