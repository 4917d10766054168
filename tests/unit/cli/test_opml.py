"""`newsbot import` and `newsbot export`."""

import pytest

from tests.fakes.process import Desk
from tests.unit.cli.conftest import Type

OPML = (
    '<opml version="2.0"><body><outline text="World">'
    '<outline text="Wire" xmlUrl="https://wire.example/feed"/>'
    '<outline text="New" xmlUrl="https://new.example/feed"/>'
    "</outline></body></opml>"
)


def test_feeds_are_taken_over_once(type_: Type, configured: Desk) -> None:
    (configured.directory / "feeds.yaml").write_text(
        "sections:\n  Desk:\n    - url: https://wire.example/feed\n      name: Wire\n"
    )
    (configured.directory / "old.opml").write_text(OPML)
    first, second = type_("import", "old.opml"), type_("import", "old.opml")
    feeds = "feeds.yaml"
    assert (first.exit_code, first.output) == (0, f"1 feed added to {feeds}, 1 already there.\n")
    assert second.output == f"0 feeds added to {feeds}, 2 already there.\n"
    assert type_("check").output.startswith("2 feeds")


def test_a_feed_that_cannot_be_used_is_named_and_the_others_are_taken(
    type_: Type, desk: Desk
) -> None:
    bad = '<outline text="Mail" xmlUrl="mailto:x"/>'
    (desk.directory / "old.opml").write_text(OPML.replace("</body>", f"\n{bad}</body>"))
    result = type_("import", "old.opml")
    assert (result.exit_code, result.stdout) == (1, "2 feeds added to feeds.yaml.\n")
    first, last = result.stderr.splitlines()
    assert first.startswith("old.opml:2: Mail: “mailto:x” is no web address")
    assert last == "1 feed passed over."
    assert (desk.directory / "feeds.yaml").read_text().count("url:") == len(["Wire", "New"])


def test_feeds_yaml_is_made_where_there_is_none(type_: Type, desk: Desk) -> None:
    (desk.directory / "old.opml").write_text(OPML)
    result = type_("import", "old.opml")
    assert result.output == "2 feeds added to feeds.yaml.\n"


def test_export_gives_what_import_takes(type_: Type, configured: Desk) -> None:
    to_file, to_stdout = type_("export", "mine.opml"), type_("export")
    assert (to_file.exit_code, to_file.output) == (0, "2 feeds written to mine.opml.\n")
    written = (configured.directory / "mine.opml").read_text()
    assert to_stdout.stdout == written
    (configured.directory / "feeds.yaml").unlink()
    assert type_("import", "mine.opml").output.startswith("2 feeds added")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["import", "missing.opml"], 2, "does not exist"),
        (["import", "."], 2, "is a directory"),
        (["import", "feeds.yaml"], 2, "feeds.yaml:1: "),
        (["import", "/proc/self/mem"], 1, "/proc/self/mem cannot be read: "),
        (["export", "missing/mine.opml"], 1, "missing/mine.opml cannot be written: "),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    type_: Type, configured: Desk, arguments: list[str], code: int, said: str
) -> None:
    del configured
    result = type_(*arguments)
    assert result.exit_code == code
    assert said in result.stderr
