"""RSS, RDF, Atom and CDF, as specified and as published."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entry import Entry, ParsedFeed
from bot.errors import ParseError
from bot.feeds.fragments import cut
from bot.feeds.parse import parse_document

URL = "https://news.example/feed.xml"
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def rss(*entries: str, channel: str = "<title>News</title>") -> ParsedFeed:
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    body = f'<rss version="2.0" {NAMESPACES}><channel>{channel}{items}</channel></rss>'
    return parse_document(body.encode(), url=URL)


def atom(*entries: str, feed: str = "<title>News</title>", root: str = "") -> ParsedFeed:
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    body = f'<feed xmlns="http://www.w3.org/2005/Atom" {root}>{feed}{inner}</feed>'
    return parse_document(body.encode(), url=URL)


def of_rss(entry: str, channel: str = "<title>News</title>") -> Entry:
    (only,) = rss(entry, channel=channel).entries
    return only


def of_atom(entry: str, **around: str) -> Entry:
    (only,) = atom(entry, **around).entries
    return only


def test_reads_a_whole_rss_entry() -> None:
    feed = rss(
        "<title>US &amp;amp; China &lt;b&gt;talk&lt;/b&gt;</title><link>https://news.example/1</link>"
        "<guid isPermaLink='false'>n-1</guid><description>&lt;p&gt;In short&lt;/p&gt;</description>"
        "<content:encoded><![CDATA[<p>One</p><p>Two <img src='/p.jpg'></p>]]></content:encoded>"
        "<dc:creator>Ana</dc:creator><dc:creator>Bo</dc:creator>"
        "<pubDate>Mon, 27 Jan 2025 14:23:00 BST</pubDate><dc:date>2025-01-28T10:00:00Z</dc:date>"
        "<category>US-China</category><category>AI</category>",
        channel="<title>News &amp;amp; more</title><link>https://news.example/</link>"
        "<language>en-GB</language>",
    )

    assert (feed.title, feed.link) == ("News & more", "https://news.example/")
    assert (feed.language, feed.version) == ("en-gb", "rss20")
    (entry,) = feed.entries
    assert entry == Entry(
        title="US & China talk",
        guid="n-1",
        url="https://news.example/1",
        summary="In short",
        body="One\nTwo",
        authors=("Ana", "Bo"),
        published=datetime(2025, 1, 27, 13, 23, tzinfo=UTC),
        updated=datetime(2025, 1, 28, 10, tzinfo=UTC),
        tags=("us-china", "ai"),
        image="https://news.example/p.jpg",
        language="en-gb",
        fragment=entry.fragment,
    )
    assert feed.fragments == {entry.fragment}


def test_reads_a_whole_atom_entry() -> None:
    feed = atom(
        "<title type='html'>A &amp;lt;b&amp;gt; &amp;amp; c</title><id>tag:news.example,2025:1</id>"
        "<link rel='enclosure' href='a.mp3'/>"
        "<link rel='alternate' type='application/pdf' href='a.pdf'/>"
        "<link href='a.html'/><summary>5 &lt; 6</summary>"
        "<content type='xhtml' xml:lang='fr'><div xmlns='http://www.w3.org/1999/xhtml'><p>Un</p></div></content>"
        "<author><name>Ana</name><email>ana@news.example</email></author>"
        "<published>2025-01-27T14:23:00Z</published><updated>2025-01-28T14:23:00+01:00</updated>"
        "<category term='us-china' label='U and C'/>"
        "<category term='https://x.example/7' label='AI'/>",
        root='xml:lang="en" xml:base="https://base.example/x/"',
    )

    (entry,) = feed.entries
    assert (feed.version, feed.language) == ("atom10", "en")
    assert entry == Entry(
        title="A <b> & c",
        guid="tag:news.example,2025:1",
        url="https://base.example/x/a.html",
        summary="5 < 6",
        body="Un",
        authors=("Ana",),
        published=datetime(2025, 1, 27, 14, 23, tzinfo=UTC),
        updated=datetime(2025, 1, 28, 13, 23, tzinfo=UTC),
        tags=("us-china", "ai"),
        language="en",
        fragment=entry.fragment,
    )


def test_reads_rdf_with_entries_outside_the_channel() -> None:
    body = b"""<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <channel><title>News</title><link>https://news.example/</link>
      <items><rdf:Seq><rdf:li resource="https://news.example/1"/></rdf:Seq></items></channel>
      <item rdf:about="https://news.example/1"><title>One</title><dc:date>2025-01-27</dc:date></item>
      </rdf:RDF>"""

    feed = parse_document(body, url=URL)

    (entry,) = feed.entries
    assert (feed.version, entry.title, entry.url) == ("rss10", "One", "https://news.example/1")
    assert entry.published == entry.updated == datetime(2025, 1, 27, tzinfo=UTC)
    assert len(feed.fragments) == 1


def test_reads_older_formats() -> None:
    cdf = b"<channel href='https://news.example/'><item href='https://news.example/1'><title>One</title></item></channel>"
    atom03 = b"<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>One</title></entry></feed>"
    rss091 = b"<rss version='0.91'><channel><item><title>One</title></item></channel></rss>"

    for body in (cdf, atom03, rss091):
        assert [entry.title for entry in parse_document(body, url=URL).entries] == ["One"]


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("<link>/a</link>", "https://site.example/a"),
        ("<link>//cdn.example/a</link>", "https://cdn.example/a"),
        ("<link/><guid>https://news.example/g</guid>", "https://news.example/g"),
        ("<guid isPermaLink='false'>https://news.example/g</guid>", None),
        ("<guid>12345</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("<enclosure url='https://news.example/a.mp3' type='audio/mpeg'/>", None),
        ("<atom:link rel='self' href='https://news.example/self'/><link>/b</link>", "https://site.example/b"),
        ("<link>/track</link><feedburner:origLink>https://news.example/o</feedburner:origLink>",
         "https://news.example/o"),
        ("<link>https://news.example/?a=1&amp;amp;b=2</link>", "https://news.example/?a=1&b=2"),
    ],
)  # fmt: skip
def test_the_link_is_the_page_for_readers(entry: str, url: str | None) -> None:
    channel = "<link>https://site.example/</link>"

    assert of_rss(entry, channel).url == url


def test_the_identifier_is_verbatim() -> None:
    assert of_rss("<guid>12345</guid>").guid == "12345"
    assert of_rss("<guid>/a?b#c</guid>").guid == "/a?b#c"
    assert of_rss("<title>x</title>").guid is None
    assert of_atom("<id>77</id><content xml:base='https://a.example/'>x</content>").guid == "77"


def test_a_base_inside_one_entry_does_not_reach_the_next() -> None:
    feed = atom(
        "<link href='1'/><content type='html' xml:base='https://other.example/'>x</content>",
        "<link href='2'/>",
    )

    assert [entry.url for entry in feed.entries] == [
        "https://news.example/1",
        "https://news.example/2",
    ]


def described(text: str) -> str:
    return f"<description>{text}</description>"


def full(text: str) -> str:
    return f"<content:encoded>{text}</content:encoded>"


def captioned(text: str) -> str:
    return f"<media:description>{text}</media:description>"


@pytest.mark.parametrize(
    ("entry", "summary", "body"),
    [
        (described("Short"), "Short", ""),
        (full("&lt;p&gt;Long&lt;/p&gt;"), "", "Long"),
        (described("Same") + full("&lt;p&gt;Same&lt;/p&gt;"), "Same", ""),
        (full("Long") + described("Short"), "Short", "Long"),
        (described("Short") + captioned("Caption"), "Short", ""),
        (f"<media:group>{captioned('Clip')}</media:group>", "Clip", ""),
        (described("") + captioned("Clip"), "Clip", ""),
        (described("I &amp;lt;3 NY"), "I <3 NY", ""),
        ("", "", ""),
    ],
)
def test_tells_the_summary_from_the_body(entry: str, summary: str, body: str) -> None:
    found = of_rss(f"<title>x</title>{entry}")

    assert (found.summary, found.body) == (summary, body)


def test_plain_content_of_atom_is_a_body() -> None:
    assert of_atom("<content>One\n\ntwo &lt; 3</content>").body == "One\ntwo < 3"


SMALL = "<media:content url='/s.jpg' medium='image' width='100'/>"
LARGE = "<media:content url='/l.jpg' type='image/jpeg' width='900'/>"
FILM = "<media:content url='/a.mp4' type='video/mp4'/>"
INLINE = "<media:content url='data:image/png;base64,AA' medium='image'/>"
SOUND = "<enclosure url='/e.mp3' type='audio/mpeg'/>"


@pytest.mark.parametrize(
    ("entry", "image"),
    [
        (SMALL + LARGE, "/l.jpg"),
        (FILM + "<media:thumbnail url='/t.jpg'/>", "/t.jpg"),
        ("<media:content url='/plain.jpg'/>", "/plain.jpg"),
        (INLINE + "<enclosure url='/e.jpg' type='image/jpeg'/>", "/e.jpg"),
        (SOUND + "<itunes:image href='/i.jpg'/>", "/i.jpg"),
        (described("&lt;img src='d.jpg'&gt;"), "/d.jpg"),
        (described("&lt;img src='d.jpg' width='1'&gt;"), None),
    ],
)
def test_the_picture_is_the_most_deliberate_one(entry: str, image: str | None) -> None:
    expected = f"https://news.example{image}" if image else None

    assert of_rss(entry).image == expected


def test_a_picture_in_the_text_is_resolved_against_the_texts_base() -> None:
    entry = of_atom(
        "<content type='html' xml:base='https://base.example/x/'>&lt;img src='p.jpg'&gt;</content>"
    )

    assert entry.image == "https://base.example/x/p.jpg"


@pytest.mark.parametrize(
    ("entry", "authors"),
    [
        ("<author>ana@news.example (Ana Lima)</author>", ("Ana Lima",)),
        ("<author>Ana Lima</author><dc:creator>Bo</dc:creator>", ("Ana Lima", "Bo")),
        ("<author>ana@news.example</author>", ()),
    ],
)
def test_authors_are_names(entry: str, authors: tuple[str, ...]) -> None:
    assert of_rss(entry).authors == authors


def test_creation_stands_in_for_publication() -> None:
    entry = of_rss("<dcterms:created>2025-01-27</dcterms:created><dc:date>2025-01-28</dc:date>")

    assert entry.published == datetime(2025, 1, 27, tzinfo=UTC)


def test_an_update_of_atom_is_no_publication() -> None:
    assert of_atom("<updated>2025-01-27T10:00:00Z</updated>").published is None


def test_the_entrys_language_wins_over_the_feeds() -> None:
    channel = "<language>en</language>"

    assert of_rss("<dc:language>pt_BR</dc:language>", channel).language == "pt-br"
    assert of_rss("<title>x</title>", channel).language == "en"
    assert of_rss("<title>x</title>", "<language>English (UK)</language>").language is None


@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl> 90.0 </ttl>", timedelta(minutes=90)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999999</ttl>", None),
    ],
)  # fmt: skip
def test_reads_how_long_the_publisher_asks_to_wait(channel: str, ttl: timedelta | None) -> None:
    assert rss(channel=channel).ttl == ttl


def test_reads_the_hours_and_days_to_skip_even_behind_the_entries() -> None:
    body = b"""<rss version="2.0"><channel><item><title>x</title></item>
      <skipHours><hour>0</hour><hour> 7 </hour><hour>24</hour><hour>99</hour></skipHours>
      <skipDays><day>Saturday</day><day>sun</day><day>Funday</day></skipDays></channel></rss>"""

    feed = parse_document(body, url=URL)

    assert feed.skip_hours == {0, 7}
    assert feed.skip_days == {5, 6}


def test_entries_with_an_unbound_prefix_are_read() -> None:
    entry = b"<rss:item><rss:title>One</rss:title></rss:item>"
    body = b"<rss version=2.0><rss:channel>" + entry + b"</rss:channel></rss>"

    assert [entry.title for entry in parse_document(body, url=URL).entries] == ["One"]


def test_a_mistake_in_the_markup_costs_nothing_else() -> None:
    first = b"<item><title>One & two &nbsp; three</title></item>"
    body = b"<rss><channel>" + first + b"<item><b><title>Four</title></item></channel>"

    assert [entry.title for entry in parse_document(body, url=URL).entries] == [
        "One & two three",
        "Four",
    ]


def test_elements_of_any_name_do_no_harm() -> None:
    names = ("links", "tags", "authors", "content", "title_detail", "image", "media_content")
    others = "".join(f"<{name}>x</{name}>" for name in names)

    assert of_rss(f"{others}<title>One</title>").title == "One"


def test_known_entries_are_left_out_though_the_cuts_are_not_right() -> None:
    # A foreign `entry` between two of RSS: three cuts, and feedparser sees two or three.
    one, two = ("<item><title>One</title></item>", "<item><title>Two</title></item>")
    foreign = "<x:item xmlns:x='urn:x'>y</x:item>"
    body = f"<rss><channel>{one}{foreign}{two}</channel></rss>".encode()
    known = frozenset(fragment.digest for fragment in cut(body)[:1])

    whole, part = parse_document(body, url=URL), parse_document(body, url=URL, known=known)

    assert [entry.title for entry in whole.entries] == ["One", "Two"]
    assert [entry.title for entry in part.entries] == ["One", "Two"]
    assert whole.fragments == part.fragments == frozenset()


def test_a_reference_to_no_character_costs_itself_only() -> None:
    body = b"<rss><channel><item><title>&#99999999; & &#xD83D; x</title></item></channel></rss>"

    assert [entry.title for entry in parse_document(body, url=URL).entries] == ["& x"]


BREAKS = "<item><title>Half</title></width></item>"
"""An end without a beginning, at which feedparser reads None as a number."""


def test_an_entry_that_breaks_feedparser_costs_no_other() -> None:
    entries = f"<item><title>One</title></item>{BREAKS}<item><title>Two</title></item>"
    body = f"<rss {NAMESPACES}><channel><title>T</title>{entries}</channel></rss>".encode()
    first = cut(body)[0]

    whole = parse_document(body, url=URL)
    part = parse_document(body, url=URL, known=frozenset({first.digest}))

    assert (whole.title, [entry.title for entry in whole.entries]) == ("T", ["One", "Two"])
    assert [entry.title for entry in part.entries] == ["Two"]
    assert len(whole.fragments) == 3


def test_a_document_that_cannot_even_be_cut_and_breaks_feedparser_is_refused() -> None:
    body = f"<rss {NAMESPACES}><channel>{BREAKS}<item>".encode()

    with pytest.raises(ParseError, match="too broken to read"):
        parse_document(body, url=URL)


PIECES = st.sampled_from(
    ["<rss>", "<channel>", "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>",
     "x & y", "&#x41;", "<![CDATA[", "]]>", "<!--", "-->", "<link href='", "'/>", "<guid>",
     "<content type='xhtml'>", "<div>", "\x00", "<feed xmlns='http://www.w3.org/2005/Atom'>",
     "<?xml version='1.0'?>", "<image>", "<source url='a'>", "\ud83d"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=20))
def test_any_document_is_a_feed_or_refused(pieces: list[str]) -> None:
    body = "".join(pieces).encode("utf-8", "surrogatepass")
    try:
        feed = parse_document(body, url=URL)
    except ParseError:
        return
    assert all(entry.fragment in feed.fragments or not feed.fragments for entry in feed.entries)
