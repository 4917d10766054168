"""`newsbot search`."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from bot.domain.feed import Feed
from bot.domain.news import Standing
from bot.services import search as module
from bot.storage.database import Database
from tests.fakes.news import entry, identified
from tests.fakes.process import Desk
from tests.unit.cli.conftest import Type

NOW = SystemClock().now()
TITLES = ["Talks in Beijing", "A trade war on ferries", "War and trade in Beijing"]
"""The first is a day old, the last an hour."""


@pytest.fixture
def stored(configured: Desk) -> Desk:
    """The desk with entries of the two feeds, and a topic."""

    async def write() -> None:
        database = await Database.open(configured.database)
        async with database.begin() as transaction:
            for number, (title, age) in enumerate(zip(TITLES, (24, 2, 1), strict=True)):
                name = "Post" if number == 1 else "Wire"
                url = f"https://{name.lower()}.example/feed"
                await transaction.feeds.add([url], due_at=NOW)
                state = await transaction.feeds.get(url)
                assert state is not None
                found = identified(entry(number, title=title, published=NOW - timedelta(hours=age)))
                await transaction.entries.add(
                    Feed(url, name), state.feed_id, found, standing=Standing.NEWS, now=NOW
                )
        await database.close()

    asyncio.run(write())
    return configured


def titles(type_: Type, *arguments: str) -> list[str]:
    """The titles found, in order."""
    result = type_("search", "--json", *arguments)
    assert result.exit_code == 0, result.output
    return [one["title"] for one in json.loads(result.stdout)]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["beijing"], [2, 0]),
        (["trade", "war"], [2, 1]),
        (["trade war"], [2, 1]),
        (['"trade war"'], [1]),
        (["beijing", "trade war"], []),
        (["trade OR talks"], [2, 1, 0]),
        (["beijing", "-war"], [0]),
        (["-war"], None),
        (["beijing", "--since", "last 3 hours"], [2]),
        (["beijing", "--until", "3h"], [0]),
        (["beijing", "last", "3", "hours"], [2]),
        (["beijing", "last 3 hours"], []),
        (["beijing last 3 hours"], [2]),
        (["(beijing OR ferries) last 3 hours"], [2, 1]),
        (["last", "3", "hours", "--topic", "us-china"], [2]),
        (["beijing", "last", "3", "hours", "--since", "2d"], []),
        (["war", "--feed", "post"], [1]),
        (["war", "--feed", "https://wire.example/feed"], [2]),
        (["--topic", "us-china"], [2, 0]),
        (["war", "--topic", "us-china"], [2]),
        (["topic:us-china", "talks"], [0]),
        (["part 0", "OR", "ferry", "--order", "best"], [1, 0]),
        (["beijing", "--limit", "1"], [2]),
        (["nothing"], []),
    ],
)
def test_what_is_found(type_: Type, arguments: list[str], expected: list[int] | None) -> None:
    if expected is None:
        assert type_("search", *arguments).exit_code == 2
    else:
        assert titles(type_, *arguments) == [TITLES[number] for number in expected]


@pytest.mark.usefixtures("stored")
def test_a_hit_is_shown_with_its_feed_and_the_words_that_decided(type_: Type) -> None:
    lines = [line.strip() for line in type_("search", "talks").output.splitlines()]
    assert lines[0].endswith("Talks in Beijing")
    assert lines[-1] == "Wire — “Talks” in the title"
    (hit,) = json.loads(type_("search", "talks", "--json").stdout)
    assert (hit["feed"], hit["words"]) == ("Wire", ["“Talks” in the title"])


@pytest.mark.usefixtures("stored")
def test_a_time_in_words_is_read_as_one_and_said_aside(type_: Type) -> None:
    result = type_("search", "beijing", "last", "3", "hours", "--json")
    assert "“last 3 hours” is read as since " in result.stderr
    assert "To look for the words, put them in quotes: '\"last 3 hours\"'." in result.stderr
    assert type_("search", "beijing", "--json").stderr == ""


@pytest.mark.usefixtures("stored")
def test_a_full_list_says_so_aside(type_: Type) -> None:
    result = type_("search", "beijing OR ferry", "--limit", "1", "--json")
    assert result.stderr == "1 shown; there may be more: --limit 5 shows as many.\n"
    assert type_("search", "beijing OR ferry", "--json").stderr == ""


@pytest.mark.usefixtures("stored")
def test_nothing_found_is_said(type_: Type) -> None:
    assert type_("search", "nothing").output.startswith("Nothing found among the entries")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "say what to look for"),
        (["a", "--since", "soonish"], 2, "“soonish” is no time newsbot can read"),
        (["a", "--feed", "Pots"], 2, "did you mean “Post”?"),
        (["a", "--since", "2d", "--until", "3d"], 2, "--until 3d ends before --since 2d begins"),
        (["a", "--topic", "us-chin"], 2, "did you mean us-china?"),
        (["a", "--topic", "zzz"], 2, "rules/ has none of that name"),
        (["China AND AND"], 2, "China AND AND\n          ^\nnewsbot: "),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(
    type_: Type, arguments: list[str], code: int, said: str
) -> None:
    result = type_("search", *arguments)
    assert result.exit_code == code
    assert said in result.output


@pytest.mark.usefixtures("stored")
def test_a_search_that_stopped_says_how_to_go_on(
    type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 1)
    output = type_("search", "/othin/").output
    assert "go on with --until '" in output
    assert "Nothing found" not in output


def test_what_is_stored_can_be_searched_without_files(stored: Desk, type_: Type) -> None:
    (stored.directory / "feeds.yaml").unlink()
    assert titles(type_, "talks") == TITLES[:1]
    assert type_("search", "talks", "--topic", "us-china").exit_code == 2


def test_before_newsbot_has_run_there_is_nothing_to_search(configured: Desk, type_: Type) -> None:
    assert "has not run" in type_("search", "talks").output
    assert not (configured.directory / "newsbot.db").exists()


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("command", ["search", "backtest"])
def test_a_mistyped_option_is_no_word_of_the_query(type_: Type, command: str) -> None:
    result = type_(command, "beijing", "--jsn")
    assert result.exit_code == 2
    assert "No such option" in result.stderr
    assert "Did you mean" in result.stderr


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("command", ["search", "backtest"])
def test_a_topics_bare_name_is_a_word_and_the_way_to_the_topic_is_told(
    type_: Type, command: str
) -> None:
    result = type_(command, "us-china")
    assert result.exit_code == 0
    assert result.stderr.startswith("“us-china” is taken as a query; for the topic write topic:us-")
    assert "Talks in Beijing" not in result.stdout
    told = type_(command, "topic:us-china")
    assert "Talks in Beijing" in told.stdout
    assert "taken as a query" not in told.stderr


@pytest.mark.usefixtures("stored")
def test_a_word_like_an_operator_is_told_aside(type_: Type) -> None:
    result = type_("search", "talks or ferry", "--json")
    assert json.loads(result.stdout) == []
    assert "“or” is looked for as a word: write OR for the operator" in result.stderr
    assert "as a word" not in type_("search", "talks OR ferry", "--json").stderr
