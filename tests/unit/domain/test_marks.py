"""Which words of an unwanted story are proposed."""

from bot.domain.entry import Entry, StoredEntry
from bot.domain.marks import Marked, candidates
from bot.query.syntax import parse
from tests.fakes.clock import START


def stored(title: str) -> StoredEntry:
    return StoredEntry(
        entry_id=1,
        story_id=1,
        feed_id=1,
        feed_name="Wire",
        feed_tags=frozenset(),
        entry=Entry(title=title),
        seen_at=START,
    )


def test_neither_the_querys_words_nor_other_topics_words_are_candidates() -> None:
    found = candidates(
        [stored("Beijing badminton and tariffs")], parse("Beijing"), [parse("tariff")]
    )
    assert found == ["badminton"]


def test_what_removes_most_comes_first_and_what_others_have_last() -> None:
    marked = Marked(["badminton", "final", "cup", "oslo"])
    marked.add(1, ["badminton", "final", "cup", "oslo"], is_shared=False)
    marked.add(2, ["badminton"], is_shared=False)
    marked.add(3, ["cup"], is_shared=True)
    marked.add(4, [], is_shared=False)
    proposed = [(mark.words, mark.removed, mark.shared) for mark in marked.proposed()]
    assert proposed == [("badminton", (1, 2), 0), ("final", (1,), 0), ("cup", (1, 3), 1)]


def test_a_story_goes_only_where_every_entry_of_it_goes() -> None:
    marked = Marked(["cup"])
    marked.add(1, ["cup"], is_shared=False)
    marked.add(1, [], is_shared=False)
    marked.add(2, [], is_shared=False)
    assert list(marked.proposed()) == []


def test_what_stands_in_most_hits_is_what_the_topic_is_about() -> None:
    marked = Marked(["cup"])
    for story in range(3):
        marked.add(story, ["cup"], is_shared=False)
    marked.add(9, [], is_shared=False)
    assert list(marked.proposed()) == []
