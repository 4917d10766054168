"""Context: what every command of the command line needs, and how it fails."""

import asyncio
import functools
import os
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Final, Never, ParamSpec

import click
from rich.console import Console
from rich.text import Text

from bot.catalog.load import load_catalog
from bot.domain.catalog import Catalog
from bot.environment import read_environment
from bot.errors import (
    BackupError,
    ConfigError,
    NeverRunError,
    NewsbotError,
    OccupiedError,
    SchemaError,
    SettingsError,
    StorageError,
    UsageError,
)
from bot.settings import Settings, doubts, load_settings

P = ParamSpec("P")

EXIT_PROBLEM: Final = 1
EXIT_CONFIGURATION: Final = 2

DATABASE_REMEDY: Final = "Check DATABASE_URL, and that the database is there and lets newsbot in."
_SAY_WHAT_TO_DO: Final = (BackupError, NeverRunError, OccupiedError, SchemaError)


def command(
    function: Callable[P, Coroutine[Any, Any, None]],
) -> Callable[P, None]:
    """Run an async command to its end, and end with a line where it fails."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(function(*args, **kwargs))

    return plain_command(run)


def plain_command(function: Callable[P, None]) -> Callable[P, None]:
    """What a command raises on purpose becomes a line on standard error and an exit code."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except BrokenPipeError:
            raise  # whoever reads has read enough: click ends quietly
        except (NewsbotError, OSError) as error:
            fail(*told(error))

    return run


def told(error: NewsbotError | OSError) -> tuple[str, int]:
    """What to say of a failure, with the remedy, and the exit code."""
    if isinstance(error, ConfigError | SettingsError):
        return str(error), EXIT_CONFIGURATION
    if isinstance(error, UsageError):
        return f"newsbot: {error}", EXIT_CONFIGURATION
    own = isinstance(error, StorageError) and not isinstance(error, _SAY_WHAT_TO_DO)
    return f"newsbot: {error}\n{DATABASE_REMEDY}" if own else f"newsbot: {error}", EXIT_PROBLEM


def fail(text: str, code: int = EXIT_PROBLEM) -> Never:
    """End with a text on standard error."""
    click.echo(text, err=True)
    raise SystemExit(code)


def environment() -> Mapping[str, str]:
    """The environment, with what `.env` adds."""
    return read_environment(os.environ, Path.cwd())


def _warn(text: str) -> None:
    """Say what is no reason to end."""
    click.echo(text, err=True)


def settings(warn: Callable[[str], None] = _warn) -> Settings:
    """The settings in force.

    Args:
        warn: Is told, a line each, what is set to no effect.

    Raises:
        SettingsError: Any of them is wrong.
    """
    chosen = load_settings(os.environ, Path.cwd())
    for doubt in doubts(os.environ, Path.cwd()):
        warn(doubt)
    return chosen


def catalog(chosen: Settings) -> Catalog:
    """The feeds and topics as configured.

    Raises:
        ConfigError: The files hold mistakes.
    """
    return load_catalog(chosen.feeds, chosen.rules, environment())


def stdout() -> Console:
    """Where results and alerts go."""
    return Console(highlight=False)


def stderr() -> Console:
    """Where progress goes, out of the way of results."""
    return Console(stderr=True, highlight=False)


def line(out: Console, text: Text) -> None:
    """Print a line: broken at words on a terminal, left whole in a pipe."""
    out.print(text, soft_wrap=not out.is_terminal)


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 entry`, `2 entries`, `1,830 entries`; the plural is noun and s unless given."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
