import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import discord
import pytest

from bot.chat.discord.connection import DiscordConnection
from bot.chat.discord.messenger import DiscordMessenger
from bot.commands.core import Command, Commands
from bot.commands.reply import Reply
from bot.commands.request import Request
from bot.domain.channel import Channel, Platform
from bot.errors import CommandError, UnauthorizedError
from tests.contract.chat.discord.conftest import ALERT, CHANNEL, StillClock
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_faults import ANSWER, EDIT_ANSWER, GET_ME, SYNC, Fault
from tests.fakes.discord_shapes import GUILD_ID
from tests.fakes.people import person
from tests.leftovers import heartbeats, unclosed

Connected = Callable[..., AbstractAsyncContextManager[asyncio.Task[None]]]


class Desk:
    """The commands of these tests, and what was asked of them."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.held = asyncio.Event()
        self.asked = asyncio.Event()

    def commands(self) -> Commands:
        return Commands(
            tuple(
                Command(verb=verb, usage=f"/news {usage}", summary=summary, handler=handler)
                for verb, usage, summary, handler in (
                    ("ping", "ping", "Whether newsbot is awake.", self._ping),
                    ("fail", "fail", "Fails.", self._fail),
                    ("refuse", "refuse", "Refuses.", self._refuse),
                    ("slow", "slow", "x" * 200, self._slow),
                )
            )
        )

    async def _ping(self, request: Request) -> Reply:
        self.requests.append(request)
        return Reply(title="Awake.", lines=("2 feeds *well*, <@404>",))

    async def _fail(self, request: Request) -> Reply:
        raise RuntimeError(f"no {request.verb}")

    async def _refuse(self, request: Request) -> Reply:
        raise CommandError(f"You may not {request.verb}.")

    async def _slow(self, request: Request) -> Reply:
        self.asked.set()
        await self.held.wait()
        return await self._ping(request)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def connection_to(server: FakeDiscord, clock: StillClock, commands: Commands) -> DiscordConnection:
    """A connection that nobody runs yet."""
    return DiscordConnection(
        token=server.token,
        commands=commands,
        clock=clock,
        api_url=server.api_url,
        gateway_url=server.gateway_url,
    )


@pytest.fixture
def connected(server: FakeDiscord, clock: StillClock, desk: Desk) -> Connected:
    @asynccontextmanager
    async def connect(commands: Commands | None = None) -> AsyncIterator[asyncio.Task[None]]:
        before = server.gateway.identified
        connection = connection_to(server, clock, commands or desk.commands())
        running = asyncio.create_task(connection.run())
        try:
            async with asyncio.timeout(5):
                await server.gateway.until_connected(before + 1)
            yield running
        finally:
            running.cancel()
            await asyncio.wait([running])

    return connect


def tasks() -> set[asyncio.Task[object]]:
    """What runs, without the fake server's own."""
    return {task for task in asyncio.all_tasks() if "RequestHandler" not in repr(task)}


async def test_a_command_is_answered_privately(
    server: FakeDiscord, connected: Connected, desk: Desk
) -> None:
    async with connected():
        answer = await server.command("ping")

    assert answer.deferred
    assert answer.private
    assert answer.embed["description"] == "**Awake.**\n2 feeds \\*well\\*, \\<@404>"
    assert desk.requests == [
        Request(
            verb="ping",
            channel=Channel(Platform.DISCORD, "1001"),
            person=person("404", platform=Platform.DISCORD, workspace=str(GUILD_ID)),
        )
    ]


async def test_help_lists_every_command(server: FakeDiscord, connected: Connected) -> None:
    async with connected():
        answer = await server.command("help")

    assert "/news ping — Whether newsbot is awake." in answer.embed["description"]


async def test_a_persons_mistake_is_explained(server: FakeDiscord, connected: Connected) -> None:
    async with connected():
        answer = await server.command("refuse")

    assert answer.embed["description"] == "**You may not refuse.**"


async def test_a_command_that_breaks_is_apologised_for_and_the_next_one_works(
    server: FakeDiscord, connected: Connected, capsys: pytest.CaptureFixture[str]
) -> None:
    async with connected():
        answer = await server.command("fail")
        await server.command("ping")

    assert "went wrong" in answer.embed["description"]
    assert "no fail" not in answer.embed["description"]
    logged = capsys.readouterr().out
    assert "command.failed" in logged
    assert "no fail" in logged


async def test_a_command_discord_still_lists_but_newsbot_no_longer_has_is_explained(
    server: FakeDiscord, connected: Connected
) -> None:
    async with connected():
        answer = await server.command("gone")

    assert "type /news again" in answer.embed["description"]
    assert answer.private


@pytest.mark.parametrize("request_kind", [ANSWER, EDIT_ANSWER])
async def test_an_answer_discord_does_not_take_is_logged_and_the_next_one_works(
    server: FakeDiscord,
    connected: Connected,
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    request_kind: str,
) -> None:
    async with connected():
        server.faults.add(request_kind, Fault.error(404, 10062, "Unknown interaction"))
        answer = await server.command("ping")
        await server.command("ping")

    assert answer.embed == {}
    assert "command.unanswered" in capsys.readouterr().out
    assert len(desk.requests) == (1 if request_kind == ANSWER else 2)


async def test_commands_are_registered_once_with_their_descriptions(
    server: FakeDiscord, connected: Connected
) -> None:
    for _ in range(2):
        async with connected():
            pass

    [group] = server.commands
    assert group["name"] == "news"
    names = {option["name"]: option for option in group["options"]}
    assert set(names) == {"ping", "fail", "refuse", "slow", "help"}
    assert names["ping"]["description"] == "Whether newsbot is awake."
    assert names["ping"]["options"] == []
    assert len(names["slow"]["description"]) == 100
    assert server.registrations == 1


async def test_changed_commands_are_registered_again(
    server: FakeDiscord, connected: Connected
) -> None:
    async with connected():
        pass
    async with connected(Commands(())):
        pass

    assert server.registrations == 2
    assert [option["name"] for option in server.commands[0]["options"]] == ["help"]


async def test_a_request_to_reconnect_is_followed_by_resuming(
    server: FakeDiscord, connected: Connected
) -> None:
    async with connected():
        await server.gateway.ask_to_reconnect()
        await server.gateway.until_connected(2)
        await server.command("ping")

    assert (server.gateway.identified, server.gateway.resumed) == (1, 1)


async def test_an_ended_session_is_followed_by_a_new_one(
    server: FakeDiscord, connected: Connected, waits: list[float]
) -> None:
    async with connected():
        await server.gateway.invalidate()
        await server.gateway.until_connected(2)
        await server.command("ping")

    assert (server.gateway.identified, server.gateway.resumed) == (2, 0)
    assert 5.0 in waits


async def test_a_close_discord_py_gives_up_on_is_followed_by_a_new_connection(
    server: FakeDiscord, connected: Connected, clock: StillClock
) -> None:
    before = clock.now()
    async with connected():
        await server.gateway.close_all(4012)
        await server.gateway.until_connected(2)
        await server.command("ping")

    assert server.gateway.identified == 2
    assert clock.now() > before


async def test_a_platform_that_is_down_at_the_start_is_waited_for_ever_longer(
    server: FakeDiscord, connected: Connected, clock: StillClock
) -> None:
    before = clock.now()
    server.faults.add(GET_ME, Fault.http(503, "down"), times=8)
    server.faults.add(SYNC, Fault.http(503, "down"))

    async with connected():
        await server.command("ping")

    assert (clock.now() - before).total_seconds() == 1 + 2 + 4 + 8 + 16 + 32 + 60 + 60 + 60


async def test_a_connection_that_stood_is_missed_for_a_second_only(
    server: FakeDiscord, connected: Connected, clock: StillClock
) -> None:
    server.faults.add(GET_ME, Fault.http(503, "down"), times=3)
    async with connected():
        before = clock.now()
        await server.command("ping")
        await server.gateway.close_all(4012)
        await server.gateway.until_connected(2)

        assert (clock.now() - before).total_seconds() == 1


async def test_a_wrong_token_ends_the_connection_for_good(
    server: FakeDiscord, clock: StillClock, desk: Desk
) -> None:
    connection = DiscordConnection(
        token="wrong",
        commands=desk.commands(),
        clock=clock,
        api_url=server.api_url,
        gateway_url=server.gateway_url,
    )

    with pytest.raises(UnauthorizedError, match="Reset Token"):
        await connection.run()


async def test_a_token_the_gateway_refuses_ends_the_connection_for_good(
    server: FakeDiscord, connected: Connected
) -> None:
    async with connected() as running:
        await server.gateway.close_all(4004)
        async with asyncio.timeout(5):
            with pytest.raises(UnauthorizedError, match="DISCORD_TOKEN"):
                await running


async def test_alerts_go_on_while_the_gateway_is_lost(
    server: FakeDiscord, connected: Connected, messenger: DiscordMessenger
) -> None:
    async with connected() as running:
        await server.gateway.close_all(4004)
        await asyncio.wait([running])
        await messenger.post(CHANNEL, ALERT, nonce="nonce-1")
        assert isinstance(running.exception(), UnauthorizedError)
        with pytest.raises(UnauthorizedError):
            await running

    assert len(server.messages) == 1


async def test_cancelling_leaves_no_task_and_no_complaint(
    connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    before = tasks()
    async with connected():
        pass
    gc.collect()

    assert tasks() == before
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_cancelling_while_saying_hello_leaves_no_thread(
    server: FakeDiscord, clock: StillClock, desk: Desk
) -> None:
    running = asyncio.create_task(connection_to(server, clock, desk.commands()).run())
    async with asyncio.timeout(5):
        while not heartbeats():  # noqa: ASYNC110 - a thread of discord.py's sets no event
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])

    assert heartbeats() == []


@pytest.mark.parametrize("passes", range(0, 60, 4))
async def test_cancelled_at_any_moment_and_again_it_leaves_nothing(
    server: FakeDiscord, clock: StillClock, desk: Desk, passes: int
) -> None:
    """While it starts, while it stands, and while it leaves: see `nothing_is_left_behind`."""
    running = asyncio.create_task(connection_to(server, clock, desk.commands()).run())
    for _ in range(10 * passes):
        await asyncio.sleep(0)
    running.cancel()
    for _ in range(passes // 8):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])

    assert running.cancelled()


@pytest.mark.parametrize("passes", range(0, 24, 2))
async def test_cancelled_while_discord_py_closes_it_leaves_nothing(
    server: FakeDiscord, connected: Connected, passes: int
) -> None:
    async with connected():
        closing = asyncio.create_task(server.gateway.close_all(4012))
        for _ in range(passes):
            await asyncio.sleep(0)
    await closing


async def test_cancelled_again_while_an_answer_is_waited_for_it_leaves_nothing(
    server: FakeDiscord, connected: Connected, desk: Desk
) -> None:
    async with connected() as running:
        asking = asyncio.create_task(server.command("slow"))
        await desk.asked.wait()
        running.cancel()
        for _ in range(50):
            await asyncio.sleep(0)
        assert not running.done()
    asking.cancel()
    await asyncio.wait([asking])

    assert heartbeats() == []
    assert unclosed() == []
    assert desk.requests == []


async def test_a_command_under_way_is_answered_before_the_connection_closes(
    server: FakeDiscord, connected: Connected, desk: Desk
) -> None:
    async with connected() as running:
        asking = asyncio.create_task(server.command("slow"))
        await desk.asked.wait()
        running.cancel()
        desk.held.set()
        answer = await asking

    assert answer.embed["description"].startswith("**Awake.**")


async def test_a_command_that_does_not_end_is_cancelled_after_a_while(
    server: FakeDiscord,
    connected: Connected,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.chat.discord.connection._LAST_ANSWERS_SECONDS", 0)
    before = tasks()
    async with connected():
        asking = asyncio.create_task(server.command("slow"))
        await desk.asked.wait()
    asking.cancel()
    await asyncio.wait([asking])

    assert tasks() == before
    assert desk.requests == []


async def test_no_token_is_ever_logged(
    server: FakeDiscord, connected: Connected, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the bot's nor the one by which a command is answered."""
    server.token = "MjAy.canary-of-the-token"
    caplog.set_level(logging.DEBUG)
    async with connected():
        await server.command("ping")
        server.faults.add(EDIT_ANSWER, Fault.error(404, 10015, "Unknown Webhook"))
        await server.command("fail")
        await server.gateway.ask_to_reconnect()
        await server.gateway.until_connected(2)
        await server.gateway.close_all(4012)
        await server.gateway.until_connected(3)

    assert len(desk.requests) == 1
    assert "canary" not in caplog.text
    assert "interaction-token" not in caplog.text


async def test_clients_of_their_own_addresses_leave_others_alone(connected: Connected) -> None:
    async with connected():
        assert discord.http.Route.BASE == "https://discord.com/api/v10"
        assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY).startswith(
            "wss://gateway.discord"
        )
