"""A query covers another where it is sure to find all that the other finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.query.covers import covers
from bot.query.document import Document
from bot.query.matcher import Matcher
from bot.query.syntax import parse
from bot.query.tree import And, Node, Or, Words
from tests.unit.query.trees import EXAMPLES, documents, queries, words

TOPICS: dict[str, Node] = {"ferries": Words("ferry")}


def read(text: str) -> Node:
    return parse(text, topics=TOPICS)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("ferry", "ferry"),
        ("ferry", "Ferry"),
        ("ferry", "FERRY"),
        ("ferry", "ferry AND strike"),
        ("ferry", "ferry -fog"),
        ("ferry OR tram", "tram"),
        ("ferry OR tram OR bus", "(ferry strike) OR (bus strike)"),
        ("war", '"trade war"'),
        ('"trade war"', '"a trade war looms"'),
        ("ferry", "title:ferry"),
        ("ferry", "ferry NEAR strike"),
        ("strike OR walkout", "ferry NEAR (strike OR walkout)"),
        ("ferry -(heavy fog)", "ferry -fog"),
        ("topic:ferries", "ferry AND late"),
        ("ferry", "topic:ferries AND late"),
        ("site:bbc.co.uk", "ferry site:bbc.co.uk"),
    ],
)
def test_what_is_wider_covers(wide: str, narrow: str) -> None:
    assert covers(read(wide), read(narrow))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("ferry AND strike", "ferry"),
        ("ferry -fog", "ferry"),
        ("ferry -fog", "ferry -(heavy fog)"),
        ("US", "us"),
        ('"trade war"', "war"),
        ('"war trade"', '"trade war"'),
        ("title:ferry", "ferry"),
        ("ferry", "ferry OR tram"),
        ("strike", "ferry NEAR (strike OR walkout)"),
        ('="ferry"', "ferry"),
        ("elect*", "electoral"),
    ],
)
def test_what_is_not_or_cannot_be_told_does_not(wide: str, narrow: str) -> None:
    assert not covers(read(wide), read(narrow))


leaves = words | st.builds(lambda one, other: Words(f"{one.text} {other.text}"), words, words)
pairs = st.tuples(queries | leaves, queries | leaves).flatmap(
    lambda two: st.sampled_from(
        [
            (two[0], two[1]),
            (two[0], And(two)),
            (Or(two), two[1]),
            (Or(two), And(two)),
            (And(two), And((two[1], And(two)))),
        ]
    )
)


@settings(max_examples=EXAMPLES)
@given(pairs, st.lists(documents, max_size=5))
def test_nothing_that_the_narrow_one_finds_escapes_the_wide_one(
    pair: tuple[Node, Node], found: list[Document]
) -> None:
    wide, narrow = pair
    if covers(wide, narrow):
        matcher = Matcher({"wide": wide, "narrow": narrow})
        for document in found:
            matches = matcher.match(document)
            assert "narrow" not in matches or "wide" in matches


@given(queries)
def test_every_query_covers_itself(query: Node) -> None:
    assert covers(query, query)
