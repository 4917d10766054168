"""What a lookup asks for is there in whatever satisfies the query."""

import re
from collections.abc import Collection, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.query.document import Document, Reading
from bot.query.lookup import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    NOTHING,
    AllOf,
    AnyOf,
    Key,
    Lookup,
    Pair,
    index_terms,
    lookup,
)
from bot.query.regex import Pattern, RegexError
from bot.query.tree import (
    And,
    Field,
    Language,
    Near,
    Node,
    Not,
    Or,
    Regex,
    Site,
    Tagged,
    TopicQuery,
    Words,
)
from bot.query.verdict import judge
from tests.unit.query.test_literal import SIGNS, WRITTEN
from tests.unit.query.trees import EXAMPLES, documents, queries

CHINA, XI = Words("China", exact=True), Words("Xi", exact=True)
TRADE = AnyOf((Key("trade"), Key("trades")))
patterns = st.lists(
    st.sampled_from(
        [r"\b", "^", " ", r"\s", r"\W", r"\.", "é", "’", "_", r"\(", "-", *WRITTEN, *SIGNS]
    ),
    max_size=6,
).map("".join)
broken_texts = st.lists(
    st.sampled_from(
        [
            *WRITTEN,
            "TRA",
            "ſ",
            "\u212a",
            "é",
            "e\u0301",
            "\u00ad",
            "\u200d",
            "北",
            "ｶ",
            "’",
            "_",
            "٣",
        ]
    )
    | st.characters(codec="utf-8"),
    max_size=12,
).map("".join)
TITLE, FEED = frozenset({Field.TITLE}), frozenset({Field.FEED})
LONG = "a" * 200


def proposes(asked: Lookup | None, terms: Sequence[str]) -> bool:  # noqa: PLR0911 - one line for each kind
    """Whether an index that keeps these terms of an entry, in this order, proposes it."""
    match asked:
        case None:
            return True
        case Key(term=term, prefix=True):
            return any(one.startswith(term) for one in terms)
        case Key(term=term):
            return term in terms
        case Pair(one=one, other=other, distance=distance):
            starts, ends = places(terms, one), places(terms, other)
            if distance is None:
                return any(start + 1 in ends for start in starts)
            return any(abs(start - end) - 1 <= distance for start in starts for end in ends)
        case AllOf(parts=parts):
            return all(proposes(part, terms) for part in parts)
        case AnyOf(parts=parts):
            return any(proposes(part, terms) for part in parts)


def places(terms: Sequence[str], wanted: Collection[str]) -> set[int]:
    return {place for place, term in enumerate(terms) if term in wanted}


def depth(asked: Lookup | None) -> int:
    return 1 + max(map(depth, asked.parts), default=0) if isinstance(asked, AllOf | AnyOf) else 1


@settings(max_examples=EXAMPLES)
@given(queries, documents)
def test_an_index_misses_nothing_that_satisfies_a_query(query: Node, document: Document) -> None:
    if judge(query, Reading(document)).holds:
        assert proposes(lookup(query), index_terms(document))


@settings(max_examples=5 * EXAMPLES)
@given(patterns, broken_texts, st.sampled_from([Field.TITLE, Field.BODY, Field.FEED]))
@example(r"\bcole", "école", Field.TITLE)
@example(r"\bkay", "o\u212aay", Field.FEED)
@example(r"\boperate", "co\u00adoperate", Field.BODY)
@example(" tra", "1 Tra", Field.BODY)
def test_an_index_misses_nothing_that_a_regular_expression_finds(
    pattern: str, text: str, field: Field
) -> None:
    try:
        found = Pattern(pattern).find(text)
    except RegexError:
        return
    if found is not None:
        document = {
            Field.TITLE: Document(title=text),
            Field.BODY: Document(body=text),
            Field.FEED: Document(feed=text),
        }[field]
        assert proposes(lookup(Regex(pattern, frozenset({field}))), index_terms(document))


@settings(max_examples=EXAMPLES)
@given(documents)
def test_a_term_is_short_and_no_database_would_cut_it(document: Document) -> None:
    for term in index_terms(document):
        assert 0 < len(term) <= MOST_CHARACTERS
        assert not re.search(r'[\x00-\x20"\x7f]', term)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        (CHINA, Key("china")),
        (Words("US"), Key("^us")),
        (Words("tariff"), AnyOf((Key("tariff"), Key("tariffs")))),
        (Words("elect", prefix=True), Key("elect", prefix=True)),
        (Words("US", prefix=True), Key("us", prefix=True)),
        (Words("Xi Jinping", exact=True), Pair(("xi",), ("jinping",))),
        (Words("Xi Jinping", TITLE, exact=True), Pair(("~xi",), ("~jinping",))),
        (Words("trade war"), Pair(("trade", "trades"), ("war", "wars"))),
        (
            Words("US trade war", exact=True),
            AllOf((Pair(("us",), ("trade",)), Pair(("trade",), ("war",)), Key("^us"))),
        ),
        (Words("trade war", prefix=True), AllOf((TRADE, Key("war", prefix=True)))),
        (
            Words("Xi trade war", exact=True, prefix=True),
            AllOf((Pair(("xi",), ("trade",)), Key("war", prefix=True))),
        ),
        (Words("China", TITLE, exact=True), Key("~china")),
        (Words("US", TITLE), Key("~us")),
        (Words("Wire", TITLE | FEED, exact=True), AnyOf((Key("~wire"), Key("@wire")))),
        (Words("China", frozenset({Field.BODY}), exact=True), Key("china")),
        (Words("Ann", frozenset({Field.AUTHOR}), exact=True), Key("&ann")),
        (Words("China", frozenset()), NOTHING),
        (Words("—"), NOTHING),
        (Near((CHINA,), (XI,)), Pair(("china",), ("xi",), 5)),
        (
            Near((CHINA, Words("—")), (Words("Xi Jinping", exact=True),), 2),
            AllOf((Key("china"), Pair(("xi",), ("jinping",)), Pair(("china",), ("xi",), 3))),
        ),
        (Near((CHINA,), (Words("Xi", TITLE, exact=True),)), AllOf((Key("china"), Key("~xi")))),
        (
            Near((CHINA,), (Words("Xi", exact=True, prefix=True),)),
            AllOf((Key("china"), Key("xi", prefix=True))),
        ),
        (Tagged("us-china"), Key("#us-china")),
        (Site("bbc.co.uk"), Key("/bbc.co.uk")),
        (Language("en"), Key("%en")),
        (Site(""), None),
        (Regex("chin"), None),
        (Regex(r"\bchin"), AnyOf((Key("chin", prefix=True), Key("-chin", prefix=True)))),
        (
            Regex(r"\bchin", TITLE | FEED),
            AnyOf(tuple(Key(f"{mark}chin", prefix=True) for mark in "~@-")),
        ),
        (Not(CHINA), None),
        (And((CHINA, Not(Words("Xi")))), Key("china")),
        (And(()), None),
        (Or(()), NOTHING),
        (Or((CHINA, Regex("x"))), None),
        (Or((CHINA, Words("—"))), Key("china")),
        (And((CHINA, Words("—"))), NOTHING),
        (TopicQuery("of", CHINA), Key("china")),
        (TopicQuery("unheard-of"), NOTHING),
        (Words(LONG, exact=True), Key(LONG[:MOST_CHARACTERS])),
    ],
)
def test_what_is_looked_up(query: Node, asked: Lookup | None) -> None:
    assert lookup(query) == asked


def test_what_the_index_keeps() -> None:
    document = Document(
        title="US talks",
        body="China’s Xi",
        feed="Wire",
        authors=("Ann B.",),
        tags=frozenset({"us-china"}),
        host="news.bbc.co.uk",
        language="en-gb",
    )
    assert index_terms(document) == (
        "us", "talks", "^us", "~us", "~talks", "china", "xi", "@wire", "&ann", "&b", "#us-china",
        "/news.bbc.co.uk", "/bbc.co.uk", "/co.uk", "/uk", "%en-gb", "%en",
    )  # fmt: skip


def test_a_deep_query_is_looked_up_by_less_of_it() -> None:
    query: Node = CHINA
    for number in range(40):
        query = Or((Words(f"w{number}", exact=True), And((Words(f"v{number}", exact=True), query))))
    asked = lookup(query)
    assert depth(asked) == MOST_DEPTH
    assert proposes(asked, ["w39"])
    assert proposes(asked, ["china", *(f"v{number}" for number in range(40))])
    assert not proposes(asked, ["china"])
