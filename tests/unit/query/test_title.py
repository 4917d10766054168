"""Best first: what the headline alone says, then what it touches, then the rest."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from bot.query.document import Document, Reading
from bot.query.title import by_title
from bot.query.tree import And, Field, Near, Node, Not, Or, Regex, Tagged, TopicQuery, Words
from bot.query.verdict import judge
from tests.unit.query.trees import EXAMPLES, documents, queries

CHINA, TARIFF = Words("China"), Words("tariff")


def holds(query: Node, document: Document) -> bool:
    return judge(query, Reading(document)).holds


@settings(max_examples=EXAMPLES)
@given(queries, documents)
def test_the_ranks_share_nothing_and_leave_nothing_out(query: Node, document: Document) -> None:
    ranks = [holds(ranked, document) for ranked in by_title(query)]
    assert sum(ranks) == holds(query, document)


@settings(max_examples=EXAMPLES)
@given(queries, documents)
def test_the_first_rank_needs_nothing_but_the_headline(query: Node, document: Document) -> None:
    bare = replace(document, summary="", body="")
    expected = holds(query, document) and holds(query, bare)
    assert holds(by_title(query)[0], document) == expected


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        (And((CHINA, TARIFF)), [["China tariffs"], ["China", "Tariff row"], ["Talks"]]),
        (And((TARIFF, Not(CHINA))), [["Tariff row"], [], ["Talks"]]),
        (Or((CHINA, TARIFF)), [["China tariffs", "China", "Tariff row"], ["Talks"]]),
        (Near((CHINA,), (TARIFF,)), [["China tariffs"], ["China", "Tariff row"], ["Talks"]]),
        (And((TopicQuery("t", CHINA), TARIFF)), [["China tariffs"], ["China", "Tariff row"]]),
        (And((Regex("tar.ff"), CHINA)), [["China tariffs"], ["China", "Tariff row"], ["Talks"]]),
        (Tagged("trade"), [["China tariffs", "China", "Tariff row", "Talks"]]),
        (Words("China", frozenset({Field.TITLE})), [["China tariffs", "China"]]),
        (Words("China", frozenset({Field.BODY})), [[], ["China tariffs", "China", "Tariff row"]]),
        (TopicQuery("unheard-of"), [[]]),
    ],
)
def test_how_hits_are_ranked(query: Node, titles: list[list[str]]) -> None:
    body = "China and a tariff" if Not(CHINA) not in getattr(query, "parts", ()) else "A tariff"
    for rank, expected in enumerate(titles):
        for title in expected:
            document = Document(title=title, body=body, tags=frozenset({"trade"}))
            assert [holds(ranked, document) for ranked in by_title(query)].index(True) == rank
