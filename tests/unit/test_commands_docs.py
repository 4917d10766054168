"""docs/commands.md, held against the commands there are and the tests it names."""

import re
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
PAGE = (ROOT / "docs" / "commands.md").read_text("utf-8")
TESTS = ROOT / "tests"


def commands() -> Commands:
    """All there are; none is asked anything."""
    desk = Desk(
        store=cast("Store", None),
        clock=FakeClock(),
        zone=ZoneInfo("UTC"),
        catalog=lambda: Catalog((), ()),
    )
    return all_commands(desk, platforms=frozenset(Platform))


def test_every_command_has_a_row_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z ]+)` \|", PAGE, re.MULTILINE)

    assert sorted(rows) == sorted(command.verb for command in commands())


def test_every_action_of_a_button_or_window_has_a_row() -> None:
    rows = re.findall(r"^\| [^|`]+ \| `([a-z-]+)` \|", PAGE, re.MULTILINE)

    assert sorted(rows) == sorted(action.name for action in commands().actions)


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`(test_\w+\.py::test_\w+)`", PAGE))))
def test_the_tests_it_names_exist(named: str) -> None:
    file, _, test = named.partition("::")

    assert any(f"def {test}(" in path.read_text("utf-8") for path in TESTS.rglob(file))
