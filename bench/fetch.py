"""What a poll that finds nothing new costs: CPU per 304, against aiohttp called directly.

Run it with `python -m bench.fetch`. The server is another process, so that only the client's CPU
time is counted. Both clients take turns, and the median of their rounds is given.
"""

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from multiprocessing.connection import Connection

import aiohttp

from bot.clock import SystemClock
from bot.feeds.fetch import HttpFetcher
from bot.feeds.guard import Guard
from bot.ports import FetchRequest

HOSTS = 50
REQUESTS = 2_000
AT_ONCE = 40
ROUNDS = 7
ETAG = '"5f3b"'
ANSWER = (
    b"HTTP/1.1 304 Not Modified\r\n"
    b"Date: Mon, 02 Mar 2026 12:00:00 GMT\r\n"
    b"Server: bench\r\n"
    b'ETag: "5f3b"\r\n'
    b"Last-Modified: Mon, 02 Mar 2026 11:00:00 GMT\r\n"
    b"Cache-Control: public, max-age=300\r\n"
    b"Vary: Accept-Encoding\r\n"
    b"X-Cache: HIT\r\n"
)

Ask = Callable[[str], Awaitable[None]]


async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            leave = request.startswith(b"GET /alone")
            writer.write(ANSWER + (b"Connection: close\r\n\r\n" if leave else b"\r\n"))
            if leave:
                break
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def serve(pipe: Connection) -> None:
    servers = [
        await asyncio.start_server(respond, f"127.0.2.{number}", 0)
        for number in range(1, HOSTS + 1)
    ]
    pipe.send([server.sockets[0].getsockname() for server in servers])
    await asyncio.Event().wait()


def serve_for_ever(pipe: Connection) -> None:
    asyncio.run(serve(pipe))


async def cost(ask: Ask, urls: list[str]) -> float:
    """CPU milliseconds for one request."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(url: str) -> None:
        async with free:
            await ask(url)

    began = time.process_time()
    await asyncio.gather(*(one(url) for url in urls))
    return (time.process_time() - began) / len(urls) * 1_000


async def compare(title: str, urls: list[str]) -> None:
    guard = Guard([ip_network("127.0.0.0/8")])
    fetcher = HttpFetcher(guard=guard, user_agent="newsbot/bench", clock=SystemClock())
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def ours(url: str) -> None:
        result = await fetcher.fetch(FetchRequest(url=url, etag=ETAG))
        assert result.body is None

    async def plain(url: str) -> None:
        async with session.get(url, headers={"If-None-Match": ETAG}) as response:
            assert response.status == 304
            await response.read()

    rounds = [(await cost(ours, urls), await cost(plain, urls)) for _ in range(ROUNDS)]
    mine, peer = (statistics.median(figures) for figures in zip(*rounds, strict=True))
    print(
        f"{title:<34} newsbot {mine:.3f} ms   aiohttp {aiohttp.__version__} {peer:.3f} ms   "
        f"ratio {mine / peer:.2f}"
    )
    await fetcher.close()
    await session.close()


async def measure(addresses: list[tuple[str, int]]) -> None:
    print(f"{REQUESTS} requests to {HOSTS} hosts, median of {ROUNDS} rounds, CPU per 304")
    for title, path in (
        ("a connection for each request", "alone"),
        ("connections shared", "shared"),
    ):
        urls = [f"http://{host}:{port}/{path}" for host, port in addresses]
        await compare(title, urls * (REQUESTS // HOSTS))


def main() -> None:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=serve_for_ever, args=(theirs,), daemon=True
    )
    server.start()
    try:
        asyncio.run(measure(ours.recv()))
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
