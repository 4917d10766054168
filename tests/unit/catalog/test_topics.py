"""Rule files, as people write them and as they mistype them."""

import textwrap
from pathlib import Path

import pytest

from bot.domain.channel import CONSOLE, Channel, Platform
from bot.query.document import Document
from bot.query.matcher import Matcher
from bot.query.tree import And, Field, Near, Not, Or, Regex, Tagged, TopicQuery, Words
from tests.unit.catalog.desk import Desk


def test_every_key_of_a_rule_is_read(desk: Desk) -> None:
    topic = desk.topic(
        """
        title: US–China relations
        description: >
          What the two say
          to each other.
        channels: [slack:C0123ABCD, discord:112233445566778899, console, console]
        tags: [us-china]
        any: [Beijing summit, {words: Xi, in: title}]
        all: [China]
        none: [basketball]
        in: [title, summary]
        """
    )
    near = frozenset({Field.TITLE, Field.SUMMARY})
    assert topic.name == "summits"
    assert topic.title == "US–China relations"
    assert topic.description == "What the two say to each other."
    assert topic.channels == (
        Channel(Platform.SLACK, "C0123ABCD"),
        Channel(Platform.DISCORD, "112233445566778899"),
        CONSOLE,
    )
    assert topic.query == And(
        (
            Or(
                (
                    Tagged("us-china"),
                    Words("Beijing summit", near),
                    Words("Xi", frozenset({Field.TITLE})),
                )
            ),
            Words("China", near),
            Not(Words("basketball", near)),
        )
    )


def test_a_rule_may_be_one_tag(desk: Desk) -> None:
    topic = desk.topic("tags: us-china")
    assert (topic.query, topic.title, topic.description, topic.channels) == (
        Tagged("us-china"),
        "summits",
        "",
        (),
    )


def test_several_unwanted_words_each_exclude(desk: Desk) -> None:
    assert desk.topic("all: summit\nnone: [tech, ski]").query == And(
        (Words("summit"), Not(Or((Words("tech"), Words("ski")))))
    )


@pytest.mark.parametrize(
    ("title", "tags", "matches"),
    [
        ("Trade talks resume", {"us-china"}, True),
        ("Leaders meet for Beijing summit on trade", set(), True),
        ("Leaders meet for Beijing summit", set(), False),
        ("Trade fair opens", set(), False),
        ("Beijing summit: trade and basketball", {"us-china"}, False),
    ],
)
def test_tags_and_any_are_alternatives_all_is_needed_none_excludes(
    desk: Desk,
    title: str,
    tags: set[str],
    matches: bool,
) -> None:
    rule = "tags: [us-china]\nany: [Beijing summit]\nall: [trade]\nnone: [basketball]"
    matcher = Matcher({"it": desk.topic(rule).query})
    assert bool(matcher.match(Document(title=title, tags=frozenset(tags)))) is matches


def test_an_item_may_be_exact_or_the_beginning_of_a_word(desk: Desk) -> None:
    rule = 'any: [=summit, elect*, =nuclear weapon*, {words: =chip, in: title}, "Xi"]'
    assert desk.topic(rule).query == Or(
        (
            Words("summit", exact=True),
            Words("elect", prefix=True),
            Words("nuclear weapon", exact=True, prefix=True),
            Words("chip", frozenset({Field.TITLE}), exact=True),
            Words("Xi"),
        )
    )


def test_a_query_stands_beside_the_simple_keys_as_an_alternative(desk: Desk) -> None:
    topic = desk.topic(
        """
        tags: [us-china]
        any: [Beijing summit]
        query: >
          tariff* NEAR/5 (China OR Chinese)
          OR title:"trade truce"
        all: [trade]
        none: [basketball]
        """
    )
    assert topic.query == And(
        (
            Or(
                (
                    Tagged("us-china"),
                    Words("Beijing summit"),
                    Or(
                        (
                            Near(
                                (Words("tariff", prefix=True),),
                                (Words("China"), Words("Chinese")),
                                5,
                            ),
                            Words("trade truce", frozenset({Field.TITLE})),
                        )
                    ),
                )
            ),
            Words("trade"),
            Not(Words("basketball")),
        )
    )


def test_in_says_where_a_query_looks_too_unless_it_names_a_field(desk: Desk) -> None:
    topic = desk.topic("in: title\nquery: Xi /AI/ summary:Li")
    title = frozenset({Field.TITLE})
    assert topic.query == And(
        (Words("Xi", title), Regex("AI", title), Words("Li", frozenset({Field.SUMMARY})))
    )


def test_a_topic_may_name_topics_of_other_files(desk: Desk) -> None:
    desk.write(rule="query: topic:trade -topic:sport", name="a.yaml")
    desk.write(rule="any: [tariff]", name="trade.yaml")
    desk.write(rule="query: football OR topic:tennis", name="sport.yaml")
    desk.write(rule="any: [Wimbledon]", name="tennis.yaml")
    first, *_ = desk.load().topics
    sport = Or((Words("football"), TopicQuery("tennis", Words("Wimbledon"))))
    assert first.query == And(
        (TopicQuery("trade", Words("tariff")), Not(TopicQuery("sport", sport)))
    )


def test_topics_that_name_each_other_in_a_circle_are_told_once(desk: Desk) -> None:
    desk.write(rule="title: A\nquery: x OR topic:b", name="a.yaml")
    desk.write(rule="query: topic:c", name="b.yaml")
    desk.write(rule="query: topic:b", name="c.yaml")
    desk.write(rule="query: topic:self", name="self.yaml")
    said = "query: topics name each other in a circle"
    assert desk.mistakes() == [
        f"rules/b.yaml:1: {said}, b → c → b; take one name out",
        f"rules/self.yaml:1: {said}, self → self; take one name out",
    ]


def test_a_topic_that_no_file_has_is_told_with_the_nearest(desk: Desk) -> None:
    (mistake,) = desk.rule_mistakes("query: topic:sumits")
    assert mistake == (
        "rules/summits.yaml:1: query: there is no topic “sumits”; did you mean topic:summits?\n"
        "    topic:sumits\n"
        "          ^"
    )


@pytest.mark.parametrize(
    ("rule", "line", "caret"),
    [
        ("title: X\nquery: a AND AND b", 2, "a AND AND b\n      ^"),
        ("query: >\n  tariff OR\n  (trade", 3, "tariff OR (trade\n          ^"),
        ("query: >-\n\n  tariff\n\n  AND OR x\nany: [x]", 5, "AND OR x\n    ^"),
        ("query: |\n  tariff OR\n  (trade", 3, "(trade\n^"),
        ("query: |\n  tariff\n  trade AND\n\n", 3, "trade AND\n      ^"),
        ("query: tariff\n  OR trade\n  OR\n", 3, "tariff OR trade OR\n                ^"),
        ("query: 'it''s a\n  *b'", 2, "it's a *b\n       ^"),
        ('query: "\\"a b\\" x\n  *b"', 2, '"a b" x *b\n        ^'),
        ("query:\n  tariff AND\n  (trade", 3, "tariff AND (trade\n           ^"),
    ],
)
def test_a_mistake_in_a_query_is_told_with_its_line_and_a_caret(
    desk: Desk, rule: str, line: int, caret: str
) -> None:
    (mistake,) = desk.rule_mistakes(rule)
    assert mistake.startswith(f"rules/summits.yaml:{line}: query: ")
    assert mistake.endswith("\n" + textwrap.indent(caret, "    "))


def test_a_query_must_be_text(desk: Desk) -> None:
    (mistake,) = desk.rule_mistakes("query: [a, b]")
    assert mistake == "rules/summits.yaml:1: query: text is needed here, not a list"


def test_numbers_and_words_like_true_are_words(desk: Desk) -> None:
    assert desk.topic("any: [2026, true, on]").query == Or(
        (Words("2026"), Words("true"), Words("on"))
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("title: X", ":1: the rule says nothing to look for; write tags:, any:, query: or all:"),
        ("title: X\nnone: [sport]", ":2: none: alone it matches nearly everything"),
        ("any: []", ":1: any: is an empty list; write something or remove it"),
        ("any:", ":1: any: is empty; write something or remove it"),
        ("any:\n  - ''", ":2: any: is empty"),
        ("any:\n  - US\n  -", ":3: any: text is needed here, not nothing"),
        ("any: ['&']", ":1: any: “&”: “&” holds no letter and no digit; write AND"),
        ("any: [el*ct]", ":1: any: “el*ct”: a star stands only at the end of a word"),
        ("any: [US AND China]", "word by word, AND too; write it under query:, or each part on"),
        (
            "any: [US|China]",
            "word by word, whatever signs are in it; write it under query:, with OR",
        ),
        ("any: [/tarif+/]", "“/tarif+/” is looked for word by word, whatever signs are in it"),
        ("any:\n  - US\n   - China", ":2: any: “US - China” is one phrase, a dash in it; indent"),
        ("any: tariff, truce", "“tariff, truce” is one phrase and no list; write [tariff, truce]"),
        (
            "any:\n  - tariff, 'trade war', \"x\"",
            "as one phrase; write each part as an item of its",
        ),
        ("any:\n  - ‒China", "“‒China” is looked for word by word, ‒ too; write it under query:"),
        ("any: [中国 ＯＲ 日本]", "is looked for word by word, OR too"),
        ("any:\n  - !climate change", ' with ! needs quotes around it, as in "!climate change"'),
        ("any:\r  - US\r  - #climate\r", ":3: any: text is needed here, not nothing; text that b"),
        ("any:\n  - US\n  - #climate", ":3: any: text is needed here, not nothing; text that begi"),
        ('query: "US" -China', ":1: is not valid YAML: text goes on behind a closed quote"),
        ("any: [[US, China]]", ":1: any: text is needed here, not a list"),
        ("any: [{in: title}]", ":1: any: words are missing; write {words: Xi Jinping, in: title}"),
        ("any: [{words: Xi, at: title}]", ":1: unknown key “at”; known here: words, in"),
        ("any: [{words: Xi, in: titel}]", "“titel” is no part of a story; did you mean “title”?"),
        ("any: [Xi]\nin: headline", ":2: in: “headline” is no part of a story; known here: title"),
        ("any: [Xi]\nin: []", ":2: in: is an empty list"),
        ("tags: [US China]", ":1: tags: “US China” is not how a tag is written; write us-china"),
        ("any: [Xi]\nchannel: [console]", ":2: unknown key “channel”; did you mean “channels”?"),
        ("any: [Xi]\nany: [Li]", ":2: “any” is on line 1 already; remove one of the two"),
        ("any: [Xi]\ntitle: {a: b}", ":2: title: text is needed here, not keys and values"),
        ("any: [Xi]\nchannels: ['slack:#news']", "channels: “slack:#news” names no channel. Slack"),
        ("- Xi", ":1: keys and values (key: value) are needed here, not a list"),
        ("Xi", ":1: keys and values (key: value) are needed here, not text"),
        ("title: Xi: the man\n", ":1: is not valid YAML: a colon followed by a space"),
        ("", ":1: the file is empty"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(desk: Desk, rule: str, said: str) -> None:
    (mistake,) = desk.rule_mistakes(rule)
    assert mistake.startswith("rules/summits.yaml:")
    assert said in mistake


def test_a_file_name_that_is_no_slug_is_told_with_the_slug(desk: Desk) -> None:
    desk.write(name="US China.yaml")
    (mistake,) = desk.mistakes()
    assert mistake.startswith("rules/US China.yaml:1: the file's name is the topic's")
    assert mistake.endswith("rename it to us-china.yaml")


def test_a_file_name_without_a_letter_gets_an_example(desk: Desk) -> None:
    desk.write(name="–.yaml")
    (mistake,) = desk.mistakes()
    assert "rename it to us-china.yaml" in mistake


def test_two_files_for_one_topic_are_told(desk: Desk) -> None:
    desk.write()
    (desk.rules / "asia").mkdir()
    (desk.rules / "asia" / "summits.yml").write_text("any: [Xi]")
    (mistake,) = desk.mistakes()
    assert mistake.startswith("rules/summits.yaml:1: ")
    assert "summits.yml is the topic “summits” already; rename one of the two" in mistake


def test_topics_come_in_the_order_of_their_files_and_other_files_are_passed_over(
    desk: Desk,
) -> None:
    desk.write(name="b.yaml")
    for name in ("a.yml", ".#c.yaml", "README.md"):
        (desk.rules / name).write_text("any: [Xi]")
    assert [topic.name for topic in desk.load().topics] == ["a", "b"]


def test_an_empty_rules_directory_is_told(desk: Desk) -> None:
    desk.write()
    (desk.rules / "summits.yaml").unlink()
    assert desk.mistakes() == ["rules:1: holds no rule; add a file such as us-china.yaml"]


def test_a_missing_rules_directory_is_told(desk: Desk) -> None:
    desk.write()
    (desk.rules / "summits.yaml").unlink()
    Path(desk.rules).rmdir()
    (mistake,) = desk.mistakes()
    assert mistake.startswith("rules:1: there is no such directory")
    Path(desk.rules).touch()
    (mistake,) = desk.mistakes()
    assert mistake.startswith("rules:1: is no directory; NEWSBOT_RULES names the one that")


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        ("title:China", "title:"),
        ("NOT cats", "NOT"),
        ("US OR EU", "OR"),
        ("-cats", "-"),
        ("China NEAR/5 tariff", "NEAR/5"),
    ],
)
def test_search_syntax_among_words_is_refused_with_its_remedy(
    desk: Desk, written: str, sign: str
) -> None:
    mistakes = desk.rule_mistakes(f'any: ["{written}"]')
    assert len(mistakes) == 1
    assert mistakes[0].startswith("rules/summits.yaml:1: ")
    assert f"{sign} too; write it under query:" in mistakes[0]


@pytest.mark.parametrize(
    "written",
    ["S AND P", "Title: impossible", "to be or not to be", "US-China", "-40 degrees"],
)
def test_a_phrase_that_only_resembles_search_syntax_is_taken(desk: Desk, written: str) -> None:
    assert isinstance(desk.topic(f'any: ["{written}"]').query, Words)
