"""`newsbot demo` as a process: no token, no internet, two alerts."""

from pathlib import Path

import pytest

from tests.fakes.process import Desk

PATIENCE = 60.0


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_it_shows_two_cards_the_first_naming_both_topics_and_ends_well(desk: Desk) -> None:
    demo = await desk.run("demo", within=PATIENCE)

    assert (demo.code, demo.err) == (0, "")
    assert demo.out.count("╭─") == demo.out.count("╰─") == 2
    title = next(line for line in demo.out.splitlines() if line.startswith("╭─"))
    assert "AI safety" in title
    assert "US and China" in title
    assert "7 entries stored, 4 of them silently; 2 alerts sent, 0 repeated" in demo.out
    assert list(desk.directory.glob("[!.]*")) == []


@pytest.mark.parametrize(
    "environ",
    [{"COLUMNS": "40"}, {"TERM": "dumb", "PYTHONIOENCODING": "ascii"}],
    ids=["40 columns", "dumb, without Unicode"],
)
async def test_it_works_on_any_terminal(desk: Desk, environ: dict[str, str]) -> None:
    desk.environ |= environ
    demo = await desk.run("demo", within=PATIENCE)

    assert (demo.code, demo.err) == (0, "")
    words = demo.out.split()
    links = [word for word in words if word.startswith("http://")]
    assert [link.rpartition("/")[2] for link in links] == ["ai-safety-protocol", "502"]
    assert "2 alerts sent, 0 repeated, 0 missed, 0 waiting." in " ".join(words)
