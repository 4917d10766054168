"""A query written out is read again as the same query."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.query.document import Document, Reading
from bot.query.syntax import parse
from bot.query.tree import And, Field, Near, Node, Or, Regex, TopicQuery, Words
from bot.query.unparse import unparse
from bot.query.verdict import judge
from tests.unit.query.test_syntax import PIECES
from tests.unit.query.trees import EXAMPLES, documents, queries_without_topics

TITLE_AND_FEED = frozenset({Field.TITLE, Field.FEED})


@pytest.mark.parametrize(
    "text",
    [
        "tariff",
        "US-China",
        '"trade deal"',
        '"AND"',
        "=tariff",
        '="New York Times"',
        "elect*",
        '"nuclear weapon*"',
        "a AND b AND NOT c",
        "(a OR b) AND NOT (c OR d)",
        "NOT (NOT a)",
        'a NEAR/5 (b OR "c d")',
        "title:(a NEAR/5 b)",
        "NOT a NEAR/5 b AND c",
        r"/a\/b/",
        "source:Wire OR author:Báez OR tag:us-china OR site:bbc.co.uk OR lang:en OR topic:x",
    ],
)
def test_what_is_in_canonical_form_stays_as_it_is(text: str) -> None:
    assert unparse(parse(text)) == text


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Words("say “hi” * now"), '"say hi now"'),
        (Words("a", TITLE_AND_FEED), "title:a OR source:a"),
        (Regex("a/b", TITLE_AND_FEED), r"title:/a\/b/ OR source:/a\/b/"),
        (
            Near((Words("a"),), (Words("b", TITLE_AND_FEED), Words("c")), 2),
            "title:(a NEAR/2 (b OR c)) OR summary:(a NEAR/2 c) OR body:(a NEAR/2 c)",
        ),
        (And((Words("a"),)), "a"),
        (And((Or((Words("a"),)), Words("b"))), "a AND b"),
    ],
)
def test_trees_that_nobody_typed_are_written_too(node: Node, text: str) -> None:
    assert unparse(node) == text


@pytest.mark.parametrize(
    "node",
    [
        And(()),
        Or(()),
        Words("…"),
        Words("a", frozenset()),
        Near((Words("a", TITLE_AND_FEED),), (Words("b", frozenset({Field.BODY})),)),
    ],
)
def test_what_matches_everything_or_nothing_cannot_be_written(node: Node) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        unparse(node)


def _read_again(node: Node) -> tuple[str, Node]:
    """A tree's text, and the tree that is read from it; discards what nobody can type."""
    try:
        text = unparse(node)
        return text, parse(text)
    except (ValueError, QueryError):
        assume(False)
        raise


# Of the trees made up, two in three cannot be typed.
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(queries_without_topics, documents)
def test_a_tree_written_and_read_again_means_the_same(node: Node, document: Document) -> None:
    text, again = _read_again(node)
    reading = Reading(document)
    assert judge(again, reading).holds is judge(node, reading).holds
    assert unparse(again) == text


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join))
def test_a_text_read_and_written_is_read_as_the_same_tree(text: str) -> None:
    try:
        node = parse(text)
    except QueryError:
        return
    assert unparse(parse(unparse(node))) == unparse(node)


def test_a_topic_is_named_not_spelt_out() -> None:
    assert unparse(TopicQuery("ai-safety", Words("AI safety"))) == "topic:ai-safety"
