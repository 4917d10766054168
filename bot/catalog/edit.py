"""Edit: feeds added to feeds.yaml, every other character of it left as it is.

The text is cut open where the new lines belong and closed again; writing the whole file anew from
its values would move comments and change what people laid out.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from bot.catalog.document import Item, Report, compose, read_text
from bot.catalog.weburl import same_feed, web_address
from bot.domain.feed import Feed
from bot.domain.text import one_line
from bot.errors import ConfigError, Mistake

NO_SECTION: Final = "Imported"
"""The heading for feeds that come without one."""

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _/.&()+-]*(?<! )")
_NOT_PLAIN: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_STEP: Final = 2
_READABLE: Final = 0o644
_BREAKS: Final = ("\n", "\r", "\x85", "\u2028", "\u2029")
_LINE: Final = re.compile("[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029]|$)")
"""Lines as YAML counts them, which are fewer than `str.splitlines` finds."""


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of feeds to be added.

    Attributes:
        added: Now in feeds.yaml.
        already: They were there before, or earlier among the same feeds.
    """

    added: tuple[Feed, ...]
    already: tuple[Feed, ...]


def add_feeds(feeds_yaml: Path, feeds: Iterable[Feed]) -> AddResult:
    """Write feeds into feeds.yaml under their sections, those it holds already excepted.

    Of each feed its address, name and tags are written, never its headers; of a name what can be
    seen. Comments, order and layout stay; the file is replaced at once, so that nobody reads half
    of it, and only by one that can be read and holds the feeds. A file that does not exist is made.

    Raises:
        ConfigError: The file is not valid YAML, is laid out so that nothing can be added,
            or cannot be written.
    """
    report = Report(feeds_yaml)
    text = read_text(feeds_yaml, report) if feeds_yaml.exists() else ""
    root = compose(text, report) if text else None
    sections = _sections(root, report)
    if report.mistakes or text is None:
        raise ConfigError(report.mistakes)
    added, already = _split(feeds, _known(sections))
    if added:
        draft = _Draft(text)
        _refuse_braces(root, sections, report)
        _add(draft, root, sections, _by_section(added))
        if report.mistakes:
            raise ConfigError(report.mistakes)
        _check(feeds_yaml, draft.text(), added)
        _replace(feeds_yaml, draft.text())
    return AddResult(added, already)


class _Draft:
    """A text that lines are being put into."""

    def __init__(self, text: str) -> None:
        self._lines: list[str] = [line for line in _LINE.findall(text) if line]
        self._break = "\r\n" if "\r\n" in text else "\n"
        self._insertions: dict[int, list[str]] = {}

    @property
    def length(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def insert(self, after: int, lines: Iterable[str]) -> None:
        """Put lines after one that counts from 1 and, where it is blank, the text before it."""
        while after > 0 and not self._lines[after - 1].strip():
            after -= 1
        self._insertions.setdefault(after, []).extend(lines)

    def text(self) -> str:
        """The text with the lines in place."""
        parts = []
        for number in range(self.length + 1):
            if number:
                parts.append(self._lines[number - 1])
            for line in self._insertions.get(number, ()):
                if parts and not parts[-1].endswith(_BREAKS):
                    parts.append(self._break)
                parts.append(line + self._break)
        return "".join(parts)


def _sections(root: Node | None, report: Report) -> Item | None:
    if root is None:
        return None
    return Item(root, report, "", root.start_mark.line + 1).pairs().get("sections")


def _refuse_braces(root: Node | None, sections: Item | None, report: Report) -> None:
    for node in (root, sections.node if sections is not None else None):
        if isinstance(node, MappingNode) and node.flow_style:
            what = "stands in braces, where nothing can be added; write one key a line"
            report.add(node.start_mark.line + 1, what)


def _known(sections: Item | None) -> frozenset[str]:
    if sections is None or sections.is_nothing:
        return frozenset()
    listed = [node for item in sections.pairs().values() for node in _listed(item.node)]
    return frozenset(key for key in map(_key, listed) if key)


def _listed(node: Node) -> list[Node]:
    return list(node.value) if isinstance(node, SequenceNode) else [node]


def _key(node: Node) -> str:
    if isinstance(node, MappingNode):
        urls = [value for key, value in node.value if key.value == "url"]
        return _key(urls[0]) if urls else ""
    try:
        return same_feed(web_address(node.value)) if isinstance(node, ScalarNode) else ""
    except ValueError:
        return ""  # a wrong address is for loading to tell


def _split(
    feeds: Iterable[Feed], known: frozenset[str]
) -> tuple[tuple[Feed, ...], tuple[Feed, ...]]:
    added: dict[str, Feed] = {}
    already: list[Feed] = []
    for feed in feeds:
        key = same_feed(feed.url)
        if key in known or key in added:
            already.append(feed)
        else:
            added[key] = feed
    return tuple(added.values()), tuple(already)


def _by_section(feeds: Iterable[Feed]) -> dict[str, list[Feed]]:
    grouped: dict[str, list[Feed]] = {}
    for feed in feeds:
        grouped.setdefault(one_line(feed.section) or NO_SECTION, []).append(feed)
    return grouped


def _add(
    draft: _Draft, root: Node | None, sections: Item | None, groups: dict[str, list[Feed]]
) -> None:
    there = {} if sections is None or sections.is_nothing else sections.pairs()
    column = sections.node.start_mark.column if sections is not None and there else _STEP
    for name, feeds in groups.items():
        if name in there:
            _extend(draft, there[name], column, feeds)
    new = [
        line
        for name in groups
        if name not in there
        for line in _section(name, groups[name], column)
    ]
    if sections is None:
        end = _last_line(root) if root is not None else draft.length
        draft.insert(end, ["sections:", *new])
    elif new:
        draft.insert(_last_line(sections.node) if there else sections.line, new)


def _extend(draft: _Draft, section: Item, column: int, feeds: Iterable[Feed]) -> None:
    node = section.node
    if section.is_nothing:
        draft.insert(section.line, _feeds(feeds, column + _STEP))
    elif isinstance(node, SequenceNode) and not node.flow_style:
        draft.insert(_last_line(node), _feeds(feeds, node.start_mark.column))
    else:
        section.wrong("holds no list to add to; write its feeds one below the other")


def _last_line(node: Node) -> int:
    """The last line that belongs to a node, counted from 1, comments after it left out."""
    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        ends_before = node.end_mark.column == 0 and node.end_mark.line > node.start_mark.line
        return int(node.end_mark.line) + (0 if ends_before else 1)
    last = node.value[-1]
    if not isinstance(last, tuple):
        return _last_line(last)
    key, value = last
    is_unwritten = isinstance(value, ScalarNode) and value.start_mark.index == value.end_mark.index
    return _last_line(key if is_unwritten else value)


def _section(name: str, feeds: Iterable[Feed], column: int) -> list[str]:
    return [f"{' ' * column}{_scalar(name)}:", *_feeds(feeds, column + _STEP)]


def _feeds(feeds: Iterable[Feed], column: int) -> list[str]:
    return [f"{' ' * column}{line}" for feed in feeds for line in _feed(feed)]


def _feed(feed: Feed) -> list[str]:
    lines = [f"- url: {_address(feed.url)}"]
    if name := one_line(feed.name):
        lines.append(f"  name: {_scalar(name)}")
    if feed.tags:
        lines.append(f"  tags: [{', '.join(map(_scalar, sorted(feed.tags)))}]")
    return lines


def _address(url: str) -> str:
    # `: ` and ` #` are what ends plain text in YAML; an address holds no space.
    return _quoted(url) if url.endswith(":") else url


def _scalar(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _check(file: Path, text: str, added: Iterable[Feed]) -> None:
    """Read the text as newsbot will; a file that it then refuses would stop every feed."""
    report = Report(file)
    known = _known(_sections(compose(text, report), report))
    if report.mistakes or not known.issuperset(same_feed(feed.url) for feed in added):
        what = (
            "is laid out so that these feeds cannot be added; write its sections one below the"
            " other, each with its feeds one below the other, and import again"
        )
        raise ConfigError((Mistake(str(file), 1, what),))


def _replace(file: Path, text: str) -> None:
    target = file.resolve()  # a link stays a link
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as draft:
            try:
                draft.write(text.encode())
                draft.flush()
                os.fsync(draft.fileno())
                if target.exists():
                    shutil.copymode(target, draft.name)
                else:
                    Path(draft.name).chmod(_READABLE)
                Path(draft.name).replace(target)
            finally:
                Path(draft.name).unlink(missing_ok=True)  # not there once it has replaced the file
    except OSError as error:
        raise ConfigError(
            (Mistake(str(file), 1, f"cannot be written: {error.strerror}"),)
        ) from None
