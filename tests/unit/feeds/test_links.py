"""Links are absolute http(s), or none."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.links import BASE, absolute, as_written

SITE = "https://news.example/world/"


@pytest.mark.parametrize(
    ("link", "made"),
    [
        ("https://a.example/x?y=1&z=2#f", "https://a.example/x?y=1&z=2#f"),
        ("HTTPS://a.example/x", "HTTPS://a.example/x"),
        ("story.html", "https://news.example/world/story.html"),
        ("/story", "https://news.example/story"),
        ("../story", "https://news.example/story"),
        ("?id=1", "https://news.example/world/?id=1"),
        ("//cdn.example/p.jpg", "https://cdn.example/p.jpg"),
        (" https://a.example/x\n", "https://a.example/x"),
        ("https://a.example/x y", "https://a.example/x%20y"),
        ('https://a.example/<b>"|', "https://a.example/%3Cb%3E%22%7C"),
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/été", "https://a.example/été"),
        ("https://a.example/a\ud800b\x00\ufffe", "https://a.example/ab"),
        ("a\udfffb\x9f", "https://news.example/world/ab"),
    ],
)
def test_makes_a_link_absolute_and_safe(link: str, made: str) -> None:
    assert absolute(link, SITE) == made


@pytest.mark.parametrize(
    "link",
    [
        None, "", " ", "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)",
        "data:text/html,x", "mailto:a@b.example", "ftp://a.example/x", "tag:a,2005:1", "urn:x:1",
        "http://", "http://[::1", "http://a.example:99999/", "https://a.example/" + "x" * 5000,
        "https://a.example/" + "<" * 3000, "x" * 3990,
    ],
)  # fmt: skip
def test_drops_what_no_reader_should_click(link: str | None) -> None:
    assert absolute(link, SITE) is None


def test_the_first_absolute_base_counts() -> None:
    assert absolute("x", None, "", "relative", "https://a.example/", SITE) == "https://a.example/x"


def test_what_nobody_sees_in_a_base_goes_too() -> None:
    assert absolute("x", "https://a.example/\ud800/y") == "https://a.example//x"


def test_a_relative_link_without_a_base_is_none() -> None:
    assert absolute("story.html") is None


@given(st.lists(st.sampled_from(["..", "a", "b.html", "~", "x y"]), min_size=1, max_size=3))
def test_feedparsers_resolution_can_be_undone(segments: list[str]) -> None:
    link = "/".join(segments)

    undone = as_written(urljoin(BASE, link))

    assert urljoin(SITE + "1/2/3/4/", undone) == urljoin(SITE + "1/2/3/4/", link)


@pytest.mark.parametrize("link", ["/x", "?a=1", "#f", "x/y", "../../x", "12345"])
def test_a_link_is_given_as_the_document_has_it(link: str) -> None:
    assert as_written(urljoin(BASE, link)) == link


def test_a_link_that_was_never_resolved_stays() -> None:
    assert as_written("tag:a.example,2005:1") == "tag:a.example,2005:1"
