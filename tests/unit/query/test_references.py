import pytest

from bot.query.references import CircleError, names_in, resolve
from bot.query.tree import And, Node, Not, Or, TopicQuery, Words

A = Words("a")


def test_a_topic_s_tree_is_filled_in_wherever_it_is_named() -> None:
    queries: dict[str, Node] = {
        "a": A,
        "b": Or((TopicQuery("a"), Words("b"))),
        "c": And((TopicQuery("b"), Not(TopicQuery("a")))),
    }
    assert resolve("c", queries) == And(
        (TopicQuery("b", Or((TopicQuery("a", A), Words("b")))), Not(TopicQuery("a", A)))
    )


def test_a_topic_that_is_missing_stays_open() -> None:
    assert resolve("a", {"a": TopicQuery("gone")}) == TopicQuery("gone")


@pytest.mark.parametrize(
    ("queries", "circle"),
    [
        ({"a": TopicQuery("a")}, ("a", "a")),
        ({"a": TopicQuery("b"), "b": Not(TopicQuery("c")), "c": TopicQuery("b")}, ("b", "c", "b")),
    ],
)
def test_a_circle_is_refused_with_its_names(
    queries: dict[str, Node], circle: tuple[str, ...]
) -> None:
    with pytest.raises(CircleError) as caught:
        resolve("a", queries)
    assert caught.value.names == circle
    assert str(caught.value) == " → ".join(circle)


def test_names_are_those_a_tree_names_itself() -> None:
    tree = And((TopicQuery("a", TopicQuery("c")), Or((Not(TopicQuery("b")), A))))
    assert names_in(tree) == {"a", "b"}
