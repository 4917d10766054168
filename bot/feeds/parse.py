"""Document: bytes in any feed format, read into a `ParsedFeed`."""

from bot.domain.entry import ParsedFeed
from bot.errors import ParseError
from bot.feeds.jsonfeed import read_json
from bot.feeds.notfeed import explain, is_page, sender
from bot.feeds.xmlfeed import UnreadableError, read_xml

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def parse_document(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    known: frozenset[bytes] = frozenset(),
) -> ParsedFeed:
    """Read a document in any feed format, synchronously and for as long as it takes.

    A document's text decides what it is, not its content type, which is wrong too often. Bodies
    from strangers belong into `PoolParser`, where time and memory are limited.

    Args:
        body: The document, as served, decompressed.
        url: Where it came from; the base of relative links.
        content_type: The HTTP header, for the charset.
        known: Digests of raw entries not to be parsed again.

    Raises:
        ParseError: It is no feed; says what it is instead and what to do.
    """
    try:
        feed = _read(body, url=url, content_type=content_type, known=known)
    except UnreadableError as error:
        what = f"{sender(url)} a document that is too broken to read"
        raise ParseError(url, f"{what}: its publisher has to mend it") from error
    except (ValueError, RecursionError) as error:
        what = f"{sender(url)} JSON that is broken ({error})"
        raise ParseError(url, f"{what}: its publisher has to mend it") from error
    if feed is None:
        raise ParseError(url, explain(body, url=url, content_type=content_type))
    return feed


def _read(
    body: bytes, *, url: str, content_type: str, known: frozenset[bytes]
) -> ParsedFeed | None:
    start = body.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1]
    if start in {b"{", b"["}:
        return read_json(body, url=url, known=known)
    if not start or is_page(body):
        return None
    return read_xml(body, url=url, content_type=content_type, known=known)
