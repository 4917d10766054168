"""Slash commands: how they are registered, typed, suggested and answered."""

import asyncio

import pytest

from bot.chat.discord.client import Addresses, NewsbotClient
from bot.chat.discord.slash import SlashTree
from bot.commands.core import Command, Commands, Option
from bot.commands.reply import Choice, Form
from bot.commands.request import Request
from bot.domain.channel import Channel, Platform, Workspace
from tests.contract.chat.discord.conftest import Serve
from tests.contract.chat.discord.desk import Desk
from tests.fakes.discord import DIRECT, NEWS, THREAD, FakeChannel, FakeDiscord, Who
from tests.fakes.discord_shapes import BOT_ID, GUILD_ID


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_options_are_registered_with_their_types_choices_and_suggestions(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        pass

    [group] = server.commands
    verbs = {option["name"]: option for option in group["options"]}
    query, since = verbs["search"]["options"]
    assert (query["name"], query["required"]) == ("query", True)
    assert (since["name"], since["required"]) == ("since", False)
    assert since["choices"] == [
        {"name": "An hour", "value": "1h"},
        {"name": "A day", "value": "1d"},
    ]
    [topic] = verbs["mute"]["options"]
    assert topic["autocomplete"]
    assert topic["required"]


async def test_verbs_of_two_words_stand_in_a_group_of_their_own(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        await server.command("feed add", {"url": "https://news.example/"})

    verbs = {option["name"]: option for option in server.commands[0]["options"]}
    assert [option["name"] for option in verbs["feed"]["options"]] == ["add", "remove"]
    [request] = desk.requests
    assert request.verb == "feed add"
    assert request.options == {"url": "https://news.example/"}


async def test_commands_work_on_servers_and_in_direct_messages_for_everybody_at_first(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        pass

    [group] = server.commands
    assert sorted(group["contexts"]) == [0, 1]
    assert group["integration_types"] == [0]
    assert group["default_member_permissions"] is None


async def test_other_choices_or_suggestions_are_a_change_and_the_same_are_none(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    def of(choices: tuple[Choice, ...]) -> Commands:
        option = Option(name="since", summary="How far back.", choices=choices)
        command = Command(
            verb="latest",
            usage="/news latest",
            summary="Latest.",
            handler=desk.note,
            options=(option,),
        )
        return Commands((command,))

    for commands in (of((Choice(value="1h", label="An hour"),)),) * 2:
        async with serve(commands):
            pass
    assert server.registrations == 1
    async with serve(of((Choice(value="1d", label="A day"),))):
        pass
    assert server.registrations == 2


async def test_what_is_too_long_for_discord_is_cut_or_left_to_be_typed(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    many = tuple(Choice(value=str(number), label="x" * 200) for number in range(26))
    options = (
        Option(name="few", summary="y" * 300, choices=many[:25]),
        Option(name="many", summary="", choices=many),
    )
    command = Command(
        verb="long", usage="/news long", summary="z" * 300, handler=desk.note, options=options
    )
    async with serve(Commands((command,))):
        pass

    [long, _] = server.commands[0]["options"]
    assert len(long["description"]) == 100
    few, typed = long["options"]
    assert len(few["choices"]) == 25
    assert len(few["choices"][0]["name"]) == 100
    assert typed.get("choices") in (None, [])


async def test_what_was_filled_in_is_handed_over_by_name_and_the_rest_left_out(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        await server.command("search", {"query": "port AND strike"})
        await server.command("search", {"query": "ports", "since": "1d"})

    assert [request.options for request in desk.requests] == [
        {"query": "port AND strike"},
        {"query": "ports", "since": "1d"},
    ]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<@&2>", "role:2"),
        ("<@404>", "user:404"),
        (" <@!404> ", "user:404"),
        ("ask <@404>", "ask <@404>"),
    ],
)
async def test_a_mention_is_handed_over_as_who_it_is(
    server: FakeDiscord, serve: Serve, desk: Desk, typed: str, read: str
) -> None:
    async with serve(desk.commands()):
        await server.command("search", {"query": typed})

    assert desk.requests[0].options == {"query": read}


async def test_a_window_that_cannot_be_made_is_answered_by_the_command_itself(
    server: FakeDiscord, serve: Serve, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Request) -> Form:
        raise RuntimeError("no window")

    edit = Command(
        verb="edit", usage="/news edit", summary="Edits.", handler=desk.note, form=broken
    )
    async with serve(Commands((edit,))):
        answer = await server.command("edit")

    assert answer.embed["description"] == "**Noted.**"
    assert "no window" in capsys.readouterr().out


async def test_a_fault_of_newsbots_own_is_apologised_for(
    server: FakeDiscord, serve: Serve, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("bot.chat.discord.answers.read_request")
    async with serve(desk.commands()):
        answer = await server.command("search", {"query": "x"})

    assert "went wrong" in answer.embed["description"]


async def test_a_form_the_server_no_longer_offers_is_explained(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    """A client that learned the command before `query` was required."""
    async with serve(desk.commands()):
        answer = await server.command("search")

    assert "type /news again" in answer.embed["description"]
    assert desk.requests == []


async def test_options_are_suggested_while_they_are_typed(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        suggested = await server.suggest("mute", "topic", "port")

    assert suggested == [
        {"name": "Ports", "value": "ports"},
        {"name": "Port-Strikes", "value": "port-strikes"},
    ]
    assert desk.requests[0].options == {}
    assert desk.requests[0].person.workspace == Workspace(Platform.DISCORD, str(GUILD_ID))


async def test_no_more_is_suggested_than_discord_shows(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    desk.topics = ("port" + "x" * 200, *(f"port-{number}" for number in range(30)))
    async with serve(desk.commands()):
        suggested = await server.suggest("mute", "topic", "port")

    assert [one["value"] for one in suggested] == [f"port-{number}" for number in range(25)]


@pytest.mark.parametrize("typed", ["busy", "broken"])
@pytest.mark.usefixtures("hurry")
async def test_suggestions_that_cannot_be_had_at_once_are_none(
    server: FakeDiscord, serve: Serve, desk: Desk, typed: str
) -> None:
    async with serve(desk.commands()):
        assert await server.suggest("mute", "topic", typed) == []
        assert len(await server.suggest("mute", "topic", "ports")) == 1


async def test_a_suggestion_for_an_option_newsbot_no_longer_has_changes_nothing(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await server.suggest("gone", "topic", "p")
        assert (await server.command("search", {"query": "x"})).deferred


async def test_a_command_is_promised_an_answer_before_the_store_has_one(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        asking = asyncio.create_task(server.command("slow"))
        async with asyncio.timeout(1):
            await desk.asked.wait()
        assert [path for path in server.requests if path.endswith("/callback")]
        assert not asking.done()
        desk.busy.set()
        answer = await asking

    assert answer.deferred
    assert answer.private


async def test_a_command_with_a_window_shows_it_where_nothing_was_filled_in(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        shown = await server.command("edit")
        answer = await server.command("edit", {"query": "x"})

    assert shown.window["title"] == "Edit the subscription"
    assert not shown.deferred
    assert answer.embed["description"] == "**Noted.**"


async def test_a_list_is_shown_row_by_row_with_its_buttons(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    async with serve(desk.commands()):
        answer = await server.command("search", {"query": "x"})

    assert answer.private
    assert answer.message is not None
    payload = answer.message.payload
    assert payload["content"] == "**2 of 9 stories**"
    assert payload["allowed_mentions"] == {"parse": []}
    assert payload["embeds"][0] == {
        "flags": 0,
        "title": "1 · Story \\*0\\*",
        "url": "https://news.example/0",
        "description": "Example World\n\\@everyone\n<t:1762247040:f>",
        "color": 0x808890,
    }
    assert [[button["label"] for button in row["components"]] for row in payload["components"]] == [
        ["Share to channel 1", "Share to channel 2"],
        ["Next"],
    ]


async def test_in_a_direct_message_a_person_is_their_own_workspace_and_manages_it(
    server: FakeDiscord, serve: Serve, desk: Desk
) -> None:
    server.add(FakeChannel(id="7", type=DIRECT))
    async with serve(desk.commands()):
        await server.command("search", {"query": "x"}, who=Who(guild=None, channel="7"))

    [request] = desk.requests
    assert request.channel == Channel(Platform.DISCORD, "7")
    assert request.person.workspace == Workspace(Platform.DISCORD, "@404")
    assert await request.person.manages()


@pytest.mark.parametrize(("owner", "channel"), [(404, "7"), (BOT_ID, NEWS)])
async def test_in_a_post_that_newsbot_made_the_forum_is_meant(
    server: FakeDiscord, serve: Serve, desk: Desk, owner: int, channel: str
) -> None:
    server.add(FakeChannel(id="7", type=THREAD, owner=owner))
    async with serve(desk.commands()):
        await server.command("search", {"query": "x"}, who=Who(channel="7"))

    assert desk.requests[0].channel == Channel(Platform.DISCORD, channel)


async def test_verbs_that_discord_cannot_tell_apart_are_refused_at_the_start(desk: Desk) -> None:
    both = tuple(
        Command(verb=verb, usage=verb, summary=verb, handler=desk.note)
        for verb in ("feed", "feed add")
    )

    with pytest.raises(TypeError, match="/news feed"):
        SlashTree(NewsbotClient(addresses=Addresses()), Commands(both))
