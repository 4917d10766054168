"""`newsbot poll` and `newsbot match`, on files."""

import json

import pytest
from click.testing import Result

from tests.fakes.clock import START
from tests.fakes.documents import FakeEntry, Form, write
from tests.fakes.process import Desk
from tests.unit.cli.conftest import Type

KEYS = {
    "title", "url", "guid", "published", "updated", "summary", "body", "authors", "tags", "image",
    "language",
}  # fmt: skip
SUMMIT = FakeEntry(
    title="Leaders meet in Beijing",
    guid="1",
    url="https://wire.example/1",
    published=START,
    summary="They talk of trade. They talk of chips.",
    tags=("US-China",),
)
FOG = FakeEntry(title="Fog on the ferry", guid="2", url="https://wire.example/2", published=START)


@pytest.fixture
def file(desk: Desk) -> str:
    """A feed in a file."""
    path = desk.directory / "wire.xml"
    path.write_bytes(write(Form.ATOM, "Wire", "https://wire.example/", [SUMMIT, FOG]))
    return str(path)


def objects(result: Result) -> list[dict[str, object]]:
    """What was printed as JSON."""
    assert result.exit_code == 0
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


def test_poll_shows_what_a_feed_gives_before_anything_is_configured(type_: Type, file: str) -> None:
    result = type_("poll", file)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "Wire — 2 entries, atom10"
    for words in ("2026-03-02", "Leaders meet in Beijing", "They talk of trade.", "#us-china"):
        assert words in result.stdout


def test_poll_gives_json_with_the_keys_its_help_names(type_: Type, file: str) -> None:
    first, second = objects(type_("poll", file, "--json"))
    assert set(first) == KEYS
    assert first["title"] == "Leaders meet in Beijing"
    assert first["published"] == "2026-03-02T09:00:00+00:00"
    assert second["tags"] == []
    described = " ".join(type_("poll", "--help").output.split())
    assert all(key in described for key in KEYS)


def test_match_says_which_topics_and_on_which_words(
    type_: Type, file: str, configured: Desk
) -> None:
    del configured
    result = type_("match", file)
    assert result.exit_code == 0
    assert "us-china — “Beijing” in the title" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 of 2 entries matches a topic."


def test_match_gives_json(type_: Type, file: str, configured: Desk) -> None:
    del configured
    first, second = objects(type_("match", file, "--json"))
    assert set(first) == KEYS | {"topics"}
    assert first["topics"] == {"us-china": ["“Beijing” in the title"]}
    assert second["topics"] == {}


def test_an_entry_without_a_date_says_so(type_: Type, desk: Desk) -> None:
    document = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "W", "items": [{"id": "1"}]}'
    )
    (desk.directory / "wire.json").write_text(document)
    assert "no date" in type_("poll", "wire.json").stdout


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("missing.xml", 2, "missing.xml: No such file or directory; give a file, a feed's name"),
        (".", 2, ".: Is a directory; give a file"),
        ("page.html", 1, "holds a web page"),
        ("http://127.0.0.1/feed", 1, "127.0.0.1 is not public; if"),
    ],
)
def test_a_source_that_is_no_feed_is_said_to_be_none(
    type_: Type, desk: Desk, source: str, code: int, said: str
) -> None:
    (desk.directory / "page.html").write_text("<!doctype html><title>News</title><p>Hello")
    result = type_("poll", source)
    assert result.exit_code == code
    assert said in result.stderr


@pytest.mark.usefixtures("configured")
def test_a_file_that_is_not_there_is_a_mistake_of_who_asks(type_: Type) -> None:
    result = type_("match", "missing.xml")
    assert result.exit_code == 2
    assert "missing.xml: No such file or directory; give a file" in result.stderr


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("# Feeds", "my notes.md holds something unknown, not a feed"),
        ("", "my notes.md holds an empty document"),
        ("<html>", "my notes.md holds a web page, not a feed"),
    ],
)
def test_a_file_that_is_no_feed_is_named_as_a_file(
    type_: Type, desk: Desk, text: str, what: str
) -> None:
    (desk.directory / "my notes.md").write_text(text)
    result = type_("poll", "my notes.md")
    assert result.exit_code == 1
    assert result.stderr == f"newsbot: {what}: name a file that holds a feed\n"


def test_a_file_of_broken_json_is_named(type_: Type, desk: Desk) -> None:
    (desk.directory / "feed.json").write_text('{"version": ')
    result = type_("poll", "feed.json")
    assert result.stderr.startswith("newsbot: feed.json holds JSON that is broken (")
