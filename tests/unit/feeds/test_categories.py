"""Categories become tags."""

import pytest

from bot.feeds.categories import Category, tags


def read(*terms: str) -> tuple[str, ...]:
    return tags(map(Category, terms))


def test_categories_are_slugs_in_order_without_repeats() -> None:
    assert read("US-China", "AI &amp; Safety", "us china", "") == ("us-china", "ai-safety")


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("Politics, World, Asia", ("politics", "world", "asia")),
        ("Politics, World", ("politics", "world")),
        ("World/Asia", ("world", "asia")),
        ("World > Asia", ("world", "asia")),
        ("Economy; Trade|Tariffs", ("economy", "trade", "tariffs")),
        ("9/11", ("9-11",)),
        ("AC/DC", ("ac-dc",)),
        ("U.S. Politics", ("us-politics",)),
    ],
)
def test_a_list_in_one_category_is_taken_apart(term: str, found: tuple[str, ...]) -> None:
    assert read(term) == found


def test_a_name_with_a_comma_among_others_is_one_tag() -> None:
    assert read("Trump, Donald J", "China") == ("trump-donald-j", "china")


def test_the_label_counts_where_the_term_tells_people_nothing() -> None:
    given = (
        Category("https://topics.example/42", "Trade"),
        Category("98765", "Tariffs"),
        Category("asia", "Asia and Pacific"),
        Category("www.example.com/x"),
    )

    assert tags(given) == ("trade", "tariffs", "asia")


def test_sentences_and_floods_are_cut_off() -> None:
    assert read("a" * 65) == ()
    assert len(read(*(f"tag {number}" for number in range(100)))) == 40
