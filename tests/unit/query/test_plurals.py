import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.query.plurals import forms


@pytest.mark.parametrize(
    ("single", "plural"),
    [
        ("tariff", "tariffs"),
        ("policy", "policies"),
        ("day", "days"),
        ("tax", "taxes"),
        ("crash", "crashes"),
        ("strike", "strikes"),
        ("virus", "viruses"),
        ("witness", "witnesses"),
        ("hero", "heroes"),
        ("photo", "photos"),
        ("crisis", "crises"),
        ("woman", "women"),
        ("gunman", "gunmen"),
        ("child", "children"),
        ("ban", "bans"),
        ("critic", "critics"),
    ],
)
def test_a_plural_and_its_singular_are_one_word(single: str, plural: str) -> None:
    assert plural in forms(single)
    assert single in forms(plural)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("new", "news"),
        ("it", "its"),
        ("u", "us"),
        ("ga", "gas"),
        ("arm", "arms"),
        ("right", "rights"),
        ("economic", "economics"),
        ("time", "times"),
        ("good", "goods"),
        ("william", "williams"),
        ("princes", "princess"),
        ("man", "mans"),
        ("policy", "policys"),
        ("a.b", "a.bs"),
        ("état", "états"),
        ("covid19", "covid19s"),
    ],
)
def test_words_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    assert other not in forms(one)
    assert one not in forms(other)


@given(st.text(alphabet="aeinmosyxch", max_size=7))
def test_the_relation_is_symmetrical(word: str) -> None:
    assert word in forms(word)
    assert all(word in forms(other) for other in forms(word))
