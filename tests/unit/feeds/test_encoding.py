import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest

from bot.feeds.encoding import Body, BodyBrokenError, BodyTooLargeError

DOCUMENT = b"<rss>" + bytes(range(256)) * 200 + b"</rss>"


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-zlib.MAX_WBITS)


ENCODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    ("identity", bytes),
    ("utf-8", bytes),
    ("gzip", gzip.compress),
    ("X-GZIP", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    (" br ", brotli.compress),
]
COMPRESSED = ENCODINGS[3:]


def read(encoding: str, data: bytes, *, size: int = 100, limit: int = 1_000_000) -> bytes:
    body = Body(encoding, limit=limit)
    for start in range(0, len(data), size):
        body.feed(data[start : start + size])
    return body.finish()


@pytest.mark.parametrize("size", [1, 7, 1_000_000])
@pytest.mark.parametrize(("encoding", "encode"), ENCODINGS)
def test_a_document_comes_out_as_it_went_in(
    encoding: str, encode: Callable[[bytes], bytes], size: int
) -> None:
    assert read(encoding, encode(DOCUMENT), size=size) == DOCUMENT


@pytest.mark.parametrize(("encoding", "encode"), ENCODINGS)
def test_a_document_of_the_limit_passes_and_one_byte_more_does_not(
    encoding: str, encode: Callable[[bytes], bytes]
) -> None:
    # Compressible, so that no encoding makes it longer than the limit itself.
    document = b"news " * 1_000

    assert read(encoding, encode(document), limit=5_000) == document
    with pytest.raises(BodyTooLargeError):
        read(encoding, encode(document + b"!"), limit=5_000)


@pytest.mark.parametrize(("encoding", "encode"), COMPRESSED)
def test_a_document_that_breaks_off_is_not_taken_for_whole(
    encoding: str, encode: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(BodyBrokenError):
        read(encoding, encode(DOCUMENT)[:-10])


@pytest.mark.parametrize(("encoding", "encode"), COMPRESSED[:-1])
def test_padding_after_the_end_is_left_out(encoding: str, encode: Callable[[bytes], bytes]) -> None:
    assert read(encoding, encode(DOCUMENT) + b"\0\0\r\n", size=50) == DOCUMENT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_document_not_encoded_as_announced_is_refused(encoding: str) -> None:
    with pytest.raises(BodyBrokenError):
        read(encoding, b"\xff not compressed at all")


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate", "br"])
def test_nothing_is_an_empty_document(encoding: str) -> None:
    assert read(encoding, b"") == b""


@pytest.mark.parametrize("size", [1, 10, 1_000_000])
def test_gzip_members_are_joined(size: int) -> None:
    data = b"".join(gzip.compress(part) for part in (b"one ", b"two ", b"three"))

    assert read("gzip", data, size=size) == b"one two three"


def test_gzip_members_without_end_are_refused() -> None:
    with pytest.raises(BodyBrokenError):
        read("gzip", gzip.compress(b"") * 101)


def test_what_passes_the_limit_within_gzip_members_is_refused() -> None:
    with pytest.raises(BodyTooLargeError):
        read("gzip", gzip.compress(bytes(1_000)) * 3, size=1_000, limit=2_000)


def test_bytes_that_unpack_to_nothing_count_too() -> None:
    empty_blocks = zlib.compressobj(wbits=31)
    data = empty_blocks.compress(b"x")
    data += b"".join(empty_blocks.flush(zlib.Z_FULL_FLUSH) for _ in range(10))
    with pytest.raises(BodyTooLargeError):
        read("gzip", data + b"\x00\x00\x00\xff\xff" * 1_000, limit=1_000)


@pytest.mark.parametrize(("encoding", "encode"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_a_bomb_is_never_unpacked(encoding: str, encode: Callable[[bytes], bytes]) -> None:
    bomb = encode(bytes(50_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLargeError):
            read(encoding, bomb, size=65_536, limit=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 10_000_000
