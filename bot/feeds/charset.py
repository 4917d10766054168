"""Charset: the encoding of a document, settled before feedparser guesses at it.

feedparser obeys the server first, then the XML declaration, and takes the whole document for
windows-1252 if one byte is not UTF-8. Servers and declarations are wrong more often than bytes.
"""

import codecs
import re

_UNREADABLE = re.compile("[\udc80-\udcff]")
_ESCAPE = b"\x1b"
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\r", *_ESCAPE})
"""Illegal in XML 1.0 (2.2). Escape stays: ISO-2022 begins its sequences with it."""

_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
"""How documents in wide characters begin: with a mark, or with `<` (XML 1.0, F)."""

_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,9})|([0-9]{1,9}));?")
_LAST_CHARACTER = 0x10FFFF
_HALVES = range(0xD800, 0xE000)
_UTF8 = "utf-8"
XML_IN_UTF8 = "application/xml; charset=utf-8"


def settle(body: bytes, content_type: str) -> tuple[bytes, str]:
    """Make a document in UTF-8 say so, and mend it where it is nearly that.

    Returns:
        The document, without leading white space and control characters that are illegal in XML,
        and the content type to hand to feedparser. UTF-16 and UTF-32 become UTF-8; documents in
        other encodings stay in them.
    """
    narrow = _narrowed(body)
    clean = narrow.removeprefix(codecs.BOM_UTF8).translate(None, _CONTROLS).lstrip()
    if narrow is not body:
        return clean, XML_IN_UTF8
    if clean.isascii():
        return clean, content_type if _ESCAPE in clean else ""
    try:
        clean.decode(_UTF8)
    except UnicodeDecodeError:
        return _mended(clean, content_type)
    return clean, XML_IN_UTF8


def _narrowed(body: bytes) -> bytes:
    encoding = next((encoding for start, encoding in _WIDE if body.startswith(start)), None)
    return body.decode(encoding, "replace").encode() if encoding else body


def _mended(body: bytes, content_type: str) -> tuple[bytes, str]:
    """Read stray bytes in a document of UTF-8 as windows-1252, the likeliest thing they are."""
    text = body.decode(_UTF8, "surrogateescape")
    strays = len(_UNREADABLE.findall(text))
    characters = len(text) - len(text.encode("ascii", "ignore")) - strays
    if strays > characters:
        return body, content_type if "charset" in content_type.lower() else ""
    mended = _UNREADABLE.sub(_as_windows, text)
    return mended.encode(_UTF8), XML_IN_UTF8


def _as_windows(stray: re.Match[str]) -> str:
    return bytes([ord(stray[0]) - 0xDC00]).decode("windows-1252", "replace")


def without_false_references(body: bytes) -> bytes:
    """The document without numeric references to what is no character, e.g. `&#xD83D;`."""
    return _REFERENCE.sub(_if_true, body)


def _if_true(reference: re.Match[bytes]) -> bytes:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return b"" if number in _HALVES or number > _LAST_CHARACTER else reference[0]
