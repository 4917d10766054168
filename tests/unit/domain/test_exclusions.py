"""Which words are proposed to be left out."""

from collections.abc import Iterable, Sequence

import pytest

from bot.domain.backtest import Story
from bot.domain.entry import Entry, StoredEntry
from bot.domain.exclusions import MOST_PROPOSED, MOST_WEIGHED, Phrases, Removals
from bot.query.syntax import parse
from bot.query.tree import Node
from tests.fakes.clock import START

QUIET = [f"Council meets on matter {letter}" for letter in "abcdefghijklmnopqrstuvwxyz" * 4]


def stored(title: str, *, summary: str = "", body: str = "", feed: str = "Wire") -> StoredEntry:
    return StoredEntry(
        entry_id=1,
        story_id=1,
        feed_id=1,
        feed_name=feed,
        feed_tags=frozenset(),
        entry=Entry(title=title, summary=summary, body=body),
        seen_at=START,
    )


def striking(
    lone: Iterable[StoredEntry | str],
    *,
    query: str = "harbour",
    shared: Iterable[str] = (),
    rest: Iterable[str] = QUIET,
    topics: Sequence[Node] = (),
) -> tuple[str, ...]:
    """What stands out among hits, beside other entries."""
    hits = [one if isinstance(one, StoredEntry) else stored(one) for one in lone]
    others = [stored(title) for title in shared]
    phrases = Phrases(parse(query), topics)
    for one in hits:
        phrases.add_hit(one, is_shared=False)
    for one in others:
        phrases.add_hit(one, is_shared=True)
    for one in [*hits, *others, *map(stored, rest)]:
        phrases.add_any(one)
    return phrases.ranked()


def test_what_stands_in_several_hits_and_hardly_elsewhere_stands_out() -> None:
    found = striking(["Harbour horoscope"] * 4 + ["Harbour dredged", "Harbour strike"])
    assert "horoscope" in found
    assert "dredged" not in found


def test_what_is_as_usual_everywhere_does_not() -> None:
    rest = [*QUIET, *(f"Fog, part {word}" for word in "abcdefghijklmnop" * 4)]
    assert "fog" not in striking(["Harbour fog"] * 3 + ["Harbour strike"] * 3, rest=rest)


def test_the_querys_own_words_are_not_proposed_but_a_phrase_with_one_may_be() -> None:
    found = striking(["Harbour master resigns"] * 4, query="harbour OR (dock NEAR/3 ship)")
    assert "harbour" not in found
    assert "harbour master" in found


def test_nor_is_what_the_query_names_in_another_number_or_by_its_beginning() -> None:
    found = striking(["Ferries dock at ferryport"] * 4, query="ferry OR ferry* OR docks")
    assert found == ()


def test_what_other_topics_look_for_is_not_proposed() -> None:
    titles = ["Harbour dredging row"] * 4
    assert "dredging row" in striking(titles)
    found = striking(titles, topics=[parse('dredging OR "dredging rows"')])
    assert "dredging" not in found
    assert "dredging row" not in found
    assert "row" in found


def test_what_other_topics_want_absent_may_be_proposed() -> None:
    topics = [parse("ships -horoscope")]
    assert "horoscope" in striking(["Harbour horoscope"] * 4, topics=topics)


def test_what_stands_in_hits_that_another_topic_has_too_is_wanted() -> None:
    lone = ["Harbour strike over pay"] * 6 + ["Harbour horoscope"] * 6
    shared = ["Harbour strike grows"] * 6
    found = striking(lone, shared=shared)
    assert "horoscope" in found
    assert "strike" not in found


def test_words_that_say_nothing_numbers_and_the_outlets_name_are_not_proposed() -> None:
    hits = [stored("Harbour: what the 2026 Gazette would say", feed="The Gazette")] * 4
    assert striking(hits) == ()


def test_boilerplate_and_the_outlet_behind_the_headline_are_passed_over() -> None:
    hits = [
        stored(
            "Harbour reopens - Evening Echo",
            summary="Ships return. Read more",
            feed="Evening Echo",
        )
    ] * 4
    assert not {"evening", "echo", "read"} & {
        word for two in striking(hits) for word in two.split()
    }


def test_singular_and_plural_are_one_word_written_as_most_write_it() -> None:
    found = striking(["Harbour horoscopes"] * 3 + ["Harbour horoscope"])
    assert "horoscopes" in found
    assert "horoscope" not in found


def test_a_word_that_may_be_the_plural_of_two_is_counted_as_one_of_them() -> None:
    hits = ["Harbour, by bus", "Harbour, by bus", "Harbour, by buses", "Harbour, by Buse"]
    assert {"bus", "buse"} <= set(striking(hits * 6, rest=QUIET * 3))


def test_words_ending_in_s_are_written_whole() -> None:
    assert "texas" in striking(["Harbour in Texas"] * 4)


def test_without_a_summary_the_texts_beginning_counts() -> None:
    assert "zodiac" in striking([stored("Harbour", body="Zodiac of the day")] * 4)


def test_scripts_without_spaces_are_proposed_in_pairs_without_a_space() -> None:
    assert "星座" in striking(["港口星座"] * 4, query="港口")


def test_no_more_are_weighed_than_needed() -> None:
    words = [f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(100)]
    assert len(striking([f"Harbour {' '.join(words)}"] * 4)) == MOST_WEIGHED


def test_memory_is_bounded_the_rarest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.domain.exclusions._MOST_COUNTED", 50)
    phrases = Phrases(parse("harbour"), [])
    hits = [
        stored("Harbour horoscope" if n % 2 else f"Harbour x{chr(97 + n // 26)}{chr(97 + n % 26)}")
        for n in range(600)
    ]
    kept = 0
    for hit in hits:
        phrases.add_hit(hit, is_shared=False)
        kept = max(kept, len(phrases._lone.number))
    assert kept <= 50
    for one in [*hits, *map(stored, QUIET * 9)]:
        phrases.add_any(one)
    assert "harbour horoscope" in phrases.ranked()


def stories(count: int) -> dict[int, Story]:
    """The newest has the highest number."""
    moments = {number: START.replace(minute=number) for number in range(1, count + 1)}
    return {number: Story(number, "Wire", at, frozenset()) for number, at in moments.items()}


def removals(**removed: Sequence[int]) -> Removals:
    """Removals by words joined with a dash, each with the stories they stand in."""
    spelt = {name.replace("_", " "): numbers for name, numbers in removed.items()}
    counted = Removals(tuple(spelt))
    for phrase, numbers in spelt.items():
        for number in numbers:
            counted.add(number, [phrase])
    return counted


def test_an_exclusion_says_which_stories_go_the_newest_first() -> None:
    assert removals(fog=[1, 3, 2]).chosen(stories(9)) == {"fog": (3, 2, 1)}


def test_a_story_goes_only_where_all_its_entries_go() -> None:
    known = stories(9) | {1: Story(1, "Wire", START, frozenset(), entries=2)}
    assert removals(fog=[1, 2, 3, 4]).chosen(known) == {"fog": (4, 3, 2)}


def test_what_removes_hardly_anything_or_most_of_all_is_not_proposed() -> None:
    assert removals(fog=[1, 2], tide=[1, 2, 3, 4, 5]).chosen(stories(9)) == {}
    assert removals(tide=[1, 2, 3, 4, 5]).chosen(stories(10)) == {"tide": (5, 4, 3, 2, 1)}


def test_of_words_that_remove_the_same_the_more_striking_is_proposed() -> None:
    chosen = removals(horoscope=[1, 2, 3, 4], zodiac=[2, 3, 4], tide=[4, 5, 6]).chosen(stories(20))
    assert list(chosen) == ["horoscope", "tide"]


def test_a_phrase_that_removes_nearly_as_much_as_its_word_takes_its_place() -> None:
    counted = removals(wars=[1, 2, 3, 4], star_wars=[1, 2, 3], civil_wars=[4, 5, 6])
    assert list(counted.chosen(stories(20))) == ["star wars", "civil wars"]


def test_what_removes_most_comes_first_and_only_a_few_are_proposed() -> None:
    numbers = {chr(97 + n) * 3: range(10 * n + 1, 10 * n + 4 + n) for n in range(8)}
    known = {n: Story(n, "Wire", START, frozenset()) for n in range(1, 100)}
    chosen = removals(**{name: list(those) for name, those in numbers.items()}).chosen(known)
    assert list(chosen) == ["eee", "ddd", "ccc", "bbb", "aaa"]
    assert len(chosen) == MOST_PROPOSED
