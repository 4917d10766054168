"""The addresses of feeds."""

import pytest

from bot.catalog.weburl import host_name, same_feed, web_address


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" https://a.example/rss ", "https://a.example/rss"),
        ("feed://a.example/rss", "https://a.example/rss"),
        ("feed:http://a.example/rss", "http://a.example/rss"),
        ("https://a.example/rss?x=1#top", "https://a.example/rss?x=1"),
    ],
)
def test_an_address_is_read(written: str, read: str) -> None:
    assert web_address(written) == read


@pytest.mark.parametrize("unseen", ["\x7f", "\x90", "\u200b", "\u202e", "\ufeff", "\ud800"])
def test_an_address_with_what_nobody_sees_is_refused(unseen: str) -> None:
    with pytest.raises(ValueError, match=r"“https://a\.example/xy” holds a character that cannot"):
        web_address(f"https://a.example/x{unseen}y")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.org/rss", "example.org"),
        ("https://feeds.example.org/x", "example.org"),
        ("https://rss.example.org/x", "example.org"),
        ("https://feed.me/x", "feed.me"),
        ("https://news.example.org/x", "news.example.org"),
    ],
)
def test_a_feed_without_a_name_is_called_by_its_host(url: str, name: str) -> None:
    assert host_name(url) == name


def test_scheme_case_port_and_final_slash_make_no_difference() -> None:
    assert same_feed("http://A.example:80/x/") == same_feed("https://a.example/x")
    assert same_feed("https://a.example/x") != same_feed("https://a.example/X")
    assert same_feed("https://a.example:80/x") != same_feed("https://a.example/x")
