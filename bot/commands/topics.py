"""Topics: what there is to follow, and one topic with what it brings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from bot.commands.core import COMMAND, Action, Command, Option
from bot.commands.desk import Desk, counted, cut, titled
from bot.commands.numbered import numbered, page_number
from bot.commands.reference import refer
from bot.commands.reply import Reply, Row
from bot.commands.request import Person, Press, Request
from bot.domain.backtest import Backtest, Day
from bot.domain.channel import Channel
from bot.domain.topic import Topic
from bot.query.unparse import unparse
from bot.services.backtest import backtest
from bot.services.followed import Followed, followed

DAYS = 14
PAGE = 10
_PAGE_ACTION = "topics-page"
_BARS = "▁▂▃▄▅▆▇█"
_NONE = "·"
_MOST_QUERY, _MOST_LINE = 500, 200
_MOST_CHANNELS = 10


def topics(desk: Desk) -> tuple[Command, Action]:
    """The command that lists them, and the action that turns its pages."""

    async def listed(person: Person, channel: Channel, number: int) -> Reply:
        async with desk.store.read() as transaction:
            here = (await followed(transaction, desk.topics, person.workspace)).topics_in(channel)
        rows = [_row(topic, is_here=topic in here) for topic in desk.topics]
        title = f"{counted(len(rows), 'topic')}, {len(here)} followed here"
        return numbered(title, rows, number, size=PAGE, action=_PAGE_ACTION)

    async def answer(request: Request) -> Reply:
        return await listed(request.person, request.channel, 0)

    async def turn(press: Press) -> Reply:
        reply = await listed(press.person, press.channel, page_number(press))
        return replace(reply, replaces=True)

    command = Command(
        verb="topics",
        usage=f"{COMMAND} topics",
        summary="Lists the topics there are to follow.",
        handler=answer,
    )
    return command, Action(name=_PAGE_ACTION, handler=turn)


def topic(desk: Desk) -> Command:
    """The command that shows one."""

    async def answer(request: Request) -> Reply:
        return await _shown(desk, desk.topic(request.options["name"]), request)

    return Command(
        verb="topic",
        usage=f"{COMMAND} topic NAME",
        summary="Shows a topic's query, who follows it here, and what it brings a day.",
        handler=answer,
        options=(
            Option(name="name", summary="The topic.", required=True, suggest=desk.suggest_topics),
        ),
        examples=(f"{COMMAND} topic us-china",),
    )


async def _shown(desk: Desk, found: Topic, request: Request) -> Reply:
    async with desk.store.read() as transaction:
        visible = await desk.visible(transaction, request.person.workspace)
        known = await followed(transaction, desk.topics, request.person.workspace)
    now = desk.clock.now()
    tested = await backtest(
        desk.store,
        found.query,
        (),
        since=midnight(now, DAYS, desk.zone),
        until=now,
        zone=desk.zone,
        among=visible.rows,
        proposals=False,
    )
    told = (
        found.description,
        _channels(found, known, request.channel),
        *_brings(tested),
        f"Query: {cut(_written(found), _MOST_QUERY)}",
    )
    return Reply(title=titled(found), lines=tuple(filter(None, told)))


def midnight(now: datetime, days: int, zone: tzinfo) -> datetime:
    """When the first of so many days began, the last of which is today."""
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    return datetime.combine(first, time.min, zone).astimezone(UTC)


def sparkline(days: Sequence[Day]) -> str:
    """A sign for each day, as high as its hits; a dot for none."""
    most = max((day.hits for day in days), default=0)
    steps = len(_BARS) - 1
    return "".join(_BARS[day.hits * steps // most] if day.hits else _NONE for day in days)


def _written(one: Topic) -> str:
    try:
        return unparse(one.query)
    except ValueError:  # a rule file may ask for what no query can say
        return f"as in {one.name}.yaml"


def _row(one: Topic, *, is_here: bool) -> Row:
    told = (cut(one.description, _MOST_LINE), "Followed here." if is_here else "")
    return Row(title=titled(one), lines=tuple(filter(None, told)))


def _channels(one: Topic, known: Followed, here: Channel) -> str:
    channels = known.channels_of(one, here=here)
    if not channels:
        return "No channel of yours follows it."
    names = ["this channel" if channel == here else refer(channel) for channel in channels]
    shown, left = ", ".join(names[:_MOST_CHANNELS]), len(names) - _MOST_CHANNELS
    return f"Followed in: {shown}{f' and {left} more' if left > 0 else ''}"


def _brings(tested: Backtest) -> Sequence[str]:
    days = counted(len(tested.days), "day")
    if not tested.hits:
        return [f"In the last {days} it had no story."]
    most = max(tested.days, key=lambda day: day.hits)
    average = "" if tested.per_day is None else f", {tested.per_day:.1f} a day"
    peak = f"most on {most.date:%a} {most.date.day} {most.date:%b}: {most.hits}"
    return [
        f"In the last {days} it had {counted(tested.hits, 'story', 'stories')}{average}.",
        f"{sparkline(tested.days)} {peak}",
    ]
