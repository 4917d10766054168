"""Web: the small HTTP listener; what it serves is given to it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from bot.errors import NewsbotError
from bot.setting_values import Listen

BODY_LIMIT = 1024**2
"""Bytes of a request's body."""
_END_SECONDS = 1.0


@asynccontextmanager
async def listening(routes: Sequence[web.RouteDef], address: Listen) -> AsyncIterator[Listen]:
    """Serve these routes while the block lasts; gives the address, its port the one really taken.

    Args:
        routes: Method, path and handler of each.
        address: Where.

    Raises:
        NewsbotError: The port cannot be had.
    """
    app = web.Application(client_max_size=BODY_LIMIT)
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_END_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, *address).start()
        except OSError as error:
            raise NewsbotError(
                f"NEWSBOT_HTTP_LISTEN: {address} cannot be listened on ({error.strerror}); "
                "end what holds it, or name another."
            ) from error
        taken = Listen(*runner.addresses[0][:2])
        structlog.get_logger(__name__).info("http.listening", at=str(taken))
        yield taken
    finally:
        await runner.cleanup()
