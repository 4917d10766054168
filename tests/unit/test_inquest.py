"""The bench's account: what stands where, and what excuses an alert that came twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import START
from tests.fakes.discord import FakeMessage
from tests.fakes.kill.inquest import Doubled, Pause, under_way
from tests.fakes.kill.standing import Line, Standing, on_discord

LINE: Line = ("slack:C1", "Harbour talks resume")
SOON = timedelta(seconds=1)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def doubled(*came: tuple[float, str], looks: Sequence[float]) -> Doubled:
    standing = [
        Standing(line=LINE, listed=False, at=at(seconds), nonce=nonce) for seconds, nonce in came
    ]
    return Doubled(line=LINE, standing=standing, looks=[at(seconds) for seconds in looks])


def test_what_goes_on_in_a_thread_stands_in_its_channel() -> None:
    def page(number: str, channel: str, headline: str) -> FakeMessage:
        listed = {
            "title": "Digest: 2 stories",
            "description": f"- [{headline}](<https://a.example>)",
        }
        return FakeMessage(
            id=number, channel=channel, nonce=number, at=START, payload={"embeds": [listed]}
        )

    pages = [page("9", "1001", "One"), page("10", "9", "Two")]
    assert [one.line for one in on_discord(pages)] == [
        ("discord:1001", "One"),
        ("discord:1001", "Two"),
    ]


STOPPED = [Pause(began=at(1), ended=at(6))]


@pytest.mark.parametrize("came", [[(5, "n"), (6.1, "n")], [(6.1, "n"), (7, "n")]])
def test_a_request_that_left_when_its_process_was_woken_is_told_as_that(
    came: list[tuple[float, str]],
) -> None:
    how = under_way(doubled(*came, looks=[4.5]), STOPPED, soon=SOON)
    assert "stopped for 5.00 s" in how
    assert "accepted 0.10 s after its process was woken and 1.60 s after another" in how


@pytest.mark.parametrize(
    ("came", "looks"),
    [
        ([(5, "n"), (6.1, "m")], [4.5]),
        ([(5, "n"), (6.1, "n")], []),
        ([(5, "n"), (6.1, "n")], [0.5]),
        ([(5, "n"), (6.1, "n")], [4.5, 5.5]),
        ([(5, "n"), (8, "n")], [4.5]),
        ([(5, "n"), (6.1, "n"), (6.2, "n")], [4.5]),
    ],
    ids=[
        "two deliveries",
        "nobody looked",
        "looked before the stop",
        "looked between the two",
        "long after the waking",
        "three times",
    ],
)
def test_anything_else_is_not_excused(came: list[tuple[float, str]], looks: list[float]) -> None:
    found = doubled(*came, looks=looks)
    assert under_way(found, STOPPED, soon=SOON) == ""
    assert "accepted (alert n)" in str(found)
