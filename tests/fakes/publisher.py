"""Publisher: a web server on loopback that publishes feeds, well or badly.

    async with Publisher(clock, hosts=3) as publisher:
        feed = publisher.feed("/world.xml", host=2)
        feed.publish("Harbour reopens after the storm")
        feed.fault = Status(503, {"Retry-After": "60"})
        await fetcher.fetch(FetchRequest(url=feed.url))
        assert feed.requests[-1].headers["User-Agent"] == "newsbot/test"

Each host has an address of its own in 127.0.0.0/8 (all of it is loopback on Linux), so that rules
that go by host can be tried with hundreds of them in one process.
"""

from collections import Counter
from ipaddress import IPv4Address
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.ports import Clock
from tests.fakes.documents import Form
from tests.fakes.feed import FakeFeed, Hit


class Publisher:
    """Serves feeds from one or many loopback addresses.

    Attributes:
        requests: What was asked of all feeds, in order.
        busiest: By host address, the most requests that were under way at a time.
    """

    def __init__(self, clock: Clock, *, hosts: int = 1) -> None:
        self.requests: list[Hit] = []
        self.busiest: Counter[str] = Counter()
        self._clock = clock
        self._hosts = [str(IPv4Address("127.0.1.0") + number) for number in range(1, hosts + 1)]
        self._feeds: dict[str, FakeFeed] = {}
        self._busy: Counter[str] = Counter()
        app = web.Application()
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        for host in self._hosts:
            await web.TCPSite(self._runner, host, 0).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    def url(self, path: str, *, host: int = 0) -> str:
        """The address of a path on a host, counted from 0."""
        address, port = self._runner.addresses[host][:2]
        return f"http://{address}:{port}{path}"

    def feed(self, path: str, *, host: int = 0, form: Form = Form.RSS) -> FakeFeed:
        """Add a feed, empty; call it only while the publisher runs."""
        feed = FakeFeed(self.url(path, host=host), form=form, clock=self._clock)
        self._feeds[feed.url] = feed
        return feed

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        address, port = request.transport.get_extra_info("sockname")[:2]
        url = f"http://{address}:{port}{request.rel_url}"
        hit = Hit(url, request.headers.copy(), self._clock.now())
        self.requests.append(hit)
        feed = self._feeds.get(url)
        if feed is None:
            return web.Response(status=404)
        feed.requests.append(hit)
        self._busy[address] += 1
        self.busiest[address] = max(self.busiest[address], self._busy[address])
        try:
            return await feed.fault(feed, request) if feed.fault else feed.answer(request)
        finally:
            self._busy[address] -= 1
