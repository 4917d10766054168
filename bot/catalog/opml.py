"""OPML: lists of feeds as other readers export and import them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from bot.catalog.weburl import host_name, web_address
from bot.domain.catalog import Catalog
from bot.domain.feed import Feed
from bot.domain.tag import slug
from bot.domain.text import one_line
from bot.errors import ConfigError, Mistake

_SECTION_SEPARATOR: Final = " / "
_IN_PLAIN_WORDS: Final = {
    expat.errors.XML_ERROR_INVALID_TOKEN: (
        "holds a character that XML does not allow here; write &amp; for &, &lt; for <"
    ),
    expat.errors.XML_ERROR_NO_ELEMENTS: "ends too early; export it anew",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: (
        "names a character in a way XML does not know; write the character itself"
    ),
}


@dataclass(frozen=True, slots=True)
class FeedList:
    """What an OPML document lists.

    Attributes:
        feeds: In its order.
        mistakes: Feeds whose addresses cannot be used, each with its line.
    """

    feeds: tuple[Feed, ...]
    mistakes: tuple[Mistake, ...] = ()


class _UnsafeError(Exception):
    """A document type with declarations, which a list of feeds never needs."""


@dataclass(slots=True)
class _Reading:
    """What was read so far.

    Attributes:
        headings: The outlines around the place now read; empty text for feeds.
    """

    file: str
    parser: expat.XMLParserType
    depth: int = 0
    root: str = ""
    headings: list[str] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def begin(self, element: str, attributes: Mapping[str, str]) -> None:
        self.root = self.root or element.lower()
        if element.lower() != "outline":
            return
        given = {name.lower(): " ".join(value.split()) for name, value in attributes.items()}
        name = one_line(given.get("title", "")) or one_line(given.get("text", ""))
        if given.get("xmlurl"):
            self._add(given, name)
            self.headings.append("")
        else:
            self.headings.append(name)

    def end(self, element: str) -> None:
        if element.lower() == "outline":
            self.headings.pop()

    def wrong(self, what: str) -> None:
        self.mistakes.append(Mistake(self.file, self.parser.CurrentLineNumber, what))

    def _add(self, given: Mapping[str, str], name: str) -> None:
        try:
            url = web_address(given["xmlurl"])
        except ValueError as error:
            self.wrong(f"{name or 'a feed'}: {error}")
            return
        section = _SECTION_SEPARATOR.join(heading for heading in self.headings if heading)
        tags = frozenset(_tags(given.get("category", "")))
        self.feeds.append(Feed(url, name or host_name(url), section, tags))


def read_opml(body: bytes, *, file: str = "OPML") -> FeedList:
    """The feeds of an OPML document (any version), in its order; folders become sections.

    A folder within a folder becomes `Outer / Inner`; `category` values without a slash become
    tags, as OPML 2.0 calls them. Declarations of entities are refused, not expanded.

    Args:
        body: The document.
        file: Its name in mistakes.

    Raises:
        ConfigError: It is no OPML, or holds no feed that can be used; names every line.
    """
    parser = expat.ParserCreate()
    reading = _Reading(file, parser)
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(body.lstrip(), True)
    except expat.ExpatError as error:
        problem = expat.errors.messages[error.code]
        what = _IN_PLAIN_WORDS.get(problem, f"is not valid XML: {problem}; export it anew")
        raise ConfigError((Mistake(file, error.lineno, what),)) from None
    except _UnsafeError:
        reading.wrong("declares entities, which newsbot does not read; export it anew")
        raise ConfigError(tuple(reading.mistakes)) from None
    if reading.root != "opml":
        reading.mistakes.insert(0, Mistake(file, 1, f"is no OPML but <{reading.root}>"))
    elif not reading.feeds and not reading.mistakes:
        reading.wrong("lists no feed: no outline has an xmlUrl")
    if reading.root != "opml" or not reading.feeds:
        raise ConfigError(tuple(reading.mistakes))
    return FeedList(tuple(reading.feeds), tuple(reading.mistakes))


def write_opml(catalog: Catalog) -> bytes:
    """The catalog's feeds as OPML 2.0 in UTF-8; headers and logins stay behind."""
    return "\n".join([*_lines(catalog), ""]).encode()


def _lines(catalog: Catalog) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<opml version="2.0">'
    yield "  <head>"
    yield "    <title>newsbot</title>"
    yield "  </head>"
    yield "  <body>"
    for section, feeds in groupby(catalog.feeds, key=lambda feed: feed.section):
        yield f"    <outline text={quoteattr(section)}>"
        for feed in feeds:
            yield f"      {_outline(feed)}"
        yield "    </outline>"
    yield "  </body>"
    yield "</opml>"


def _outline(feed: Feed) -> str:
    name, url = quoteattr(feed.name), quoteattr(feed.url)
    category = f" category={quoteattr(','.join(sorted(feed.tags)))}" if feed.tags else ""
    return f'<outline type="rss" text={name} title={name} xmlUrl={url}{category}/>'


def _tags(category: str) -> Iterator[str]:
    for label in category.split(","):
        if "/" not in label and slug(label):
            yield slug(label)


def _refuse(*_: object) -> None:
    raise _UnsafeError
