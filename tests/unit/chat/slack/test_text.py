"""Foreign text made harmless and short enough for Slack."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.slack.text import clean, cut, escape, safe_url

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  two \t words\nover lines ", "two words over lines"),
        ("a\x00b\x07c\u2028d", "a b c d"),
        ("pay\u202etxt.exe\u2066", "paytxt.exe"),
        ("ze\u200bro wi\u2060dth\ufeff so\u00adft", "zero width soft"),
        ("a\u200db c\u200cd", "ab cd"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("tagged\U000e0041", "tagged"),
        ("filled\u3164\u115f", "filled"),
    ],
)
def test_what_does_not_show_or_misleads_is_gone(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    "text", ["👩\u200d💻 at work", "می\u200cخواهم", "क्\u200dष", "Ünïcödé 東京"]
)
def test_what_belongs_to_a_script_or_an_emoji_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@here and @channel", f"@{JOINER}here and @{JOINER}channel"),
        ("mail me @ home", "mail me @ home"),
        (":tada: at 10:30:45", f":{JOINER}tada: at 10:{JOINER}30:45"),
        ("note: this", "note: this"),
    ],
)
def test_what_slack_reads_as_a_token_is_parted(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_lines_are_kept_where_asked() -> None:
    assert clean(" one  line \r\n\n two ", lines=True) == "one line\n\ntwo"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("one two three", 9, "one two…"),
        ("one two, three", 10, "one two…"),
        ("unbreakable", 6, "unbre…"),
        ("a verylongword", 8, "a veryl…"),
        ("cafe\u0301 au lait", 5, "caf…"),
        ("\u0301\u0301\u0301", 2, "…"),
        ("one\ntwo three", 6, "one…"),
    ],
)
def test_a_text_too_long_ends_at_a_word(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_a_cut_never_passes_its_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("R&D <!channel> <@U1> <https://evil.example|bank>", None),
        ("> quoted", f"{JOINER}&gt; quoted"),
        ("a\n> b", f"a\n{JOINER}&gt; b"),
        ("&amp;", "&amp;amp;"),
    ],
)
def test_what_slack_parses_is_escaped(text: str, escaped: str | None) -> None:
    got = escape(text, 1000)
    assert "<" not in got
    assert escaped is None or got == escaped


def test_what_escaping_adds_counts_towards_the_limit() -> None:
    assert escape("a" * 30 + "&" * 30, 60) == "a" * 30 + "&amp;" * 5 + "…"


@given(st.text(alphabet=st.sampled_from("&<> a\n@"), max_size=300), st.integers(60, 200))
def test_escaping_stays_within_its_limit(text: str, limit: int) -> None:
    escaped = escape(text, limit)
    assert len(escaped) <= limit
    assert not {"<", ">"} & set(escaped)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://news.example/a?b=c&d=%20#e", "https://news.example/a?b=c&d=%20#e"),
        (" HTTPS://news.example/a|b<c>", "https://news.example/a%7Cb%3Cc%3E"),
        ("https://news.example/zwölf uhr", "https://news.example/zw%C3%B6lf%20uhr"),
        ("https://zwölf.example/", "https://xn--zwlf-6qa.example/"),
        ("http://news.example:8080", "http://news.example:8080"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
        ("https://bank.example@evil.example/", None),
        ("https://news.example/\u202egpj.exe", None),
        ("https://news.ex>ample/", None),
        ("https://[half/", None),
        ("https://" + "ö" * 80 + ".example/", None),
        ("javascript:alert(1)", None),
        ("//news.example/a", None),
        ("https://", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_safe_or_left_out(url: str | None, safe: str | None) -> None:
    assert safe_url(url) == safe


def test_an_address_too_long_is_left_out_not_cut() -> None:
    fits = "https://news.example/" + "a" * 2979
    assert safe_url(fits) == fits
    assert safe_url(fits + "a") is None
