"""Environment: the process's variables, and those that `.env` beside feeds.yaml adds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

from dotenv.parser import Binding, parse_stream

from bot.errors import SettingsError

FEEDS_SETTING: Final = "NEWSBOT_FEEDS"
FEEDS_DEFAULT: Final = "feeds.yaml"


class Line(NamedTuple):
    """A variable of `.env`.

    Attributes:
        place: Where it stands, as file and line: `.env:3`.
        value: What it is set to.
    """

    place: str
    value: str


@dataclass(frozen=True, slots=True)
class Environment:
    """What is set, and where.

    Attributes:
        own: The process's variables, by name.
        lines: Those of `.env`, which count where the process has none of the name.
        mistakes: What of `.env` cannot be read: a line for a person each.
    """

    own: Mapping[str, str] = field(repr=False)
    lines: Mapping[str, Line] = field(repr=False)
    mistakes: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """Each variable's value."""
        return {**{name: line.value for name, line in self.lines.items()}, **self.own}

    def named(self, name: str) -> str:
        """A variable as a person finds it: after its file and line, where it is one of `.env`."""
        if name in self.own or name not in self.lines:
            return name
        return f"{self.lines[name].place}: {name}"


def read_environment(environ: Mapping[str, str], directory: Path) -> dict[str, str]:
    """The environment with what `.env` beside feeds.yaml adds; `${NAME}` references lead here.

    Raises:
        SettingsError: `.env` cannot be read.
    """
    found = look_up(environ, directory)
    if found.mistakes:
        raise SettingsError("\n".join(found.mistakes))
    return found.values


def look_up(environ: Mapping[str, str], directory: Path) -> Environment:
    """The environment and `.env`.

    Args:
        environ: The process's environment.
        directory: Where newsbot was started; a relative NEWSBOT_FEEDS begins there.
    """
    feeds = Path(environ.get(FEEDS_SETTING) or FEEDS_DEFAULT).expanduser()
    file = (directory / feeds).parent / ".env"
    shown = file.relative_to(directory) if file.is_relative_to(directory) else file
    try:
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        return Environment(environ, {})
    except UnicodeDecodeError:
        mistake = f"{shown}: is not in UTF-8; save it with the encoding UTF-8"
        return Environment(environ, {}, (mistake,))
    except OSError as error:
        return Environment(environ, {}, (f"{shown}: cannot be read: {error.strerror}",))
    bindings = list(parse_stream(StringIO(text)))
    mistakes = tuple(
        f"{shown}:{_line(binding)}: is no setting; write NAME=value"
        for binding in bindings
        if not _is_setting(binding)
    )
    return Environment(environ, dict(_lines(bindings, shown)), mistakes)


def _is_setting(binding: Binding) -> bool:
    if binding.error or (binding.key is not None and binding.value is None):
        return False
    return binding.key is None or binding.key.isidentifier()


def _lines(bindings: list[Binding], shown: Path) -> Iterator[tuple[str, Line]]:
    for binding in bindings:
        if binding.key is not None and binding.value is not None:
            yield binding.key, Line(f"{shown}:{_line(binding)}", binding.value)


def _line(binding: Binding) -> int:
    """The line it stands on; dotenv counts from the empty lines before it."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
