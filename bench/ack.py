"""Ack: how soon Slack and Discord have the first sign of an answer while the database is held.

    python -m bench.ack [--times 50] [--database postgresql+asyncpg://…]

newsbot's own commands over the real client libraries, against servers on loopback. Another
connection holds the database while each command arrives, so that no answer can be worked out.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import click

from bot.chat.discord.connection import DiscordConnection
from bot.clock import SystemClock
from bot.storage.database import Database
from tests.fakes.asking import Newsroom
from tests.fakes.clock import FakeClock
from tests.fakes.discord import FakeDiscord
from tests.fakes.held import held
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_app import at_work, running, slack_app
from tests.fakes.slack_people import SlackPerson

Ask = Callable[[], Awaitable[object]]
_PARTS = (0.5, 0.95, 1.0)


@click.command()
@click.option("--times", default=50, show_default=True, help="Commands by each way.")
@click.option("--database", default="", help="An empty PostgreSQL database; a file unless given.")
def main(times: int, database: str) -> None:
    """Print the latencies by way: half of all, 95 of 100 and the longest."""
    with tempfile.TemporaryDirectory() as directory:
        url = database or f"sqlite+aiosqlite:///{Path(directory) / 'newsbot.db'}"
        asyncio.run(_measure(url, times))


async def _measure(url: str, times: int) -> None:
    store = await Database.open(url)
    newsroom = Newsroom(store, FakeClock())
    for name, way in (
        ("Slack, its socket", _slack(newsroom, "socket")),
        ("Slack, HTTP", _slack(newsroom, "http")),
        ("Discord, its gateway", _discord(newsroom)),
    ):
        async with way as ask:
            await ask()  # what is done once, such as connecting
            async with held(url):
                taken = sorted([await _timed(ask) for _ in range(times)])
        p50, p95, most = (taken[min(times - 1, int(part * times))] * 1000 for part in _PARTS)
        sys.stdout.write(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, longest {most:.1f} ms\n")
    await store.close()


async def _timed(ask: Ask) -> float:
    began = perf_counter()
    await ask()
    return perf_counter() - began


@asynccontextmanager
async def _slack(newsroom: Newsroom, way: str) -> AsyncIterator[Ask]:
    async with (
        FakeSlack() as slack,
        at_work(slack, slack_app(slack, newsroom.commands), way),
    ):
        person = SlackPerson(slack)
        yield lambda: person.types("/news search ferry")


@asynccontextmanager
async def _discord(newsroom: Newsroom) -> AsyncIterator[Ask]:
    async with FakeDiscord(now=SystemClock().now) as server:
        connection = DiscordConnection(
            token=server.token,
            commands=newsroom.commands,
            clock=SystemClock(),
            api_url=server.api_url,
            gateway_url=server.gateway_url,
        )

        async def ask() -> None:
            answer = await server.command("search", {"query": "ferry"}, signs=0)
            await answer.called_back.wait()

        async with running(connection):
            await server.gateway.until_connected()
            yield ask


if __name__ == "__main__":
    main()
