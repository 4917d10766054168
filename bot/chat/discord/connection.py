"""Connection: Discord's gateway, over which commands arrive.

Its client is its own: whatever befalls it stops commands only, never alerts.
"""

import asyncio
import threading
from contextlib import AsyncExitStack

import discord
import structlog
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.shard import Shard
from yarl import URL

from bot.chat.discord.client import Addresses, NewsbotClient
from bot.chat.discord.failures import FOREIGN, UNACCEPTED, UNREADABLE, translate
from bot.chat.discord.slash import SlashTree
from bot.commands.core import Commands
from bot.errors import UnauthorizedError
from bot.ports import Clock

_AUTHENTICATION_FAILED = 4004
"""Discord, "Gateway Close Event Codes"."""
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0
_LAST_ANSWERS_SECONDS = 3.0
_CANCEL_AGAIN_SECONDS = 0.2
_PRIVATE = "_AutoShardedClient__"


class DiscordConnection:
    """A `bot.ports.Connection`."""

    def __init__(
        self,
        *,
        token: str,
        commands: Commands,
        clock: Clock,
        api_url: str | None = None,
        gateway_url: str | None = None,
    ) -> None:
        """Nothing is asked of Discord before `run`.

        Args:
            token: The bot's token.
            commands: What people may ask.
            clock: Waits between two attempts to connect.
            api_url: Where to go instead of `https://discord.com/api/v10`.
            gateway_url: Where to go instead of Discord's gateway, e.g. `ws://127.0.0.1:9/gateway`.
        """
        self._token = token
        self._commands = commands
        self._clock = clock
        self._addresses = Addresses(api=api_url, gateway=gateway_url)
        self._client: _CommandClient | None = None

    @property
    def is_up(self) -> bool:
        """See `bot.ports.Connection`; with several gateway connections, whether all are."""
        client = self._client
        return client is not None and client.is_ready() and not _is_down(client)

    async def run(self) -> None:
        """See `bot.ports.Connection.run`.

        discord.py itself resumes a broken session; here whole connections are started anew.
        """
        log = structlog.get_logger(__name__)
        wait = _FIRST_WAIT_SECONDS
        while True:
            self._client = client = _CommandClient(self._addresses, self._commands)
            try:
                await client.stay(self._token)
            except (*FOREIGN, *UNREADABLE) as error:
                if _is_final(error):
                    raise UnauthorizedError(UNACCEPTED) from error
                log.warning("discord.connection_lost", reason=str(error), wait_seconds=wait)
            wait = _FIRST_WAIT_SECONDS if client.was_connected else wait
            await self._clock.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)


class _CommandClient(NewsbotClient, discord.AutoShardedClient):  # type: ignore[misc]  # its own _get_state, of which NewsbotClient's calls the next
    """A client that spreads its servers over as many connections as Discord asks for."""

    def __init__(self, addresses: Addresses, commands: Commands) -> None:
        super().__init__(addresses=addresses)
        self.tree = SlashTree(self, commands)
        self.was_connected = False

    async def setup_hook(self) -> None:
        self.answer_by_own_addresses()
        await self.tree.sync_if_changed()

    async def on_connect(self) -> None:
        self.was_connected = True
        structlog.get_logger(__name__).info("discord.connected", user=str(self.user))

    async def launch_shard(self, gateway: URL, shard_id: int, *, initial: bool = False) -> None:
        """Begin one connection, or fail: discord.py's own tries for ever, one call within another.

        `DiscordConnection.run` begins anew, ever later.
        """
        begun = DiscordWebSocket.from_client(
            self, initial=initial, gateway=gateway, shard_id=shard_id
        )
        socket = await asyncio.wait_for(begun, timeout=self.shard_connect_timeout)
        # What discord.py's own keeps to itself, and its close and resume look into.
        shards, queue = (vars(self)[f"{_PRIVATE}{name}"] for name in ("shards", "queue"))
        shards[shard_id] = Shard(socket, self, queue.put_nowait)
        shards[shard_id].launch()

    async def close(self) -> None:
        """Close what was begun; discord.py's own fails where nothing was."""
        if f"{_PRIVATE}queue" in vars(self):
            await super().close()

    async def stay(self, token: str) -> None:
        """Connect and stay connected until cancelled; leaves nothing behind.

        Cancelled again while it leaves, it goes on to the next step of leaving.
        """
        async with AsyncExitStack() as leaving:  # by the last of these first
            leaving.push_async_callback(self._end_heartbeats)
            # discord.py's own close is not taken up again where it was broken off.
            leaving.push_async_callback(self.http.close)
            leaving.push_async_callback(self.close)
            leaving.push_async_callback(self._give_last_answers)
            connected = asyncio.create_task(self.start(token))
            leaving.push_async_callback(_end, connected)
            await asyncio.wait([connected])
            await connected

    async def _give_last_answers(self) -> None:
        answers = tuple(self.tree.under_way)
        if not answers:
            return
        try:
            await asyncio.wait(answers, timeout=_LAST_ANSWERS_SECONDS)
        finally:
            for answer in answers:
                answer.cancel()
            await asyncio.gather(*answers, return_exceptions=True)

    async def _end_heartbeats(self) -> None:
        """End the threads that discord.py loses when it is cancelled while it says hello."""
        mine = [
            thread
            for thread in threading.enumerate()
            if isinstance(thread, KeepAliveHandler) and thread.ws._connection is self._connection  # noqa: SLF001 - the only thing that tells whose it is
        ]
        for thread in mine:
            thread.stop()
        for thread in mine:
            # One that is sending needs the loop, and waits for ever for one that has ended.
            await asyncio.to_thread(thread.join, _LAST_ANSWERS_SECONDS)


async def _end(connected: asyncio.Task[None]) -> None:
    # Python 3.11's wait_for, in which discord.py says hello, can swallow a cancellation.
    while not connected.done():
        connected.cancel()
        await asyncio.wait([connected], timeout=_CANCEL_AGAIN_SECONDS)


def _is_down(client: discord.AutoShardedClient) -> bool:
    return client.is_closed() or any(shard.is_closed() for shard in client.shards.values())


def _is_final(error: Exception) -> bool:
    if isinstance(error, discord.ConnectionClosed):
        return error.code == _AUTHENTICATION_FAILED
    return isinstance(translate(error, None, posting=False), UnauthorizedError)
