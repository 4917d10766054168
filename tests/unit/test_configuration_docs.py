"""docs/configuration.md and .env.example, held against the code."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.catalog.credentials import LOGIN_KEYS
from bot.catalog.feeds import DEFAULTS_KEYS, FEED_KEYS, FILE_KEYS
from bot.catalog.load import load_catalog
from bot.catalog.topics import RULE_KEYS, WORDS_KEYS
from bot.query.tree import Field
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")


def _tables() -> list[list[str]]:
    """The first column of each table whose rows are names in code."""
    tables: list[list[str]] = []
    above = ""
    for line in PAGE.splitlines():
        row = re.match(r"\| `([A-Za-z_]+)` \|", line)
        if row and not above.startswith("| `"):
            tables.append([])
        if row:
            tables[-1].append(row[1])
        above = line
    return tables


def _blocks() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(
    "keys", [FILE_KEYS, DEFAULTS_KEYS, FEED_KEYS, RULE_KEYS, WORDS_KEYS], ids=" ".join
)
def test_each_group_of_keys_has_its_table(keys: tuple[str, ...]) -> None:
    assert list(keys) in _tables()


def test_the_table_of_settings_lists_each_once() -> None:
    (table,) = (table for table in _tables() if "DATABASE_URL" in table)
    assert sorted(table) == sorted(Settings.names())


def test_keys_of_a_login_and_places_to_look_are_named() -> None:
    assert all(f"`{name}`" in PAGE for name in (*LOGIN_KEYS, *Field))


def test_the_example_lists_each_setting_and_no_other() -> None:
    assert set(re.findall(r"^#([A-Z_]+)=", EXAMPLE, re.MULTILINE)) == set(Settings.names())


def test_the_example_sets_nothing(tmp_path: Path) -> None:
    without = load_settings({}, tmp_path)
    (tmp_path / ".env").write_text(EXAMPLE, "utf-8")
    assert load_settings({}, tmp_path) == without


def test_defaults_in_the_table_are_those_of_the_code(tmp_path: Path) -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|.*\| `([^`|]+)` \|$", PAGE, re.MULTILINE)
    assert {"NEWSBOT_FEEDS", "NEWSBOT_RETENTION", "DATABASE_URL"} <= {name for name, _ in rows}
    assert load_settings(dict(rows), tmp_path) == load_settings({}, tmp_path)


def test_the_examples_are_valid(tmp_path: Path) -> None:
    feeds, rule = _blocks()
    (tmp_path / "feeds.yaml").write_text(feeds, "utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "us-china.yaml").write_text(rule, "utf-8")
    catalog = load_catalog(
        tmp_path / "feeds.yaml", tmp_path / "rules", {"PAPER_PASSWORD": "p", "API_KEY": "k"}
    )
    assert len(catalog.feeds) == 4
    assert set(YAML(typ="safe").load(rule)) == set(RULE_KEYS)
