"""What people cannot see does not reach them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import one_line, paragraphs, printable

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("a\x00b\x1bc\x7fd\x9fe", "abcde"),
        ("pay\u202e1000\u202c", "pay1000"),
        ("Chi\u200bna \u2060and\ufeff", "China and"),
        ("hy\u00adphen", "hyphen"),
        ("half \ud83d of one", "half  of one"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("China’s “protocol” – é", "China’s “protocol” – é"),
    ],
)
def test_drops_what_cannot_be_seen(text: str, seen: str) -> None:
    assert printable(text) == seen


def test_keeps_joiners_where_a_script_or_an_emoji_needs_them() -> None:
    persian, family = "نمی\u200cدانم", "\U0001f468\u200d\U0001f469"

    assert printable(persian) == persian
    assert printable(family) == family
    assert printable("Chi\u200dna") == "China"


def test_keeps_the_flags_of_regions_whole() -> None:
    assert printable(f"{ENGLAND} wins") == f"{ENGLAND} wins"


def test_one_line_has_single_spaces() -> None:
    assert one_line("  a\n\tb\u00a0\u2003c\u2028d ") == "a b c d"


def test_paragraphs_keep_one_newline_each() -> None:
    assert paragraphs(" a  b \r\n\r\n\n c\u2029d \n") == "a b\nc\nd"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert paragraphs(paragraphs(text)) == paragraphs(text)


@given(st.text(st.characters()))
def test_what_is_left_can_be_stored(text: str) -> None:
    one_line(text).encode()
