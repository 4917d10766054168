from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.entry import Entry
from bot.domain.identity import Identified, identify, shared_keys

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SITE = "https://example.com/world/"


def _identify(
    *entries: Entry, seen_at: datetime = NOON, shared: frozenset[bytes] = frozenset()
) -> tuple[Identified, ...]:
    return identify(entries, seen_at=seen_at, feed_link=SITE, shared=shared)


def _known_again(one: Entry, other: Entry, *, later: timedelta = timedelta()) -> bool:
    (first,), (second,) = _identify(one), _identify(other, seen_at=NOON + later)
    return not first.keys.isdisjoint(second.keys)


STORY = Entry(
    title="Protocol signed", guid="tag:1", url="https://example.com/protocol", published=NOON
)


@pytest.mark.parametrize(
    "again",
    [
        Entry(title="Protocol is signed", guid="tag:1", url="https://example.com/other"),
        Entry(title="New headline", guid="tag:2", url="https://example.com/protocol?utm_source=x"),
        Entry(title="Protocol Signed!", guid="tag:3", url="https://example.com/3", published=NOON),
        Entry(title="Another headline", guid="tag:1", published=NOON + timedelta(days=9)),
    ],
    ids=["guid", "address", "title", "new date"],
)
def test_any_one_key_makes_an_entry_known(again: Entry) -> None:
    assert _known_again(STORY, again)


def test_a_different_entry_is_not_known() -> None:
    other = Entry(title="Protocol refused", guid="tag:9", url="https://example.com/refused")
    assert not _known_again(STORY, other)


@pytest.mark.parametrize(
    ("first", "hours", "known"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), 11.9, True),
        (datetime(2026, 11, 23, 23, 55, tzinfo=UTC), 0.2, True),
        (datetime(2026, 11, 23, 11, 55, tzinfo=UTC), 0.2, True),
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), 12, True),
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), 24, False),
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), 48, False),
    ],
)
def test_a_title_holds_for_a_day_whatever_midnight_does(
    first: datetime, hours: float, *, known: bool
) -> None:
    one = Entry(title="Strike called off", guid="a", published=first)
    other = Entry(title="Strike called off", guid="b", published=first + timedelta(hours=hours))
    assert _known_again(one, other) is known


def test_an_undated_title_counts_on_the_day_it_was_seen() -> None:
    one = Entry(title="Strike called off", guid="a")
    other = Entry(title="Strike called off", guid="b")
    assert _known_again(one, other, later=timedelta(hours=2))
    assert not _known_again(one, other, later=timedelta(days=2))


def test_revisions_numbered_behind_the_entrys_own_address_are_one_entry() -> None:
    url = "https://example.com/c1"
    first, second = (Entry(title=t, guid=f"{url}#{n}", url=url) for n, t in enumerate("AB"))
    assert [item.entry for item in _identify(first, second)] == [first]


@pytest.mark.parametrize(
    ("guid", "again", "known"),
    [
        ("https://example.com/a?utm_source=rss", "http://www.example.com/a", True),
        ("https://example.com/feed#1", "https://example.com/feed#2", False),
        ("https://example.com/live#post-1", "https://example.com/live#post-2", False),
        ("https://example.com/?p=1", "https://example.com/?p=2", False),
        (" tag:1 ", "tag:1", True),
        ("tag:a", "tag:A", False),
    ],
)
def test_a_guid_that_is_an_address_is_read_as_one(guid: str, again: str, *, known: bool) -> None:
    one, other = Entry(title="One", guid=guid), Entry(title="Other", guid=again)
    assert _known_again(one, other) is known


@pytest.mark.parametrize(
    "broken",
    [
        {"guid": "0"},
        {"guid": "null"},
        {"guid": " "},
        {"guid": "https://example.com/"},
        {"guid": SITE},
        {"url": "https://www.example.com/"},
        {"url": "https://example.com/world"},
        {},
    ],
)
def test_what_every_entry_of_a_site_has_identifies_nothing(broken: dict[str, str]) -> None:
    guid, url = broken.get("guid"), broken.get("url")
    one, other = Entry(title="One", guid=guid, url=url), Entry(title="Other", guid=guid, url=url)
    assert not _known_again(one, other)


def _many(count: int, **marks: str) -> Sequence[Entry]:
    return [
        Entry(
            title=marks.get("title", f"Story {number}"),
            guid=marks.get("guid", f"guid-{number}"),
            url=marks.get("url", f"https://example.com/{number}"),
            published=NOON,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(
    "marks",
    [
        {"guid": "same"},
        {"url": "https://example.com/section/page"},
        {"guid": "same", "url": "https://example.com/section/page"},
        {"title": "Morning briefing"},
    ],
)
def test_a_key_that_the_document_contradicts_swallows_nothing(marks: dict[str, str]) -> None:
    found = _identify(*_many(4, **marks))
    assert len(found) == 4
    keys = [key for item in found for key in item.keys]
    assert len(keys) == len(set(keys))


def test_an_edit_listed_beside_what_it_edits_is_one_entry() -> None:
    edited = Entry(title="Protocol agreed", guid=STORY.guid, url=STORY.url)
    assert [item.entry for item in _identify(edited, STORY)] == [edited]


def test_links_shared_by_entries_without_guid_identify_nothing() -> None:
    one = Entry(title="One", url="https://example.com/live")
    other = Entry(title="Other", url="https://example.com/live")
    assert len(_identify(one, other)) == 2


def test_a_link_that_cannot_be_trusted_makes_no_story() -> None:
    assert [item.story_key for item in _identify(*_many(3, url="https://example.com/live"))] == [
        None
    ] * 3


def test_titles_of_entries_with_nothing_else_become_a_column_s_when_their_texts_differ() -> None:
    entries = [Entry(title="Bulletin", summary=f"News {number}") for number in range(3)]
    assert len(_identify(*entries)) == 3


def test_distrust_outlives_the_document_that_showed_it() -> None:
    shared = shared_keys(_many(4, guid="same"), feed_link=SITE)
    (first,) = _identify(Entry(title="A", guid="same", url="https://example.com/a"), shared=shared)
    (second,) = _identify(Entry(title="B", guid="same", url="https://example.com/b"), shared=shared)
    assert first.keys.isdisjoint(second.keys)
    assert shared_keys(_many(4), feed_link=SITE) == frozenset()


def test_repeats_in_a_document_are_one_entry_with_all_keys() -> None:
    by_guid = Entry(title="First", guid="a", url="https://example.com/a")
    unrelated = Entry(title="Other", guid="b", url="https://example.com/b")
    by_title = Entry(title="Third", guid="c", url="https://example.com/c")
    bridge = Entry(title="Third", guid="a", url="https://example.com/a")
    found = _identify(by_guid, unrelated, by_title, bridge)
    assert [item.entry for item in found] == [by_guid, unrelated]
    (alone,) = _identify(by_title)
    assert alone.keys <= found[0].keys


def test_a_repeat_lends_its_address_to_the_story() -> None:
    bare, linked = Entry(title="One", guid="a"), Entry(title="One", guid="a", url=STORY.url)
    (merged,) = _identify(bare, linked)
    assert merged.entry == bare
    assert merged.story_key == _identify(STORY)[0].story_key


def test_the_same_publication_in_two_feeds_is_one_story() -> None:
    (ours,) = identify([STORY], seen_at=NOON, feed_link=None)
    copy = Entry(title="x", url="http://www.example.com/protocol/?utm_medium=rss")
    (theirs,) = identify([copy], seen_at=NOON, feed_link="https://aggregator.example")
    assert ours.story_key is not None
    assert ours.story_key == theirs.story_key


def test_an_entry_known_by_nothing_else_is_known_by_its_text() -> None:
    nameless = Entry(title="", summary="Markets fell.", body="They fell a lot.")
    assert _known_again(nameless, nameless, later=timedelta(days=30))
    assert not _known_again(nameless, Entry(title="", summary="Markets rose."))
    titled = Entry(title="Markets", summary="They fell.")
    assert _known_again(titled, titled, later=timedelta(days=30))


def test_keys_are_of_sixteen_bytes_and_always_there() -> None:
    for item in _identify(STORY, Entry(title=""), Entry(title="—", guid="\ud800")):
        assert item.keys
        assert all(len(key) == 16 for key in item.keys)


def test_no_entries_give_none() -> None:
    assert _identify() == ()
