"""Outlet: one publisher of the simulated day, its troubles and what it was asked."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

from aiohttp import web

from bot.domain.feed import Feed, PollBounds
from tests.fakes.clock import FakeClock
from tests.fakes.faults import Redirect
from tests.fakes.feed import FakeFeed, Fault

_GOOD = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED})


class Kind(StrEnum):
    """What is special about an outlet."""

    STEADY = "steady"
    CHURNING = "churning"
    MOVED = "moved for good"
    DETOURED = "moved for the time being"
    WISHING = "with wishes"
    """It asks by max-age, skipHours or configured bounds to be polled less often."""
    FAILING = "failing"
    THROTTLING = "throttling"
    GONE = "gone for a while"

    @property
    def is_healthy(self) -> bool:
        """Whether its documents can be had all day."""
        return self not in {Kind.FAILING, Kind.THROTTLING, Kind.GONE}


@dataclass(frozen=True, slots=True)
class HangUp:
    """Breaks the connection without an answer."""

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        """Hang up."""
        del feed
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which an outlet does something else than answer.

    Attributes:
        begin: Its first moment.
        end: The first moment after it.
        fault: What the outlet does.
        retry_after: What its answers ask for in Retry-After.
    """

    begin: datetime
    end: datetime
    fault: Fault
    retry_after: timedelta | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether it lasts then."""
        return self.begin <= moment < self.end


@dataclass(slots=True, kw_only=True)
class Ask:
    """One poll as the outlet saw it.

    Attributes:
        at: When.
        spell: The trouble it met.
        status: The status of the document's answer; None where there was none.
    """

    at: datetime
    spell: Spell | None = None
    status: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether the client has the outlet's document now."""
        return self.status in _GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How an outlet asks to be polled less often.

    Attributes:
        max_age: By Cache-Control.
        skip_hours: Hours of the day, GMT.
    """

    max_age: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()


@dataclass(slots=True, kw_only=True)
class Outlet:
    """Answers, or does not, by the time of the day; a `tests.fakes.feed.Fault` of its own feeds.

    Attributes:
        name: As readers know it.
        kind: What is special about it.
        home: Its feed at the configured address.
        clock: The time.
        bounds: As configured in newsbot.
        cut_off: When nobody is reached.
        moves_at: From when on `home` redirects.
        away: Where to; shows the same entries.
        redirect: With which status.
        spells: Its troubles.
        wishes: How it asks to be polled less often.
        appeared: When each of its entries appeared, in order.
        asks: Polls that reached it, in order.
    """

    name: str
    kind: Kind
    home: FakeFeed
    clock: FakeClock
    bounds: PollBounds
    cut_off: Spell
    moves_at: datetime | None = None
    away: FakeFeed | None = None
    redirect: int = HTTPStatus.MOVED_PERMANENTLY
    spells: tuple[Spell, ...] = ()
    wishes: Wishes = Wishes()
    appeared: list[datetime] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    _is_led: bool = False

    def open(self) -> None:
        """Begin to answer."""
        self.home.fault = self
        if self.wishes.max_age:
            seconds = self.wishes.max_age.total_seconds()
            self.home.headers["Cache-Control"] = f"max-age={seconds:.0f}"
        if self.away is not None:
            self.away.entries = self.home.entries
            self.away.window = self.home.window
            self.away.fault = self

    @property
    def feed(self) -> Feed:
        """The outlet as feeds.yaml would have it."""
        return Feed(url=self.home.url, name=self.name, bounds=self.bounds)

    def was_read_in(self, begin: datetime, end: datetime | None) -> bool:
        """Whether its document was had at some time from `begin` until before `end`."""
        return any(
            ask.is_good and ask.at >= begin and (end is None or ask.at < end) for ask in self.asks
        )

    async def __call__(self, feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        now = self.clock.now()
        if self.cut_off.covers(now):
            return await self.cut_off.fault(feed, request)
        ask = self._ask(feed, now)
        ask.spell = next((spell for spell in self.spells if spell.covers(now)), None)
        if ask.spell is not None:
            return await ask.spell.fault(feed, request)
        if feed is self.home and self.away is not None and self.moves_at and now >= self.moves_at:
            self._is_led = True
            return await Redirect(self.away.url, self.redirect)(feed, request)
        response = feed.answer(request)
        ask.status = response.status
        return self._with_wishes(response)

    def _ask(self, feed: FakeFeed, now: datetime) -> Ask:
        """The poll that a request belongs to: behind our own redirect it is the one before."""
        is_same = self._is_led and feed is self.away
        self._is_led = False
        if not is_same:
            self.asks.append(Ask(at=now))
        return self.asks[-1]

    def _with_wishes(self, response: web.Response) -> web.Response:
        if self.wishes.skip_hours and isinstance(response.body, bytes):
            hours = "".join(f"<hour>{hour}</hour>" for hour in sorted(self.wishes.skip_hours))
            frame = f"<description/><skipHours>{hours}</skipHours>".encode()
            response.body = response.body.replace(b"<description/>", frame)
        return response
