import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.query.spelling import leads, proof, stand, terms
from bot.query.terms import Lines, Tokens
from bot.query.tree import Words
from tests.unit.query.trees import EXAMPLES, WORDS, texts


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (Words("tariff"), ("\ntariff\n", "\ntariffs\n")),
        (Words("tariff", exact=True), ("\ntariff\n",)),
        (Words("tariff", prefix=True), ("\ntariff",)),
        (Words("US"), ("\nus\n",)),
        (Words("trade war", exact=True), ("\ntrade\nwar",)),
        (Words("trade war"), ("\ntrade\nwar", "\ntrades\nwar")),
        (Words("trade wolf"), ("\ntrade\nwol", "\ntrades\nwol")),
        (Words("the war of Beijing", exact=True), ("\nof\nbei",)),
        (Words("北京市"), ("\n北\n京",)),
    ],
)
def test_what_leads_to_words(words: Words, expected: tuple[str, ...]) -> None:
    assert leads(words) == expected


def test_what_proves_them() -> None:
    assert proof(Words("tariff")) == ""
    assert proof(Words("US")) == "\nUS\n"
    assert proof(Words("US", prefix=True)) == "\nUS"
    assert proof(Words("trade war")) is None


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.builds(Words, st.sampled_from(WORDS) | texts, exact=st.booleans(), prefix=st.booleans()),
    st.lists(texts, max_size=3),
)
def test_they_stand_where_they_are_found_token_by_token(words: Words, fields: list[str]) -> None:
    phrase = terms(words)
    if not phrase:
        return
    lines = Lines([Tokens(text) for text in fields])
    stands = any(text.find(phrase) is not None for text in lines.texts)
    is_led_to = any(lead in lines.folded for lead in leads(words))
    needed = proof(words)
    proven = stand(words, lines) if needed is None else needed in lines.exact
    assert stands == (is_led_to and proven)
    assert stands <= is_led_to
