"""What in a query means something else than it seems to."""

import pytest

from bot.query.lookalikes import lookalikes
from bot.query.syntax import parse


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Xi or Putin", "“or” is looked for as a word: write OR for the operator, =or if the word"),
        ("Xi Or Putin", "“Or” is looked for as a word: write OR for the operator, =or if"),
        ("Trump AND (near OR Xi)", "“near” is looked for as a word: write NEAR for"),
        ("China -not", "“not” is looked for as a word"),
        (r"China OR /\bécole/", r"\b in /\bécole/ knows the letters a to z alone"),
        (r"/Łódź\b/", r"\b in /Łódź\b/ knows"),
        (r"title:/\b北京/", r"\b in /\b北京/ knows"),
    ],
)
def test_the_first_is_told(query: str, said: str) -> None:
    assert lookalikes(parse(query)).startswith(said)


@pytest.mark.parametrize(
    "query",
    [
        "Xi OR Putin",
        "Xi =or Putin",
        "nor near* sand",
        "topic:or",
        'Xi "OR" Putin',
        '"war and peace"',
        r"/\bcafé|é cole\b/",
    ],
)
def test_other_words_are_not(query: str) -> None:
    assert not lookalikes(parse(query))
