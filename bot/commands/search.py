"""Search: what is stored that a query would have alerted, privately, story by story."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.commands.core import COMMAND, Action, Command, Option
from bot.commands.desk import Desk, cut, named_feed
from bot.commands.outlets import spell_outlets
from bot.commands.reply import Button, Reply, Row, Style
from bot.commands.request import Person, Press, Request
from bot.commands.trail import Trail, keep_trail, page_buttons, trail_of
from bot.commands.typed import hinting, with_keywords
from bot.domain.alert import compose_alert
from bot.domain.feed import Feed
from bot.domain.stretch import Stretch, stretch_behind
from bot.domain.topic import Topic
from bot.errors import CommandError
from bot.ports.chat import AskedKind
from bot.query.lookalikes import lookalikes
from bot.query.terms import keys_of
from bot.query.tree import Field, Node, Words
from bot.query.unparse import unparse
from bot.services.stories import Reported, Stories, search_stories

PAGE = 5
"""Stories on a page: what a phone shows without much scrolling."""
FOLLOW = "follow"
"""The action that makes a subscription of a query; its argument is the query's key."""
_PAGE_ACTION = "search-page"
_MOST_QUERY = 80


def search(desk: Desk) -> tuple[Command, Action]:
    """The command, and the action that turns its pages."""
    asking = _Asking(desk)
    command = Command(
        verb="search",
        usage=f"{COMMAND} search QUERY [since TIME] [until TIME] [topic NAME] [feed NAME]",
        summary="Finds stored stories that the query would have alerted.",
        handler=asking.answer,
        options=(
            Option(name="query", summary="What to look for, as in a rule."),
            Option(name="since", summary="18:00, yesterday, 2d, 2026-11-23."),
            Option(name="until", summary="The same; a day is meant to its end."),
            Option(
                name="topic", summary="Only what this topic asks for.", suggest=desk.suggest_topics
            ),
            Option(name="feed", summary="Only this feed.", suggest=desk.suggest_feeds),
        ),
        read=with_keywords("since", "until", "topic", "feed"),
        examples=(
            f"{COMMAND} search tariffs (China OR Chinese) -football since 2d",
            f"{COMMAND} search ferry last week",
            f'{COMMAND} search "trade war" topic us-china',
            f'{COMMAND} search "since 1990" since yesterday 18:00 feed BBC World',
        ),
    )
    return command, Action(name=_PAGE_ACTION, handler=asking.turn)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Searches of one desk."""

    desk: Desk

    async def answer(self, request: Request) -> Reply:
        """The first page of what was asked."""
        typed = request.text
        looked_for, stretch = self._stretch(request.options)
        with hinting("feed", typed=typed):
            feed = await self._feed(request)
        with hinting("topic", typed=typed):
            topic = request.options.get("topic")
            within = self.desk.topic(topic) if topic else None
        query = self._query(looked_for, within, feed)
        since = stretch.since or self._named("since", self.desk.since, request)
        read_until = partial(self.desk.until, since=since)
        until = stretch.until or self._named("until", read_until, request)
        trail = Trail(feed=feed.url if feed else None, since=since, until=until)
        return await self._page(query, trail, 0, request.person, read=stretch.words)

    async def turn(self, press: Press) -> Reply:
        """Another page."""
        trail, number = await trail_of(self.desk, AskedKind.SEARCH, press)
        query = await self.desk.asked_before(AskedKind.QUERY, trail.query or "", press)
        return replace(await self._page(query, trail, number, press.person), replaces=True)

    def _stretch(self, options: Mapping[str, str]) -> tuple[str, Stretch]:
        """What is looked for, and the time in words behind it, unless one is named besides."""
        written = options.get("query", "").strip()
        if not options.keys().isdisjoint(("since", "until")):
            return written, Stretch(words="")
        alone = not options.keys().isdisjoint(("topic", "feed"))
        now, zone = self.desk.clock.now(), self.desk.zone
        found = stretch_behind(written, now, zone, alone=alone)
        return found or (written, Stretch(words=""))

    def _named(
        self, name: str, read: Callable[[str], datetime], request: Request
    ) -> datetime | None:
        """The time of an option; None without it."""
        written = request.options.get(name)
        with hinting(name, typed=request.text):
            return read(written) if written else None

    async def _feed(self, request: Request) -> Feed | None:
        written = request.options.get("feed")
        if not written:
            return None
        async with self.desk.store.read() as transaction:
            return named_feed(
                await self.desk.visible(transaction, request.person.workspace), written
            )

    def _query(self, written: str, topic: Topic | None, feed: Feed | None) -> str:
        """All that was asked but the time, as one query that can be followed."""
        parts = [f"topic:{topic.name}"] if topic else []
        if feed and keys_of(feed.name):
            parts.append(unparse(Words(feed.name, frozenset({Field.FEED}))))
        if written:
            self.desk.parse(written)  # alone first: parentheses around it may mend what is wrong
            parts.insert(0, f"({written})" if parts else written)
        if not parts:
            example = f"{COMMAND} search tariffs since 2d"
            raise CommandError(f"Say what to look for, for example {example}")
        return " ".join(parts)

    async def _page(
        self, query: str, trail: Trail, number: int, person: Person, *, read: str = ""
    ) -> Reply:
        """One page.

        Args:
            query: What is looked for.
            trail: How it is leafed through.
            number: Of the page, from 0.
            person: Who asks.
            read: The words that were taken for a time.
        """
        tree = self.desk.parse(query)
        async with self.desk.store.read() as transaction:
            visible = await self.desk.visible(transaction, person.workspace)
        found = await search_stories(
            self.desk.store,
            tree,
            visible,
            since=trail.since,
            until=trail.until,
            feed=trail.feed,
            limit=PAGE,
            after=trail.marks[number] or None,
            shown=trail.shown_before(number),
        )
        further = trail.beyond(number, found.next, found.story_ids)
        asked, turning = await self._keep(query, further, number, person)
        follow = Button(
            label="Follow this search", action=FOLLOW, argument=asked, style=Style.PRIMARY
        )
        return Reply(
            title=_title(query, found, number),
            lines=(*self._notes(trail, found, read), *_hints(tree, number)),
            rows=tuple(_row(one, asked) for one in found.reported),
            buttons=(*turning, follow),
        )

    async def _keep(
        self, query: str, trail: Trail, number: int, person: Person
    ) -> tuple[str, Sequence[Button]]:
        """Write down what the buttons need; gives the query's key and those that turn pages."""
        async with self.desk.store.begin() as transaction:
            asked = trail.query or await self.desk.keep(transaction, AskedKind.QUERY, query, person)
            if len(trail.marks) == 1:
                return asked, ()
            trail = replace(trail, query=asked)
            key = await keep_trail(self.desk, transaction, AskedKind.SEARCH, trail, person)
        return asked, page_buttons(_PAGE_ACTION, key, number, trail)

    def _notes(self, trail: Trail, found: Stories, read: str) -> Sequence[str]:
        named = (("since", trail.since), ("until", trail.until))
        time = " ".join(f"{name} {self.desk.spell(at)}" for name, at in named if at)
        notes = [f"{time[:1].upper()}{time[1:]}."] if time else []
        if read:
            notes = [f"“{read}” is read as {time}. To look for the words, put them in quotes."]
        if found.reached:
            notes.append(
                f"Stopped at {self.desk.spell(found.reached)}, having looked at very many: "
                "press Next to go on, or add a word that must be there."
            )
        elif not found.reported:
            notes.append("Try fewer words, or a longer time: since 30d.")
        return notes


def _hints(query: Node, number: int) -> Sequence[str]:
    """What the first page says of words that may be meant as operators."""
    said = lookalikes(query) if number == 0 else ""
    return (f"{said}.",) if said else ()


def _title(query: str, found: Stories, number: int) -> str:
    shown = cut(query, _MOST_QUERY)
    if found.reported or found.reached:
        return f"Search: {shown}" + (f", page {number + 1}" if number else "")
    return f"Nothing more for: {shown}" if number else f"Nothing found for: {shown}"


def _row(reported: Reported, asked: str) -> Row:
    hit = reported.hit
    alert = compose_alert(hit.stored, ())
    outlets = spell_outlets(reported.outlets)
    words = ", ".join(hit.evidence.phrases())
    return Row(
        title=alert.headline,
        url=alert.url,
        lines=(f"{outlets} — {words}" if words else outlets,),
        when=alert.published,
        buttons=(Button(label="Share", action="share", argument=f"{hit.stored.entry_id}:{asked}"),),
    )
