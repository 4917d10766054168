"""Body: a document on its way in, its Content-Encoding undone, never beyond a limit."""

import zlib
from typing import Protocol

import brotli

ACCEPTED = "gzip, deflate, br"
"""The Accept-Encoding that `Body` can undo."""

_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS

_GZIP_MAGIC = 0x1F
_DEFLATE_METHOD = 8
_MOST_MEMBERS = 100
"""RFC 1952 lets a gzip body be many; each costs a decompressor, so an endless row is no feed."""


class BodyTooLargeError(Exception):
    """The document passed the limit."""


class BodyBrokenError(Exception):
    """The document is not encoded as its header says, or breaks off."""


class Body:
    """Collects a document chunk by chunk.

    Memory stays within the limit and one chunk, however far the chunks would inflate.
    """

    def __init__(self, encoding: str, *, limit: int) -> None:
        """Make ready for one document.

        Args:
            encoding: Content-Encoding as sent. One that is not known is taken for none: servers
                write `utf-8` or `none` there.
            limit: Bytes, before and after decompression.
        """
        self._decoder = _decoder(encoding.strip().lower())
        self._limit = limit
        self._received = 0
        self._size = 0
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes off the wire.

        Raises:
            BodyTooLargeError: The document is larger than the limit.
            BodyBrokenError: It cannot be decompressed.
        """
        self._received += len(chunk)
        # One byte more than fits is enough to know that it does not.
        part = self._decoder.decode(chunk, self._limit - self._size + 1)
        self._size += len(part)
        if max(self._received, self._size) > self._limit:
            raise BodyTooLargeError
        self._parts.append(part)

    def finish(self) -> bytes:
        """Give the whole document.

        Raises:
            BodyBrokenError: The compressed document lacks its end.
        """
        if self._received and not self._decoder.complete:
            raise BodyBrokenError
        return b"".join(self._parts)


class _Decoder(Protocol):
    @property
    def complete(self) -> bool: ...

    def decode(self, chunk: bytes, room: int) -> bytes:
        """Decompress; `room` (at least 1) bytes of result are enough, though more are allowed."""
        ...


def _decoder(encoding: str) -> _Decoder:
    if encoding in {"gzip", "x-gzip"}:
        return _Gzip()
    if encoding == "deflate":
        return _Deflate()
    if encoding == "br":
        return _Brotli()
    return _Identity()


class _Identity:
    complete = True

    def decode(self, chunk: bytes, room: int) -> bytes:
        del room
        return chunk


class _Gzip:
    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._members = 1

    @property
    def complete(self) -> bool:
        return self._member.eof

    def decode(self, chunk: bytes, room: int) -> bytes:
        parts: list[bytes] = []
        while chunk and room > 0 and self._awaits(chunk):
            part = _inflate(self._member, chunk, room)
            parts.append(part)
            room -= len(part)
            chunk = self._member.unused_data
        return b"".join(parts)

    def _awaits(self, chunk: bytes) -> bool:
        """Begin another member where the last has ended; what is no member is padding."""
        if not self._member.eof:
            return True
        if chunk[0] != _GZIP_MAGIC:
            return False
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise BodyBrokenError
        self._member = zlib.decompressobj(_GZIP)
        return True


class _Deflate:
    """RFC 9110 §8.4.1.2 means the zlib format; some servers send the bare stream within it."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None

    @property
    def complete(self) -> bool:
        return self._stream is not None and self._stream.eof

    def decode(self, chunk: bytes, room: int) -> bytes:
        if self._stream is None:
            wrapped = chunk[0] & 0x0F == _DEFLATE_METHOD
            self._stream = zlib.decompressobj(_ZLIB if wrapped else _RAW)
        return b"" if self._stream.eof else _inflate(self._stream, chunk, room)


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    @property
    def complete(self) -> bool:
        return bool(self._stream.is_finished())

    def decode(self, chunk: bytes, room: int) -> bytes:
        try:
            return bytes(self._stream.process(chunk, output_buffer_limit=room))
        except brotli.error as error:
            raise BodyBrokenError from error


def _inflate(stream: "zlib._Decompress", chunk: bytes, room: int) -> bytes:
    try:
        return stream.decompress(chunk, room)
    except zlib.error as error:
        raise BodyBrokenError from error
