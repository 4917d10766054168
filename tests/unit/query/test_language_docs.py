"""docs/query-language.md, held against the code: each example is a test."""

import re
from pathlib import Path

import pytest

from bot.errors import QueryError
from bot.query.document import Document, Reading
from bot.query.leaves import FIELDS
from bot.query.matcher import Matcher
from bot.query.syntax import parse
from bot.query.verdict import judge

PAGE = (Path(__file__).parents[3] / "docs" / "query-language.md").read_text("utf-8")
CELL = r"((?:[^|\\]|\\.)*)"


def _rows(last: str) -> list[tuple[str, str, str]]:
    """The rows of tables with three columns whose last cell is like this."""
    pattern = rf"^\| `{CELL}` \| {CELL} \| ({last}) \|$"
    found = re.findall(pattern, PAGE, re.MULTILINE)
    return [(one.replace(r"\|", "|"), two, three) for one, two, three in found]


EXAMPLES = _rows("yes|no")


@pytest.mark.parametrize(("query", "text", "matches"), EXAMPLES)
def test_each_example_is_true(query: str, text: str, matches: str) -> None:
    node = parse(query)
    document = Document(title=text)
    assert judge(node, Reading(document)).holds is (matches == "yes")
    assert ("it" in Matcher({"it": node}).match(document)) is (matches == "yes")


def test_every_row_of_every_table_of_examples_is_tried() -> None:
    tables = re.findall(
        r"^\| query \| text \| matches\? \|\n\| .*\n((?:\|.*\n)+)", PAGE, re.MULTILINE
    )
    assert len(EXAMPLES) == sum(table.count("\n") for table in tables)
    assert len(tables) >= 8


def test_every_field_is_described_with_an_example_that_can_be_read() -> None:
    rows = _rows("`.*`")
    assert sorted(name.removesuffix(":") for name, _, _ in rows) == sorted(FIELDS)
    for name, _, example in rows:
        assert example.startswith(f"`{name}")
        parse(example.strip("`"))


def test_the_overview_can_be_read() -> None:
    overview = PAGE[PAGE.index("| write |") : PAGE.index("## Fields")]
    for row in re.findall(r"^\| (`.*`) \|", overview, re.MULTILINE):
        for query in re.findall(r"`([^`]+)`", row):
            parse(query.replace(r"\|", "|"))


def test_the_mistake_shown_is_the_one_made() -> None:
    (shown,) = re.findall(
        r"refused with the place and the remedy:\n\n```text\n(.*?)\n```", PAGE, re.DOTALL
    )
    with pytest.raises(QueryError) as caught:
        parse(shown.split("\n")[0])
    assert f"{caught.value.caret()}\nnewsbot: {caught.value}" == shown
