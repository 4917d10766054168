"""Fragment: the raw bytes of one entry, cut out of a document without parsing it.

feedparser costs about a thousand times what cutting does, and of a feed polled every few minutes
it has seen nearly everything before. So each raw entry is digested, and what was seen is left out
of the document that feedparser gets. Everything else stays where it was: root, namespaces,
`xml:base`, whatever stands between entries and behind them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

_TOKEN = re.compile(
    rb"<!--|<!\[CDATA\[|<\?"
    rb"|<(?P<end>/?)(?P<name>(?:[\w.-]{1,64}:)?(?:item|entry))(?=[\s/>])",
    re.IGNORECASE,
)
_CLOSERS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_REST_OF_TAG = re.compile(rb"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
_DIGEST_SIZE = 8


@dataclass(frozen=True, slots=True)
class Fragment:
    """One raw entry in a document.

    Attributes:
        start: The offset of its first byte.
        end: The offset behind its last byte.
        digest: Eight bytes that stand for what it holds.
    """

    start: int
    end: int
    digest: bytes


class _UncertainError(Exception):
    """Cutting is not certainly right."""


def digest(raw: bytes) -> bytes:
    """The digest by which raw bytes are known again; 8 bytes."""
    return blake2b(raw, digest_size=_DIGEST_SIZE).digest()


def cut(body: bytes) -> tuple[Fragment, ...]:
    """Find the raw entries of an XML document.

    Returns:
        One fragment for each outermost `<item>` or `<entry>`, of any prefix, in the document's
        order. None at all where it is not certain where they begin and end: encodings that are no
        superset of ASCII, own entities, tags that do not match, a truncated document.
    """
    if b"\x1b" in body or b"<!ENTITY" in body:
        return ()
    try:
        spans = tuple(_spans(body))
    except _UncertainError:
        return ()
    return tuple(Fragment(start, end, digest(body[start:end])) for start, end in spans)


def without(body: bytes, fragments: Sequence[Fragment]) -> bytes:
    """The document without some of its entries, which are given in the document's order."""
    kept: list[bytes] = []
    position = 0
    for fragment in fragments:
        kept.append(body[position : fragment.start])
        position = fragment.end
    return b"".join((*kept, body[position:]))


def _spans(body: bytes) -> Iterator[tuple[int, int]]:
    start, open_name, depth, position = 0, b"", 0, 0
    while token := _TOKEN.search(body, position):
        if token["name"] is None:
            position = _behind(body, token)
            continue
        name = token["name"].lower()
        position, empty = _tag_end(body, token.end())
        if not depth and token["end"]:
            raise _UncertainError
        if not depth:
            start, open_name = token.start(), name
        elif name != open_name:
            continue
        depth += 0 if empty else -1 if token["end"] else 1
        if not depth:
            yield start, position
    if depth:
        raise _UncertainError


def _behind(body: bytes, token: re.Match[bytes]) -> int:
    closer = _CLOSERS[token[0].upper()]
    end = body.find(closer, token.end())
    if end < 0:
        raise _UncertainError
    return end + len(closer)


def _tag_end(body: bytes, position: int) -> tuple[int, bool]:
    """The offset behind a tag's `>`, and whether the tag is an empty element's."""
    rest = _REST_OF_TAG.match(body, position)
    if rest is None:
        raise _UncertainError
    return rest.end(), rest[0].endswith(b"/>")
