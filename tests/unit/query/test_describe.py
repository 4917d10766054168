import pytest

from bot.query.describe import describe
from bot.query.syntax import parse
from bot.query.tree import And, Field, Node, Not, Or, Regex, TopicQuery, Words


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (And(()), "all of"),
        (Or(()), "one of"),
        (Not(Words("a")), "not"),
        (TopicQuery("ai-safety"), "topic ai-safety"),
        (parse("tariff"), "tariff"),
        (parse('="trade deal"'), '="trade deal"'),
        (parse("title:elect*"), "elect* in title"),
        (Words("a", frozenset({Field.SUMMARY, Field.TITLE})), "a in title or summary"),
        (Regex("a", frozenset({Field.FEED, Field.AUTHOR})), "/a/ in source or author"),
        (parse("a NEAR/3 (b OR c)"), "a NEAR/3 (b OR c)"),
        (parse("title:(a NEAR/3 b)"), "title:(a NEAR/3 b)"),
        (parse("tag:us-china"), "tag:us-china"),
        (Words("…"), "nothing"),
    ],
)
def test_a_node_is_said_in_a_line(node: Node, said: str) -> None:
    assert describe(node) == said
