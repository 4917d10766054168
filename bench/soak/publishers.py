"""Publishers: a process of its own whose outlets publish a little at each question, for ever.

It keeps a number for each outlet and nothing else, so that what grows is newsbot.
"""

import asyncio
import contextlib
import gzip
import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus
from itertools import cycle, islice
from multiprocessing.connection import Connection

from aiohttp import web

from tests.fakes.clock import START

INTERVAL = timedelta(minutes=10)
"""How often each outlet is asked; an entry bears the time of its question."""
_KINDS = ("steady",) * 6 + ("gone", "broken", "page", "moved", "zipped", "steady")
_SHOWN = 20
_EVERY = 3
"""An outlet has something new at each third question."""
_TITLES = (
    "Harbour reopens after storm {n}",
    "Museum opens wing {n}",
    "Tariff number {n} is halved",
    "Choir rehearses for evening {n}",
    "Semiconductor plant {n} goes to work",
    "Council debates bus fare {n}",
)


@contextlib.contextmanager
def publishing(outlets: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Let them publish while the block lasts; gives the process's number and their addresses."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_publish, args=(theirs, outlets), daemon=True)
    process.start()
    try:
        port = ours.recv()
        kinds = islice(cycle(_KINDS), outlets)
        # A host of its own for each, as outlets have.
        urls = [f"http://127.0.1.{n}:{port}/{kind}" for n, kind in enumerate(kinds, 1)]
        yield process.pid or 0, urls
    finally:
        process.terminate()
        process.join()


def _publish(told: Connection, outlets: int) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(told, outlets))


async def _serve(told: Connection, outlets: int) -> None:
    app = web.Application()
    app.router.add_get("/{kind}", _Answers().give)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    first = web.TCPSite(runner, "127.0.1.1", 0)
    await first.start()
    port = runner.addresses[0][1]
    for number in range(2, outlets + 1):
        await web.TCPSite(runner, f"127.0.1.{number}", port).start()
    told.send(port)
    await asyncio.Event().wait()


class _Answers:
    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()

    async def give(self, request: web.Request) -> web.StreamResponse:
        host, kind = request.host, request.match_info["kind"]
        self._asked[host] += 1
        asked = self._asked[host]
        newest = asked // _EVERY
        etag = f'"{newest}"'
        if kind == "gone" and asked % 4:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if kind == "broken":
            return web.Response(body=_document(host, newest)[: -asked % 1000])
        if kind == "page" and asked % 2:
            return web.Response(text="<html><p>Back soon", content_type="text/html")
        if kind == "moved" and asked % 5 == 0:
            raise web.HTTPFound("/steady")
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=HTTPStatus.NOT_MODIFIED)
        headers = {"ETag": etag, "Content-Type": "application/rss+xml"}
        body = _document(host, newest)
        if kind == "zipped":
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body)
        return web.Response(body=body, headers=headers)


def _document(host: str, newest: int) -> bytes:
    shown = range(newest, max(newest - _SHOWN, -1), -1)
    entries = "".join(_entry(host, number) for number in shown)
    return f'<rss version="2.0"><channel><title>{host}</title>{entries}</channel></rss>'.encode()


def _entry(host: str, number: int) -> str:
    title = _TITLES[number % len(_TITLES)].format(n=f"{host} {number}")
    text = f"{title}. " + "What was said of it fills a sentence or two. " * 8
    dated = format_datetime(START + number * _EVERY * INTERVAL)
    return (
        f"<item><title>{title}</title><link>http://{host}/read/{number}</link>"
        f"<description>{text}</description><pubDate>{dated}</pubDate></item>"
    )
