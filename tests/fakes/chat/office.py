"""Office: newsbot as it is assembled, a wire that publishes, and people at their chats."""

import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from bot.bootstrap import Newsbot, Reader, _newsbot
from bot.commands.core import Commands
from bot.domain.catalog import Catalog
from bot.domain.channel import Channel
from bot.domain.feed import Feed
from bot.domain.topic import Topic
from bot.feeds.fetch import HttpFetcher
from bot.feeds.guard import Guard
from bot.platforms import open_messengers
from bot.query.syntax import parse
from bot.settings import load_settings
from bot.storage.database import Database
from tests.fakes.chat.discord import DiscordChat, commands_of
from tests.fakes.chat.member import Chat, Everywhere
from tests.fakes.chat.screen import Screen, summed
from tests.fakes.chat.simcord import SimcordChat
from tests.fakes.clock import FakeClock
from tests.fakes.house import LOOPBACK, InlineParser
from tests.fakes.publisher import Publisher

HOUR = timedelta(hours=1)
_ROUND = timedelta(minutes=80)
"""Longer than newsbot leaves any feed alone that answers."""
_T = TypeVar("_T")


class PassingClock(FakeClock):
    """A clock by which whoever sleeps has slept: the pace between two messages."""

    async def sleep(self, seconds: float) -> None:
        self.advance(timedelta(seconds=seconds))


class Office:
    """One newsbot, its world, and who asks it.

    Attributes:
        clock: The time.
        publisher: Publishes feeds.
        wire: The feed of feeds.yaml, named Wire.
        ada: Who asks.
        mate: Somebody else in the channel.
        lead: Who manages newsbot.
        topics: Those of the rule files, in force from the next start.
        feeds: Those of feeds.yaml, likewise.
        newsbot: At work.
    """

    newsbot: Newsbot

    def __init__(
        self,
        chats: Sequence[Chat],
        directory: Path,
        clock: FakeClock,
        publisher: Publisher,
        *,
        restarts: bool,
    ) -> None:
        """Nothing runs yet.

        Args:
            chats: The platforms.
            directory: Where the database is, or will be.
            clock: The time.
            publisher: Publishes feeds.
            restarts: Whether newsbot ends and begins anew before each press and each sending.
        """
        self.clock = clock
        self.publisher = publisher
        self.wire = publisher.feed("/wire.xml")
        self.wire.publish("An old story")
        self._chats = chats
        self._life = AsyncExitStack()
        environ = {"DATABASE_URL": f"sqlite:///{directory / 'newsbot.db'}"}
        for chat in chats:
            environ |= chat.settings
        self._settings = load_settings(environ, directory)
        channels = self.channels
        self.topics: tuple[Topic, ...] = (
            Topic(name="us-china", title="US and China", query=parse("Beijing"), channels=channels),
            Topic(name="ferries", title="Ferries", query=parse("ferry")),
        )
        self.feeds: tuple[Feed, ...] = (Feed(url=self.wire.url, name="Wire"),)
        self.ada, self.mate, self.lead = (
            Everywhere(
                [chat.member(name) for chat in chats], self.restart if restarts else self._nothing
            )
            for name in ("ada", "mate", "lead")
        )

    @property
    def commands(self) -> Commands:
        """What can be asked."""
        return commands_of(self.newsbot)

    @property
    def discord(self) -> DiscordChat | SimcordChat:
        """The platform that proposes while somebody types."""
        (found,) = (one for one in self._chats if isinstance(one, DiscordChat | SimcordChat))
        return found

    @property
    def channels(self) -> tuple[Channel, ...]:
        """One a platform."""
        return tuple(chat.channel for chat in self._chats)

    async def begin(self) -> None:
        """Newsbot begins to work."""
        enter = self._life.enter_async_context
        store = await Database.open(self._settings.database_url.get_secret_value())
        self._life.push_async_callback(store.close)
        fetcher = HttpFetcher(guard=Guard([LOOPBACK]), user_agent="newsbot/test", clock=self.clock)
        self._life.push_async_callback(fetcher.close)
        messengers = await enter(
            open_messengers(self._settings, Console(file=io.StringIO()), self.clock, store)
        )
        self.newsbot = _newsbot(
            settings=self._settings,
            catalog=Catalog(self.feeds, self.topics),
            source=None,
            store=store,
            reader=Reader(fetcher, InlineParser()),
            messengers=messengers,
            clock=self.clock,
        )
        for chat in self._chats:
            await enter(chat.serving(self.newsbot))

    async def end(self) -> None:
        """Newsbot ends."""
        await self._life.aclose()
        self._life = AsyncExitStack()

    async def restart(self) -> None:
        """Newsbot ends, and another begins."""
        await self.end()
        await self.begin()

    async def _nothing(self) -> None:
        return

    async def round(self, after: timedelta = _ROUND) -> None:
        """Let time pass; then poll and send what is due."""
        self.clock.advance(after)
        await self.newsbot.rounds.poll_due()
        await self.newsbot.rounds.deliver_due()
        await self.newsbot.deliver.drain()

    async def reported(self, *titles: str) -> None:
        """The wire publishes these, time passes, and what alerts is posted."""
        for title in reversed(titles):
            self.wire.publish(title)
        await self.round()

    def card(self, headline: str) -> Screen:
        """The alert of this headline, as everybody sees it."""
        cards = [[one for one in chat.posted() if one.title == headline] for chat in self._chats]
        assert all(cards), f"{headline!r} is not among {self.posted()}"
        return summed([card[-1] for card in cards], alike=False)

    def posted(self) -> list[str]:
        """The headlines of what stands in the channel, the oldest first."""
        return self.everywhere(lambda chat: [one.title for one in chat.posted()])

    def everywhere(self, look: Callable[[Chat], _T]) -> _T:
        """What is to be seen on one platform, and is the same on the others."""
        first, *others = (look(chat) for chat in self._chats)
        assert all(other == first for other in others), (first, others)
        return first


@asynccontextmanager
async def office(
    chats: Sequence[Chat], directory: Path, clock: FakeClock, *, restarts: bool = False
) -> AsyncIterator[Office]:
    """Newsbot at work; see `Office`."""
    async with Publisher(clock, hosts=2) as publisher:
        made = Office(chats, directory, clock, publisher, restarts=restarts)
        await made.begin()
        try:
            await made.round()
            yield made
        finally:
            await made.end()
