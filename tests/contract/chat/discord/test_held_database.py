"""A database that somebody else holds keeps no first sign back; the answer comes after it."""

import asyncio

import pytest

from bot.commands import core
from bot.storage.database import Database
from tests.contract.chat.discord.conftest import Serve
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock
from tests.fakes.discord import FakeDiscord, FakeMessage
from tests.fakes.discord_interactions import CommandAnswer
from tests.fakes.held import held

SEARCH = ("search", {"query": "ferry"})


@pytest.fixture
async def newsroom(store: Database, clock: FakeClock) -> Newsroom:
    newsroom = Newsroom(store, clock)
    await newsroom.publish(*(f"Ferry number {number}" for number in range(8)))
    return newsroom


async def promised(answer: CommandAnswer) -> None:
    """Wait for the first sign."""
    async with asyncio.timeout(5):
        await answer.called_back.wait()
    assert answer.deferred


def shown(answer: CommandAnswer) -> FakeMessage:
    assert answer.message is not None
    return answer.message


async def test_a_command_is_promised_then_answered_when_the_database_is_free(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom, database_url: str
) -> None:
    async with serve(newsroom.commands):
        async with held(database_url):
            answer = await server.command(*SEARCH, signs=0)
            await promised(answer)
            assert answer.message is None
        await answer.until(1)
    assert "Ferry number" in str(shown(answer).payload)


async def test_a_button_is_promised_then_carried_out_when_the_database_is_free(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom, database_url: str
) -> None:
    async with serve(newsroom.commands):
        first = shown(await server.command(*SEARCH))
        async with held(database_url):
            answer = await server.press(first, "Next", signs=0)
            await promised(answer)
            assert answer.message is None
        await answer.until(1)
    assert "page 2" in shown(answer).payload["content"]


async def test_a_sent_window_is_promised_then_answered_when_the_database_is_free(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom, database_url: str
) -> None:
    async with serve(newsroom.commands):
        async with held(database_url):
            window = await server.command("subscribe")
            answer = await server.submit(window, {"query": "ferry"}, signs=0)
            await promised(answer)
            assert answer.message is None
        await answer.until(1)
    assert "follow “ferry”?" in str(shown(answer).payload)


@pytest.mark.usefixtures("hurry")
async def test_a_window_or_suggestions_that_must_be_looked_up_are_answered_for_at_once(
    server: FakeDiscord, serve: Serve, newsroom: Newsroom, database_url: str
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("whoever writes in SQLite keeps no one from reading")
    async with serve(newsroom.commands):
        await server.press(shown(await server.command("subscribe", {"what": "fog"})), "Confirm")
        asked = await server.command("subscriptions")
        async with held(database_url):
            assert await server.suggest("search", "feed", "wi") == []
            answer = await server.press(shown(asked), "Edit")
    assert "newsbot is busy" in str(shown(answer).payload)


async def test_a_database_that_is_held_for_long_is_told_to_who_asked_meanwhile(
    server: FakeDiscord,
    serve: Serve,
    newsroom: Newsroom,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serve(newsroom.commands):
        first = shown(await server.command(*SEARCH))
        monkeypatch.setattr(core, "PATIENCE_SECONDS", 0.1)
        async with held(database_url):
            answers = [await server.command(*SEARCH), await server.press(first, "Share 1")]
        monkeypatch.undo()
        assert "Ferry number" in str(shown(await server.command(*SEARCH)).payload)
    for answer in answers:
        assert "database does not answer at present" in str(shown(answer).payload)
