"""What is no feed is named for what it is, with what to do about it."""

import pytest

from bot.errors import ParseError
from bot.feeds.parse import parse_document

URL = "https://news.example/feed"


def refused(body: bytes, content_type: str = "text/html") -> str:
    with pytest.raises(ParseError) as caught:
        parse_document(body, url=URL, content_type=content_type)
    assert caught.value.url == URL
    return str(caught.value)


def page(head: str, body: str = "") -> bytes:
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>{body}</body></html>".encode()


def test_a_web_page_that_names_its_feed_gives_the_address_to_write() -> None:
    body = page('<link rel="alternate" type="application/rss+xml" href="/rss.xml">')

    assert "write https://news.example/rss.xml in feeds.yaml" in refused(body)


def test_a_page_that_names_only_itself_names_no_feed() -> None:
    body = page(
        f'<link rel="alternate" type="application/atom+xml" href="{URL}"><title>News</title>'
    )

    assert "a web page (“News”), not a feed" in refused(body)


@pytest.mark.parametrize(
    "body",
    [page("<title>Log in</title>"), page("", "<form><input type='password'></form>")],
)
def test_a_login_page_points_to_the_login_setting(body: bytes) -> None:
    message = refused(body)

    assert "login page" in message
    assert "login:" in message


def test_a_wall_against_robots_is_called_so() -> None:
    assert "whether we are a person" in refused(page("<title>Just a moment...</title>"))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "an empty document"),
        (b" \n", "an empty document"),
        (b"<?xml version='1.0'?><!-- x --><html/>", "a web page"),
        (b"<body>x</body>", "a web page"),
        (b'{"error": "no"}', "JSON that is no JSON Feed"),
        (b"[1, 2]", "JSON that is no JSON Feed"),
        (b'{"version": 1, "items": "x"}', "JSON that is no JSON Feed"),
        (b"<opml version='2.0'><body/></opml>", "a list of feeds (OPML)"),
        (b"<urlset><url/></urlset>", "a sitemap"),
        (b"<note>x</note>", "<note>, not a feed"),
        (b"\x89PNG\r\n", "image/png, not a feed"),
        (b"{broken", "JSON that is broken"),
        (b"[" * 200_000, "JSON that is broken"),
        ("<html/>".encode("utf-16"), "image/png, not a feed"),
    ],
)
def test_names_what_it_is_instead(body: bytes, what: str) -> None:
    message = refused(body, "image/png")

    assert what in message
    assert message.startswith("news.example ")


def test_admits_when_not_even_the_server_says_what_it_is() -> None:
    assert "something unknown" in refused(b"hello", "")


@pytest.mark.parametrize(
    "body",
    [
        b"<rss/>",
        b"<rss version='2.0'><channel><title>T</title></channel></rss>",
        b"<channel></channel>",
    ],
)
def test_a_feed_without_entries_is_a_feed(body: bytes) -> None:
    assert parse_document(body, url=URL).entries == ()
