"""Rarer words lead to queries, so that common ones make no candidates."""

import pytest

from bot.query.matcher import Matcher
from bot.query.rarity import chance_of, chance_of_beginning
from bot.query.tree import And, Near, Node, Not, Or, Tagged, Words

CHINA, TARIFF = Words("China"), Words("tariff")


@pytest.mark.parametrize(
    ("common", "rare"),
    [("the", "china"), ("US", "tariff"), ("china", "tariff"), ("xi", "jinping"), ("it", "IT")],
)
def test_a_word_common_in_the_news_is_likelier(common: str, rare: str) -> None:
    assert chance_of(common) > chance_of(rare)
    assert chance_of_beginning(common) > chance_of_beginning(rare)


@pytest.mark.parametrize(
    ("query", "anchors"),
    [
        (And((CHINA, TARIFF)), ["tariff"]),
        (And((TARIFF, Or((CHINA, Words("trade"))))), ["tariff"]),
        (And((CHINA, Words("trade deal"))), ["trade deal"]),
        (And((CHINA, Tagged("asia"))), ["tag asia"]),
        (And((Or((CHINA, TARIFF)), Not(Words("football")))), ["china", "tariff"]),
        (Or((CHINA, And((TARIFF, Words("the"))))), ["china", "tariff"]),
        (And((CHINA, Or((Near((CHINA,), (TARIFF,)), Words("quota"))))), ["near", "quota"]),
        (And((CHINA, Or(()))), []),
    ],
)
def test_the_rarest_necessary_words_lead_to_a_query(query: Node, anchors: list[str]) -> None:
    compiled = Matcher({"one": query})._queries["one"]
    assert compiled.anchors is not None
    assert [named(clue.node) for clue in compiled.anchors] == anchors


def named(node: Node) -> str:
    match node:
        case Words(text=text):
            return text
        case Tagged(tag=tag):
            return f"tag {tag}"
        case _:
            return "near"


def test_nothing_leads_to_a_query_of_absence() -> None:
    assert Matcher({"one": Or((CHINA, Not(TARIFF)))})._queries["one"].anchors is None
