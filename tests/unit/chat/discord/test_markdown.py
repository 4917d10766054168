import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.discord.markdown import as_is, escape, fit, plain, size
from tests.fakes.discord_markdown import FormattedError, shown

_PIECES = st.sampled_from(
    [
        *r"*_~`|<>[]()#-+@:\/!.1a ",
        *("\n", "\n#", "\n- ", "\n1. ", "-# ", ">>> ", "](", "||", "~~", "```", "é", "字", "😀"),
        *("@everyone", "@here", "<@1>", "<#2>", "<@&3>", "<t:4:R>", "</news:5>", "<a:b:6>"),
        *("<id:x>", ":smile:", "https://a.b", "[x](https://a.b)", "<https://a.b>"),
    ]
)
_MARKED_UP = st.lists(_PIECES, max_size=40).map("".join)

# Each would be formatted if it were handed on as it is.
_FORMATTED = [
    "*it*",
    "_it_",
    "**bold**",
    "__under__",
    "~~struck~~",
    "||hidden||",
    "`code`",
    "```\nblock```",
    "# Heading",
    "### Heading",
    "-# small",
    "> quote",
    ">>> quote",
    "- item",
    "* item",
    "12. item",
    "first\n- item",
    "[Reuters](https://evil.example)",
    "[a[b]](https://evil.example)",
    "https://evil.example/a_b_c",
    "<https://evil.example>",
    "<\nada@news.example>",
    "<@123>",
    "<@!123>",
    "<@&123>",
    "<#123>",
    "@everyone",
    "@here",
    "<t:1700000000:R>",
    "</news ping:123>",
    "<a:dance:123>",
    "<id:customize>",
    ":smile:",
    ":flag_gb::flag_us:",
]


@pytest.mark.parametrize("text", _FORMATTED)
def test_whatever_discord_would_format_is_shown_letter_by_letter(text: str) -> None:
    with pytest.raises(FormattedError):
        shown(text)

    assert shown(escape(text)) == text


@settings(deadline=None)
@given(_MARKED_UP)
def test_no_text_at_all_is_formatted(text: str) -> None:
    text = plain(text, keep_lines=True)

    assert shown(escape(text)) == text


@settings(deadline=None)
@given(st.text())
def test_any_text_reads_as_it_was(text: str) -> None:
    text = plain(text)

    assert shown(escape(text)) == text


@pytest.mark.parametrize(
    "headline",
    [
        "China: talks at 10:30, 3 - 1 down, up 5% (again) [live]",
        "U.S. #1; a < b; C++ & e-mail a@b.example; #MeToo ~5 m | more",
        "¿Qué pasa? — “Nothing”, it’s 2020/1/10…",
        "100. Geburtstag",
    ],
)
def test_what_discord_leaves_alone_gets_no_backslash(headline: str) -> None:
    """A push notification shows backslashes."""
    assert escape(headline.replace("100. ", "100.")) == headline.replace("100. ", "100.")


def test_direction_marks_and_invisible_characters_are_taken_out() -> None:
    assert plain("Bank\u202egnp.exe \u2066of\u2069 En\u200bg\ufeffland\u00ad") == (
        "Bankgnp.exe of England"
    )


def test_a_mention_cannot_be_hidden_from_escaping_by_an_invisible_character() -> None:
    text = escape(plain("<\u200b@123> @\u2060everyone @every\u200done"))

    assert shown(text) == "<@123> @everyone @everyone"


def test_joiners_of_other_scripts_and_emoji_stay() -> None:
    assert plain("می\u200cخواهم 👩\u200d🚀 क्\u200dष") == "می\u200cخواهم 👩\u200d🚀 क्\u200dष"


def test_controls_and_line_ends_become_spaces() -> None:
    assert plain(" a\x00b\r\nc\u2028d \n\n\t e\ud800 ") == "a b c d e\ufffd"


def test_line_ends_can_be_kept() -> None:
    assert plain("a \r\n\n b\nc", keep_lines=True) == "a\nb\nc"


def test_a_text_that_fits_is_not_cut() -> None:
    assert fit("twelve chars", 12) == "twelve chars"


def test_a_cut_falls_between_words_and_is_marked() -> None:
    assert fit("Parliament votes, late, on the budget", 25) == "Parliament votes, late…"


def test_a_cut_at_the_end_of_a_word_keeps_the_word() -> None:
    assert fit("Parliament votes late", 17) == "Parliament votes…"


def test_a_text_without_spaces_is_cut_anyway() -> None:
    assert fit("字" * 300, 10) == "字" * 9 + "…"


def test_escapes_and_wide_characters_count() -> None:
    assert fit("*" * 10, 9) == r"\*\*\*\*" + "…"
    assert fit("😀" * 10, 7) == "😀😀😀…"


def test_text_that_stays_unescaped_is_cut_the_same_way() -> None:
    assert fit("*one* two", 8, as_is) == "*one*…"


@settings(deadline=None)
@given(_MARKED_UP, st.integers(2, 60))
def test_a_cut_text_is_within_its_limit_and_still_not_formatted(text: str, limit: int) -> None:
    text = plain(text, keep_lines=True)
    written = fit(text, limit)

    assert size(written) <= limit
    assert text.startswith(shown(written).removesuffix("…"))
