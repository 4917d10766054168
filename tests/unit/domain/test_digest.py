"""Digests: grouped, the best first, nothing lost over the pages."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest import GROUP_LIMIT, PAGE_COST, Gathered, compose_digest
from bot.domain.message import Alert, Digest, Reason
from tests.fakes.clock import START


def kept(
    headline: str,
    *topics: str,
    outlets: int = 1,
    age: int = 0,
    url: str | None = "https://wire.example/1",
) -> Gathered:
    moment = START - timedelta(minutes=age)
    return Gathered(
        alert=Alert(
            headline=headline,
            url=url,
            summary="One. Two.",
            outlet="Wire",
            published=moment,
            reasons=tuple(Reason(topic=name, title=name, words=()) for name in topics or ("a",)),
            image="https://wire.example/1.png",
            mentions=("role:1",),
        ),
        kept_at=moment,
        outlets=outlets,
    )


def listed(pages: tuple[Digest, ...]) -> list[str]:
    return [alert.headline for page in pages for group in page.groups for alert in group.alerts]


def test_stories_stand_under_their_topics_the_largest_first() -> None:
    [page] = compose_digest([kept("1", "a"), kept("2", "b"), kept("3", "b", "a")])
    assert [(group.title, len(group.alerts)) for group in page.groups] == [("b", 2), ("a", 1)]
    assert page.title == "Digest: 3 stories"


def test_the_best_stories_come_first() -> None:
    pages = compose_digest(
        [
            kept("old", "a", age=60),
            kept("new", "a"),
            kept("wanted twice", "a", "b", age=90),
            kept("everywhere", "a", outlets=4, age=120),
        ]
    )
    assert listed(pages) == ["everywhere", "wanted twice", "new", "old"]


def test_it_says_since_when_it_gathers() -> None:
    [page] = compose_digest([kept("1"), kept("2", age=30)])
    assert page.since == START - timedelta(minutes=30)


def test_what_is_listed_carries_no_picture_summary_or_ping() -> None:
    [page] = compose_digest([kept("1"), kept("2", url="https://wire.example/" + "x" * 700)])
    first, second = page.groups[0].alerts
    assert (first.summary, first.image, first.mentions) == ("", None, ())
    assert {first.url, second.url} == {"https://wire.example/1", None}


def test_what_does_not_fit_goes_on_under_its_topic_on_the_next_page() -> None:
    pages = compose_digest([kept(f"{number} " + "word " * 30) for number in range(40)])
    assert len(pages) > 1
    assert [page.page for page in pages] == list(range(1, len(pages) + 1))
    assert {page.pages for page in pages} == {len(pages)}
    assert {page.stories for page in pages} == {40}
    assert all(group.title == "a" for page in pages for group in page.groups)
    assert pages[1].title == f"Digest: 40 stories (2 of {len(pages)})"


@given(
    st.lists(
        st.builds(
            kept,
            st.text(max_size=400),
            st.sampled_from(["a", "b", "*" * 300]),
            outlets=st.integers(1, 9),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_nothing_is_lost_nothing_twice_and_every_page_within_its_room(
    gathered: list[Gathered],
) -> None:
    pages = compose_digest(gathered)
    assert sorted(listed(pages)) == sorted(one.alert.headline for one in gathered)
    for page in pages:
        assert page.groups
        written = sum(
            len(group.title[:GROUP_LIMIT])
            + sum(len(alert.headline[:200]) + len(alert.url or "") for alert in group.alerts)
            for group in page.groups
        )
        assert written <= PAGE_COST
