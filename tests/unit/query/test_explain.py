import pytest

from bot.query.document import Document, Reading
from bot.query.explain import MOST_FOUND, Evidence, Found, explain
from bot.query.tree import And, Field, Node, Not, Or, Tagged, Words

STORY = Document(
    title="Beijing and the U.S. agree on AI safety",
    summary="China’s government signed the protocol in Geneva.",
    body="Beijing called it historic. The White House agreed, as did Brussels and London.",
    feed="Example Wire",
    tags=frozenset({"us-china"}),
)


def _phrases(node: Node) -> tuple[str, ...]:
    evidence = explain(node, Reading(STORY))
    assert evidence is not None
    return evidence.phrases()


def test_words_are_quoted_as_written_with_their_place() -> None:
    assert _phrases(Words("beijing")) == ("“Beijing” in the title",)
    assert _phrases(Words("US")) == ("“U.S.” in the title",)
    assert _phrases(Words("china")) == ("“China” in the summary",)
    assert _phrases(Words("white house")) == ("“White House” in the text",)
    assert _phrases(Words("wire", frozenset({Field.FEED}))) == ("“Wire” in the feed’s name",)
    assert _phrases(Tagged("us-china")) == ("tag us-china",)


def test_the_title_comes_first_and_nothing_twice() -> None:
    query = And(
        (
            Words("beijing", frozenset({Field.BODY})),
            Or((Words("Geneva"), Tagged("us-china"), Words("agree"))),
            Words("Beijing"),
        )
    )
    assert _phrases(query) == (
        "“agree” in the title",
        "tag us-china",
        "“Geneva” in the summary",
        "“Beijing” in the text",
    )


def test_what_is_decisive_is_shown_before_further_alternatives() -> None:
    many = Or(tuple(Words(word) for word in ("Beijing", "and", "the", "agree", "on", "AI")))
    assert _phrases(And((many, Words("London")))) == (
        "“Beijing”, “and”, “the” and “agree” in the title",
        "“London” in the text",
    )


def test_of_many_alternatives_the_title_s_is_kept() -> None:
    in_body = ("called", "historic", "house", "brussels", "london")
    evidence = explain(Or((*map(Words, in_body), Words("safety"))), Reading(STORY))
    assert evidence is not None
    assert len(evidence.found) == MOST_FOUND
    assert evidence.phrases()[0] == "“safety” in the title"


def test_an_alternative_that_fails_as_a_whole_shows_none_of_its_words() -> None:
    query = Or((And((Words("Beijing"), Words("Moscow"))), Words("Geneva")))
    assert _phrases(query) == ("“Geneva” in the summary",)


def test_absence_is_satisfied_without_words() -> None:
    assert explain(Not(Words("football")), Reading(STORY)) == Evidence()
    assert _phrases(Or((Not(Words("football")), Words("Beijing")))) == ("“Beijing” in the title",)


@pytest.mark.parametrize(
    "query",
    [
        Words("Moscow"),
        Words("—"),
        Words("wire"),
        Words("safety China"),
        Words("Geneva", frozenset({Field.TITLE, Field.BODY})),
        Tagged("geneva"),
        And((Words("Beijing"), Words("Moscow"))),
        Or((Words("Moscow"), Tagged("sport"))),
        Or(()),
        Not(Words("Beijing")),
        And((Words("Beijing"), Not(Tagged("us-china")))),
    ],
)
def test_a_query_that_is_not_satisfied_has_no_evidence(query: Node) -> None:
    assert explain(query, Reading(STORY)) is None


def test_found_things_are_values() -> None:
    evidence = explain(Words("beijing"), Reading(STORY))
    assert evidence == Evidence((Found(words="Beijing", field=Field.TITLE),))
