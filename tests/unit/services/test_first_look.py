"""First look: one line for many feeds."""

from structlog.testing import capture_logs

from bot.services.first_look import FirstLook
from bot.services.poll_feed import Outcome, Poll


def baseline(url: str, entries: int) -> Poll:
    return Poll(url=url, outcome=Outcome.BASELINE, entries=entries)


def failed(url: str) -> Poll:
    return Poll(url=url, outcome=Outcome.FAILED)


def test_feeds_seen_first_are_told_of_together() -> None:
    look = FirstLook()
    with capture_logs() as logs:
        look.expect(["a", "b", "c"])
        look.record("a", baseline("a", 30))
        look.record("b", failed("b"))
        look.record("c", baseline("c", 12))
    begun, taken = logs
    assert (begun["event"], begun["feeds"]) == ("baseline.begun", 3)
    assert taken == {
        "event": "baseline.taken", "log_level": "info", "feeds": 2, "entries": 42, "failed": 1,
    }  # fmt: skip


def test_a_feed_that_failed_at_first_is_told_of_when_it_comes() -> None:
    look = FirstLook()
    with capture_logs() as logs:
        look.expect(["a"])
        look.record("a", None)
        look.record("a", failed("a"))
        look.record("a", baseline("a", 5))
    assert [(event["event"], event.get("entries")) for event in logs] == [
        ("baseline.begun", None), ("baseline.taken", 0), ("baseline.taken", 5),
    ]  # fmt: skip


def test_polls_of_known_feeds_are_not_told_of() -> None:
    look = FirstLook()
    with capture_logs() as logs:
        look.expect([])
        look.record("a", Poll(url="a", outcome=Outcome.READ, entries=3))
    assert logs == []


def test_a_feed_taken_out_of_the_list_is_not_waited_for() -> None:
    look = FirstLook()
    with capture_logs() as logs:
        look.expect(["a", "gone"])
        look.record("a", baseline("a", 5))
        look.expect(["gone"])
        look.expect([])
    assert [(event["event"], event["feeds"]) for event in logs] == [
        ("baseline.begun", 2), ("baseline.taken", 1),
    ]  # fmt: skip
