"""Buttons and windows, pressed and sent on messages of this process and of ones long gone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.chat.discord.messenger import DiscordMessenger
from bot.domain.channel import Channel, Platform
from bot.errors import OutcomeUnknownError
from tests.contract.chat.discord.conftest import ALERT, CHANNEL, NOW, Serve
from tests.contract.chat.discord.desk import Desk
from tests.fakes.discord import DIRECT, NEWS, FakeChannel, FakeDiscord, FakeMessage, Who
from tests.fakes.discord_faults import ANSWER, EDIT_ANSWER, FOLLOW_UP, POST_MESSAGE, Fault
from tests.fakes.discord_shapes import EDITORS


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def at_work(serve: Serve, desk: Desk) -> AsyncIterator[Desk]:
    async with serve(desk.commands()):
        yield desk


@pytest.fixture
async def card(server: FakeDiscord, messenger: DiscordMessenger) -> FakeMessage:
    """An alert, posted before anything answers commands."""
    await messenger.post(CHANNEL, replace(ALERT, mentions=("role:2",)), nonce="nonce-1")
    return server.messages[0]


async def test_an_alert_is_posted_with_its_buttons_and_pings_whom_it_is_to(
    card: FakeMessage,
) -> None:
    [row] = card.payload["components"]
    assert [button["label"] for button in row["components"]] == [
        "Mute 2h",
        "Not relevant",
        "Claim",
        "More",
    ]
    assert card.payload["content"] == "<@&2>"
    assert card.payload["allowed_mentions"] == {"parse": [], "roles": [2], "users": []}


async def test_a_claim_is_shown_to_everybody_and_can_be_taken_back(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    async with serve(desk.commands()):
        claimed = await server.press(card, "Claim")
        [standing] = server.messages
        released = await server.press(standing, "Release", signs=2)

    assert claimed.redrawn
    assert claimed.message is None
    assert standing.embed["fields"][-1]["value"] == "<@404>"
    assert standing.embed["color"] == card.embed["color"]
    assert standing.payload["content"] == "<@&2>"
    assert standing.payload["allowed_mentions"] == {"parse": []}
    assert released.embed["description"] == "**Released.**"
    assert released.private
    assert "Claimed by" not in str(server.messages[0].embed)
    assert [press.argument for press in desk.presses] == ["nonce-1", "nonce-1"]


async def test_a_button_works_after_a_restart_and_under_old_messages(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        page = (await server.command("search", {"query": "x"})).message
    async with serve(desk.commands()):
        assert page is not None
        answer = await server.press(page, "Next")

    assert desk.presses[0].argument == "2"
    assert answer.message is not None
    assert answer.message.id == page.id
    assert answer.message.payload["embeds"][0]["title"] == "1 · Story \\*2\\*"


async def test_a_reply_that_takes_no_place_stands_below(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        page = (await server.command("search", {"query": "x"})).message
        assert page is not None
        answer = await server.press(page, "Share to channel 2")

    assert desk.presses[0].argument == "1"
    assert answer.embed["description"] == "**Shared.**"
    assert answer.private
    assert answer.message is not None
    assert answer.message.id != page.id


async def test_a_private_reply_never_takes_the_place_of_an_alert(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    desk.busy.set()
    async with serve(desk.commands()):
        answer = await server.press(card, "More")

    assert answer.private
    assert not answer.redrawn
    assert server.messages == [card]


async def test_a_press_is_promised_an_answer_before_the_store_has_one(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    async with serve(desk.commands()):
        pressing = asyncio.create_task(server.press(card, "More"))
        async with asyncio.timeout(1):
            await desk.asked.wait()
        assert [path for path in server.requests if path.endswith("/callback")]
        assert not pressing.done()
        desk.busy.set()
        assert (await pressing).deferred


async def test_a_press_that_breaks_is_apologised_for_without_its_reason(
    server: FakeDiscord,
    serve: Serve,
    desk: Desk,
    card: FakeMessage,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with serve(desk.commands()):
        answer = await server.press(card, "Mute 2h")

    assert "went wrong" in answer.embed["description"]
    assert "store" not in str(answer.message)
    assert "no mute in the store" in capsys.readouterr().out


async def test_a_button_of_another_version_or_forged_is_explained(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    async with serve(desk.commands()):
        for custom_id in ("news|gone|7", "somebody else's", "news|claim"):
            [row] = card.payload["components"]
            forged = {"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}
            old = card.changed({"components": [row | {"components": [forged]}]})
            answer = await server.press(old, "Old")
            assert "no longer has this button" in answer.embed["description"]

    assert desk.presses == []


async def test_who_pressed_and_where_is_handed_over(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    async with serve(desk.commands()):
        await server.press(card, "Claim", who=Who(user=405, roles=(EDITORS,)))

    [press] = desk.presses
    assert press.channel == CHANNEL
    assert press.person.user == "405"
    assert await press.person.manages()


async def test_in_a_direct_message_alerts_have_buttons_too(
    server: FakeDiscord, serve: Serve, desk: Desk, messenger: DiscordMessenger
) -> None:
    place = Channel(Platform.DISCORD, "7")
    server.add(FakeChannel(id="7", type=DIRECT))
    await messenger.post(place, ALERT, nonce="nonce-1")
    async with serve(desk.commands()):
        await server.press(server.messages[0], "Claim", who=Who(guild=None, channel="7"))

    [press] = desk.presses
    assert press.channel == place
    assert press.person.workspace.id == "@404"


async def test_a_card_is_redrawn_without_the_picture_discord_refuses(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    errors = {
        "embeds": {"0": {"thumbnail": {"url": {"_errors": [{"code": "X", "message": "no"}]}}}}
    }
    async with serve(desk.commands()):
        server.faults.add(EDIT_ANSWER, Fault.error(400, 50035, "Invalid Form Body", errors))
        answer = await server.press(card, "Claim", signs=2)

    assert answer.redrawn
    assert "thumbnail" not in server.messages[0].embed


async def test_a_card_that_cannot_be_redrawn_is_told_of(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    async with serve(desk.commands()):
        server.faults.add(EDIT_ANSWER, Fault.error(400, 50083, "Thread is archived"))
        answer = await server.press(card, "Claim", signs=2)

    assert "still looks as before" in answer.embed["description"]
    assert server.messages == [card]


@pytest.mark.parametrize("request_kind", [ANSWER, FOLLOW_UP])
async def test_a_press_discord_takes_no_answer_to_is_logged_and_the_next_one_works(
    server: FakeDiscord,
    at_work: Desk,
    card: FakeMessage,
    capsys: pytest.CaptureFixture[str],
    request_kind: str,
) -> None:
    at_work.busy.set()
    server.faults.add(request_kind, Fault.error(404, 10062, "Unknown interaction"))
    await server.press(card, "More")
    answer = await server.press(card, "More")

    assert answer.embed["description"] == "**More.**"
    assert "command.unanswered" in capsys.readouterr().out


async def test_a_window_is_the_first_sign_and_what_is_sent_is_handed_over(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    async with serve(desk.commands()):
        shown = await server.press(card, "Not relevant")
        answer = await server.submit(shown, {"quiet": "22:00-07:00", "rhythm": "instant"})

    assert not shown.deferred
    assert shown.window["custom_id"] == "news|save|nonce-1"
    press = desk.presses[-1]
    assert (press.action, press.argument) == ("save", "nonce-1")
    assert press.options == {
        "quiet": "22:00-07:00",
        "rhythm": "instant",
        "query": "port AND strike",
    }
    assert answer.private
    assert not answer.redrawn
    assert server.messages == [card]


async def test_a_window_has_a_field_for_each_thing_asked(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    async with serve(desk.commands()):
        shown = await server.press(card, "Not relevant")

    quiet, rhythm, query = (label["component"] for label in shown.window["components"])
    assert [label["label"] for label in shown.window["components"]] == [
        "Quiet hours",
        "How often",
        "Query",
    ]
    assert (quiet["type"], quiet["style"], quiet["required"]) == (4, 1, False)
    assert quiet["placeholder"] == "22:00-07:00"
    assert [one.get("default", False) for one in rhythm["options"]] == [False, True]
    assert (query["style"], query["value"]) == (2, "port AND strike")


async def test_a_window_can_be_sent_after_a_restart(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    async with serve(desk.commands()):
        shown = await server.press(card, "Not relevant")
    async with serve(desk.commands()):
        answer = await server.submit(shown, {"quiet": ""})

    assert desk.presses[-1].options["quiet"] == ""
    assert answer.embed["description"] == "**Saved.**"


async def test_a_window_of_a_command_is_answered_privately(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        shown = await server.command("edit")
        answer = await server.submit(shown, {})

    assert answer.deferred
    assert answer.private
    assert answer.embed["description"] == "**Saved.**"


async def test_a_mistake_in_a_window_is_explained_with_what_was_written(
    server: FakeDiscord, serve: Serve, desk: Desk, card: FakeMessage
) -> None:
    async with serve(desk.commands()):
        shown = await server.press(card, "Not relevant")
        answer = await server.submit(shown, {"quiet": "always"})

    assert answer.embed["description"] == (
        "**“always” is no stretch of the day.**\n"
        "You wrote:\nquiet: always\nrhythm: hourly\nquery: port AND strike"
    )
    assert answer.embed["color"] == 0xE8A020


@pytest.mark.parametrize(
    ("nonce", "said"), [("busy", "newsbot is busy"), ("gone", "That alert is gone")]
)
@pytest.mark.usefixtures("hurry", "at_work")
async def test_a_window_that_cannot_be_shown_at_once_is_answered_by_words(
    server: FakeDiscord, messenger: DiscordMessenger, nonce: str, said: str
) -> None:
    await messenger.post(CHANNEL, ALERT, nonce=nonce)
    answer = await server.press(server.messages[0], "Not relevant")

    assert answer.window == {}
    assert answer.private
    assert said in answer.embed["description"]


async def test_what_was_posted_with_buttons_is_found_again(
    server: FakeDiscord, messenger: DiscordMessenger
) -> None:
    alert = replace(ALERT, mentions=("user:5",))
    server.faults.add(POST_MESSAGE, Fault.cut_after())
    with pytest.raises(OutcomeUnknownError):
        await messenger.post(CHANNEL, alert, nonce="nonce-1")

    found = await messenger.find(CHANNEL, nonce="nonce-1", message=alert, since=NOW)

    assert found is not None
    assert (found.id, found.channel) == (server.messages[0].id, NEWS)
