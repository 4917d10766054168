"""Bombs: documents and answers that cost more to take in than they cost to send.

    async with Minefield() as field:
        url = field.url("slow body")

Each is small here and has a bound there: how each is to end is written beside it.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from itertools import chain, repeat
from types import TracebackType
from typing import Self

import brotli

MEGABYTE = 1_000_000
GOOD = (
    b"<item><title>Harbour reopens</title><guid>g1</guid>"
    b"<link>https://news.example/harbour</link></item>"
)
_JSON = b'{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[%s,%s]}'
_GOOD_ITEM = b'{"id":"g1","title":"Harbour reopens"}'


def rss(inner: bytes, *, head: bytes = b"") -> bytes:
    """A feed around entries."""
    return b"%s<rss version='2.0'><channel><title>T</title>%s</channel></rss>" % (head, inner)


def item(inner: bytes) -> bytes:
    """An entry, and a good one behind it."""
    return b"<item><title>Bomb</title>%s</item>%s" % (inner, GOOD)


def _entities(*declared: bytes) -> bytes:
    return b"<!DOCTYPE rss [\n%s\n]>" % b"\n".join(declared)


def _laughs() -> bytes:
    lines = (b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    return _entities(b'<!ENTITY a0 "ha">', *lines)


def _entries(count: int, inner: bytes) -> bytes:
    return b"".join(
        b"<item><title>Storm %d nears Beijing</title><guid>e%d</guid>%s</item>" % (n, n, inner)
        for n in range(count)
    )


@dataclass(frozen=True, slots=True)
class Document:
    """A bomb that is sent whole.

    Attributes:
        body: Makes it.
        good: Whether the good entry in it survives.
        says: Otherwise, what is said of it.
    """

    body: Callable[[], bytes]
    good: bool = True
    says: str = ""


_KILLED = "more than"

DOCUMENTS: Mapping[str, Document] = {
    "100,000 attributes": Document(
        lambda: rss(b"<item %s/>" % b" ".join(b'a%d="x"' % n for n in range(100_000)) + GOOD),
        good=False,
        says=_KILLED,
    ),
    "deep XML, unclosed": Document(lambda: rss(GOOD + b"<a>" * 600_000), good=False, says=_KILLED),
    "deep HTML": Document(
        lambda: rss(item(b"<description>%s</description>" % (b"&lt;div&gt;" * 80_000))),
        good=False,
        says=_KILLED,
    ),
    "deep JSON": Document(lambda: b"[" * MEGABYTE, good=False, says="JSON that is broken"),
    "deep JSON in an entry": Document(
        lambda: _JSON % (_GOOD_ITEM, b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        good=False,
        says="JSON that is broken",
    ),
    "huge number in JSON": Document(
        lambda: _JSON % (_GOOD_ITEM, b'{"title":"Bomb","id":%s}' % (b"9" * MEGABYTE))
    ),
    "endless number in JSON": Document(
        lambda: _JSON % (_GOOD_ITEM, b'{"title":"Bomb","id":1e999,"url":-1e999}')
    ),
    "billion laughs": Document(lambda: rss(item(b"<guid>&a9;</guid>"), head=_laughs())),
    "quadratic entities": Document(
        lambda: rss(
            _entries(1000, b"<description>&a;</description>") + GOOD,
            head=_entities(b'<!ENTITY a "%s">' % (b"lorem ipsum " * 8_000)),
        ),
        good=False,
        says=_KILLED,
    ),
    "huge GUIDs": Document(lambda: rss(_entries(90, b"<guid>%s</guid>" % (b"g" * 50_000)) + GOOD)),
    "one huge title": Document(lambda: rss(b"<item><title>%s</title></item>" % _words(4) + GOOD)),
    "huge author": Document(lambda: rss(item(b"<author>%s</author>" % (b"a" * 4_900_000)))),
    "huge creator": Document(
        lambda: rss(item(b"<dc:creator><![CDATA[%s]]></dc:creator>" % (b"a.b@" * 1_200_000)))
    ),
    "huge date": Document(lambda: rss(item(b"<pubDate>%s</pubDate>" % (b"Mon, " * 200_000)))),
    "huge category": Document(lambda: rss(item(b"<category>%s</category>" % (b"a/" * 500_000)))),
    "50,000 entries": Document(lambda: rss(GOOD + _entries(50_000, b""))),
    "1,000 long entries": Document(
        lambda: rss(GOOD + _entries(900, b"<description>%s</description>" % _words(0.005)))
    ),
    "1,000 long addresses": Document(
        lambda: rss(
            GOOD
            + b"".join(
                b"<item><title>Storm %d</title><link>https://a.example/%d?%s</link></item>"
                % (n, n, b"a=%41&amp;" * 390)
                for n in range(900)
            )
        )
    ),
    "NULs": Document(lambda: rss(b"\0" * MEGABYTE + item(b"<guid>a\0b</guid>"))),
    "invalid UTF-8": Document(
        lambda: rss(item(b"<guid>%s</guid>" % (b"\xff\xfe\xc3(\xed\xa0\x80" * 100_000)))
    ),
    "open comments": Document(lambda: rss(GOOD + b"<!--" * 200_000)),
    "open references": Document(lambda: rss(item(b"<guid>%s</guid>" % (b"&#" * 500_000)))),
}


def _words(megabytes: float) -> bytes:
    return b"Beijing and Rotterdam agree at last. " * int(megabytes * MEGABYTE / 37)


def external(listener: str) -> Mapping[str, bytes]:
    """Documents that ask their reader to open a file or to call the listener's address."""
    named = {
        "file": "file:///etc/passwd",
        "http": f"{listener}/entity",
    }
    found: dict[str, bytes] = {}
    for name, where in named.items():
        address = where.encode()
        found[f"general, {name}"] = rss(
            item(b"<guid>&x;</guid><description>&x;</description>"),
            head=_entities(b'<!ENTITY x SYSTEM "%s">' % address),
        )
        found[f"parameter, {name}"] = rss(
            item(b""), head=_entities(b'<!ENTITY %% x SYSTEM "%s">' % address, b"%x;")
        )
        found[f"DTD, {name}"] = rss(item(b""), head=b'<!DOCTYPE rss SYSTEM "%s">' % address)
        found[f"XInclude, {name}"] = rss(
            item(b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="%s"/>' % address)
        )
        found[f"style sheet, {name}"] = rss(
            item(b""), head=b'<?xml-stylesheet href="%s" type="text/xsl"?>' % address
        )
        found[f"base, {name}"] = rss(item(b'<description xml:base="%s">x</description>' % address))
        found[f"JSON, {name}"] = _JSON % (_GOOD_ITEM, b'{"id":"x","$ref":"%s"}' % address)
    return found


Answer = Callable[[], AsyncIterator[bytes]]
"""What a trap sends, piece by piece; an empty piece waits a moment."""

_OK = b"HTTP/1.1 200 OK\r\n"


async def _slow(pieces: bytes, every: bytes) -> AsyncIterator[bytes]:
    yield pieces
    while True:
        yield every
        yield b""


async def _fast(head: bytes, every: bytes, *, least: int = 1 << 16) -> AsyncIterator[bytes]:
    """As fast as the reader reads, without end."""
    yield head
    block = every * max(1, least // len(every))
    while True:
        yield block


async def _whole(answer: bytes) -> AsyncIterator[bytes]:
    yield answer


async def _deflated(encoding: bytes, size: int) -> AsyncIterator[bytes]:
    """Zeros of `size` bytes, compressed as they are sent."""
    yield _OK + b"Content-Encoding: %s\r\nConnection: close\r\n\r\n" % encoding
    block = bytes(1 << 20)
    if encoding == b"br":
        brotli_stream = brotli.Compressor(quality=1)
        for _ in range(size >> 20):
            yield brotli_stream.process(block) or b"\0" * 0
        yield brotli_stream.finish()
        return
    stream = zlib.compressobj(1, wbits=31)
    for part in chain(repeat(block, size >> 20)):
        yield stream.compress(part)
    yield stream.flush()


_GIBIBYTE = 1 << 30

TRAPS: Mapping[str, tuple[Answer, str]] = {
    "gzip of 1 GiB": (lambda: _deflated(b"gzip", _GIBIBYTE), "more than 5 MB"),
    "brotli of 1 GiB": (lambda: _deflated(b"br", _GIBIBYTE), "more than 5 MB"),
    "endless body": (lambda: _fast(_OK + b"\r\n", b"x" * 4096), "more than 5 MB"),
    "endless gzip members": (
        lambda: _fast(_OK + b"Content-Encoding: gzip\r\n\r\n", zlib.compress(b"", wbits=31)),
        "garbled",
    ),
    "chunks of one byte": (
        lambda: _fast(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        "",
    ),
    "endless chunk extension": (
        lambda: _fast(_OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 4096),
        "",
    ),
    "slow headers": (lambda: _slow(_OK, b"X-Slow: y\r\n"), "did not answer within"),
    "slow body": (lambda: _slow(_OK + b"\r\n", b" "), "did not answer within"),
    "slow status": (lambda: _slow(b"HTTP/1.1 2", b"0"), ""),
    "silence": (lambda: _slow(b"", b""), "did not answer within"),
    "endless headers": (lambda: _fast(_OK, b"X-Padding: y\r\n"), "not in valid HTTP"),
    "one endless header": (lambda: _fast(_OK + b"X-Padding: ", b"y" * 4096), "not in valid HTTP"),
    "endless interim answers": (lambda: _fast(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), ""),
    "endless trailers": (
        lambda: _fast(_OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-T: y\r\n"),
        "",
    ),
    "redirect to itself": (
        lambda: _whole(b"HTTP/1.1 302 Found\r\nLocation: ?\r\nContent-Length: 0\r\n\r\n"),
        "redirects in a circle",
    ),
    "redirect with ever new cookies": (
        lambda: _whole(_cookie()),
        "redirects more than 10 times",
    ),
    "64 KB of Location": (
        lambda: _whole(
            b"HTTP/1.1 302 Found\r\nLocation: /%s\r\nContent-Length: 0\r\n\r\n"
            % (b"a/../" * 13_000)
        ),
        "",
    ),
}
"""What is sent, and what is said of it; nothing where several ends are right."""

_visits = iter(range(1 << 62))


def _cookie() -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: ?\r\nSet-Cookie: n=%d\r\nContent-Length: 0\r\n\r\n" % (
        next(_visits)
    )


class Minefield:
    """Serves the traps, each at an address of its own, to as many as come.

    Attributes:
        hits: Requests to any other address than a trap's.
    """

    def __init__(self, *, pause: float = 0.01) -> None:
        self.hits: list[str] = []
        self._pause = pause
        self._paths = {
            f"/trap/{number}": answer for number, (answer, _) in enumerate(TRAPS.values())
        }
        self._documents: dict[str, bytes] = {}
        self._at_work: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.address = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)
        await self._server.wait_closed()

    def url(self, trap: str) -> str:
        """The address of a trap."""
        return f"{self.address}/trap/{list(TRAPS).index(trap)}"

    def lay(self, path: str, document: bytes) -> str:
        """Serve a document; gives its address."""
        self._documents[path] = document
        return f"{self.address}{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._at_work.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        path = request.split()[1].decode().partition("?")[0]
        if path in self._documents:
            body = self._documents[path]
            writer.write(
                _OK + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
        elif answer := self._paths.get(path):
            async for piece in answer():
                writer.write(piece)
                await (writer.drain() if piece else asyncio.sleep(self._pause))
        else:
            self.hits.append(path)
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
