"""Many regular expressions searched for together find what each finds alone."""

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.query.regex import Pattern, Patterns, RegexError
from tests.unit.query.trees import EXAMPLES, PATTERNS, texts

MANY = [f"{letter}{number}" for letter in "abc" for number in range(60)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(PATTERNS), unique=True), texts)
def test_together_they_find_what_each_finds_alone(patterns: list[str], text: str) -> None:
    together = Patterns()
    for pattern in patterns:
        together.add(pattern)
    alone = {pattern for pattern in patterns if Pattern(pattern).find(text) is not None}
    assert set(together.found_in(text)) == alone


def test_patterns_come_and_go_by_the_hundred() -> None:
    together = Patterns()
    for pattern in MANY:
        together.add(pattern)
        assert together.found_in(f"An {pattern.upper()}!")
    for pattern in MANY[:-1]:
        together.drop(pattern)
    assert together.found_in(" ".join(MANY)) == [MANY[-1]]
    together.add(MANY[0])
    assert set(together.found_in(" ".join(MANY))) == {MANY[0], MANY[-1]}


def test_more_than_one_automaton_holds_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.query.regex._MOST_BYTES_OF_MANY", 1 << 16)
    together = Patterns()
    for letter in "abcdefghijklmnopqrstuvwxyz":
        together.add(rf"{letter}[0-9]{{60}}")
    assert together.found_in("q" + "1" * 60) == ["q[0-9]{60}"]


def test_an_impossible_pattern_is_refused_at_once() -> None:
    with pytest.raises(RegexError):
        Patterns().add("(")


def test_a_search_out_of_memory_asks_each_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    together = Patterns()
    together.add("chin")
    monkeypatch.setattr(re2.Set, "Match", lambda _self, _text: None)
    assert together.found_in("China") == ["chin"]
    assert together.found_in("Japan") == []
