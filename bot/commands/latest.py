"""Latest, and since: the newest stories, each once, with the outlets that report it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.commands.core import COMMAND, Action, Command, Option
from bot.commands.desk import Desk, titled
from bot.commands.outlets import spell_outlets
from bot.commands.reply import Button, Reply, Row
from bot.commands.request import Person, Press, Request
from bot.commands.trail import Trail, keep_trail, page_buttons, trail_of
from bot.commands.typed import time_and_rest, with_keywords
from bot.domain.alert import compose_alert
from bot.domain.topic import Topic
from bot.errors import CommandError
from bot.ports.chat import AskedKind
from bot.query.slug import slug
from bot.query.tree import And
from bot.services.stories import Reported, Stories, search_stories

PAGE = 10
_PAGE_ACTION = "stories-page"
_EVERYTHING = And(())


def latest(desk: Desk) -> Command:
    """The newest stories."""
    leafing = _Leafing(desk)

    async def answer(request: Request) -> Reply:
        written = f" {request.options.get('topic', '')} "
        topic, keyword, time = written.partition(" since ")
        if keyword and desk.is_time(time):
            line = " ".join(f"{COMMAND} since {time} {topic}".split())
            raise CommandError(f"The stories since a time are listed by {line}")
        return await leafing.first(request, since=None)

    return Command(
        verb="latest",
        usage=f"{COMMAND} latest [TOPIC]",
        summary="Shows the newest stories, all or a topic's.",
        handler=answer,
        options=(_topic_option(desk),),
        read=with_keywords("topic"),
        examples=(f"{COMMAND} latest", f"{COMMAND} latest us-china"),
    )


def since(desk: Desk) -> tuple[Command, Action]:
    """What came in since a time, and the action that turns pages of stories."""
    leafing = _Leafing(desk)

    async def answer(request: Request) -> Reply:
        time = request.options["time"]
        if slug(time) in (name for one in desk.topics for name in (one.name, slug(one.title))):
            raise CommandError(
                f"Since when? Write {COMMAND} since 18:00 {slug(time)}, or {COMMAND} latest"
                f" {slug(time)} for the newest"
            )
        return await leafing.first(request, since=desk.since(time))

    command = Command(
        verb="since",
        usage=f"{COMMAND} since TIME [TOPIC]",
        summary="Catches you up: all stories since a time, the newest first.",
        handler=answer,
        options=(
            Option(
                name="time",
                summary=f"18:00, yesterday 18:00, 8h, monday; in {desk.zone}.",
                required=True,
            ),
            _topic_option(desk),
        ),
        read=time_and_rest(desk.is_time),
        examples=(f"{COMMAND} since 18:00", f"{COMMAND} since yesterday 18:00 us-china"),
    )
    return command, Action(name=_PAGE_ACTION, handler=leafing.turn)


def _topic_option(desk: Desk) -> Option:
    return Option(name="topic", summary="Only this topic's.", suggest=desk.suggest_topics)


@dataclass(frozen=True, slots=True)
class _Leafing:
    """Lists of stories of one desk."""

    desk: Desk

    async def first(self, request: Request, *, since: datetime | None) -> Reply:
        """The first page."""
        written = request.options.get("topic")
        topic = self.desk.topic(written) if written else None
        trail = Trail(topic=topic.name if topic else None, since=since)
        return await self._page(trail, 0, request.person)

    async def turn(self, press: Press) -> Reply:
        """Another page."""
        trail, number = await trail_of(self.desk, AskedKind.STORIES, press)
        return replace(await self._page(trail, number, press.person), replaces=True)

    async def _page(self, trail: Trail, number: int, person: Person) -> Reply:
        topic = self.desk.topic(trail.topic) if trail.topic else None
        async with self.desk.store.read() as transaction:
            visible = await self.desk.visible(transaction, person.workspace)
        found = await search_stories(
            self.desk.store,
            topic.query if topic else _EVERYTHING,
            visible,
            since=trail.since,
            limit=PAGE,
            after=trail.marks[number] or None,
            shown=trail.shown_before(number),
        )
        further = trail.beyond(number, found.next, found.story_ids)
        return Reply(
            title=self._title(topic, trail.since, number),
            lines=tuple(self._notes(found, number)),
            rows=tuple(map(_row, found.reported)),
            buttons=await self._buttons(further, number, person),
        )

    async def _buttons(self, trail: Trail, number: int, person: Person) -> tuple[Button, ...]:
        if len(trail.marks) == 1:
            return ()
        async with self.desk.store.begin() as transaction:
            key = await keep_trail(self.desk, transaction, AskedKind.STORIES, trail, person)
        return page_buttons(_PAGE_ACTION, key, number, trail)

    def _title(self, topic: Topic | None, since: datetime | None, number: int) -> str:
        what = titled(topic) if topic else "All stories"
        when = f"since {self.desk.spell(since)}" if since else "the newest first"
        return f"{what}, {when}" + (f", page {number + 1}" if number else "")

    def _notes(self, found: Stories, number: int) -> Sequence[str]:
        if found.reached:
            return [f"Stopped at {self.desk.spell(found.reached)}: press Next to go on."]
        if not found.reported:
            return ["Nothing more." if number else "Nothing came in."]
        return []


def _row(reported: Reported) -> Row:
    alert = compose_alert(reported.hit.stored, ())
    return Row(
        title=alert.headline,
        url=alert.url,
        lines=(spell_outlets(reported.outlets),),
        when=alert.published,
    )
