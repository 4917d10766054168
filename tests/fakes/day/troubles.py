"""Troubles: what goes wrong at each outlet, and when."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

from bot.domain.feed import PollBounds
from tests.fakes.clock import FakeClock
from tests.fakes.day.outlet import HangUp, Kind, Outlet, Spell, Wishes
from tests.fakes.day.plan import KINDS, Size, kind_of, window_of
from tests.fakes.documents import Form
from tests.fakes.faults import Stall, Status
from tests.fakes.feed import Churn, Encoding, Fault
from tests.fakes.publisher import Publisher

_FAULTS: tuple[Fault, ...] = (
    Status(HTTPStatus.SERVICE_UNAVAILABLE),
    Status(HTTPStatus.INTERNAL_SERVER_ERROR),
    Stall(),
)
_CHURN = (
    frozenset({Churn.DATE}),
    frozenset({Churn.GUID, Churn.TRACKING}),
    frozenset({Churn.TRACKING}),
)
_FIXED = PollBounds(timedelta(minutes=15), timedelta(minutes=15))


def outage(size: Size) -> Spell:
    """When newsbot's own network is away: an hour, of a short day a twelfth."""
    begin = size.at(0.45)
    return Spell(begin, begin + min(timedelta(hours=1), (size.at(1 / 12) - size.at(0))), HangUp())


def found(publisher: Publisher, clock: FakeClock, size: Size) -> tuple[Outlet, ...]:
    """Open all outlets of a day."""
    outlets = tuple(_outlet(publisher, clock, size, number) for number in range(size.feeds))
    for outlet in outlets:
        outlet.open()
    return outlets


def _outlet(publisher: Publisher, clock: FakeClock, size: Size, number: int) -> Outlet:
    kind, turn = kind_of(number), number // len(KINDS)
    # One more each turn, so that each kind of outlet has each form and encoding once.
    form = tuple(Form)[(number + turn) % len(Form)]
    encoding = tuple(Encoding)[(number + turn) % len(Encoding)]
    if kind is Kind.WISHING:
        form, encoding = Form.RSS, Encoding.IDENTITY  # it writes its wishes in by itself
    home = publisher.feed("/feed", host=number, form=form)
    home.window = window_of(number)
    home.encoding = encoding
    outlet = Outlet(
        name=f"Outlet {number}",
        kind=kind,
        home=home,
        clock=clock,
        bounds=PollBounds(),
        cut_off=outage(size),
    )
    if kind in {Kind.MOVED, Kind.DETOURED}:
        outlet.moves_at = size.at(0.1)
        outlet.away = publisher.feed("/moved/feed", host=number, form=form)
        temporary = kind is Kind.DETOURED
        outlet.redirect = HTTPStatus.FOUND if temporary else HTTPStatus.MOVED_PERMANENTLY
    elif kind is Kind.CHURNING:
        home.churn = _CHURN[(number + number // len(KINDS) * 2) % len(_CHURN)]
    elif kind is Kind.WISHING:
        _wish(outlet, size, number)
    elif kind in _SPELLS:
        outlet.spells = _SPELLS[kind](size, turn)
    return outlet


def _wish(outlet: Outlet, size: Size, number: int) -> None:
    match number % 3:
        case 0:
            outlet.wishes = Wishes(max_age=timedelta(minutes=20))
        case 1:
            skipped = size.at(0.3)
            outlet.wishes = Wishes(skip_hours=frozenset({skipped.hour}))
            hour = skipped.replace(minute=0)
            quarter = timedelta(minutes=15)
            outlet.spells = (Spell(hour - quarter, hour + quarter, _FAULTS[0]),)
        case _:
            outlet.bounds = _FIXED


def _failing(size: Size, turn: int) -> tuple[Spell, ...]:
    begin = 0.12 + 0.02 * (turn % 5)
    return (Spell(size.at(begin), size.at(begin + 0.12), _FAULTS[turn % len(_FAULTS)]),)


def _throttling(size: Size, turn: int) -> tuple[Spell, ...]:
    """Once by day, and once when the outage begins, past which it has to be remembered."""
    status = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)[turn % 2]
    short, long = timedelta(minutes=25), (size.at(1) - size.at(0)) / 8
    cut_off = outage(size)
    return (
        _asking(size.at(0.2), size.at(0.3), status, short),
        _asking(cut_off.begin - timedelta(minutes=8), cut_off.end, status, long),
    )


def _asking(begin: datetime, end: datetime, status: int, wait: timedelta) -> Spell:
    headers: Mapping[str, str] = {"Retry-After": f"{wait.total_seconds():.0f}"}
    return Spell(begin, end, Status(status, headers), retry_after=wait)


def _gone(size: Size, turn: int) -> tuple[Spell, ...]:
    # After a 410 six hours pass: a day of that is only long enough once.
    is_long = size.hours > 12 and turn % 2 == 1
    status = HTTPStatus.GONE if is_long else HTTPStatus.NOT_FOUND
    return (Spell(size.at(0.25), size.at(0.35), Status(status)),)


_SPELLS: Mapping[Kind, Callable[[Size, int], tuple[Spell, ...]]] = {
    Kind.FAILING: _failing,
    Kind.THROTTLING: _throttling,
    Kind.GONE: _gone,
}
