"""People asking: commands over a real store, typed as in Slack and pressed as anywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.commands.all import all_commands
from bot.commands.core import Commands
from bot.commands.desk import Desk
from bot.commands.reply import Button, Reply
from bot.commands.request import Person, Press, Request
from bot.domain.catalog import Catalog
from bot.domain.channel import Channel, Platform
from bot.domain.entry import Entry, StoredEntry
from bot.domain.feed import Feed, FeedState
from bot.domain.news import Standing
from bot.domain.topic import Topic
from bot.ports import Messenger
from bot.ports.chat import AddedFeed
from bot.query.slug import slug
from bot.query.syntax import parse
from bot.services.find_feed import FindFeed
from bot.services.route import Router, publish
from bot.storage.database import Database
from tests.fakes.clock import START, FakeClock
from tests.fakes.news import POST, WIRE, identified
from tests.fakes.people import person

HERE = Channel(Platform.SLACK, "C1", "T1")
DESK = person("U1", platform=Platform.SLACK, workspace="T1")
THERE = Channel(Platform.SLACK, "C2", "T2")
STRANGER = person("U2", platform=Platform.SLACK, workspace="T2")
TOPICS = (
    Topic(
        name="us-china",
        title="US and China",
        description="Trade, chips and Taiwan.",
        query=parse("Beijing OR (tariff China)"),
        channels=(HERE, THERE),
    ),
    Topic(name="ferries", title="Ferries", query=parse("ferry -fog"), channels=(THERE,)),
)
TOWN = Feed(url="https://town.example/feed", name="Town Crier")
"""Added by the strangers."""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What people ask, and what they ask it of.

    Attributes:
        store: The database.
        clock: The time.
        feeds: Those of feeds.yaml.
        topics: Those of the rule files.
        zone: Of the desk.
        messengers: That can be asked about a channel, by platform.
        find_feed: Looks at addresses that people give.
        anyone_subscribes: Whether people who do not manage may subscribe.
    """

    store: Database
    clock: FakeClock
    feeds: tuple[Feed, ...] = (WIRE, POST)
    topics: tuple[Topic, ...] = TOPICS
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    messengers: Mapping[Platform, Messenger] = field(default_factory=dict)
    find_feed: FindFeed | None = None
    anyone_subscribes: bool = True

    @property
    def commands(self) -> Commands:
        """All of them."""
        desk = Desk(
            store=self.store,
            clock=self.clock,
            zone=self.zone,
            catalog=lambda: Catalog(self.feeds, self.topics),
            messengers=self.messengers,
            find_feed=self.find_feed,
            anyone_subscribes=self.anyone_subscribes,
        )
        return all_commands(desk, platforms=frozenset(Platform))

    async def publish(
        self,
        *titles: str,
        feed: Feed = WIRE,
        at: datetime = START,
        standing: Standing = Standing.NEWS,
        page: str | None = None,
    ) -> Sequence[StoredEntry]:
        """Let a feed have had these, the first of them the newest, a minute apart; none alerts."""
        host = slug(feed.name)
        fresh = [
            Entry(
                title=title,
                guid=f"{host}-{title}",
                url=page or f"https://{host}.example/{slug(title)}",
                published=at - number * timedelta(minutes=1),
            )
            for number, title in enumerate(titles)
        ]
        async with self.store.begin() as transaction:
            await transaction.feeds.add([feed.url], due_at=START)
            row = (await transaction.feeds.ids([feed.url]))[feed.url]
            return await transaction.entries.add(
                feed, row, identified(*fresh), standing=standing, now=self.clock.now()
            )

    async def route(self, *stored: StoredEntry) -> None:
        """Let these alert whoever follows them."""
        routing = Router(
            self.topics, platforms=frozenset(Platform), shared=[feed.url for feed in self.feeds]
        )
        async with self.store.begin() as transaction:
            await publish(transaction, routing, stored, now=self.clock.now())

    async def let_strangers_add(self, feed: Feed = TOWN) -> None:
        """Let the other workspace add a feed of its own."""
        async with self.store.begin() as transaction:
            await transaction.added_feeds.add(
                AddedFeed(
                    workspace=STRANGER.workspace,
                    url=feed.url,
                    name=feed.name,
                    added_by=STRANGER.user,
                    added_at=START,
                )
            )

    async def set_state(self, feed: Feed, **values: object) -> None:
        """Let polling remember this of a feed."""
        async with self.store.begin() as transaction:
            await transaction.feeds.add([feed.url], due_at=START)
            state = await transaction.feeds.get(feed.url)
            assert isinstance(state, FeedState)
            await transaction.feeds.save(replace(state, **values))  # type: ignore[arg-type]

    async def ask(self, line: str, *, who: Person = DESK, channel: Channel = HERE) -> Reply:
        """What is answered to a line typed behind `/news`."""
        commands = self.commands
        verb, text = commands.split(line)
        answer = await commands.answer(Request(verb=verb, text=text, channel=channel, person=who))
        assert isinstance(answer, Reply)
        return answer

    async def press(self, button: Button, *, who: Person = DESK, channel: Channel = HERE) -> Reply:
        """What is answered to a button."""
        answer = await self.commands.press(
            Press(action=button.action, argument=button.argument, channel=channel, person=who)
        )
        assert isinstance(answer, Reply)
        return answer


def headlines(reply: Reply) -> list[str]:
    """The titles of a reply's rows."""
    return [row.title for row in reply.rows]


def button(reply: Reply, label: str) -> Button:
    """The button of this label beneath a reply."""
    return next(one for one in reply.buttons if one.label == label)


def labels(reply: Reply) -> list[str]:
    """The labels of the buttons beneath a reply."""
    return [one.label for one in reply.buttons]
