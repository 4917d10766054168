"""Connection: Slack's Socket Mode, over which commands, clicks and forms arrive."""

import asyncio
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.app import SlackApp, end
from bot.chat.slack.failures import refusal
from bot.chat.slack.quiet import quiet_logger
from bot.chat.slack.web import web_client
from bot.errors import RateLimitedError, UnauthorizedError


class SlackConnection:
    """A socket that newsbot opens: no public address, no open port."""

    def __init__(
        self, app: SlackApp, *, app_token: str, api_url: str, ping_seconds: float = 10
    ) -> None:
        """Nothing is asked of Slack yet.

        Args:
            app: Takes what arrives.
            app_token: `xapp-…`, with the scope connections:write.
            api_url: Where the Web API is.
            ping_seconds: How often the socket is looked after, and how long to wait before
                connecting again.
        """
        self._app = app
        self._app_token = app_token
        self._api_url = api_url
        self._ping_seconds = ping_seconds
        self._socket: _Socket | None = None

    @property
    def is_up(self) -> bool:
        """See `bot.ports.Connection`."""
        session = self._socket and self._socket.current_session
        return session is not None and not session.closed

    async def run(self) -> None:
        """Stay connected until cancelled; see `bot.ports.Connection`."""
        client = web_client(token=None, api_url=self._api_url)
        self._socket = socket = _Socket(self._app_token, client, self._app, self._ping_seconds)
        try:
            await self._app.begin()
            await socket.stay()
        finally:
            await socket.shut()
            await self._app.end()


class _Socket(SocketModeClient):
    """The library's socket, told apart where it would try a refused token for ever.

    It also keeps hold of the tasks the library starts and forgets, to end them with itself.
    """

    def __init__(
        self, app_token: str, client: AsyncWebClient, app: SlackApp, ping_seconds: float
    ) -> None:
        super().__init__(
            app_token, logger=quiet_logger(), web_client=client, ping_interval=ping_seconds
        )
        self._app = app
        self._refused: asyncio.Future[UnauthorizedError] = asyncio.Future()
        self._listening: set[asyncio.Task[Any]] = set()
        self.socket_mode_request_listeners.append(self._on_envelope)

    async def stay(self) -> None:
        """Connect, and connect again, until cancelled or refused."""
        connecting = asyncio.ensure_future(self.connect())
        try:
            raise await self._refused
        finally:
            await end([connecting])

    async def shut(self) -> None:
        """Close, and wait until every task of the library has ended."""
        await self.close()  # type: ignore[no-untyped-call]  # the library's
        library = (self.message_processor, self.current_session_monitor, self.message_receiver)
        await end(task for task in (*library, *self._listening) if task is not None)

    async def issue_new_wss_url(self) -> str:
        try:
            answer = await self.web_client.apps_connections_open(app_token=self.app_token)
        except SlackApiError as error:
            failure = refusal(error, "Slack's Socket Mode")
            if isinstance(failure, UnauthorizedError) and not self._refused.done():
                self._refused.set_result(failure)
            if not isinstance(failure, RateLimitedError):
                structlog.get_logger(__name__).warning("slack.not_connected", why=str(failure))
                raise
            await asyncio.sleep(failure.retry_after.total_seconds())
            return await self.issue_new_wss_url()
        return str(answer["url"])

    async def connect(self) -> None:
        await super().connect()  # type: ignore[no-untyped-call]  # the library's
        structlog.get_logger(__name__).info("slack.connected")

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._listening.add(task)
            task.add_done_callback(self._listening.discard)
        await super().run_message_listeners(message, raw_message)

    async def _on_envelope(
        self, client: AsyncBaseSocketModeClient, request: SocketModeRequest
    ) -> None:
        response = await self._app.dispatch(
            AsyncBoltRequest(
                mode="socket_mode", body=request.payload, headers=build_headers(request)
            )
        )
        await send_async_response(client, request, response, 0)
