"""Desk: what commands have before them: the store, the time, the files in force, the platforms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.core import MOST_CHOICES
from bot.commands.reply import Choice
from bot.commands.request import Person, Press, Request
from bot.domain.catalog import Catalog
from bot.domain.channel import Platform, Workspace
from bot.domain.feed import Feed
from bot.domain.topic import Topic
from bot.domain.window import read_since, read_until
from bot.errors import CommandError, QueryError
from bot.ports import Clock, Messenger
from bot.ports.chat import AskedKind
from bot.ports.store import Store, Transaction
from bot.query.slug import slug
from bot.query.suggest import nearest
from bot.query.syntax import parse
from bot.query.tree import Node
from bot.services.find_feed import FindFeed
from bot.services.visible import Visible, visible_feeds

_MOST_VALUE, _MOST_LABEL, _MOST_SHOWN = 100, 75, 60
_QUOTES = "\"'“”„‟＂«»"
_AROUND = 20
"""Characters shown before and behind the place where a query goes wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What commands share.

    Attributes:
        store: The database.
        clock: The time.
        zone: Of times that are typed, and of days.
        catalog: Gives the feeds and topics in force.
        messengers: Those that can be asked about a channel, by platform.
        find_feed: Looks at addresses that people give; None where none can be looked at.
        anyone_subscribes: Whether people who do not manage may change what a channel follows.
    """

    store: Store
    clock: Clock
    zone: ZoneInfo
    catalog: Callable[[], Catalog]
    messengers: Mapping[Platform, Messenger] = field(default_factory=dict)
    find_feed: FindFeed | None = None
    anyone_subscribes: bool = True

    @property
    def topics(self) -> Sequence[Topic]:
        """The topics in force."""
        return self.catalog().topics

    def topic(self, written: str) -> Topic:
        """The topic of a name or title, in any letter case.

        Raises:
            CommandError: There is none.
        """
        wanted = slug(written)
        for topic in self.topics:
            if wanted and wanted in (topic.name, slug(topic.title)):
                return topic
        near = nearest(wanted, [topic.name for topic in self.topics])
        hint = f"did you mean {near}?" if near else "/news topics lists them"
        raise CommandError(f"There is no topic {quoted(written, _MOST_SHOWN)}: {hint}")

    def parse(self, query: str) -> Node:
        """A query's tree.

        Raises:
            CommandError: It cannot be read.
        """
        try:
            return parse(query, topics={topic.name: topic.query for topic in self.topics})
        except QueryError as error:
            raise CommandError(f"That query cannot be read{_place(error)}: {error}") from error

    def since(self, written: str) -> datetime:
        """The moment a person means.

        Raises:
            CommandError: It is none.
        """
        now = self.clock.now()
        try:
            moment = read_since(written, now, self.zone)
        except ValueError as error:
            raise CommandError(f"{error}. Times are in {self.zone}.") from error
        if moment > now:
            raise CommandError(
                f"{quoted(written, _MOST_SHOWN)} is still to come: it is {self.spell(now)} now"
            )
        return moment

    def until(self, written: str, *, since: datetime | None = None) -> datetime:
        """The end a person means, of what begins then: of a day, its end.

        Raises:
            CommandError: It is none.
        """
        try:
            return read_until(written, self.clock.now(), self.zone, since=since)
        except ValueError as error:
            raise CommandError(f"{error}. Times are in {self.zone}.") from error

    def is_time(self, written: str) -> bool:
        """Whether that is a moment."""
        try:
            self.since(written)
        except CommandError:
            return False
        return True

    def spell(self, moment: datetime) -> str:
        """A moment on the desk's clock, with its zone."""
        local = moment.astimezone(self.zone)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M} {local.tzname()}"

    async def visible(self, transaction: Transaction, workspace: Workspace) -> Visible:
        """The feeds that a workspace sees: those of feeds.yaml and its own."""
        added = await transaction.added_feeds.of_workspace(workspace)
        return await visible_feeds(
            transaction,
            configured=self.catalog().feeds,
            added=[Feed(url=feed.url, name=feed.name) for feed in added],
        )

    async def keep(
        self, transaction: Transaction, kind: AskedKind, text: str, person: Person
    ) -> str:
        """Write down what a button is to go on with; gives its key."""
        return await transaction.asked.keep(
            kind, text, workspace=person.workspace, user=person.user, now=self.clock.now()
        )

    async def asked_before(self, kind: AskedKind, key: str, press: Press) -> str:
        """What somebody of this workspace asked, by its key.

        Raises:
            CommandError: Nobody asked anything of the kind, or too long ago.
        """
        async with self.store.read() as transaction:
            text = await transaction.asked.get(kind, key, workspace=press.person.workspace)
        if text is None:
            raise CommandError("This button is too old to go on with: ask again")
        return text

    async def suggest_topics(self, request: Request, typed: str) -> Sequence[Choice]:
        """Topics whose name or title holds what was typed."""
        del request
        wanted = typed.casefold().strip()
        return [
            Choice(value=topic.name, label=titled(topic)[:_MOST_LABEL])
            for topic in self.topics
            if wanted in topic.name or wanted in topic.title.casefold()
        ][:MOST_CHOICES]

    async def suggest_feeds(self, request: Request, typed: str) -> Sequence[Choice]:
        """Feeds of this workspace whose name holds what was typed."""
        async with self.store.read() as transaction:
            visible = await self.visible(transaction, request.person.workspace)
        wanted = typed.casefold().strip()
        names = dict.fromkeys(feed.name for feed in visible.feeds.values())
        return [
            Choice(value=name, label=name[:_MOST_LABEL])
            for name in names
            if wanted in name.casefold() and len(name) <= _MOST_VALUE
        ][:MOST_CHOICES]


def named_feed(visible: Visible, written: str) -> Feed:
    """The feed of a name or address, in any letter case.

    Raises:
        CommandError: The workspace sees none of that name.
    """
    feed = feed_called(visible, written)
    if feed is not None:
        return feed
    near = feed_like(visible, written)
    hint = f"did you mean “{near}”?" if near else "/news feeds lists them"
    raise CommandError(f"No feed is called {quoted(written, _MOST_SHOWN)}: {hint}")


def feed_called(visible: Visible, written: str) -> Feed | None:
    """The feed of a name or address, in any letter case; None where there is none."""
    wanted = bare(written).casefold()
    feeds = visible.feeds.values()
    return next((one for one in feeds if wanted in (one.name.casefold(), one.url.casefold())), None)


def feed_like(visible: Visible, written: str) -> str | None:
    """The name of a feed that may be meant, shortened; None where none is near."""
    wanted = bare(written).casefold()
    names = {feed.name.casefold(): feed.name for feed in visible.feeds.values()}
    parts = (name for folded, name in names.items() if wanted and wanted in folded)
    near = next(parts, None) or names.get(nearest(wanted, names) or "")
    return cut(near, 60) if near else None


def titled(topic: Topic) -> str:
    """A topic's title, with the name people type where the title does not tell it."""
    return topic.title if slug(topic.title) == topic.name else f"{topic.title} ({topic.name})"


def cut(text: str, most: int) -> str:
    """The text in one line, shortened to so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def bare(text: str) -> str:
    """What somebody wrote, in one line, without quotes around it."""
    return " ".join(text.split()).strip(_QUOTES).strip()


def quoted(text: str, most: int) -> str:
    """What somebody wrote, shortened to so many characters and in quotes, once."""
    return f"“{cut(bare(text), most)}”"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 feed`, `2 feeds`; the plural is noun and s unless given."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _place(error: QueryError) -> str:
    """Where a query goes wrong, for one line of text."""
    begin = max(0, error.position - _AROUND)
    there = error.text[begin : error.position + _AROUND].strip()
    return f", near “{cut(there, 2 * _AROUND)}”" if there else ""
