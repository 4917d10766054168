"""Which feed a person means."""

import pytest

from bot.cli.feedname import feed_address, find_feed
from bot.domain.catalog import Catalog
from bot.domain.feed import Feed
from bot.errors import CommandError

WORLD = Feed(url="https://news.example/world.xml", name="Example World")
SPORT = Feed(url="https://news.example/sport.xml", name="Example Sport")
CATALOG = Catalog((WORLD, SPORT), ())


@pytest.mark.parametrize(
    "text",
    ["Example World", "example  world", "https://news.example/world.xml",
     "http://NEWS.example/world.xml/"],
)  # fmt: skip
def test_a_feed_is_known_by_name_in_any_case_and_by_address(text: str) -> None:
    assert find_feed(CATALOG, text) == WORLD
    assert feed_address(CATALOG, text) == WORLD.url


def test_an_address_that_is_not_configured_is_taken_as_it_is() -> None:
    assert find_feed(CATALOG, "https://gone.example/feed") is None
    assert feed_address(CATALOG, "https://gone.example/feed") == "https://gone.example/feed"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("sport", "did you mean “Example Sport”?"),
        ("Example", "did you mean “Example World” or “Example Sport”?"),
        ("Exmaple Wrld", "did you mean “Example World”?"),
        ("zzz", "`newsbot feeds` lists them"),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(text: str, hint: str) -> None:
    with pytest.raises(CommandError) as raised:
        feed_address(CATALOG, text)
    assert str(raised.value) == f"no feed is called “{text}”; {hint}"
