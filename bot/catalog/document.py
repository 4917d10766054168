"""Document: a YAML file as values that know their line and can be read without raising."""

import difflib
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.errors import Mistake

T = TypeVar("T")

_NEAR_ENOUGH: Final = 0.6
_NULL: Final = "tag:yaml.org,2002:null"
_BOOL: Final = "tag:yaml.org,2002:bool"


def shown(file: Path) -> str:
    """A path as a person would write it: from where newsbot was started, if it lies below."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


class Report:
    """The mistakes found in one file.

    Attributes:
        file: The path as a person would write it.
    """

    def __init__(self, file: Path) -> None:
        self.file = shown(file)
        self._mistakes: list[Mistake] = []

    def add(self, line: int, what: str) -> None:
        """Note one mistake; lines count from 1."""
        self._mistakes.append(Mistake(self.file, line, what))

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All of them in the order of their lines."""
        return tuple(sorted(self._mistakes, key=lambda mistake: mistake.line))


@dataclass(frozen=True, slots=True)
class Item:
    """A value in a file, with its place.

    The readers below give None (or what is left) for a value of the wrong kind, having noted the
    mistake; so one pass finds all of them.

    Attributes:
        node: What YAML made of it.
        report: Where mistakes are noted.
        name: The key it stands under; empty at the top.
        line: Where it stands, counted from 1; for a list or mapping its key's line.
    """

    node: Node
    report: Report
    name: str
    line: int

    def wrong(self, what: str) -> None:
        """Note a mistake in this value."""
        self.report.add(self.line, f"{self.name}: {what}" if self.name else what)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing (or `null`) is written."""
        return isinstance(self.node, ScalarNode) and self.node.tag == _NULL

    @property
    def is_mapping(self) -> bool:
        """Whether it is made of keys and values."""
        return isinstance(self.node, MappingNode)

    @property
    def is_empty_list(self) -> bool:
        """Whether it is a list of nothing, `[]`."""
        return isinstance(self.node, SequenceNode) and not self.node.value

    def text(self) -> str | None:
        """One line of text; numbers and the like as they are written."""
        if not isinstance(self.node, ScalarNode) or self.is_nothing:
            self.wrong(f"text is needed here, not {self._kind()}{self._commented_out()}")
            return None
        text = " ".join(self.node.value.split())
        if f"{self.node.tag}".startswith("!"):
            written = f"{self.node.tag} {text}".strip()
            self.wrong(f'text that begins with ! needs quotes around it, as in "{written}"')
            return None
        if not text:
            self.wrong("is empty; write something or remove it")
            return None
        if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
            self.wrong(_control(self.node.style))
            return None
        return text

    def read(self, convert: Callable[[str], T]) -> T | None:
        """What `convert` makes of the text; its ValueError is noted as the mistake."""
        text = self.text()
        if text is None:
            return None
        try:
            return convert(text)
        except ValueError as error:
            self.wrong(str(error))
            return None

    def flag(self) -> bool | None:
        """True or false."""
        if isinstance(self.node, ScalarNode) and self.node.tag == _BOOL:
            return str(self.node.value).lower() == "true"
        self.wrong("write true or false")
        return None

    def items(self) -> tuple["Item", ...]:
        """The values of a list; one value alone is a list of one."""
        if not isinstance(self.node, SequenceNode):
            if self.is_nothing:
                self.wrong("is empty; write something or remove it")
                return ()
            return (self,)
        if not self.node.value:
            self.wrong("is an empty list; write something or remove it")
        return tuple(
            Item(node, self.report, self.name, node.start_mark.line + 1) for node in self.node.value
        )

    def read_all(self, convert: Callable[[str], T]) -> tuple[T, ...]:
        """What `convert` makes of each text of a list."""
        read = (item.read(convert) for item in self.items())
        return tuple(value for value in read if value is not None)

    def pairs(self) -> dict[str, "Item"]:
        """The keys and values of a mapping, in order; a key written twice counts once."""
        if not isinstance(self.node, MappingNode):
            self.wrong(f"keys and values (key: value) are needed here, not {self._kind()}")
            return {}
        found: dict[str, Item] = {}
        for key, value in self.node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode) or not key.value.strip():
                self.report.add(line, "a key must be text; put quotes around it")
            elif (name := " ".join(key.value.split())) in found:
                first = found[name].line
                self.report.add(line, f"“{name}” is on line {first} already; remove one of the two")
            else:
                found[name] = Item(value, self.report, name, _line_of(key, value))
        return found

    def keys(self, known: Collection[str]) -> dict[str, "Item"]:
        """Like `pairs`, of these keys only; any other is a mistake."""
        found = self.pairs()
        for name, item in found.items():
            if name not in known:
                self.report.add(item.line, f"unknown key “{name}”; {suggest(name, known)}")
        return {name: item for name, item in found.items() if name in known}

    def _commented_out(self) -> str:
        mark = self.node.start_mark
        behind = mark.buffer[mark.index :].lstrip(" \t") if mark.buffer else ""
        is_comment = self.is_nothing and behind.startswith("#")
        return "; text that begins with # needs quotes around it" if is_comment else ""

    def _kind(self) -> str:
        if self.is_nothing:
            return "nothing"
        if isinstance(self.node, SequenceNode):
            return "a list"
        return "keys and values" if self.is_mapping else "text"


def suggest(written: str, known: Iterable[str]) -> str:
    """A remedy for a misspelled name: the nearest known one, or all of them."""
    names = list(known)
    near = difflib.get_close_matches(written.lower(), names, 1, _NEAR_ENOUGH)
    return f"did you mean “{near[0]}”?" if near else f"known here: {', '.join(names)}"


def read_document(file: Path, report: Report, *, remedy: str = "") -> Item | None:
    """Read a YAML file.

    Args:
        file: Where it is.
        report: Where mistakes are noted.
        remedy: What to do where there is no such file, put behind those words.

    Returns:
        Its topmost value; None where there is none, the reason noted in the report.
    """
    text = read_text(file, report, remedy=remedy)
    node = None if text is None else compose(text, report)
    if text is not None and node is None and not report.mistakes:
        report.add(1, "the file is empty")
    return None if node is None else Item(node, report, "", node.start_mark.line + 1)


def read_text(file: Path, report: Report, *, remedy: str = "") -> str | None:
    """A file's text, decoded from UTF-8; a byte order mark stays, which YAML passes over.

    Arguments as in `read_document`.
    """
    try:
        written = file.read_bytes()
    except FileNotFoundError:
        report.add(1, f"there is no such file{remedy}")
        return None
    except OSError as error:
        report.add(1, f"cannot be read: {error.strerror}")
        return None
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        report.add(line, "is not in UTF-8; save the file with the encoding UTF-8")
        return None


def compose(text: str, report: Report) -> Node | None:
    """The tree of a YAML text, nothing of it executed; None where it holds no value."""
    try:
        return YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-any-return]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report.add(mark.line + 1 if mark else 1, _in_plain_words(error))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        report.add(line, "holds a control character; remove it")
    except RecursionError:  # ruamel.yaml calls itself for each level
        report.add(1, "is nested too deeply to be read; look for brackets that nobody meant")
    return None


def _control(quotes: str | None) -> str:
    if quotes == '"':
        return r"holds a control character, as YAML makes of \b in double quotes: use single ones"
    return "holds a control character; type it anew"


def _line_of(key: Node, value: Node) -> int:
    node = value if isinstance(value, ScalarNode) and value.value else key
    return int(node.start_mark.line) + 1


_PLAIN_WORDS: Final = (
    (
        "mapping values are not allowed here",
        "a colon followed by a space needs quotes around the whole text; or the indentation is off",
    ),
    ("found character '\\t'", "a tab stands where spaces belong; indent with spaces"),
    ("found undefined alias", "text that begins with * needs quotes around it"),
    ("but found another document", "--- begins a second document; one file holds one"),
    (
        "expected <block end>, but found '<scalar>'",
        "text goes on behind a closed quote or bracket; write > there, and the text beneath it",
    ),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("could not find expected ':'", "a colon is missing after a key, or the indentation is off"),
    ("found unexpected end of stream", "a quote is opened and not closed"),
    ("expected ',' or ']'", "a [ is opened and not closed, or a comma is missing"),
    ("expected ',' or '}'", "a { is opened and not closed, or a comma or quotes are missing"),
    ("cannot start any token", "text that begins with this character needs quotes around it"),
)


def _in_plain_words(error: MarkedYAMLError) -> str:
    problem = f"{error.problem}"
    for sign, words in _PLAIN_WORDS:
        if sign in problem:
            return f"is not valid YAML: {words}"
    return f"is not valid YAML: {problem}"
