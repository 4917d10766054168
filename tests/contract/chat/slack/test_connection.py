"""Slack's live connection, through Bolt, over Socket Mode and over HTTP."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.commands.core import Command, Commands
from bot.commands.reply import Reply
from bot.commands.request import Request
from bot.domain.channel import Channel, Platform
from bot.errors import CommandError, UnauthorizedError
from tests.fakes.people import person
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack_app import at_work, by_socket, slack_app

either_way = pytest.mark.parametrize("way", ["socket", "http"])


async def _echo(request: Request) -> Reply:
    return Reply(
        title="pong", lines=(f"{request.text} from {request.person.user} in {request.channel}",)
    )


async def _fail(request: Request) -> Reply:
    raise RuntimeError(f"the secret detail of {request.verb}")


async def _refuse(request: Request) -> Reply:
    raise CommandError(f"There is no topic {request.text}.")


def _commands(*more: Command) -> Commands:
    return Commands(
        (
            Command(verb="ping", usage="/news ping", summary="Are you there?", handler=_echo),
            Command(verb="break", usage="/news break", summary="Breaks.", handler=_fail),
            Command(verb="follow", usage="/news follow", summary="Refuses.", handler=_refuse),
            *more,
        )
    )


def _words(reply: dict[str, object]) -> str:
    assert isinstance(reply["blocks"], list)
    return "".join(part["text"] for part in reply["blocks"][0]["elements"][0]["elements"])


@either_way
async def test_a_command_is_answered_to_who_asked_alone(slack: FakeSlack, way: str) -> None:
    async with at_work(slack, slack_app(slack, _commands()), way):
        outcome = await slack.command("/news ping", user="U0DESK")

    assert outcome.ack == {}
    assert outcome.reply["response_type"] == "ephemeral"
    assert _words(outcome.reply) == "pong\nfrom U0DESK in slack:C0NEWS"


@either_way
async def test_help_is_answered_to_the_bare_command(slack: FakeSlack, way: str) -> None:
    async with at_work(slack, slack_app(slack, _commands()), way):
        outcome = await slack.command("/news")

    assert "/news ping — Are you there?" in _words(outcome.reply)


@either_way
async def test_what_was_typed_arrives_as_it_was_typed(slack: FakeSlack, way: str) -> None:
    asked: list[Request] = []

    async def note(request: Request) -> Reply:
        asked.append(request)
        return Reply(title="noted")

    command = Command(verb="search", usage="/news search", summary="Searches.", handler=note)
    async with at_work(slack, slack_app(slack, _commands(command)), way):
        await slack.command("/news Search  R&D <AI> &amp; more ", channel="C0OTHER", user="U1")

    assert asked == [
        Request(
            verb="Search",
            text="R&D <AI> &amp; more",
            channel=Channel(Platform.SLACK, "C0OTHER"),
            person=person("U1", platform=Platform.SLACK),
        )
    ]


@either_way
async def test_a_reply_cannot_ping_or_format(slack: FakeSlack, way: str) -> None:
    async with at_work(slack, slack_app(slack, _commands()), way):
        outcome = await slack.command("/news ping <!channel> *bold* @here")

    assert outcome.reply["text"].startswith("pong\n&lt;!channel&gt; *bold* @\u2060here")
    assert outcome.reply["mrkdwn"] is False
    assert {block["type"] for block in outcome.reply["blocks"]} == {"rich_text"}


@either_way
async def test_a_refused_request_says_why(slack: FakeSlack, way: str) -> None:
    async with at_work(slack, slack_app(slack, _commands()), way):
        outcome = await slack.command("/news follow weather")

    assert _words(outcome.reply) == "There is no topic weather."


@either_way
async def test_a_slow_command_is_acknowledged_before_it_ends(slack: FakeSlack, way: str) -> None:
    go_on = asyncio.Event()

    async def slow(request: Request) -> Reply:
        await go_on.wait()
        return Reply(title=f"{request.verb} done")

    command = Command(verb="slow", usage="/news slow", summary="Takes long.", handler=slow)
    async with at_work(slack, slack_app(slack, _commands(command)), way):
        await slack.command("/news slow", reply=False)
        assert slack.responses == []
        go_on.set()
        outcome = await slack.command("/news ping")

    assert _words(outcome.reply).startswith("pong")
    assert "slow done" in _words(slack.responses[0])


@either_way
async def test_a_command_that_breaks_is_logged_and_excused(slack: FakeSlack, way: str) -> None:
    with capture_logs() as logs:
        async with at_work(slack, slack_app(slack, _commands()), way):
            outcome = await slack.command("/news break")

    assert "Try it again in a minute." in _words(outcome.reply)
    assert "secret detail" not in str(outcome.reply)
    assert [log["verb"] for log in logs if log["event"] == "command.failed"] == ["break"]


@pytest.mark.parametrize("fault", [Fault.http(404), Fault.cut_before()])
async def test_an_answer_that_cannot_be_delivered_is_logged_and_the_next_is(
    slack: FakeSlack, fault: Fault
) -> None:
    slack.faults.add("response_url", fault)
    with capture_logs() as logs:
        async with at_work(slack, slack_app(slack, _commands()), "socket"):
            await slack.command("/news ping", reply=False)
            outcome = await slack.command("/news ping")

    assert _words(outcome.reply).startswith("pong")
    assert "command.answer_lost" in [log["event"] for log in logs]


async def test_nothing_is_asked_of_slack_between_a_command_and_its_acknowledgement(
    slack: FakeSlack,
) -> None:
    async with at_work(slack, slack_app(slack, _commands()), "socket"):
        await slack.command("/news ping")

    assert [method for method, _ in slack.requests] == ["apps.connections.open"]


async def test_another_command_of_the_same_app_is_not_answered(slack: FakeSlack) -> None:
    async with at_work(slack, slack_app(slack, _commands()), "socket"):
        other = asyncio.create_task(slack.command("/weather", reply=False))
        await slack.command("/news ping")
        assert not other.done()
        other.cancel()

    assert len(slack.responses) == 1


async def test_a_disconnect_envelope_leads_to_a_new_socket(slack: FakeSlack) -> None:
    async with at_work(slack, slack_app(slack, _commands()), "socket"):
        await slack.disconnect()
        outcome = await slack.command("/news ping")

    assert _words(outcome.reply).startswith("pong")
    assert slack.handshakes == 2


async def test_a_dropped_socket_leads_to_a_new_one(slack: FakeSlack) -> None:
    async with at_work(slack, slack_app(slack, _commands()), "socket"):
        await slack.drop()
        outcome = await slack.command("/news ping")

    assert _words(outcome.reply).startswith("pong")
    assert slack.handshakes == 2


@pytest.mark.parametrize(
    "fault",
    [Fault.http(503), Fault.cut_before(), Fault.rate_limited(0), Fault.error("internal_error")],
)
async def test_connecting_is_tried_until_it_succeeds(slack: FakeSlack, fault: Fault) -> None:
    slack.faults.add("apps.connections.open", fault)
    async with at_work(slack, slack_app(slack, _commands()), "socket"):
        outcome = await slack.command("/news ping")

    assert _words(outcome.reply).startswith("pong")


async def test_a_refused_app_token_ends_the_connection(slack: FakeSlack) -> None:
    connection = by_socket(slack, slack_app(slack, _commands()), "xapp-wrong")
    with pytest.raises(UnauthorizedError, match="invalid_auth"):
        await asyncio.wait_for(connection.run(), timeout=10)


async def test_an_app_token_revoked_later_ends_the_connection(slack: FakeSlack) -> None:
    task = asyncio.create_task(by_socket(slack, slack_app(slack, _commands())).run())
    await slack.connected()
    slack.app_token = "xapp-another"
    await slack.drop()

    with pytest.raises(UnauthorizedError):
        await asyncio.wait_for(task, timeout=10)


@either_way
async def test_cancelling_ends_every_task_and_command(slack: FakeSlack, way: str) -> None:
    before = asyncio.all_tasks()
    ended = asyncio.Event()

    async def endless(request: Request) -> Reply:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return Reply(title=request.verb)

    command = Command(verb="wait", usage="/news wait", summary="Never ends.", handler=endless)
    async with at_work(slack, slack_app(slack, _commands(command)), way):
        await slack.command("/news wait", reply=False)

    assert ended.is_set()
    left = {task.get_coro().__qualname__ for task in asyncio.all_tasks() - before}  # type: ignore[union-attr]
    assert {name for name in left if not name.startswith("RequestHandler.")} == set()


async def test_cancelling_while_it_connects_again_ends_every_task(slack: FakeSlack) -> None:
    let_go = asyncio.Event()
    before = asyncio.all_tasks()
    async with at_work(slack, slack_app(slack, _commands()), "socket"):
        slack.faults.add("apps.connections.open", Fault.held(let_go))
        await slack.disconnect()
        await slack.asked("apps.connections.open", times=2)

    let_go.set()
    left = {task.get_coro().__qualname__ for task in asyncio.all_tasks() - before}  # type: ignore[union-attr]
    assert {name for name in left if not name.startswith("RequestHandler.")} == set()


async def test_cancelling_while_slack_is_out_of_reach_ends_every_task(slack: FakeSlack) -> None:
    let_go = asyncio.Event()
    slack.faults.add("apps.connections.open", Fault.held(let_go))
    before = asyncio.all_tasks()
    task = asyncio.create_task(by_socket(slack, slack_app(slack, _commands())).run())
    await slack.asked("apps.connections.open")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    let_go.set()
    left = {task.get_coro().__qualname__ for task in asyncio.all_tasks() - before}  # type: ignore[union-attr]
    assert {name for name in left if not name.startswith("RequestHandler.")} == set()
