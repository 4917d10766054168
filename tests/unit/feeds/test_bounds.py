"""Whatever a publisher sends, an entry can be stored and is no longer than it may be."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.entry import Entry, ParsedFeed
from bot.feeds import bounds
from bot.feeds.bounds import clipped
from bot.feeds.parse import parse_document
from bot.feeds.xmlentry import read_language

URL = "https://news.example/feed"
SIZE = 5_000_000 // 16

Item = dict[str, str]
Write = Callable[[list[Item]], bytes]


def as_json(items: list[Item]) -> bytes:
    """JSON Feed; surrogates stay, as escapes."""
    whole = [
        {
            "id": item["guid"],
            "url": item["url"],
            "title": item["title"],
            "summary": item["summary"],
            "content_html": item["body"],
            "authors": [{"name": item["author"]}],
            "tags": [item["tag"], item["title"]],
            "image": item["image"],
            "language": item["language"],
        }
        for item in items
    ]
    document = {"version": "https://jsonfeed.org/version/1.1", "items": whole}
    return json.dumps(document).encode()


def as_rss(items: list[Item]) -> bytes:
    """RSS 2.0; what has no place in XML is written as a reference to its number."""
    written = "".join(map(_rss_item, items))
    root = 'xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:d="http://purl.org/dc/elements/1.1/"'
    return f'<rss version="2.0" {root}><channel>{written}</channel></rss>'.encode()


def as_atom(items: list[Item]) -> bytes:
    """Atom 1.0, likewise."""
    written = "".join(map(_atom_entry, items))
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{written}</feed>'.encode()


def _rss_item(item: Item) -> str:
    text = {key: _referenced(escape(value)) for key, value in item.items()}
    return (
        f"<item><guid>{text['guid']}</guid><link>{text['url']}</link><title>{text['title']}</title>"
        f"<description>{text['summary']}</description><c:encoded>{text['body']}</c:encoded>"
        f"<author>{text['author']}</author><category>{text['tag']}</category>"
        f"<enclosure type='image/png' url={_referenced(quoteattr(item['image']))}/>"
        f"<d:language>{text['language']}</d:language></item>"
    )


def _atom_entry(item: Item) -> str:
    text = {key: _referenced(escape(value)) for key, value in item.items()}
    quoted = {key: _referenced(quoteattr(value)) for key, value in item.items()}
    return (
        f"<entry xml:lang={quoted['language']}><id>{text['guid']}</id><link href={quoted['url']}/>"
        f"<title type='html'>{text['title']}</title><summary>{text['summary']}</summary>"
        f"<content type='html'>{text['body']}</content>"
        f"<author><name>{text['author']}</name></author><category term={quoted['tag']}/>"
        f"<link rel='enclosure' type='image/png' href={quoted['image']}/></entry>"
    )


def _referenced(text: str) -> str:
    return re.sub("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", lambda each: f"&#{ord(each[0])};", text)


ODD = [
    "\ud800",
    "\udfff",
    "\0",
    "\x1b",
    "\x7f",
    "\x85",
    "\x9f",
    "\u202e",
    "\u2028",
    "\ufeff",
    "\ufffe",
]
WRITERS = pytest.mark.parametrize("write", [as_rss, as_atom, as_json])
TEXT = st.lists(
    st.sampled_from(
        [*ODD, "a", " ", "\n", "<p>", "&#0;", "&amp;", "ł", "word " * 30_000, "x" * 5_000]
    )
    | st.text(max_size=3),
    max_size=6,
).map("".join)
LINK = st.builds(
    "{}{}{}".format, st.sampled_from(["", "https://a.example/", "//a.example/", *ODD]), TEXT, TEXT
)
ITEM = st.fixed_dictionaries(
    {"url": LINK, "image": LINK, "guid": TEXT | LINK, "language": TEXT | st.just("en-gb")}
    | dict.fromkeys(("title", "summary", "body", "tag"), TEXT)
    # feedparser looks for an address in an author, in a time that grows with the square of it.
    | {"author": TEXT.map(lambda text: text[:500])}
)


def fields_of(entry: Entry) -> Iterator[str]:
    """All texts of an entry, the breaks between a body's paragraphs taken out."""
    yield from (entry.title, entry.summary, entry.body.replace("\n", " "))
    yield from (entry.guid or "", entry.url or "", entry.image or "", entry.language or "")
    yield from entry.authors
    yield from entry.tags


@settings(deadline=None)
@given(st.lists(ITEM, min_size=1, max_size=2))
@pytest.mark.parametrize("write", [as_rss, as_atom, as_json])
def test_every_entry_can_be_stored_and_shown(write: Write, items: list[Item]) -> None:
    for entry in parse_document(write(items), url=URL).entries:
        for field in fields_of(entry):
            field.encode()
            assert not {unicodedata.category(each) for each in field} & {"Cc", "Cs", "Zl", "Zp"}
        for link in (entry.url, entry.image):
            if link is not None:
                assert urlsplit(link).scheme in {"http", "https"}
                assert urlsplit(link).hostname
                assert len(link) <= 4_000
        assert len(entry.title) <= 1_000
        assert len(entry.summary) <= 20_000
        assert len(entry.body) <= 100_000
        assert len(entry.guid or "") <= 2_000
        assert len(entry.language or "") <= 35
        assert len(entry.authors) <= 20
        assert all(len(author) <= 200 for author in entry.authors)
        assert len(entry.tags) <= 50
        assert all(len(tag) <= 100 for tag in entry.tags)


def item(**given: str) -> Item:
    """An item of which only that is said."""
    keys = ("guid", "url", "title", "summary", "body", "author", "tag", "image", "language")
    return dict.fromkeys(keys, "") | given


def only(write: Write, **given: str) -> Entry:
    (entry,) = parse_document(write([item(**given)]), url=URL).entries
    return entry


@WRITERS
def test_texts_are_cut_between_words(write: Write) -> None:
    entry = only(write, title="word " * SIZE, summary="short " * SIZE, body="longer " * SIZE)

    assert entry.title == ("word " * 200).strip()
    assert entry.summary == ("short " * 3333).strip()
    assert entry.body == ("longer " * 14285).strip()


@WRITERS
def test_an_identifier_too_long_gives_way_to_one_that_stays(write: Write) -> None:
    one, two = (only(write, title="x", guid="g" * 3000 + end).guid for end in "ab")

    assert one
    assert one.startswith("blake2b:")
    assert one != two
    assert one == only(write, title="y", guid="g" * 3000 + "a").guid


def test_a_text_without_spaces_is_cut_where_it_must_be() -> None:
    assert clipped("世" * 30, 10) == "世" * 10
    assert clipped("a " + "世" * 30, 10) == "a " + "世" * 8


def test_a_word_that_ends_at_the_bound_is_whole() -> None:
    assert clipped("one two three", 7) == "one two"
    assert clipped("one two three", 12) == "one two"
    assert clipped("one\ntwo three", 13) == "one\ntwo three"


def test_a_language_too_long_is_none() -> None:
    assert read_language("en" + "-abcdefgh" * 4) is None


def many(write: Write, numbers: range, known: ParsedFeed | None = None) -> ParsedFeed:
    """A feed of numbered entries, in that order."""
    body = write([item(guid=f"{number}", title=f"Title {number}") for number in numbers])
    return parse_document(body, url=URL, known=known.fragments if known else frozenset())


@WRITERS
def test_of_too_many_entries_the_first_count(write: Write) -> None:
    feed = many(write, range(2500, 0, -1))

    assert [entry.guid for entry in feed.entries] == [f"{n}" for n in range(2500, 1500, -1)]
    assert feed.fragments == {entry.fragment for entry in feed.entries}
    assert feed.left_out == 1500


@WRITERS
def test_of_too_many_entries_each_new_one_is_read_once(write: Write) -> None:
    first = many(write, range(2500, 0, -1))
    second = many(write, range(2502, 0, -1), known=first)
    third = many(write, range(2502, 0, -1), known=second)

    assert [entry.guid for entry in second.entries] == ["2502", "2501"]
    assert third.entries == ()
    assert third.fragments == second.fragments
    assert third.left_out == 1502


def test_too_many_entries_of_a_document_that_is_not_cut_are_left_out_too() -> None:
    items = [item(guid=f"{number}", title="x") for number in range(1200)]
    feed = parse_document(b'<!DOCTYPE rss [<!ENTITY a "b">]>' + as_rss(items), url=URL)

    assert len(feed.entries) == bounds.ENTRIES
    assert feed.left_out == 200


def test_too_many_entries_of_which_one_breaks_the_parser_are_left_out_too() -> None:
    items = [item(guid=f"{number}", title="&#xD83D;" if number else "x") for number in range(1200)]
    body = as_rss(items).replace(b"&amp;#xD83D;", b"&#xD83D;")
    feed = parse_document(body, url=URL)

    assert len(feed.entries) == bounds.ENTRIES
    assert feed.left_out == 200
