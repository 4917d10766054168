"""Feeds: how each stands that this workspace sees, the unwell first."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.commands.core import COMMAND, Action, Command
from bot.commands.desk import Desk, counted, cut
from bot.commands.numbered import numbered, page_number
from bot.commands.reply import Reply, Row
from bot.commands.request import Person, Press, Request
from bot.domain.duration import spell
from bot.domain.feed import FeedState
from bot.services.feed_health import Condition, FeedHealth, feed_health

PAGE = 10
_PAGE_ACTION = "feeds-page"
_UNWELL = (Condition.FAILING, Condition.UNREACHED, Condition.HELD)
_MOST_NAME, _MOST_FAILURE = 80, 200


def feeds(desk: Desk) -> tuple[Command, Action]:
    """The command, and the action that turns its pages."""

    async def listed(person: Person, number: int) -> Reply:
        async with desk.store.read() as transaction:
            visible = await desk.visible(transaction, person.workspace)
            found = await feed_health(transaction, visible)
        now = desk.clock.now()
        unwell = sum(one.condition in _UNWELL for one in found)
        title = f"{counted(len(found), 'feed')}, {unwell or 'none'} unwell"
        rows = [_row(one, now) for one in found]
        return numbered(title, rows, number, size=PAGE, action=_PAGE_ACTION)

    async def answer(request: Request) -> Reply:
        return await listed(request.person, 0)

    async def turn(press: Press) -> Reply:
        return replace(await listed(press.person, page_number(press)), replaces=True)

    command = Command(
        verb="feeds",
        usage=f"{COMMAND} feeds",
        summary="Lists the feeds: last poll, last story, what is wrong.",
        handler=answer,
    )
    return command, Action(name=_PAGE_ACTION, handler=turn)


def _row(one: FeedHealth, now: datetime) -> Row:
    state = one.state
    host = _host(one.feed.url)
    is_polled = state is not None and state.polled_at is not None
    told = f"{host}: {_times(state, now)}" if state is not None and is_polled else host
    return Row(title=cut(one.feed.name, _MOST_NAME), lines=(_standing(one), told))


def _standing(one: FeedHealth) -> str:
    state = one.state
    never = "never answered, " if state and state.succeeded_at is None else ""
    match one.condition:
        case Condition.FAILING if state is not None:
            failure = cut(state.failure or "for no reason given", _MOST_FAILURE)
            return f"Unwell: {never}failed {state.failures}×: {failure}"
        case Condition.UNREACHED:
            return f"Unwell: {never}newsbot was offline at its last poll"
        case Condition.HELD:
            return "Unwell: most of it looked new, so it waits for newsbot release or discard"
        case Condition.UNPOLLED:
            return "Not yet polled"
        case Condition.PAUSED:
            return "Paused in feeds.yaml"
        case _:
            return "Well"


def _times(state: FeedState, now: datetime) -> str:
    polled = f"polled {spell(now - state.polled_at)} ago" if state.polled_at else ""
    arrived = f"last new story {spell(now - state.arrived_at)} ago" if state.arrived_at else ""
    return f"{polled}, {arrived or 'no new story yet'}"


def _host(url: str) -> str:
    """The address's host: all of an address may hold a key that is nobody's business."""
    return urlsplit(url).hostname or ""
