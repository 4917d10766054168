import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.query.literal import literal, word_beginning
from bot.query.regex import Pattern, RegexError
from bot.query.terms import Lines, Tokens
from tests.unit.query.trees import EXAMPLES


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("tariff", "tariff"),
        (r"\bTariffs?\b", "tariff"),
        (r"\b(?:re)?arm(?:s|ed)\b", "arm"),
        ("sanction(s|ed)", "sanction"),
        ("colou?r", "colo"),
        ("lab+our", "lab"),
        ("x{0,2}ray", "ray"),
        ("war{2}ing", "war"),
        ("trade deal", "trade"),
        ("trade|deal", ""),
        ("(trade|deal)", ""),
        ("(?i)beijing", "beijing"),
        ("(?i:beijing) summit", "summit"),
        ("tariff(?i)*", ""),
        ("abcs+(?i)*", ""),
        ("(?P<who>xi) jinping", "jinping"),
        (r"\d+ dead", "dead"),
        (r"\x41bcd", "bcd"),
        (r"\pLabc", "abc"),
        ("[trade]", ""),
        ("[^]trade]war", "war"),
        ("[[:alpha:]]deal", "deal"),
        (r"\Qa.b\Etrade", ""),
        ("ab", ""),
        ("北京市", ""),
    ],
)
def test_what_must_stand_for_a_pattern_to_find_anything(pattern: str, expected: str) -> None:
    Pattern(pattern)
    assert literal(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\btariffs?\b", "tariff"),
        ("trade war", "war"),
        ("^breaking", "breaking"),
        (r"\(trade", "trade"),
        (r"x\s+war", "war"),
        (r"\b+war", "war"),
        ("é-trade", "trade"),
        ("tariff", ""),
        (r"\b?war", ""),
        (r"x\s*war", ""),
        (r"(\b)?war", ""),
        (r"\b(?:re)?arm", ""),
        (r"\b1st", ""),
        ("_war", ""),
        ("éwar", ""),
        (r"\Bwar", ""),
        (r"\b(war|trade)", ""),
        (r"\bwar|trade", ""),
    ],
)
def test_what_a_word_must_begin_with_for_a_pattern_to_find_anything(
    pattern: str, expected: str
) -> None:
    Pattern(pattern)
    assert word_beginning(pattern) == expected


WRITTEN = ["tra", "deal", "s", "k", "12", ".", "-", "'s", "’s", " ", "U.S.", "ther"]
SIGNS = ["(", ")", "(?:", "(?i)", "|", "*", "+", "?", "{0,2}", "{2}", "[a-t]", "[^]x]", "^", "$"]
pieces = st.sampled_from([*WRITTEN, *SIGNS, r"\b", r"\w", r"\.", "S", "K"])
texts = st.lists(
    st.sampled_from([*WRITTEN, "TRA", "S", "K"]) | st.characters(max_codepoint=0x7F)
).map("".join)


@settings(max_examples=10 * EXAMPLES, deadline=None)
@given(st.lists(pieces, max_size=8).map("".join), texts)
@example("ther", "U.S.ther's")
@example("tra", "1.5tra")
def test_where_it_finds_something_that_stands_in_the_lines(pattern: str, text: str) -> None:
    try:
        found = Pattern(pattern).find(text)
    except RegexError:
        return
    tokens = Tokens(text)
    assert tokens.is_ascii
    assert found is None or literal(pattern) in Lines([tokens]).folded
