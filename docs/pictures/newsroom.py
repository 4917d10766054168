"""Newsroom: made-up stories in a real database, and what the real commands answer about them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bot.commands.all import all_commands
from bot.commands.core import Commands
from bot.commands.desk import Desk
from bot.commands.reply import Form, Reply
from bot.commands.request import Person, Press, Request
from bot.domain.alert import compose_alert
from bot.domain.catalog import Catalog
from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.digest import Gathered, compose_digest
from bot.domain.entry import Entry, StoredEntry
from bot.domain.feed import Feed
from bot.domain.identity import identify
from bot.domain.message import Digest
from bot.domain.news import Standing
from bot.domain.tag import slug
from bot.domain.topic import Topic
from bot.services.route import Router
from bot.storage.database import Database

HERE = Channel(Platform.SLACK, "C0123ABCD")
_PRIVATE = Channel(Platform.SLACK, "D1")
_NIGHT = timedelta(hours=8)

_WIRE = Feed(url="https://harbour-wire.example/wire.xml", name="Harbour Wire")
_POST = Feed(url="https://meridian-post.example/world.xml", name="Meridian Post")
_TIMES = Feed(url="https://delta-times.example/rss", name="Delta Times")

# Minutes of age, outlet, headline, the publisher's tag.
_STORIES: Sequence[tuple[int, Feed, str, str]] = (
    (14, _POST, "Washington Delays Tariffs on Chinese Batteries by 90 Days", "US-China"),
    (52, _WIRE, "China Lowers Tariffs on Farm Machinery", "US-China"),
    (171, _TIMES, "Ports Brace for a Rush Before US Tariffs on China Rise", "US-China"),
    (390, _POST, "Chipmakers Ask Beijing and Washington for One Rule on Exports", "US-China"),
    (405, _TIMES, "AI Safety Institutes Agree on a Common Test for Chemistry Questions", "science"),
    (
        460,
        _WIRE,
        "Model Maker Publishes Its AI Safety Incident Log for the First Time",
        "AI safety",
    ),
)


async def _no() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Clock:
    """Time that stands still."""

    at: datetime

    def now(self) -> datetime:
        """The time."""
        return self.at

    def monotonic(self) -> float:
        """Seconds, of no meaning alone."""
        return self.at.timestamp()


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What people ask there, and what waits there.

    Attributes:
        commands: All of them.
        person: Who asks.
        gathered: What came in overnight.
    """

    commands: Commands
    person: Person
    gathered: tuple[Gathered, ...]

    async def ask(self, line: str) -> Reply:
        """The answer to a line typed behind `/news`."""
        verb, text = self.commands.split(line)
        answer = await self.commands.answer(self._request(verb, text))
        return _is_reply(answer)

    async def press(self, reply: Reply, label: str) -> Reply:
        """The answer to a button of a reply."""
        (button,) = (one for one in reply.buttons if one.label == label)
        press = Press(
            action=button.action, argument=button.argument, channel=HERE, person=self.person
        )
        return _is_reply(await self.commands.press(press))

    def form(self, verb: str) -> Form:
        """The window of a command typed alone."""
        form = self.commands.form(self._request(verb, ""))
        if form is None:
            raise ValueError(f"/news {verb} opens no window")
        return form

    async def home(self) -> Reply:
        """What stands on the bot's own page."""
        return await self.commands.home(self.person, _PRIVATE)

    def digest(self) -> Digest:
        """What came in overnight, in one message."""
        (digest,) = compose_digest(self.gathered)
        return digest

    def _request(self, verb: str, text: str) -> Request:
        return Request(verb=verb, text=text, channel=HERE, person=self.person)


@asynccontextmanager
async def opened(topics: Sequence[Topic], now: datetime, zone: ZoneInfo) -> AsyncIterator[Newsroom]:
    """A newsroom that follows two things, and has stories of one night."""
    feeds = (_WIRE, _POST, _TIMES)
    with TemporaryDirectory() as directory:
        database = await Database.open(f"sqlite+aiosqlite:///{Path(directory) / 'news.db'}")
        try:
            stored = await _publish(database, now)
            desk = Desk(
                store=database,
                clock=Clock(now),
                zone=zone,
                catalog=lambda: Catalog(feeds, tuple(topics)),
            )
            person = Person(user="U1", workspace=Workspace(Platform.SLACK, ""), manages=_no)
            newsroom = Newsroom(
                all_commands(desk, platforms=frozenset(Platform)),
                person,
                tuple(_gathered(stored, topics, now)),
            )
            for line in (
                "subscribe ai-safety weekdays 08:30 quiet 22:00-07:00",
                "subscribe tariffs AND China",
            ):
                await newsroom.press(await newsroom.ask(line), "Confirm")
            yield newsroom
        finally:
            await database.close()


async def _publish(database: Database, now: datetime) -> Sequence[StoredEntry]:
    stored: list[StoredEntry] = []
    async with database.begin() as transaction:
        for age, feed, title, tag in _STORIES:
            await transaction.feeds.add([feed.url], due_at=now)
            ids: Mapping[str, int] = await transaction.feeds.ids([feed.url])
            at = now - timedelta(minutes=age)
            page = f"{feed.url.rpartition('/')[0]}/2026/{age}"
            entry = Entry(title=title, guid=page, url=page, tags=(slug(tag),), published=at)
            fresh = identify((entry,), seen_at=at, feed_link=None)
            stored += await transaction.entries.add(
                feed, ids[feed.url], fresh, standing=Standing.NEWS, now=at
            )
    return stored


def _gathered(
    stored: Sequence[StoredEntry], topics: Sequence[Topic], now: datetime
) -> Sequence[Gathered]:
    router = Router(topics, platforms=frozenset(Platform))
    return [
        Gathered(alert=compose_alert(one, reasons), kept_at=now - _NIGHT)
        for one in stored
        if (reasons := router.match(one).reasons)
    ]


def _is_reply(answer: object) -> Reply:
    if not isinstance(answer, Reply):
        raise TypeError(f"a reply was to be drawn, not {answer!r}")
    return answer
