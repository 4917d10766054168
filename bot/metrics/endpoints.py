"""Endpoints: /metrics and /healthz."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.errors import StorageError
from bot.metrics.meters import Meters
from bot.ports import Clock
from bot.services.health import Status

PATIENCE_SECONDS: Final = 5.0
"""A database that takes longer to say how things stand does not answer."""
_TEXT: Final = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}


class Endpoints:
    """Tells what the database says, asking it once at a time however many want to know."""

    def __init__(
        self,
        meters: Meters,
        look: Callable[[], Awaitable[Status]],
        clock: Clock,
        *,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Serve nothing yet.

        Args:
            meters: What was counted.
            look: Gives how newsbot is doing.
            clock: The time.
            patience: Seconds to wait for `look`.
        """
        self._meters = meters
        self._look = look
        self._clock = clock
        self._patience = patience
        self._looking: asyncio.Task[Status] | None = None

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """For the HTTP listener."""
        return (web.get("/metrics", self._metrics), web.get("/healthz", self._healthz))

    async def close(self) -> None:
        """Break off what is being asked."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])

    async def _metrics(self, request: web.Request) -> web.Response:
        del request
        await self._ask()
        return web.Response(body=self._meters.text(), headers=_TEXT)

    async def _healthz(self, request: web.Request) -> web.Response:
        del request
        status, problems = await self._ask()
        answer: dict[str, object] = {"well": not problems, "problems": list(problems)}
        if status is not None:
            answer |= {"feeds": status.feeds, "failing": status.failing, "overdue": status.overdue}
        code = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
        return web.json_response(answer, status=code)

    async def _ask(self) -> tuple[Status | None, Sequence[str]]:
        """How newsbot is doing, as far as the database says, and what is wrong."""
        status, problems = await self._asked()
        self._meters.found(status, self._clock.now(), well=not problems)
        return status, problems

    async def _asked(self) -> tuple[Status | None, Sequence[str]]:
        if self._looking is None:
            self._looking = asyncio.ensure_future(self._looked())
        looking = self._looking
        # Not cancelled: a statement broken off costs its connection.
        done, _ = await asyncio.wait([looking], timeout=self._patience)
        if not done:
            return None, [f"The database has not answered for {self._patience:g} seconds."]
        self._looking = None
        try:
            status = looking.result()
        except StorageError as error:
            return None, [f"The database cannot be read: {error}"]
        return status, status.problems

    async def _looked(self) -> Status:
        return await self._look()
