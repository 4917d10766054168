from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.alert import compose_alert
from bot.domain.entry import Entry, StoredEntry
from bot.domain.message import Reason

SEEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
REASON = Reason(topic="us-china", title="US–China relations", words=("tag us-china",))
ENTRY = Entry(
    title="Protocol signed - Example Wire",
    url="https://example.com/protocol",
    summary="Both governments signed it. Inspectors will visit.",
    published=SEEN - timedelta(minutes=5),
    tags=("geopolitics", "us-china"),
    image="https://example.com/protocol.jpg",
)
STORED = StoredEntry(
    entry_id=1,
    story_id=1,
    feed_id=1,
    feed_name="Example Wire",
    feed_tags=frozenset({"us-china", "world", "ai"}),
    entry=ENTRY,
    seen_at=SEEN,
)


def _stored(**changes: object) -> StoredEntry:
    return replace(STORED, entry=replace(ENTRY, **changes))  # type: ignore[arg-type]


def test_an_alert_holds_what_a_reader_needs() -> None:
    alert = compose_alert(STORED, [REASON])
    assert alert.headline == "Protocol signed"
    assert alert.url == "https://example.com/protocol"
    assert alert.summary == "Both governments signed it. Inspectors will visit."
    assert alert.outlet == "Example Wire"
    assert alert.published == SEEN - timedelta(minutes=5)
    assert alert.reasons == (REASON,)
    assert alert.image == "https://example.com/protocol.jpg"


def test_the_entry_s_tags_come_before_the_feed_s_without_repeats() -> None:
    assert compose_alert(STORED, [REASON]).tags == ("geopolitics", "us-china", "ai", "world")


def test_an_untitled_story_is_headed_by_its_first_sentence_which_is_not_said_twice() -> None:
    alert = compose_alert(_stored(title=""), [REASON])
    assert alert.headline == "Both governments signed it."
    assert alert.summary == "Inspectors will visit."


def test_an_untitled_story_may_be_headed_by_its_body() -> None:
    alert = compose_alert(_stored(title="", summary="", body="It was signed."), [REASON])
    assert alert.headline == "It was signed."
    assert not alert.summary


def test_a_story_without_any_text_is_named_after_its_outlet() -> None:
    alert = compose_alert(_stored(title="", summary=""), [REASON])
    assert alert.headline == "Untitled story from Example Wire"
    assert not alert.summary


def test_the_time_is_when_the_story_was_seen_if_the_publisher_s_is_missing_or_ahead() -> None:
    assert compose_alert(_stored(published=None), [REASON]).published == SEEN
    ahead = _stored(published=SEEN + timedelta(hours=1))
    assert compose_alert(ahead, [REASON]).published == SEEN


def test_a_card_names_the_tag_of_the_topics_own_name_only_once() -> None:
    words = ("“Beijing” in the title", "tag us-china", "tag trade")
    reason = Reason(topic="us-china", title="US and China", words=words)
    assert reason.evidence == ("“Beijing” in the title", "its tag", "tag trade")
