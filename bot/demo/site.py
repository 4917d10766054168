"""Site: two made-up outlets, served over real HTTP on loopback."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files
from string import Template

from aiohttp import web

_HOST = "127.0.0.1"
_AGES = (0, 1, 2, 90, 240, 300, 600)
"""Minutes: how old the bundled entries are when the demo begins."""


class Site:
    """What the outlets publish now.

    Attributes:
        summit: The bundled file that stands in the wire's feed for the summit; None before it.
        weather: Whether the wire reports the fog.
        report: Whether the second outlet reports the summit.
    """

    def __init__(self, began: datetime) -> None:
        self.summit: str | None = None
        self.weather = False
        self.report = False
        self._began = began
        self._address = ""

    @property
    def wire(self) -> str:
        """The first outlet's feed (RSS)."""
        return f"{self._address}/wire.xml"

    @property
    def post(self) -> str:
        """The second outlet's feed (Atom)."""
        return f"{self._address}/post.xml"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer requests while the block lasts."""
        application = web.Application()
        application.router.add_get("/wire.xml", self._serve_wire)
        application.router.add_get("/post.xml", self._serve_post)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, _HOST, 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self._address = f"http://{host}:{port}"
            yield
        finally:
            await runner.cleanup()

    async def _serve_wire(self, request: web.Request) -> web.Response:
        summit = self._fill(self.summit) if self.summit else ""
        weather = self._fill("harbour-wire-weather.xml") if self.weather else ""
        document = self._fill("harbour-wire.xml", summit=summit, weather=weather)
        return _answer(request, document, "application/rss+xml")

    async def _serve_post(self, request: web.Request) -> web.Response:
        report = self._fill("meridian-post-report.xml") if self.report else ""
        return _answer(
            request, self._fill("meridian-post.xml", report=report), "application/atom+xml"
        )

    def _fill(self, name: str, **parts: str) -> str:
        text = files("bot.demo").joinpath(name).read_text("utf-8")
        return Template(text).substitute(self._dates() | parts, site=self._address)

    def _dates(self) -> dict[str, str]:
        dates = {}
        for age in _AGES:
            moment = self._began - timedelta(minutes=age)
            dates[f"minutes_{age}"] = format_datetime(moment)
            dates[f"iso_{age}"] = moment.isoformat()
        return dates


def _answer(request: web.Request, document: str, content_type: str) -> web.Response:
    etag = hashlib.sha256(document.encode()).hexdigest()
    if any(known.value == etag for known in request.if_none_match or ()):
        return web.Response(status=304, headers={"ETag": f'"{etag}"'})
    return web.Response(
        text=document, content_type=content_type, charset="utf-8", headers={"ETag": f'"{etag}"'}
    )
