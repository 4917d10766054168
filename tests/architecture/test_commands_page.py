"""docs/commands.md lists every command and every button, each with a test that drives it.

That a test drives what the page says is held where it runs, see `tests.contract.chat.both`.
"""

import ast
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from bot.commands.all import all_commands
from bot.commands.core import Commands
from bot.commands.desk import Desk
from bot.domain.catalog import Catalog
from bot.domain.channel import Platform
from bot.ports.store import Store
from tests.commands_page import TESTS, Driver, buttons, commands, named, named_in, table
from tests.fakes.clock import FakeClock


def registered() -> Commands:
    """All there is."""
    desk = Desk(
        store=cast("Store", None),  # nothing is asked
        clock=FakeClock(),
        zone=ZoneInfo("UTC"),
        catalog=lambda: Catalog((), ()),
    )
    return all_commands(desk, platforms=frozenset(Platform))


def test_every_command_is_listed() -> None:
    verbs = [command.verb for command in registered()]

    assert sorted(row[0].strip("`") for row in commands()) == sorted(verbs)


def test_every_action_of_a_button_or_a_window_is_listed() -> None:
    names = [action.name for action in registered().actions]

    assert sorted(row[1].strip("`") for row in buttons()) == sorted(names)


@pytest.mark.parametrize("first", ["`/news …`", "button"])
def test_each_is_driven_on_both_platforms(first: str) -> None:
    rows = table(first)

    assert [row for row in rows if not all(row)] == []
    assert [
        row for row in rows if not any(test.file.startswith("both/") for test in named_in(row[-1]))
    ] == []


def test_what_is_native_to_slack_has_tests() -> None:
    assert [row for row in table("in Slack") if not all(row) or not named_in(row[-1])] == []


def test_every_test_that_is_named_exists() -> None:
    there = {
        Driver(test.file, node.name)
        for test in named()
        for node in ast.parse((TESTS / test.file).read_text("utf-8")).body
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
    }

    assert set(named()) - there == set()
