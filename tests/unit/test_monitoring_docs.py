"""docs/monitoring.md, its board and its rules, held against the code."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.domain.delivery import DeliveryState
from bot.domain.duration import spell
from bot.errors import FetchFault
from bot.metrics.endpoints import PATIENCE_SECONDS
from bot.metrics.meters import Meters
from bot.services.health import LOST_AFTER, OVERDUE_AFTER, SILENT_AFTER
from bot.services.poll_feed import Outcome

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "monitoring.md").read_text("utf-8")
BOARD = (DOCS / "monitoring-board.json").read_text("utf-8")
RULES = (DOCS / "monitoring-alerts.yaml").read_text("utf-8")
NAME = re.compile(r"\b(?:newsbot|process)_[a-z_]+\b")


def served() -> set[str]:
    """The names under which there are figures, histograms' own names included."""
    text = Meters("1").text().decode()
    declared = re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE)
    samples = re.findall(r"^([a-z_]+)[{ ]", text, re.MULTILINE)
    return {*declared, *samples}


@pytest.mark.parametrize("text", [PAGE, BOARD, RULES], ids=["page", "board", "rules"])
def test_each_figure_named_is_served(text: str) -> None:
    named = set(NAME.findall(text))
    assert len(named) > 8
    assert named - served() == set()


def test_each_figure_of_newsbots_own_is_in_the_page() -> None:
    own = {name for name in served() if re.match(r"newsbot_(?!.*_created$)", name)}
    bases = {re.sub(r"_(?:bucket|sum|count)$", "", name) for name in own}
    assert bases - set(NAME.findall(PAGE)) == set()


def test_the_board_parses_and_each_panel_asks_something() -> None:
    board: dict[str, Any] = json.loads(BOARD)
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"]) == 12
    assert all(target["expr"] for panel in board["panels"] for target in panel["targets"])


def test_the_rules_parse_and_each_says_what_to_do() -> None:
    (group,) = YAML(typ="safe").load(RULES)["groups"]
    names = [rule["alert"] for rule in group["rules"]]
    assert len(set(names)) == len(names) == 11
    for rule in group["rules"]:
        assert rule["expr"].strip()
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert {"summary", "description"} == rule["annotations"].keys()


def test_labels_and_times_are_those_of_the_code() -> None:
    assert all(f"`{one.value}`" in PAGE for one in (*Outcome, *FetchFault))
    assert set(re.findall(r'state!?="(\w+)"', BOARD + RULES)) <= {s.value for s in DeliveryState}
    for after in (SILENT_AFTER, OVERDUE_AFTER, LOST_AFTER, timedelta(seconds=PATIENCE_SECONDS)):
        assert f"| {spell(after)} |" in PAGE
