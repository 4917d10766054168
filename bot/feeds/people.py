"""Author: the name in the ways feeds write one."""

import re
from collections.abc import Iterable, Iterator

from bot.feeds.markup import plain_line

_MAIL = r"[^\s()<>@,;]+@[^\s()<>@,;]+"
_FORMS = (
    re.compile(rf"(?:mailto:)?{_MAIL}\s*\(\s*(?P<name>[^()]+?)\s*\)"),  # RSS 2.0: a@b.c (Name)
    re.compile(rf"(?P<name>[^()<>]+?)\s*[(<]\s*{_MAIL}\s*[)>]"),
)
_NO_NAME = re.compile(rf"(?:mailto:)?{_MAIL}|https?://\S+|[\W\d_]+")
_LONGEST = 200
"""Characters of a name, with the address beside it."""

_MOST = 20
"""Authors of an entry; more are a whole newsroom, which nobody asks for by name."""

_AUTHOR = re.compile(
    rb"<(?P<name>(?:[\w.-]{1,64}:)?(?:author|creator|managingEditor|owner|publisher|webMaster))"
    rb"(?=[\s>])[^<>]*>",
    re.IGNORECASE,
)
_LONGEST_WORD = 100
_ENDLESS_WORD = re.compile(rb"([\w.+-]{%d})[\w.+-]+" % _LONGEST_WORD)


def names(written: Iterable[str]) -> tuple[str, ...]:
    """The names, in order, without repeats, at most 20 of 200 characters.

    Addresses, numbers and empty ones are left out.
    """
    return tuple(dict.fromkeys(name for name in map(_name, written) if name))[:_MOST]


def without_endless_words(document: bytes) -> bytes:
    """The document, each word in its authors cut after 100 bytes.

    feedparser looks for a mail address among them in the square of a word's length: over one of
    5 MB it sits until it is killed, and the entries beside it are lost.
    """
    if not (spans := [*_long_authors(document)]):
        return document
    kept: list[bytes] = []
    position = 0
    for start, end in spans:
        kept += (document[position:start], _ENDLESS_WORD.sub(rb"\1", document[start:end]))
        position = end
    return b"".join((*kept, document[position:]))


def _long_authors(document: bytes) -> Iterator[tuple[int, int]]:
    """Where the content of an author begins and ends that has room for an endless word."""
    position = 0
    while opening := _AUTHOR.search(document, position):
        start = opening.end()
        end = document.find(b"</" + opening["name"], start)
        # Without an end it reaches to the document's, as does what is searched for it.
        position = end if end >= 0 else len(document)
        if position - start > _LONGEST_WORD:
            yield start, position


def _name(written: str) -> str:
    line = plain_line(written[:_LONGEST], is_html=False)
    for form in _FORMS:
        if found := form.fullmatch(line):
            line = found["name"]
    return "" if _NO_NAME.fullmatch(line) else line
