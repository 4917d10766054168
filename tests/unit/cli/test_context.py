"""How commands fail, and what they print on."""

import io
import sys

import pytest
from rich.console import Console
from rich.text import Text

from bot.cli import context
from bot.errors import (
    CommandError,
    ConfigError,
    FeedError,
    Mistake,
    NeverRunError,
    NewsbotError,
    SettingsError,
    StorageError,
    UsageError,
)
from tests.fakes.process import Desk
from tests.unit.cli.conftest import Type

MISTAKES = (Mistake("feeds.yaml", 3, "is wrong; mend it"), Mistake("feeds.yaml", 9, "so is this"))


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfigError(MISTAKES), 2, "feeds.yaml:3: is wrong; mend it\nfeeds.yaml:9: so is this\n"),
        (SettingsError("DISCORD_TOKEN: is none"), 2, "DISCORD_TOKEN: is none\n"),
        (UsageError("there is no x; write y"), 2, "newsbot: there is no x; write y\n"),
        (CommandError("x is not stored"), 1, "newsbot: x is not stored\n"),
        (FeedError("https://x.example", "x.example is gone"), 1, "newsbot: x.example is gone\n"),
        (NeverRunError("not run yet"), 1, "newsbot: not run yet\n"),
        (StorageError("x: down"), 1, f"newsbot: x: down\n{context.DATABASE_REMEDY}\n"),
    ],
)  # fmt: skip
def test_what_is_raised_on_purpose_is_a_line_and_an_exit_code(
    error: NewsbotError, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @context.command
    async def command() -> None:
        raise error

    with pytest.raises(SystemExit) as ended:
        command()
    assert ended.value.code == code
    assert capsys.readouterr().err == said


def test_anything_else_is_a_mistake_of_ours_and_goes_through() -> None:
    @context.plain_command
    def command() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        command()


def test_lines_break_at_words_on_a_terminal_and_not_in_a_pipe() -> None:
    text = Text("one two three four")
    broken, whole = io.StringIO(), io.StringIO()
    context.line(Console(file=broken, width=10, force_terminal=True, color_system=None), text)
    context.line(Console(file=whole, width=10), text)
    assert broken.getvalue().splitlines() == ["one two ", "three four"]
    assert whole.getvalue() == "one two three four\n"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 entries"), (1, "1 entry"), (1830, "1,830 entries")]
)
def test_things_are_counted_as_people_count(number: int, said: str) -> None:
    assert context.counted(number, "entry", "entries") == said


def test_help_says_how_to_begin_and_what_exit_codes_mean(type_: Type) -> None:
    result = type_("--help")
    assert result.exit_code == 0
    for words in ("newsbot demo, newsbot check", "Exit codes:    0 well", "health", "backfill"):
        assert words in result.output


@pytest.mark.parametrize("arguments", [["nonsense"], ["poll"], ["check", "more"], ["run", "--x"]])
def test_a_wrong_command_line_is_exit_2_and_says_where_help_is(
    type_: Type, arguments: list[str]
) -> None:
    result = type_(*arguments)
    assert result.exit_code == 2
    assert "--help" in result.output


def test_a_stream_that_is_none_of_a_process_is_left_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.cli import newsbot  # noqa: PLC0415 - as `python -m bot` does

    del desk
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(SystemExit) as ended:
        newsbot(["check"])
    assert ended.value.code == 2
