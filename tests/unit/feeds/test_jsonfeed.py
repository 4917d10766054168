"""JSON Feed, as specified and as written by hand."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entry import Entry, ParsedFeed
from bot.errors import ParseError
from bot.feeds.parse import parse_document

URL = "https://news.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"

Json = dict[str, object]

SOUND: Json = {"url": "/a.mp3", "mime_type": "audio/mpeg"}


def parsed(*items: object, known: frozenset[bytes] = frozenset(), **fields: object) -> ParsedFeed:
    document = {"version": VERSION, "title": "News", "items": items, **fields}
    return parse_document(json.dumps(document).encode(), url=URL, known=known)


def only(item: Json) -> Entry:
    (entry,) = parsed(item).entries
    return entry


def test_reads_a_whole_item() -> None:
    feed = parsed(
        {
            "id": "17",
            "url": "/a?b=1",
            "title": "US &amp; China <b>talk</b>",
            "summary": "In short",
            "content_html": "<p>One</p><p>Two <img src='p.jpg'></p>",
            "date_published": "2025-01-27T14:23:00+01:00",
            "date_modified": "2025-01-28T14:23:00Z",
            "authors": [{"name": "Ana"}, {"name": "Bo"}],
            "tags": ["US-China", "AI"],
            "language": "fr_FR",
        },
        home_page_url="https://site.example/",
        language="en-GB",
    )

    assert (feed.title, feed.link, feed.language) == ("News", "https://site.example/", "en-gb")
    assert feed.version == "json11"
    (entry,) = feed.entries
    assert entry == Entry(
        title="US & China talk",
        guid="17",
        url="https://site.example/a?b=1",
        summary="In short",
        body="One\nTwo",
        authors=("Ana", "Bo"),
        published=datetime(2025, 1, 27, 13, 23, tzinfo=UTC),
        updated=datetime(2025, 1, 28, 14, 23, tzinfo=UTC),
        tags=("us-china", "ai"),
        image="https://site.example/p.jpg",
        language="fr-fr",
        fragment=entry.fragment,
    )
    assert feed.fragments == {entry.fragment}


def test_a_field_of_the_wrong_type_is_the_only_loss() -> None:
    entry = only(
        {
            "id": 17,
            "title": ["x"],
            "url": None,
            "tags": "AI",
            "author": {"name": "Ana"},
            "authors": 5,
            "image": True,
            "date_published": {},
            "attachments": [1, {"url": 3}],
            "content_text": "Text",
        }
    )

    assert entry.guid == "17"
    assert entry.title == ""
    assert entry.body == "Text"
    assert entry.tags == ("ai",)
    assert entry.authors == ("Ana",)


def test_an_item_that_is_none_is_left_out() -> None:
    assert [entry.title for entry in parsed({"title": "a"}, None, 5, {"title": "b"}).entries] == [
        "a",
        "b",
    ]


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"url": "https://a.example/", "external_url": "https://b.example/"}, "https://a.example/"),
        ({"external_url": "https://b.example/"}, "https://b.example/"),
        ({"id": "https://c.example/"}, "https://c.example/"),
        ({"id": "17", "url": "javascript:x()"}, None),
    ],
)
def test_the_link_is_the_page_then_what_it_is_about_then_its_identifier(
    item: Json, url: str | None
) -> None:
    assert only(item).url == url


@pytest.mark.parametrize(
    ("item", "image"),
    [
        ({"image": "/1.jpg", "banner_image": "/2.jpg"}, "https://news.example/1.jpg"),
        ({"banner_image": "/2.jpg"}, "https://news.example/2.jpg"),
        (
            {"attachments": [SOUND, {"url": "/3.jpg", "mime_type": "image/jpeg"}]},
            "https://news.example/3.jpg",
        ),
        ({}, None),
    ],
)
def test_the_picture_is_the_most_deliberate_one(item: Json, image: str | None) -> None:
    assert only(item).image == image


def test_a_body_equal_to_the_summary_is_left_out() -> None:
    entry = only({"summary": "Same", "content_text": "Same"})

    assert (entry.summary, entry.body) == ("Same", "")


def test_known_items_are_left_out() -> None:
    known = parsed({"title": "a"}).fragments

    feed = parsed({"title": "a"}, {"title": "b"}, known=known)

    assert [entry.title for entry in feed.entries] == ["b"]
    assert len(feed.fragments) == 2


def test_knows_version_one_and_feeds_without_a_version() -> None:
    assert parsed(version="https://jsonfeed.org/version/1").version == "json1"
    assert parsed(version=None).version == "json"


def test_line_breaks_and_halves_of_characters_inside_strings_do_no_harm() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1", "items": [{"title": "a\nb \\ud83d c"}]}'

    assert parse_document(body, url=URL).entries[0].title == "a b c"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = [
    "id",
    "url",
    "title",
    "tags",
    "author",
    "authors",
    "image",
    "attachments",
    "date_published",
    "content_html",
]


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON) | JSON, max_size=4), JSON)
def test_nothing_in_an_item_loses_the_others(items: list[object], title: object) -> None:
    feed = parsed(*items, {"title": "whole"}, title=title)

    assert feed.entries[-1].title == "whole"


@given(JSON)
def test_any_json_is_a_feed_or_refused(content: object) -> None:
    with contextlib.suppress(ParseError):
        parse_document(json.dumps(content).encode(), url=URL)


def test_a_number_longer_than_any_is_an_identifier_like_another() -> None:
    items = b'[{"id": %s, "title": "One"}, {"id": 2, "title": "Two"}]' % (b"9" * 10_000)
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": %s}' % items

    feed = parse_document(body, url="https://news.example/feed.json")

    assert [entry.title for entry in feed.entries] == ["One", "Two"]
