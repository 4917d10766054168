"""What people type, and what they mistype."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.query.syntax import MOST_CHARACTERS, MOST_DEPTH, MOST_REGEXES, parse
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
from tests.unit.query.trees import EXAMPLES

TITLE = frozenset({Field.TITLE})
A, B, C = Words("a"), Words("b"), Words("c")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("tariff", Words("tariff")),
        ("a b", And((A, B))),
        ("a AND b AND c", And((A, B, C))),
        ("a b AND c", And((A, B, C))),
        ("a OR b OR c", Or((A, B, C))),
        ("a and b", And((A, Words("and"), B))),
        ("a AND (b OR c)", And((A, Or((B, C))))),
        ("((a))", A),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("a −b", And((A, Not(B)))),
        ('-"b c" a', And((Not(Words("b c")), A))),
        ("a -(b OR c)", And((A, Not(Or((B, C)))))),
        ("NOT (NOT a)", Not(Not(A))),
        ("US-China", Words("US-China")),
        ('"trade deal"', Words("trade deal")),
        ("“trade deal”", Words("trade deal")),
        ("«trade deal»", Words("trade deal")),
        ("« trade deal »", Words("trade deal")),
        ("„trade deal“", Words("trade deal")),
        ('“trade deal"', Words("trade deal")),
        ('"AND" a', And((Words("AND"), A))),
        ("China’s", Words("China’s")),
        ("1,000 10:30 AT&T", And((Words("1,000"), Words("10:30"), Words("AT&T")))),
        ("elect*", Words("elect", prefix=True)),
        ('"nuclear weapon*"', Words("nuclear weapon", prefix=True)),
        ("北*", Words("北", prefix=True)),
        ("=tariff", Words("tariff", exact=True)),
        ('="New York Times"', Words("New York Times", exact=True)),
        ("a NEAR b", Near((A,), (B,), 5)),
        ("a NEAR/12 b", Near((A,), (B,), 12)),
        ('a NEAR/3 ("b c" OR c)', Near((A,), (Words("b c"), C), 3)),
        ("NOT a NEAR/3 b c", And((Not(Near((A,), (B,), 3)), C))),
        ("a NEAR/1 b OR c", Or((Near((A,), (B,), 1), C))),
        ("title:(a NEAR/3 b)", Near((Words("a", TITLE),), (Words("b", TITLE),), 3)),
        (r"/a\/b{2}/", Regex(r"a\/b{2}")),
        ("(/ab/)", Regex("ab")),
        ("title:/ab/", Regex("ab", TITLE)),
        ("title:a b", And((Words("a", TITLE), B))),
        ("Title: a", Words("a", TITLE)),
        ("title:(a -b)", And((Words("a", TITLE), Not(Words("b", TITLE))))),
        ("summary:a", Words("a", frozenset({Field.SUMMARY}))),
        ("body:a", Words("a", frozenset({Field.BODY}))),
        ('source:"BBC News"', Words("BBC News", frozenset({Field.FEED}))),
        ("author:Báez", Words("Báez", frozenset({Field.AUTHOR}))),
        ("-title:a b", And((Not(Words("a", TITLE)), B))),
        ("tag:us-china", Tagged("us-china")),
        ("tag:(us-china OR trade)", Or((Tagged("us-china"), Tagged("trade")))),
        ('category:"Foreign Policy"', Tagged("foreign-policy")),
        ("site:BBC.co.uk", Site("bbc.co.uk")),
        ("site:www.bbc.co.uk", Site("bbc.co.uk")),
        ("site:.gov", Site("gov")),
        ("site:müller.de｡", Site("xn--mller-kva.de")),
        ("site:müller.de", Site("xn--mller-kva.de")),
        ("lang:en", Language("en")),
        ("lang:pt_BR", Language("pt-br")),
        ("topic:ai-safety", TopicQuery("ai-safety")),
        ("a –b", And((A, Not(B)))),
        ("a －b", And((A, Not(B)))),
        ("a −（b OR c）", And((A, Not(Or((B, C)))))),
        ("title：a　b", And((Words("a", TITLE), B))),
        ("a ＡＮＤ b", And((A, B))),
        ("aa＊", Words("aa", prefix=True)),
        ("/（a）/ “b（c）”", And((Regex("（a）"), Words("b（c）")))),
        ("a -/（b）/", And((A, Not(Regex("（b）"))))),
        ("title:/a：/ （/［b］/）", And((Regex("a：", TITLE), Regex("［b］")))),
        ("NATO：東京～大阪", Words("NATO：東京～大阪")),
        ("Hawai`i", Words("Hawai`i")),
        ("a NEAR 7 AND b", And((Near((A,), (Words("7"),), 5), B))),
        ("a NEAR 737 b", And((Near((A,), (Words("737"),), 5), B))),
        ("tariff\n  OR trade\n", Or((Words("tariff"), Words("trade")))),
    ],
)
def test_a_query_is_read_into_its_tree(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "pointed", "said"),
    [
        ("", "^", "the query is empty; write what to look for"),
        ('china "trade', "      ^", "a quote is opened and not closed; add one behind the phrase"),
        ("(a OR b", "^", "this ( is not closed; add ) where the group ends"),
        ("a OR b)", "      ^", "this ) closes nothing; remove it"),
        (")", "^", "this ) closes nothing"),
        ("a ()", "  ^", "nothing stands in these parentheses; remove them"),
        ("a AND AND b", "      ^", 'AND follows AND; remove one, or write "AND" for the word'),
        ("a OR AND b", "     ^", "AND follows OR"),
        ("OR b", "^", "OR stands at the beginning"),
        ("(AND b)", " ^", "AND stands at the beginning"),
        ("NEAR b", "^", "NEAR stands at the beginning"),
        ("a AND", "  ^", "nothing follows AND; write a word behind it, or remove AND"),
        ("(a AND)", "   ^", "nothing follows AND"),
        ("a NEAR/3", "  ^", "nothing follows NEAR/3"),
        ("NOT", "^", "nothing follows NOT"),
        ("NOT a", "^", "the query only says what to leave out, so it would match nearly everyth"),
        ("-a -b", "^", "write what to look for before it, as in tariff -a -b"),
        ("a NOT NOT b", "      ^", "one exclusion follows another; write NOT or a minus once"),
        ("a --b", "  ^", "one minus follows another"),
        ("US - China", "   ^", "a minus stands alone; write -word to leave a word out"),
        ("a OR -b", "     ^", "OR -b would match nearly everything; write AND -b"),
        ("a OR (b OR NOT c)", "           ^", "OR NOT c would match nearly everything"),
        ("NOT (a -b)", "^", "only says what to leave out"),
        ("/.*/", "^", "this regular expression is found in any text"),
        (r"/\w/", "^", "this regular expression is found in any text"),
        ("a AND b OR c", "        ^", "write (a AND b) OR c, or a AND (b OR c)"),
        ("a OR b c", "       ^", "write (a OR b) AND c, or a OR (b AND c)"),
        ("a OR b -c", "       ^", "write (a OR b) AND -c, or a OR (b AND -c)"),
        ("titel:xi", "^", "there is no field “titel:”; write title:"),
        ("headline:xi", "^", "write title:, or put quotes around text that holds a colon"),
        ("trump:xi", "^", "use one of title: summary: body: source: author: tag: site: lang:"),
        ("title:", "^", "title: has nothing to look for; write it behind, as in title:word"),
        ("title:AND", "^", "title: has nothing to look for"),
        ("title:-xi", "      ^", "the exclusion comes before title:; write -title:word"),
        ("title:(a summary:b)", "         ^", "summary: stands inside of title:"),
        ("… a", "^", "“…” holds no letter and no digit; remove it"),
        ("a & b", "  ^", "“&” holds no letter and no digit; write AND"),
        ("a || b", "  ^", "“|” means nothing here; write OR"),
        ('"" a', " ^", "nothing is in the quotes"),
        ("China, Japan", "     ^", "“,” means nothing here; write OR or AND between words"),
        ("China,Japan", "     ^", "“,” means nothing here"),
        ("wom?n", "   ^", "“?” means nothing here; write * for any ending, or each form"),
        ("'trade deal'", "^", 'put a phrase into double quotes, "like this"'),
        ("<#C123>", "^", "“<” means nothing here; put the word into quotes, or leave the sign out"),
        ("*", "^", "a star stands only at the end of a word, for any ending; write elect*"),
        ("*ism", "^", "a star stands only at the end of a word"),
        ("el*ct", "  ^", "a star stands only at the end of a word"),
        ('"trade *"', "       ^", "in a phrase, a star stands only directly behind its last word"),
        ('"trade* war"', "      ^", "in a phrase, a star stands only directly behind its last"),
        ('"trade war"*', "           ^", 'write it inside of the quotes, as in "trade deal*"'),
        ("a*", "^", "“a*” would match very much; write two letters or more before the star"),
        ("GPT-5*", "^", "“5*” would match very much: “GPT-5” is 2 words, and the star belongs to"),
        ("a NEAR/0 b", "  ^", 'NEAR/0 leaves no room for a word; write "a phrase" in quotes'),
        ("a NEAR/101 b", "  ^", "NEAR reaches 100 words at most; write AND instead"),
        ("a NEAR/five b", "  ^", "“NEAR/five” is no operator here; write NEAR/5 between two wor"),
        ("a near/5 b", "  ^", "“near/5” is no operator here"),
        ("a ONEAR/5 b", "  ^", "“ONEAR/5” is no operator here"),
        ("a NEAR5 b", "  ^", "“NEAR5” is no operator here; write NEAR/5 between two words"),
        ("a NEXT/5 b", "  ^", "“NEXT/5” is no operator here"),
        ("a pre/5 b", "  ^", "“pre/5” is no operator here"),
        ("a NEAR 7 b", "  ^", 'stand apart; write NEAR/7, or "7" for the number as a word'),
        ("a ANDNOT b", "  ^", "“ANDNOT” is no operator here; write AND NOT"),
        ("a XOR b", "  ^", "“XOR” is no operator here; write OR"),
        ("a !b", "  ^", "“!” means nothing here; write -word to leave a word out"),
        ("`a b`", "^", 'put a phrase into double quotes, "like this"'),
        ("‹a b›", "^", 'put a phrase into double quotes, "like this"'),
        ("= a", "^", "no word follows the =; = stands once, directly before a word or phrase"),
        ("since:yesterday", "^", "a query has no since: of its own; a search takes since TIME"),
        ("a AROUND(5) b", "  ^", "“AROUND” is no operator here"),
        ("a NEAR/2 b NEAR/3 c", "           ^", "write a NEAR/2 b AND b NEAR/3 …"),
        ("a NEAR/2 tag:b", "         ^", "NEAR cannot have tag:b beside it; give it a word"),
        ("(a b) NEAR/2 c", "^", "NEAR cannot have (a b) beside it"),
        ("a NEAR/2 -b", "         ^", "an exclusion cannot stand here"),
        ("title:a NEAR summary:b", "        ^", "its two sides are never in the same field"),
        ("/a(b/", "  ^", r"a ( is opened and not closed; close it, or write \( for the sign"),
        ("/ab)/", "   ^", "a ) closes nothing"),
        ("x /a[b/", "    ^", "a [ is opened and not closed"),
        ("/a**/", "  ^", "one repetition follows another; keep one of the two"),
        ("/*a/", " ^", "nothing stands before the repetition"),
        ("/(?<=a)b/", " ^", "looking ahead and behind is not supported"),
        (r"/(a)\1/", "    ^", "there is no such escape, and no back-reference"),
        ("/a{1001}/", "  ^", "it repeats more than 1000 times in all"),
        (r"/(\pL{100}x){5}/", " ^", "it needs too much memory; make it shorter, or repeat less"),
        ("/a/i", "   ^", "nothing may follow a regular expression’s second slash; leave it out"),
        ("/news", "^", "a regular expression is opened and not closed, or empty; write /like"),
        ("tag:US-China", "    ^", "“US-China” is not how a tag is written; write tag:us-china"),
        ("tag:us-*", "       ^", "a star stands only at the end of a word"),
        ("tag:china*", "    ^", "tag: takes no =, star or regular expression; write it out, as in"),
        ("tag:/a/", "    ^", "tag: takes no =, star or regular expression"),
        ("site:https://www.bbc.com/x", "     ^", "is an address; write site:bbc.com for what a"),
        ("https://[", "^", "“https://[” is an address; write site:example.org"),
        ("site:bbc.com/news", "            ^", "is named without what follows the slash; write"),
        ("site:bbc!", "     ^", "“bbc!” is no site’s name; write it as in site:bbc.co.uk"),
        ("site:bbc..é", "     ^", "“bbc..é” is no site’s name"),
        ("lang:german", "     ^", "“german” is no language’s code; write lang:de"),
        ("lang:1", "     ^", "“1” is no language’s code; write lang:en"),
        ("topic:AI", "      ^", "“AI” is not how a topic’s name is written; write topic:ai"),
    ],
)  # fmt: skip
def test_a_mistake_is_pointed_at_with_its_remedy(text: str, pointed: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert said in str(caught.value)
    assert caught.value.caret() == f"{text}\n{pointed}"


def test_a_topic_that_does_not_exist_is_told_with_the_nearest() -> None:
    topics = {"ai-safety": Words("AI safety"), "us-china": None}
    assert parse("topic:ai-safety", topics=topics) == TopicQuery("ai-safety", Words("AI safety"))
    assert parse("topic:us-china", topics=topics) == TopicQuery("us-china")
    with pytest.raises(QueryError, match="no topic “ai-safty”; did you mean topic:ai-safety"):
        parse("topic:ai-safty", topics=topics)
    with pytest.raises(QueryError, match="no topic “sport”; the topics are: ai-safety, us-china"):
        parse("topic:sport", topics=topics)
    with pytest.raises(QueryError, match="the topics are: none yet"):
        parse("topic:sport", topics={})


def test_a_query_has_limits() -> None:
    assert parse("(" * MOST_DEPTH + "a" + ")" * MOST_DEPTH) == A
    with pytest.raises(QueryError, match="more than 50 parentheses"):
        parse("(" * 4000 + "a" + ")" * 4000)
    with pytest.raises(QueryError, match="longer than 10,000 characters"):
        parse("a" * (MOST_CHARACTERS + 1))
    with pytest.raises(QueryError, match="longer than 500 characters"):
        parse(f"/{'a' * 501}/")
    regexes = [f"/tariff{number}/" for number in range(MOST_REGEXES)]
    parse(" OR ".join(regexes))
    with pytest.raises(QueryError, match="more than 20 regular expressions; join some") as caught:
        parse(" OR ".join([*regexes, "/truce/"]))
    assert caught.value.text[caught.value.position :] == "/truce/"


def test_the_caret_stands_under_wide_letters_and_in_long_queries() -> None:
    with pytest.raises(QueryError) as wide:
        parse("北京\tétat e\u0301t ) 大学")
    assert wide.value.caret() == "北京 état e\u0301t ) 大学\n             ^"
    with pytest.raises(QueryError) as long:
        parse("tariff " * 30 + ") " + "china " * 30)
    shown, caret = long.value.caret().split("\n")
    assert shown[caret.index("^")] == ")"
    assert len(shown) == 72
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_the_caret_is_shown_with_its_own_line_only() -> None:
    with pytest.raises(QueryError) as caught:
        parse("tariff OR\n trade )\nchina")
    assert caught.value.caret() == " trade )\n       ^"


def test_long_parts_are_shortened_in_suggestions() -> None:
    with pytest.raises(QueryError) as caught:
        parse(f'a AND b OR "{"very " * 20}long"')
    assert 'write (a AND b) OR "very very' in caught.value.suggestion
    assert len(caught.value.suggestion) < 150


PIECES = ["a", "tariff", "AND", "OR", "NOT", "NEAR", "NEAR/3", "-", "=", "*", '"', "“", "(", ")"]
PIECES += ["/", "title:", "tag:", "site:", "lang:", "category:", "topic:", "x:", " ", " ", " ", ","]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=15).map("".join))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    refused: QueryError | None = None
    try:
        parse(text)
    except QueryError as error:
        refused = error
    if refused:
        assert 0 <= refused.position <= len(text)
        assert refused.what
        assert refused.suggestion
        assert refused.caret().endswith("^")
