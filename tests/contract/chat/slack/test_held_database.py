"""A database that somebody else holds keeps no acknowledgement back; the answer comes after it."""

import pytest

from bot.commands import core
from bot.storage.database import Database
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock
from tests.fakes.held import held
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_app import at_work, slack_app
from tests.fakes.slack_people import SlackPerson, Whisper, words

both_ways = pytest.mark.parametrize("way", ["socket", "http"])
SEARCH = "/news search ferry"


@pytest.fixture
async def newsroom(store: Database, clock: FakeClock) -> Newsroom:
    newsroom = Newsroom(store, clock)
    await newsroom.publish(*(f"Ferry number {number}" for number in range(8)))
    return newsroom


async def found(slack: FakeSlack) -> Whisper:
    """What a search gives to who typed it."""
    await SlackPerson(slack).types(SEARCH)
    await slack.until(lambda: bool(slack.whispers))
    return slack.whispers[-1]


@both_ways
async def test_a_command_is_acknowledged_then_answered_when_the_database_is_free(
    slack: FakeSlack, newsroom: Newsroom, database_url: str, way: str
) -> None:
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        async with held(database_url):
            await SlackPerson(slack).types(SEARCH)  # gives its acknowledgement
            assert slack.whispers == []
        await slack.until(lambda: bool(slack.whispers))
    assert "Ferry number 0" in words(slack.whispers[0].blocks)


@both_ways
async def test_a_button_is_acknowledged_then_carried_out_when_the_database_is_free(
    slack: FakeSlack, newsroom: Newsroom, database_url: str, way: str
) -> None:
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        first = await found(slack)
        before = words(first.blocks)
        async with held(database_url):
            await SlackPerson(slack).presses(first, "search-page")
            assert words(first.blocks) == before
        await slack.until(lambda: "page 2" in words(first.blocks))


@both_ways
async def test_a_window_waits_with_the_database_and_is_filled_when_that_is_free(
    slack: FakeSlack, newsroom: Newsroom, database_url: str, way: str
) -> None:
    ada = SlackPerson(slack)
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        async with held(database_url):
            await ada.types("/news subscribe")
            await slack.until(lambda: bool(slack.views.windows))
            window = slack.views.window
            ack = await ada.fills(window, query="ferry", cadence="hourly")
            assert ack["response_action"] == "update"
            assert "follow" not in words(slack.views.window["blocks"])
        await slack.until(lambda: "follow “ferry”?" in words(slack.views.window["blocks"]))


@both_ways
async def test_the_own_page_is_acknowledged_and_written_in_the_end(
    slack: FakeSlack, newsroom: Newsroom, database_url: str, way: str
) -> None:
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        async with held(database_url):
            await SlackPerson(slack, "U0ADA").opens_home()
        await slack.until(lambda: "U0ADA" in slack.views.homes)


@both_ways
async def test_a_database_that_is_held_for_long_is_told_to_who_asked_meanwhile(
    slack: FakeSlack,
    newsroom: Newsroom,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    async with at_work(slack, slack_app(slack, newsroom.commands), way):
        first = await found(slack)
        monkeypatch.setattr(core, "PATIENCE_SECONDS", 0.1)
        async with held(database_url):
            await SlackPerson(slack).types(SEARCH)
            await slack.until(lambda: len(slack.whispers) == 2)
            await SlackPerson(slack).presses(first, "share")
            await slack.until(lambda: len(slack.whispers) == 3)
        monkeypatch.undo()
        await SlackPerson(slack).types(SEARCH)
        await slack.until(lambda: len(slack.whispers) == 4)
    assert "Ferry number 0" in words(slack.whispers[3].blocks)
    for whisper in slack.whispers[1:3]:
        read = words(whisper.blocks)
        assert "database does not answer at present" in read
        assert "try again in a minute" in read
