"""The neutral command core."""

import pytest

from bot.commands.core import Action, Command, Commands, Option
from bot.commands.reply import Reply
from bot.commands.request import Person, Press, Request
from bot.domain.channel import CONSOLE, Channel
from bot.errors import CommandError
from tests.fakes.people import person, reply_to


def request(verb: str, rest: str = "") -> Request:
    return Request(verb=verb, text=rest, channel=CONSOLE, person=person())


async def echo(request: Request) -> Reply:
    return Reply(title=request.text)


async def refuse(request: Request) -> Reply:
    raise CommandError(f"{request.text} is not followed here.")


COMMANDS = Commands(
    (
        Command(
            verb="echo",
            usage="/news echo WORDS",
            summary="Says it again.",
            handler=echo,
            options=(
                Option(name="words", summary="What to say.", required=True),
                Option(name="tone", summary="How."),
            ),
            examples=("/news echo Good morning",),
        ),
        Command(verb="refuse", usage="/news refuse", summary="Says no.", handler=refuse),
        Command(verb="feed add", usage="/news feed add URL", summary="Adds it.", handler=echo),
    )
)


@pytest.mark.parametrize("verb", ["echo", "Echo", "ECHO"])
async def test_a_verb_is_known_in_any_letter_case(verb: str) -> None:
    assert (await reply_to(COMMANDS, request(verb, "Beijing"))).title == "Beijing"


async def test_what_cannot_be_seen_in_a_pasted_command_does_not_count() -> None:
    asked = request("echo", "quiet 22:\u206000-07:\u206000\u200b")
    assert (await reply_to(COMMANDS, asked)).title == "quiet 22:00-07:00"


async def test_nor_does_it_in_what_was_filled_in() -> None:
    async def say(asked: Request | Press) -> Reply:
        return Reply(title=f"{asked.options}")

    unseen = {"words": "tariff \ud800\0"}  # which no database takes
    command = Command(verb="say", usage="/news say", summary="Says it.", handler=say)
    commands = Commands([command], [Action(name="say", handler=say)])
    asked = Request(verb="say", options=unseen, channel=CONSOLE, person=person())
    press = Press(action="say", options=unseen, channel=CONSOLE, person=person())

    assert await commands.answer(asked) == Reply(title="{'words': 'tariff '}")
    assert await commands.press(press) == Reply(title="{'words': 'tariff '}")


@pytest.mark.parametrize("verb", ["help", ""])
async def test_help_lists_every_verb_help_included(verb: str) -> None:
    reply = await reply_to(COMMANDS, request(verb))
    assert [line.partition(" — ")[0] for line in reply.lines] == [
        "/news echo WORDS", "/news refuse", "/news feed add URL", "/news help",
        "/news help COMMAND shows all it takes, with examples.",
    ]  # fmt: skip
    assert [command.verb for command in COMMANDS] == ["echo", "refuse", "feed add", "help"]


@pytest.mark.parametrize("asked", ["echo", "ECHO", "/news echo"])
async def test_help_on_a_verb_explains_it_with_examples(asked: str) -> None:
    reply = await reply_to(COMMANDS, request("help", asked))
    assert reply == Reply(
        title="/news echo WORDS",
        lines=(
            "Says it again.",
            "words: What to say.",
            "tone: How.",
            "Example: /news echo Good morning",
        ),
    )


async def test_help_on_a_verb_that_is_none_names_the_nearest() -> None:
    reply = await reply_to(COMMANDS, request("help", "feed ad"))
    assert (reply.title, reply.mistake) == ("There is no /news feed ad.", True)
    assert reply.lines[0] == "Did you mean /news feed add URL?"


async def test_help_proposes_verbs() -> None:
    choices = await COMMANDS.suggest(request("help"), "command", "e")
    assert [choice.value for choice in choices] == ["echo", "refuse", "feed add", "help"]
    choices = await COMMANDS.suggest(request("help"), "command", "Fe")
    assert [choice.value for choice in choices] == ["feed add"]


async def test_a_verb_of_two_words_is_told_from_one_with_text() -> None:
    assert COMMANDS.split(" Feed  ADD https://a.example ") == ("Feed ADD", "https://a.example")
    assert COMMANDS.split("echo add this") == ("echo", "add this")


async def test_a_mistyped_verb_of_two_words_is_answered_with_the_nearest() -> None:
    reply = await reply_to(COMMANDS, request("feed", "ad https://a.example"))
    assert reply.lines[0] == "Did you mean /news feed add https://a.example?"


async def test_what_a_command_needs_is_asked_for() -> None:
    reply = await reply_to(COMMANDS, request("echo", " "))
    assert (reply.title, reply.mistake) == (
        "/news echo needs more: write /news echo WORDS", True,
    )  # fmt: skip


async def test_an_unknown_verb_is_answered_with_the_nearest() -> None:
    reply = await reply_to(COMMANDS, request("ehco"))
    assert reply.title == "There is no /news ehco."
    assert reply.lines == (
        "Did you mean /news echo WORDS?", "/news help lists what there is.",
    )  # fmt: skip
    reply = await reply_to(COMMANDS, request("ehco", "good morning"))
    assert reply.lines[0] == "Did you mean /news echo good morning?"


async def test_without_a_near_one_only_help_is_named() -> None:
    reply = await reply_to(COMMANDS, request("qqq"))
    assert reply.lines == ("/news help lists what there is.",)


async def test_a_request_that_cannot_be_carried_out_is_answered_in_its_words() -> None:
    reply = await reply_to(COMMANDS, request("refuse", "taipei"))
    assert reply == Reply(title="taipei is not followed here.", mistake=True)


async def test_home_is_what_was_given_for_it_and_help_where_nothing_was() -> None:
    async def greet(asker: Person, channel: Channel) -> Reply:
        return Reply(title=f"{asker.user} in {channel}")

    assert (await Commands((), home=greet).home(person(), CONSOLE)).title == "desk in console"
    assert "/news help" in (await Commands(()).home(person(), CONSOLE)).lines[0]
