"""Imports point down only, from the command line to the domain."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent

PURE = {"errors", "query", "domain"}
ADAPTER = PURE | {"ports", "log"}
ALLOWED = {
    "__init__": set[str](),
    "__main__": {"cli"},
    "errors": set[str](),
    "query": {"errors"},
    "domain": {"query", "errors"},
    "ports": PURE,
    "services": PURE | {"ports"},
    "feeds": ADAPTER,
    "storage": ADAPTER,
    "catalog": ADAPTER,
    "chat.console": ADAPTER,
    "chat.slack": ADAPTER | {"commands", "in_time"},
    "chat.discord": ADAPTER | {"commands", "in_time"},
    "commands": PURE | {"ports", "services"},
    "schedule": PURE | {"ports", "services"},
    "metrics": PURE | {"ports", "services"},
    "clock": set[str](),
    "in_time": set[str](),
    "log": set[str](),
    "settings": PURE | {"environment", "setting_values"},
    "environment": PURE,
    "setting_values": PURE,
    "bootstrap": None,
    "platforms": ADAPTER | {"commands", "settings", "chat.console", "chat.slack", "chat.discord"},
    "web": {"errors", "setting_values"},
    "serve": PURE | {"bootstrap", "schedule", "web"},
    "demo": None,
    "cli": None,
}
"""What each part may import besides itself; None: anything below it."""

TOP = {"cli", "demo", "serve", "bootstrap", "platforms", "__main__"}


def part(path: tuple[str, ...]) -> str:
    """The part of the house a module belongs to."""
    if path[0] == "chat" and len(path) > 1:
        return ".".join(path[:2])
    return path[0]


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(ROOT.rglob("*.py")):
        path = file.relative_to(ROOT).with_suffix("").parts
        if path == ("chat", "__init__") or "versions" in path:
            continue
        yield part(path), ast.parse(file.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The parts of the house a module imports."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.module == "bot":
                names = [f"bot.{alias.name}" for alias in node.names]
            elif node.module:
                names = [node.module]
        for name in names:
            if name.startswith("bot."):
                yield part(tuple(name.split(".")[1:]))


def test_every_part_of_the_house_is_known() -> None:
    assert {name for name, _ in modules()} <= set(ALLOWED)


def test_imports_point_down_only() -> None:
    wrong = set()
    for name, tree in modules():
        allowed = ALLOWED[name]
        for other in imported(tree):
            up = other in TOP and name not in TOP
            if other != name and (up or (allowed is not None and other not in allowed)):
                wrong.add(f"{name} → {other}")
    assert wrong == set()


def test_chat_packages_do_not_import_each_other() -> None:
    for name, tree in modules():
        if name.startswith("chat."):
            assert {other for other in imported(tree) if other.startswith("chat")} <= {name}


@pytest.mark.parametrize("module", ["bot", "bot.bootstrap", "bot.cli"])
def test_chat_libraries_and_feedparser_are_imported_only_where_they_are_used(module: str) -> None:
    heavy = ("slack_sdk", "slack_bolt", "discord", "feedparser")
    code = f"import sys, {module}; print([n for n in {heavy!r} if n in sys.modules])"
    output = subprocess.run(  # noqa: S603 - our own interpreter on our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert output.strip() == "[]"
