"""What is typed in one line becomes options."""

from collections.abc import Mapping

import pytest

from bot.commands.core import Option
from bot.commands.typed import hinting, link_and_rest, time_and_rest, with_keywords
from bot.errors import CommandError

SEARCH = tuple(Option(name=name, summary=name) for name in ("query", "since", "topic", "feed"))
LINK = (Option(name="link", summary="link"), Option(name="topic", summary="topic"))
SINCE = (Option(name="time", summary="time"), Option(name="topic", summary="topic"))


def searched(text: str) -> Mapping[str, str]:
    return with_keywords("since", "topic", "feed")(SEARCH, text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", {}),
        ("tariffs", {"query": "tariffs"}),
        ("tariffs since 2d", {"query": "tariffs", "since": "2d"}),
        ("tariffs Since yesterday 18:00", {"query": "tariffs", "since": "yesterday 18:00"}),
        (
            "a OR b since 2d topic us-china feed BBC World",
            {"query": "a OR b", "since": "2d", "topic": "us-china", "feed": "BBC World"},
        ),
        (
            "a feed BBC World topic us-china",
            {"query": "a", "topic": "us-china", "feed": "BBC World"},
        ),
        ("topic us-china since 2d", {"topic": "us-china", "since": "2d"}),
        ('"since 1990" since 2d', {"query": '"since 1990"', "since": "2d"}),
        ("“since 1990” since 2d", {"query": "“since 1990”", "since": "2d"}),
        ('="feed prices" feed Wire', {"query": '="feed prices"', "feed": "Wire"}),
        ("(animal feed prices) since 2d", {"query": "(animal feed prices)", "since": "2d"}),
        ("(since (topic x)) feed y", {"query": "(since (topic x))", "feed": "y"}),
        ("/feed since/ since 2d", {"query": "/feed since/", "since": "2d"}),
        (r"/a\/ feed since/ since 2d", {"query": r"/a\/ feed since/", "since": "2d"}),
        ("topic:us-china since 2d", {"query": "topic:us-china", "since": "2d"}),
        ("a -since b", {"query": "a -since b"}),
        ("sincerely feeding topics", {"query": "sincerely feeding topics"}),
        ("hot topic", {"query": "hot topic"}),
        ("feed", {"query": "feed"}),
        ("feed since 2d", {"query": "feed", "since": "2d"}),
        ('"since 1990', {"query": '"since 1990'}),
        ('since "2d"', {"since": '"2d"'}),
    ],
)
def test_keywords_are_read_where_they_are_no_words_of_the_query(
    text: str, read: Mapping[str, str]
) -> None:
    assert searched(text) == read


def test_a_keyword_given_twice_is_refused_with_the_remedy() -> None:
    with pytest.raises(CommandError, match=r"“since” is given twice.*put it in quotes"):
        searched("tariffs since 1990 since 2d")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://a.example/x", {"link": "https://a.example/x"}),
        ("https://a.example/x us-china", {"link": "https://a.example/x", "topic": "us-china"}),
        ("<https://a.example/x> us", {"link": "https://a.example/x", "topic": "us"}),
        ("<https://a.example/x|a.example/x>", {"link": "https://a.example/x"}),
        ("", {}),
    ],
)
def test_a_link_is_read_as_slack_and_people_write_it(text: str, read: Mapping[str, str]) -> None:
    assert link_and_rest(LINK, text) == read


TIMES = {"18:00", "monday", "monday 9:30", "last 7 days", "yesterday 18:00"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("18:00", {"time": "18:00"}),
        ("18:00 us-china", {"time": "18:00", "topic": "us-china"}),
        ("18:00 topic us-china", {"time": "18:00", "topic": "us-china"}),
        ("monday 9:30 us china", {"time": "monday 9:30", "topic": "us china"}),
        ("last 7 days", {"time": "last 7 days"}),
        ("18:00 topic", {"time": "18:00", "topic": "topic"}),
        ("teatime us-china", {"time": "teatime us-china"}),
        ("", {}),
    ],
)
def test_a_time_is_read_as_far_as_it_goes(text: str, read: Mapping[str, str]) -> None:
    assert time_and_rest(TIMES.__contains__)(SINCE, text) == read


def test_a_mistake_behind_a_typed_keyword_says_how_to_look_for_the_word() -> None:
    for typed, said in (
        ("x", "No feed is called “y”. To look for the word “feed”, put it in quotes."),
        ("", "No feed is called “y”"),
    ):
        with pytest.raises(CommandError) as raised, hinting("feed", typed=typed):
            raise CommandError("No feed is called “y”")
        assert str(raised.value) == said
