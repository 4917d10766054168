"""Document: what a query is asked of, and its words."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.query.terms import Lines, Tokens
from bot.query.tree import Field


def ascii_host(host: str) -> str:
    """A host in the form in which hosts are compared: small letters, international names in ASCII.

    Raises:
        ValueError: It cannot be a host's name.
    """
    name = host.lower().strip(".")
    # Other scripts have dots of their own.
    return name if name.isascii() else name.encode("idna").decode("ascii").strip(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An entry as queries see it; all text plain.

    Attributes:
        title: The headline.
        summary: The publisher's summary.
        body: The full text.
        feed: The feed's name.
        authors: Their names.
        tags: Slugs, of the entry and of its feed.
        host: Where the entry's link leads, as `ascii_host` writes it; empty without a link.
        language: BCP 47 tag in small letters; empty where the feed names none.
    """

    title: str = ""
    summary: str = ""
    body: str = ""
    feed: str = ""
    authors: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    host: str = ""
    language: str = ""

    def is_at(self, host: str) -> bool:
        """Whether the link leads to this host or to one below it."""
        return self.host == host or self.host.endswith(f".{host}")

    def is_in(self, language: str) -> bool:
        """Whether it is in this language, or in a variety of it."""
        return self.language == language or self.language.startswith(f"{language}-")


class Reading:
    """A document, each field cut into tokens at most once, and only where they are asked for.

    Attributes:
        document: As given.
        fields: The tokens of every field that has a text, title first.
        tags: The document's tags.
    """

    __slots__ = ("_lines", "document", "fields", "tags")

    def __init__(self, document: Document) -> None:
        texts = {
            Field.TITLE: document.title,
            Field.SUMMARY: document.summary,
            Field.BODY: document.body,
            Field.FEED: document.feed,
            Field.AUTHOR: "; ".join(document.authors),
        }
        self.document = document
        self.fields: Mapping[Field, Tokens] = {
            field: Tokens(text) for field, text in texts.items() if text
        }
        self.tags = document.tags
        self._lines: dict[frozenset[Field], Lines] = {}

    def lines(self, fields: frozenset[Field]) -> Lines:
        """The tokens of these fields in lines."""
        lines = self._lines.get(fields)
        if lines is None:
            texts = [tokens for field, tokens in self.fields.items() if field in fields]
            lines = self._lines[fields] = Lines(texts)
        return lines
