import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.query.clue import Clue
from bot.query.document import Document, Reading
from bot.query.explain import Evidence, explain
from bot.query.matcher import Matcher
from bot.query.regex import RegexError
from bot.query.tree import And, Field, Near, Node, Not, Or, Regex, Site, Tagged, Words
from bot.query.verdict import judge
from tests.unit.query.trees import EXAMPLES, documents, queries


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(queries, max_size=6), documents)
def test_the_matcher_agrees_with_reading_each_tree(nodes: list[Node], document: Document) -> None:
    named = {f"query-{number}": node for number, node in enumerate(nodes)}
    matches = Matcher(named).match(document)
    assert dict(matches) == plainly(named, document)
    assert list(matches) == list(plainly(named, document))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(queries, min_size=2, max_size=3), documents)
def test_it_does_so_where_a_document_leads_to_many_queries(
    nodes: list[Node], document: Document
) -> None:
    named = {f"query-{number}": nodes[number % len(nodes)] for number in range(24)}
    assert dict(Matcher(named).match(document)) == plainly(named, document)


changes = st.lists(st.tuples(st.integers(0, 5), st.none() | queries), max_size=16)


@settings(max_examples=EXAMPLES, deadline=None)
@given(changes, st.lists(documents, min_size=1, max_size=3))
def test_it_still_does_after_queries_were_added_replaced_and_dropped(
    changes: list[tuple[int, Node | None]], among: list[Document]
) -> None:
    matcher = Matcher()
    named: dict[str, Node] = {}
    for number, (name, node) in enumerate(changes):
        if node is not None:
            named[f"query-{name}"] = node
            matcher.add(f"query-{name}", node)
        elif named.pop(f"query-{name}", None) is not None:
            matcher.drop(f"query-{name}")
        document = among[number % len(among)]
        assert dict(matcher.match(document)) == plainly(named, document)
    assert list(matcher.queries) == list(named)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(queries, max_size=4), queries)
def test_a_query_added_and_dropped_leaves_nothing_behind(nodes: list[Node], passing: Node) -> None:
    matcher = Matcher({f"query-{number}": node for number, node in enumerate(nodes)})
    before = held(matcher)
    matcher.add("passing", passing)
    matcher.drop("passing")
    assert held(matcher) == before
    for name in list(matcher.queries):
        matcher.drop(name)
    assert held(matcher) == held(Matcher())


def plainly(named: Mapping[str, Node], document: Document) -> dict[str, Evidence]:
    """What the queries say of a document, each read as a tree."""
    reading = Reading(document)
    said = ((name, explain(node, reading)) for name, node in named.items())
    return {name: evidence for name, evidence in said if evidence is not None}


def held(matcher: Matcher) -> list[int]:
    """How much an index holds, table by table."""
    index = matcher._index
    labels = [index._tags, index._sites, index._languages]
    clues: list[Clue] = [*index._nears.values()]
    clues += [clue for table in labels for clue in table.values()]
    sizes = []
    for space in index._spaces.values():
        clues += [*space._words.values(), *space._expressions.values()]
        finders = (space._watched, space._others)
        sizes += [sum(map(len, finders)), sum(len(each._expressions) for each in finders)]
    sizes += [clue.uses + len(clue.queries) + len(clue.nears) for clue in clues]
    return [len(matcher._always), len(clues), sum(sizes)]


def test_each_satisfied_query_is_named_in_the_order_given_with_its_evidence() -> None:
    matcher = Matcher(
        {
            "trade": Or((Words("tariff"), Words("trade deal"))),
            "china": And((Or((Words("China"), Tagged("china"))), Not(Words("porcelain")))),
            "sport": Words("football"),
        }
    )
    matches = matcher.match(Document(title="A trade deal with China", tags=frozenset({"china"})))
    assert list(matches) == ["trade", "china"]
    assert len(matches) == 2
    assert "sport" not in matches
    assert matches["trade"].phrases() == ("“trade deal” in the title",)
    assert matches["china"].phrases() == ("“China” in the title", "tag china")


def test_a_phrase_does_not_run_from_one_field_into_the_next() -> None:
    matcher = Matcher({"phrase": Words("trade deal")})
    assert not matcher.match(Document(title="A good trade", summary="Deal done"))


def test_a_query_of_absence_alone_is_always_asked() -> None:
    matcher = Matcher({"quiet": Not(Words("football")), "all": And(())})
    assert list(matcher.match(Document(title="Elections"))) == ["quiet", "all"]
    assert list(matcher.match(Document(title="Football"))) == ["all"]


def test_a_query_without_a_word_in_it_matches_nothing() -> None:
    assert not Matcher({"empty": Words("…"), "none": Or(())}).match(Document(title="…"))


def test_of_two_queries_without_a_word_one_goes_and_one_comes() -> None:
    matcher = Matcher({"empty": Words("…")})
    matcher.add("empty", Words("—"))
    matcher.drop("empty")
    matcher.add("word", Or((Words("…"), Words("tariff"))))
    assert list(matcher.match(Document(title="Tariff"))) == ["word"]


def test_beside_many_clues_those_that_come_are_watched_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.query.space._MANY", 1)
    matcher = Matcher(
        {
            "deal": And((Words("tariff"), Words("trade deal"), Not(Words("football")))),
            "tokyo": And((Words("tariff"), Regex("toky?o"))),
            "china": And((Words("tariff"), Words("China"))),
        }
    )
    (space,) = matcher._index._spaces.values()
    assert (len(space._watched), len(space._others)) == (3, 2)
    assert list(matcher.match(Document(title="Tariff in a trade deal"))) == ["deal"]
    assert list(matcher.match(Document(title="Tariff: Tokyo, football, a trade deal"))) == ["tokyo"]
    matcher.drop("tokyo")
    assert not matcher.match(Document(title="Tariff in Tokyo"))


@pytest.mark.parametrize("sign", ["ﷺ", "ﷻ", "ͺ"])
def test_a_sign_that_is_written_out_as_words_is_not_those_words(sign: str) -> None:
    words = unicodedata.normalize("NFKD", sign).strip()
    matcher = Matcher({"words": Words(words), "sign": Words(sign)})
    for title in (sign, words):
        reading = Reading(Document(title=title))
        asked = {"words": Words(words), "sign": Words(sign)}
        expected = [name for name, node in asked.items() if judge(node, reading).holds]
        assert list(matcher.match(reading.document)) == expected


def test_many_clues_that_one_text_leads_to_are_told_apart() -> None:
    phrases = {f"{number}": Words(f"trade wor{number}") for number in range(30)}
    matcher = Matcher(phrases)
    assert list(matcher.match(Document(title="Trade wor7, trade wor12, trade word"))) == ["7", "12"]
    matcher.drop("12")
    assert list(matcher.match(Document(title="Trade wor7 and trade wor12"))) == ["7"]


def test_of_many_absent_alternatives_none_is_missed() -> None:
    absent = tuple(Words(f"absent{number}") for number in range(100))
    matcher = Matcher(
        {
            "none": And((Words("tariff"), Or(absent))),
            "last": And((Words("tariff"), Or((*absent, Words("deal"))))),
            "not": And((Words("tariff"), Not(Or((*absent, Words("truce")))))),
            "regex": And((Words("tariff"), Or((*absent, Regex("tru.e"))))),
            "near": Near((Words("tariff"),), (*absent, Words("truce")), 2),
        }
    )
    assert list(matcher.match(Document(title="Tariff deal"))) == ["last", "not"]
    assert list(matcher.match(Document(title="Tariff truce"))) == ["regex", "near"]


def test_a_regular_expression_without_letters_is_looked_for_wherever_no_word_leads() -> None:
    matcher = Matcher({"digit": Regex("[0-9]"), "word": Words("tariff"), "abc": Regex("abc")})
    assert list(matcher.match(Document(title="Chapter 9"))) == ["digit"]
    # Its folded token has another letter than the pattern reads.
    assert list(matcher.match(Document(title="abc\u1ab5\u0301"))) == ["abc"]


def test_what_was_prepared_is_not_compiled_by_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    queries = {f"{number}": Words(f"word{number}") for number in range(100)}
    matcher = Matcher(queries | {"regex": And((Words("word1"), Regex("[0-9]")))})
    matcher.prepare()
    monkeypatch.delattr("bot.query.finder.BytesAhoCorasick")
    monkeypatch.delattr("bot.query.regex.re2.Set")
    assert list(matcher.match(Document(title="word1 word2"))) == ["1", "2", "regex"]


def test_fields_limit_where_words_are_looked_for() -> None:
    matcher = Matcher({"wire": Words("wire", frozenset({Field.FEED})), "any": Words("wire")})
    assert list(matcher.match(Document(title="News", feed="Example Wire"))) == ["wire"]
    assert list(matcher.match(Document(title="Down the wire"))) == ["any"]


def test_no_queries_match_nothing() -> None:
    assert not Matcher({}).match(Document(title="Anything"))


def test_queries_that_many_share_a_word_with_come_and_go() -> None:
    china = Or((Words("China"), Tagged("china")))
    matcher = Matcher({str(number): china for number in range(100)})
    for number in range(0, 100, 2):
        matcher.drop(str(number))
    assert list(matcher.match(Document(title="China"))) == [str(n) for n in range(1, 100, 2)]
    for number in range(1, 100, 2):
        matcher.drop(str(number))
    assert not matcher.match(Document(title="China"))


def test_a_query_that_makes_way_leaves_its_place() -> None:
    matcher = Matcher({"first": Words("China"), "second": Words("China")})
    matcher.add("first", Words("Beijing"))
    assert list(matcher.match(Document(title="China and Beijing"))) == ["first", "second"]
    assert list(matcher.match(Document(title="China"))) == ["second"]


def test_what_was_matched_stays_as_it_was_when_queries_change() -> None:
    matcher = Matcher({"china": Words("China"), "trade": Words("trade")})
    matches = matcher.match(Document(title="Trade with China"))
    matcher.drop("china")
    matcher.add("trade", Words("football"))
    assert matches["china"].phrases() == ("“China” in the title",)
    assert matches["trade"].phrases() == ("“Trade” in the title",)


def test_only_a_query_that_is_there_is_dropped() -> None:
    with pytest.raises(KeyError):
        Matcher().drop("unheard-of")


def test_an_impossible_regular_expression_changes_nothing() -> None:
    matcher = Matcher({"china": Words("China")})
    before = held(matcher)
    with pytest.raises(RegexError):
        matcher.add("china", And((Words("Beijing"), Words("a b"), Site("a.org"), Regex("("))))
    assert held(matcher) == before
    assert matcher.match(Document(title="China"))


def test_three_words_in_a_row_are_found_wherever_they_begin() -> None:
    near = Near((Words("White House staff"),), (Words("econ", prefix=True),), 2)
    matcher = Matcher(
        {"phrase": Words("white house staff"), "begun": Words("house staff eco", prefix=True)}
        | {"near": near, "capitals": Words("US House staff")}
    )
    title = "White House, white house staff"
    assert list(matcher.match(Document(title=title))) == ["phrase"]
    assert list(matcher.match(Document(title=f"{title} economics"))) == ["phrase", "begun", "near"]
    assert list(matcher.match(Document(title="US House staff"))) == ["capitals"]
    assert not matcher.match(Document(title="us House staff"))
    assert not matcher.match(Document(title="White House", summary="Staff"))


def test_two_queries_may_ask_for_the_same_words_close_to_each_other() -> None:
    near = Near((Words("China"), Words("Beijing")), (Words("tariff"),))
    matcher = Matcher({"one": near, "other": And((near, Words("deal")))})
    assert list(matcher.match(Document(title="A Beijing tariff deal"))) == ["one", "other"]
    matcher.drop("one")
    assert list(matcher.match(Document(title="A tariff deal of China"))) == ["other"]
    matcher.drop("other")
    assert held(matcher) == held(Matcher())


def test_the_beginning_of_a_word_is_longer_than_what_it_is_looked_up_by() -> None:
    matcher = Matcher({"one": Words("elector", prefix=True), "other": Words("election")})
    assert list(matcher.match(Document(title="An electoral law"))) == ["one"]
    assert not matcher.match(Document(title="An electrical fault"))


def test_of_much_evidence_the_parts_that_come_first_are_shown() -> None:
    groups = Or((And((Words("alpha"), Words("beta"))), Words("omega")))
    query = And((Words("gamma"), groups, *map(Words, ("delta", "epsilon", "zeta"))))
    document = Document(body="Zeta epsilon delta gamma beta alpha")
    evidence = Matcher({"one": query}).match(document)["one"]
    assert [found.words for found in evidence.found] == [
        "gamma", "alpha", "beta", "delta", "epsilon",
    ]  # fmt: skip
