"""Raw entries are found without parsing, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.fragments import cut, digest, without
from bot.feeds.parse import parse_document

URL = "https://news.example/feed"


def raw(body: bytes) -> list[bytes]:
    return [body[fragment.start : fragment.end] for fragment in cut(body)]


def test_cuts_at_the_borders_of_entries() -> None:
    body = b"<rss><title>T</title>\n<item>a</item> <ITEM x='>'>b</ITEM ><item/></rss>"

    assert raw(body) == [b"<item>a</item>", b"<ITEM x='>'>b</ITEM >", b"<item/>"]


def test_knows_prefixed_entries() -> None:
    body = b"<a:feed xmlns:a='x'><a:entry>1</a:entry><a:entry>2</a:entry></a:feed>"

    assert raw(body) == [b"<a:entry>1</a:entry>", b"<a:entry>2</a:entry>"]


def test_looks_past_comments_cdata_and_instructions() -> None:
    entry = b"<item><![CDATA[</item><item>]]><!-- </item> --><?x </item>?></item>"
    body = b"<!-- <item> --><rss><?y <item>?>" + entry + b"</rss>"

    assert raw(body) == [entry]


def test_an_entry_in_an_entry_is_part_of_it() -> None:
    entry = b"<entry><source><entry>old</entry></source><item>x</item></entry>"

    assert raw(b"<feed>" + entry + b"</feed>") == [entry]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rss></rss>",
        b"<rss><item>cut off",
        b"<rss><item>a</item></item></rss>",
        b"<rss><item><item>a</item></rss>",
        b"<rss><!-- <item>a</item></rss>",
        b"<rss><item><![CDATA[a</item></rss>",
        b"<rss><item a='></item></rss>",
        b"<!DOCTYPE rss [<!ENTITY x '<item>'>]><rss><item>a</item></rss>",
        b"<rss><item>\x1b$B</item></rss>",
        "<rss><item>a</item></rss>".encode("utf-16"),
    ],
)
def test_does_not_cut_where_it_is_not_certain(body: bytes) -> None:
    assert cut(body) == ()


def test_leaves_everything_else_where_it_was() -> None:
    body = b"<rss><a/><item>1</item><b/><item>2</item><c/><item>3</item><d/></rss>"
    first, _, third = cut(body)

    assert without(body, (first, third)) == b"<rss><a/><b/><item>2</item><c/><d/></rss>"


def test_equal_bytes_have_equal_digests_of_eight_bytes() -> None:
    one, two, three = cut(b"<rss><item>a</item><item>a</item><item>b</item></rss>")

    assert one.digest == two.digest != three.digest
    assert len(digest(b"x")) == 8


WORDS = st.sampled_from(
    [
        "Pékin",
        "trade",
        "&amp;",
        "&lt;b&gt;AI&lt;/b&gt;",
        "<![CDATA[<item>x</item>]]>",
        "“deal”",
        "a &#8211; b",
    ]
)
TEXT = st.lists(WORDS, max_size=4).map(" ".join)
LINK = st.sampled_from(
    ["https://news.example/a", "b/c.html", "/d?e=1&amp;f=2", "javascript:x()", ""]
)
LANGUAGE = st.sampled_from(["", " xml:lang='fr'", " xml:base='https://other.example/x/'"])


@st.composite
def rss_entry(draw: st.DrawFn) -> str:
    return (
        f"<item{draw(LANGUAGE)}><title>{draw(TEXT)}</title><link>{draw(LINK)}</link>"
        f"<description>{draw(TEXT)}</description><guid>{draw(LINK)}</guid>"
        f"<category>{draw(TEXT)}</category>"
        f"<pubDate>Mon, 27 Jan 2025 14:2{draw(st.integers(0, 9))}:00 GMT</pubDate></item>"
    )


@st.composite
def atom_entry(draw: st.DrawFn) -> str:
    return (
        f"<entry{draw(LANGUAGE)}><title type='html'>{draw(TEXT)}</title><link href='{draw(LINK)}'/>"
        f"<id>{draw(LINK)}</id><content type='html'{draw(LANGUAGE)}>{draw(TEXT)}</content>"
        f"<source><title>{draw(TEXT)}</title></source></entry>"
    )


ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'"
RDF = (
    "<rdf:RDF xmlns='http://purl.org/rss/1.0/'"
    " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><channel><title>T</title></channel>"
)
RSS = "<rss version='2.0'><channel><link>https://site.example/</link>"
FORMATS = [
    (RSS, rss_entry, "</channel></rss>"),
    (RDF, rss_entry, "</rdf:RDF>"),
    (f"{ATOM} xml:lang='en'>", atom_entry, "</feed>"),
    (f"{ATOM} xml:base='https://base.example/y/'>", atom_entry, "<title>Late</title></feed>"),
]


@st.composite
def document(draw: st.DrawFn) -> bytes:
    root, entries, end = draw(st.sampled_from(FORMATS))
    body = "<!-- between -->\n".join(draw(st.lists(entries(), max_size=6)))
    return f"{root}{body}{end}".encode()


@given(document(), st.data())
def test_a_parse_in_part_gives_exactly_the_other_entries(body: bytes, data: st.DataObject) -> None:
    whole = parse_document(body, url=URL)
    known = data.draw(st.frozensets(st.sampled_from([*whole.fragments] or [b"none"])))

    part = parse_document(body, url=URL, known=known)

    assert part.entries == tuple(each for each in whole.entries if each.fragment not in known)
    assert part.fragments == whole.fragments
    assert (part.title, part.link, part.language) == (whole.title, whole.link, whole.language)
