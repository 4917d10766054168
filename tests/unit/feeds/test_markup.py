"""HTML becomes the text that a reader would see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.markup import pictures, plain_line, plain_paragraphs


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Fed <b>cuts</b> rates", "Fed cuts rates"),
        ("Fed &amp; ECB", "Fed & ECB"),
        ("Fed &amp;amp; ECB", "Fed & ECB"),
        ("It&#8217;s &quot;x&quot;&nbsp;y &#150; z", 'It’s "x" y – z'),
        ("AT&T &notify us", "AT&T &notify us"),
        ("<p>AT&T &notify us</p>", "AT&T &notify us"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("I <3 NY", "I <3 NY"),
        ("&lt;p&gt;Hello&lt;/p&gt;", "Hello"),
        ("&amp;lt;p&amp;gt;Hello&amp;lt;/p&amp;gt;", "Hello"),
        ("<p>Write &lt;b&gt;x&lt;/b&gt; for bold</p>", "Write <b>x</b> for bold"),
        ("x<script>alert(1)</script><style>p{}</style>y", "xy"),
        ("<figure><img src='p'><figcaption>A caption</figcaption></figure>Text", "Text"),
        ("a<!-- hidden -->b", "ab"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("", ""),
    ],
)  # fmt: skip
def test_takes_markup_out(markup: str, text: str) -> None:
    assert plain_line(markup) == text


def test_a_text_that_is_not_html_loses_only_what_is_plainly_a_tag() -> None:
    assert plain_line("Use the <div> element", is_html=False) == "Use the <div> element"
    assert plain_line("Fed <b>cuts</b> rates<br>", is_html=False) == "Fed cuts rates"


def test_blocks_and_line_breaks_are_paragraphs() -> None:
    markup = "<p>One\n  two</p><p>three<br>four</p><ul><li>five</li><li>six</li></ul>seven"

    assert plain_paragraphs(markup) == "One two\nthree\nfour\nfive\nsix\nseven"


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("SÃ£o Paulo", "São Paulo"),
        ("itâ€™s â€œplainâ€\x9d", "it’s “plain”"),
        ("São Paulo – “naïve” à la carte", "São Paulo – “naïve” à la carte"),
        ("北京 и Москва", "北京 и Москва"),
    ],
)
def test_mends_only_what_was_plainly_encoded_twice(text: str, mended: str) -> None:
    assert plain_line(text) == mended


def test_pictures_are_those_a_reader_would_call_so() -> None:
    markup = """
        <IMG src="https://pixel.example.com/t.gif"> <img src="x.png" width="1" height="1">
        <img src="/blank.gif" data-src="lazy.jpg"> <img src="data:image/gif;base64,R0"> <img>
        <img src="https://s.example/emoji/1f600.png"> <img src="a.jpg" width="600">
    """

    assert list(pictures(markup)) == ["lazy.jpg", "a.jpg"]
    assert not list(pictures("<p>none</p>"))


@given(st.text(st.sampled_from("<>&;/ab p\x1e\x00\"'!-#1[]"), max_size=60))
def test_any_markup_gives_text(markup: str) -> None:
    for is_html in (True, False):
        assert "\x1e" not in plain_paragraphs(markup, is_html=is_html)
        assert "\n" not in plain_line(markup, is_html=is_html)
