"""The catalog while its files change under a running bot."""

import os

import pytest

from bot.catalog.reload import CatalogSource
from bot.errors import ConfigError
from tests.unit.catalog.desk import RULE, Desk


@pytest.fixture
def source(desk: Desk) -> CatalogSource:
    desk.write()
    return CatalogSource(desk.feeds_yaml, desk.rules, {})


def _topics(source: CatalogSource) -> list[str]:
    assert source.current is not None
    return [topic.name for topic in source.current.topics]


def test_nothing_is_current_before_the_first_load(source: CatalogSource) -> None:
    assert source.current is None
    assert source.changed()


def test_unchanged_files_are_not_read_again(source: CatalogSource) -> None:
    catalog = source.load()
    assert source.refresh() is None
    assert source.current is catalog


def test_a_new_rule_is_read(source: CatalogSource, desk: Desk) -> None:
    source.load()
    (desk.rules / "elections.yaml").write_text(RULE)
    assert source.refresh() is not None
    assert _topics(source) == ["elections", "summits"]


def test_a_removed_rule_is_gone(source: CatalogSource, desk: Desk) -> None:
    (desk.rules / "elections.yaml").write_text(RULE)
    source.load()
    (desk.rules / "elections.yaml").unlink()
    source.refresh()
    assert _topics(source) == ["summits"]


def test_a_change_that_keeps_the_size_is_seen(source: CatalogSource, desk: Desk) -> None:
    source.load()
    status = desk.feeds_yaml.stat()
    os.utime(desk.feeds_yaml, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))
    assert source.changed()


def test_a_mistake_is_raised_once_and_the_last_good_catalog_stays(
    source: CatalogSource, desk: Desk
) -> None:
    good = source.load()
    desk.write(rule="any: []")
    with pytest.raises(ConfigError):
        source.refresh()
    assert source.refresh() is None
    assert source.current is good


def test_mending_the_mistake_brings_the_new_catalog(source: CatalogSource, desk: Desk) -> None:
    source.load()
    desk.write(rule="any: []")
    with pytest.raises(ConfigError):
        source.refresh()
    desk.write(rule="any: [ceasefire]")
    assert source.refresh() is source.current


def test_a_vanished_feeds_file_is_a_mistake(source: CatalogSource, desk: Desk) -> None:
    source.load()
    desk.feeds_yaml.unlink()
    with pytest.raises(ConfigError, match="there is no such file"):
        source.refresh()
