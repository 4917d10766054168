"""What keeps a document from satisfying a query, in words."""

import pytest

from bot.query.document import Document, Reading
from bot.query.lacking import lacking
from bot.query.syntax import parse
from bot.query.tree import Or, TopicQuery, Words
from bot.query.verdict import judge

TOPICS = {"sea": Words("harbour")}
READING = Reading(Document(title="Fog on the ferry line", summary="Nobody is hurt"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("tariff", "no tariff"),
        ("ferry tariff chips", "no tariff; no chips"),
        ("tariff OR chips", "none of tariff, chips"),
        ("a1 OR a2 OR a3 OR a4 OR a5 OR a6 OR a7", "none of a1, a2, a3, a4, a5 and 2 more"),
        ("(tariff chips) OR steel", "(no tariff; no chips) or (no steel)"),
        ("tariff OR (chips OR (steel OR rubber))", "none of tariff, chips, steel, rubber"),
        (
            "(long NEAR/2 query) OR a1 OR (a2 OR a3 OR a4 OR a5)",
            "none of a1, a2, a3, a4, a5 and 1 more",
        ),
        ("ferry -fog", "“Fog” in the title is left out"),
        ("line -(fog OR hurt)", "“Fog” in the title, “hurt” in the summary is left out"),
        ("ferry NOT (line NOT tariff)", "“line” in the title is left out"),
        ("ferry topic:sea", "not topic sea (no harbour)"),
        ("title:hurt", "no hurt in title"),
        ("tag:us-china", "no tag:us-china"),
    ],
)
def test_what_is_missing_or_too_much_is_named(query: str, said: str) -> None:
    assert lacking(judge(parse(query, topics=TOPICS), READING)) == said


@pytest.mark.parametrize("query", [Or(()), TopicQuery("gone", None)])
def test_what_nothing_satisfies_is_said_so(query: Or | TopicQuery) -> None:
    assert "nothing can match" in lacking(judge(query, READING))
