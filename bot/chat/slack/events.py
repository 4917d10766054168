"""Events: commands, clicks and forms over HTTP, where Slack reaches newsbot by a public address."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.chat.slack.app import SlackApp
from bot.chat.slack.door import PATH, Door
from bot.ports import Clock

BODY_LIMIT = 1024**2
"""Bytes."""
READ_SECONDS = 5.0
"""For a request to arrive whole."""


class SlackEvents:
    """Takes requests that Slack has signed; whatever else comes is refused without a word."""

    def __init__(self, app: SlackApp, *, signing_secret: str, clock: Clock) -> None:
        """Serve nothing yet.

        Args:
            app: Takes what arrives.
            signing_secret: Of the app.
            clock: The time.
        """
        self._app = app
        self._door = Door(signing_secret, clock)

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """For the HTTP listener."""
        return (web.post(PATH, self._on_request),)

    @property
    def is_up(self) -> bool:
        """Always: it is Slack that calls."""
        return True

    async def run(self) -> None:
        """Be there until cancelled, then break off what is being answered."""
        try:
            await self._app.begin()
            await asyncio.Event().wait()
        finally:
            await self._app.end()

    async def _on_request(self, request: web.Request) -> web.Response:
        if (request.content_length or 0) > BODY_LIMIT:
            return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            async with asyncio.timeout(READ_SECONDS):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except TimeoutError:
            return _refused(HTTPStatus.REQUEST_TIMEOUT)
        if not self._door.lets_in(request.headers, body):
            return _refused(HTTPStatus.UNAUTHORIZED)
        return await self._taken(request, body)

    async def _taken(self, request: web.Request, body: bytes) -> web.Response:
        try:
            # No other header: Bolt obeys some of its own, and Slack signs none.
            headers = {"content-type": request.headers.get("Content-Type", "")}
            taken = AsyncBoltRequest(body=body.decode(), headers={**headers})
            response = await self._app.dispatch(taken)
        except Exception:  # noqa: BLE001 - signed, and still nothing that Bolt can read
            structlog.get_logger(__name__).exception("slack.unreadable")
            return _refused(HTTPStatus.BAD_REQUEST)
        if response.status != HTTPStatus.OK:
            return _refused(HTTPStatus(response.status))
        return await to_aiohttp_response(response)


def _refused(status: HTTPStatus) -> web.Response:
    return web.Response(status=status)
