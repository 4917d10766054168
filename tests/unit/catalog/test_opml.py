"""Lists of feeds from and for other readers."""

import pytest

from bot.catalog.opml import read_opml, write_opml
from bot.domain.catalog import Catalog
from bot.domain.feed import Feed
from bot.errors import ConfigError


def _opml(body: str) -> bytes:
    return f"<opml version='2.0'>\n<body>\n{body}\n</body>\n</opml>".encode()


def _mistakes(document: bytes) -> list[str]:
    with pytest.raises(ConfigError) as refusal:
        read_opml(document, file="list.opml")
    return [str(mistake) for mistake in refusal.value.mistakes]


def _feeds(document: bytes) -> tuple[Feed, ...]:
    return read_opml(document).feeds


def test_nested_outlines_become_sections() -> None:
    feeds = _feeds(
        _opml(
            """<outline text="News"><outline text="Asia">
            <outline type="rss" text="Times" xmlUrl="https://a.example/rss"/></outline>
            <outline text="Post" xmlUrl="https://b.example/rss"/></outline>
            <outline xmlUrl="https://www.c.example/rss"/>"""
        )
    )
    assert feeds == (
        Feed("https://a.example/rss", "Times", "News / Asia"),
        Feed("https://b.example/rss", "Post", "News"),
        Feed("https://www.c.example/rss", "c.example", ""),
    )


def test_attributes_are_read_in_any_letter_case_and_the_title_goes_before_the_text() -> None:
    (feed,) = _feeds(_opml("<OUTLINE XMLURL='feed://a.example/x' Title='T  &amp; U' TEXT='x'/>"))
    assert (feed.url, feed.name) == ("https://a.example/x", "T & U")


def test_categories_without_a_slash_become_tags() -> None:
    (feed,) = _feeds(
        _opml("<outline xmlUrl='https://a.example' category='/News/World,US-China, AI ,'/>")
    )
    assert feed.tags == {"us-china", "ai"}


def test_an_outline_around_a_feed_in_a_feed_is_no_section() -> None:
    feeds = _feeds(
        _opml(
            "<outline text='A' xmlUrl='https://a.example'>"
            "<outline text='B' xmlUrl='https://b.example'/></outline>"
        )
    )
    assert [feed.section for feed in feeds] == ["", ""]


def test_other_encodings_are_read() -> None:
    head = '<?xml version="1.0" encoding="windows-1252"?>'
    document = head.encode() + _opml("<outline xmlUrl='https://a.example' text='NAME'/>")
    (feed,) = _feeds(b"\n " + document.replace(b"NAME", "Économie".encode("cp1252")))
    assert feed.name == "Économie"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "list.opml:1: ends too early"),
        (b"<opml><body>", "list.opml:1: ends too early"),
        (b"<rss/>", "list.opml:1: is no OPML but <rss>"),
        (_opml(""), "list.opml:5: lists no feed"),
        (_opml("<outline xmlUrl='https://a.example/?a=1&b=2'/>"), "list.opml:3: holds a character"),
        (_opml("<outline text='&nbsp;'/>"), "list.opml:3: names a character"),
        (_opml("</outline>"), "list.opml:3: is not valid XML: mismatched tag"),
        (
            b"<!DOCTYPE o [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" + _opml("&b;"),
            "list.opml:1: declares entities",
        ),
        (
            b"<!DOCTYPE o [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>" + _opml("&a;"),
            "list.opml:1: declares entities",
        ),
    ],
)
def test_a_document_that_is_no_list_of_feeds_is_refused(document: bytes, said: str) -> None:
    (mistake,) = _mistakes(document)
    assert said in mistake


def test_every_unusable_address_is_told_with_its_line_and_no_password() -> None:
    mistakes = _mistakes(
        _opml(
            "<outline text='Mail' xmlUrl='mailto:x'/>\n"
            "<outline text='Heading'/>\n"
            "<outline xmlUrl='https://desk:hunter2@b.example'/>"
        )
    )
    assert mistakes[0].startswith("list.opml:3: Mail: “mailto:x” is no web address")
    assert mistakes[1].startswith("list.opml:5: a feed: the address holds a user name")
    assert "hunter2" not in mistakes[1]


def test_unusable_addresses_do_not_keep_the_others_out() -> None:
    listed = read_opml(
        _opml("<outline xmlUrl='mailto:x'/>\n<outline text='Good' xmlUrl='https://a.example'/>"),
        file="list.opml",
    )
    assert [feed.name for feed in listed.feeds] == ["Good"]
    assert [mistake.line for mistake in listed.mistakes] == [3]


def test_what_is_written_reads_back_without_secrets() -> None:
    feeds = (
        Feed("https://a.example/?x=1&y=2", 'A "quoted" <b> & c’s', "Worldwide & more"),
        Feed("https://b.example/", "B", "Worldwide & more", frozenset({"us-china", "asia"})),
        Feed("https://c.example/", "C", "Other", headers={"X-Key": "hunter2"}, paused=True),
    )
    document = write_opml(Catalog(feeds, ()))
    assert b"hunter2" not in document
    assert _feeds(document) == (
        *feeds[:2],
        Feed("https://c.example/", "C", "Other"),
    )


def test_what_nobody_sees_goes_from_names_and_is_refused_in_addresses() -> None:
    (feed,) = _feeds(_opml("<outline text='A&#127;B' title='&#8203;' xmlUrl='https://a.example'/>"))
    assert feed.name == "AB"
    (mistake,) = _mistakes(_opml("<outline text='A' xmlUrl='https://a.example/x&#127;y'/>"))
    assert mistake.startswith(
        "list.opml:3: A: “https://a.example/xy” holds a character that cannot"
    )
