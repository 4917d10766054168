"""Bytes decide on the encoding, before servers and declarations."""

import pytest

from bot.feeds.charset import XML_IN_UTF8, settle
from bot.feeds.parse import parse_document

URL = "https://news.example/feed"
TITLE = "Pékin répond à Washington"


def rss(title: bytes, declaration: bytes = b"") -> bytes:
    return (
        declaration
        + b"<rss version='2.0'><channel><item><title>"
        + title
        + b"</title></item></channel></rss>"
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss(TITLE.encode()), ""),
        (rss(TITLE.encode()), "text/xml; charset=iso-8859-1"),
        (rss(TITLE.encode(), b"<?xml version='1.0' encoding='iso-8859-1'?>"), "text/xml"),
        (b"\xef\xbb\xbf" + rss(TITLE.encode()), "application/rss+xml"),
        (b"\n \n" + rss(TITLE.encode(), b"<?xml version='1.0'?>"), ""),
        (rss(TITLE.encode().replace(b" ", b" \x08\x0b")), ""),
        (rss(TITLE.encode("latin-1"), b"<?xml version='1.0' encoding='iso-8859-1'?>"), ""),
        (rss(TITLE.encode("latin-1")), "text/xml; charset=iso-8859-1"),
        (rss(TITLE.encode("latin-1"), b"<?xml version='1.0' encoding='utf-8'?>"), ""),
        (rss(TITLE.encode()).decode().encode("utf-16"), ""),
        (rss(TITLE.encode()).decode().encode("utf-16-le"), ""),
        (rss(TITLE.encode()).decode().encode("utf-16-be"), "text/xml; charset=utf-8"),
        (rss(TITLE.encode()).decode().encode("utf-32"), ""),
    ],
)
def test_reads_the_title_whatever_is_said_of_its_encoding(body: bytes, content_type: str) -> None:
    feed = parse_document(body, url=URL, content_type=content_type)

    assert [entry.title for entry in feed.entries] == [TITLE]


def test_one_stray_byte_does_not_spoil_the_rest() -> None:
    body = rss("“Pékin” – répond à".encode() + b" \x93Washington\x94")

    feed = parse_document(body, url=URL)

    assert feed.entries[0].title == "“Pékin” – répond à “Washington”"


def test_reads_japanese_mail_encoding_by_its_header() -> None:
    body = rss("米中協議".encode("iso-2022-jp"))

    feed = parse_document(body, url=URL, content_type="text/xml; charset=iso-2022-jp")

    assert feed.entries[0].title == "米中協議"


def test_tells_feedparser_of_utf8() -> None:
    assert settle("<é/>".encode(), "text/html") == ("<é/>".encode(), XML_IN_UTF8)
