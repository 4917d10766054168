import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.query.terms import Tokens, keys_of, terms_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("China's", "china"),
        ("China’s", "china"),
        ("CHINA’S", "china"),
        ("the states' rights", "the states rights"),
        ("US-China", "us china"),
        ("US–China", "us china"),
        ("US—China", "us china"),
        ("U.S.-China", "us china"),
        ("in the U.S. He", "in the us he"),
        ("U.S.A.", "usa"),
        ("the U.S.’s", "the us"),
        ("at 3 p.m. today", "at 3 pm today"),
        ("J.K. Rowling", "jk rowling"),
        ("Plan B. Then", "plan b then"),
        ("up 1.5 percent", "up 1.5 percent"),
        ("$1.5bn, €1,000 and 5G.", "1.5bn 1,000 and 5g"),
        ("COVID-19", "covid 19"),
        ("She won’t; he'll; I’m", "she won't he'll i'm"),
        ("l’Iran et l'Ukraine", "l iran et l ukraine"),
        ("O'Brien", "o brien"),
        ("snake_case", "snake case"),
        ("#MeToo @nato", "metoo nato"),
        ("São Tomé", "sao tome"),
        ("Sa\u0303o", "sao"),
        ("Łódź, Ærø, Þór", "lodz aero thor"),
        ("Straße STRASSE", "strasse strasse"),
        ("İstanbul ISTANBUL", "istanbul istanbul"),
        ("Αθήνα ΑΘΗΝΑ Άρης", "αθηνα αθηνα αρησ"),
        ("Мой МОЙ", "мой мой"),
        ("Ａ１ ﬁne", "a1 fine"),
        ("in\u00adter\u00adnal", "internal"),
        ("हिन्दी में", "हिन्दी में"),
        ("北京大学", "北 京 大 学"),
        ("ｶﾞ ガ か\u3099", "ガ ガ が"),
        ("중국은", "중 국 은"),
        ("ไทย", "ไ ท ย"),
        ("バイデン・米", "バ イ デ ン 米"),
        ("—…!", ""),
        ("", ""),
    ],
)
def test_text_is_cut_into_words_as_newsrooms_mean_them(text: str, folded: str) -> None:
    assert " ".join(Tokens(text).folded) == folded


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("US", ["US"]),
        ("U.S.", ["US"]),
        ("AI safety", ["AI", "safety"]),
        ("Apple", ["apple"]),
        ("X", ["x"]),
        ("G7", ["g7"]),
        ("MI6", ["MI6"]),
        ("США", ["США"]),
        ("US-China", ["US", "china"]),
        ("?!", []),
    ],
)
def test_only_words_of_two_or_more_capitals_are_exact(words: str, keys: list[str]) -> None:
    assert list(keys_of(words)) == keys


@pytest.mark.parametrize(
    ("words", "text", "there"),
    [
        ("US", "Tell us more", False),
        ("US", "The US and China", True),
        ("US", "The U.S. and China", True),
        ("AI", "he said", False),
        ("AI", "Weird Ai", False),
        ("WHO", "Who said it?", False),
        ("IT", "WHY IT MATTERS", True),
        ("it", "WHY IT MATTERS", True),
        ("Xi", "XI ARRIVES", True),
        ("apple", "Apple", True),
        ("apple", "pineapple", False),
        ("Xi Jinping", "President Xi Jinping’s visit", True),
        ("Xi Jinping", "Jinping Xi", False),
        ("Xi Jinping", "Xi said Xi", False),
        ("a b a c", "a b a b a c", True),
        ("US-China", "U.S.–China talks", True),
        ("US-China", "us-china talks", False),
        ("Sao Paulo", "São Paulo", True),
        ("São Paulo", "SAO PAULO", True),
        ("北京", "在北京大学", True),
        ("北京", "京北", False),
        ("won", "They won’t", False),
        ("last word", "the last", False),
    ],
)
def test_words_are_found_whole_in_order_and_in_their_case(
    words: str, text: str, *, there: bool
) -> None:
    assert (Tokens(text).find(terms_of(words)) is not None) is there


def test_found_words_are_shown_as_the_story_writes_them() -> None:
    tokens = Tokens("Later, São Paulo–based “U.S. Steel’s” rise")
    assert tokens.written(1, 3) == "São Paulo–based"
    assert tokens.written(4, 2) == "U.S. Steel"


@given(st.text())
def test_any_text_has_both_forms_and_a_place_for_each_token(text: str) -> None:
    tokens = Tokens(text)
    assert len(tokens.exact) == len(tokens.folded)
    assert all(tokens.exact)
    for number in range(len(tokens.exact)):
        assert tokens.written(number, 1) in text


@given(st.text(alphabet="aB1.,'s-_ éß’\u00ad北"))
def test_any_word_found_in_a_text_is_found_by_asking_for_it(text: str) -> None:
    tokens = Tokens(text)
    for number in range(len(tokens.exact)):
        terms = terms_of(tokens.written(number, 1))
        assert terms
        assert tokens.find(terms) is not None
