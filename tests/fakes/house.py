"""The bot's use cases with a made-up world around them: real HTTP, parser and database."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network

from bot.domain.burst import Burst
from bot.domain.catalog import Catalog
from bot.domain.channel import CONSOLE, Channel, Platform
from bot.domain.entry import ParsedFeed
from bot.domain.feed import Feed, PollBounds
from bot.domain.message import Alert, Digest, Notice
from bot.domain.topic import Topic
from bot.feeds.fetch import HttpFetcher
from bot.feeds.guard import Guard
from bot.feeds.parse import parse_document
from bot.ports import CatalogSource, Messenger, Parser
from bot.ports.store import Store
from bot.query.tree import Or, Tagged, Words
from bot.services.curate import Curate
from bot.services.deliver import Deliver
from bot.services.housekeep import Housekeeping
from bot.services.outages import Outages
from bot.services.poll_feed import Poll, PollFeed
from bot.services.rounds import Rounds
from bot.services.send_digest import SendDigests
from tests.fakes.clock import FakeClock
from tests.fakes.messenger import FakeMessenger

LOOPBACK = ip_network("127.0.0.0/8")
US_CHINA = Channel(Platform.SLACK, "C0USCHINA")
AI_SAFETY = Channel(Platform.DISCORD, "1001")
BOTH = Channel(Platform.SLACK, "C0BOTH")
TOPICS = (
    Topic(
        name="us-china",
        title="US and China",
        query=Or((Tagged("us-china"), Words("Beijing"))),
        channels=(US_CHINA, BOTH),
    ),
    Topic(
        name="ai-safety",
        title="AI safety",
        query=Or((Tagged("ai-safety"), Words("AI safety"))),
        channels=(AI_SAFETY, BOTH),
    ),
)
DAY = timedelta(days=1)


class InlineParser:
    """Implements `bot.ports.Parser` with the real parser, in this process."""

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "",
        known: frozenset[bytes] = frozenset(),
    ) -> ParsedFeed:
        return parse_document(body, url=url, content_type=content_type, known=known)


class House:
    """One newsbot.

    Attributes:
        clock: Its time.
        store: Its database.
        slack: Where Slack's messages go.
        discord: Where Discord's messages go.
        console: Where the ops channel is.
        rounds: What it does again and again.
        deliver: Its sender.
        housekeeping: Its sweeper.
        curate: Its backfill, release and discard.
    """

    def __init__(
        self,
        store: Store,
        clock: FakeClock,
        fetcher: HttpFetcher,
        catalog: Catalog,
        *,
        source: CatalogSource | None,
        parser: Parser,
        burst: Burst | None,
    ) -> None:
        self.clock = clock
        self.store = store
        self.slack = FakeMessenger(Platform.SLACK)
        self.discord = FakeMessenger(Platform.DISCORD)
        self.console = FakeMessenger(Platform.CONSOLE)
        messengers: Mapping[Platform, Messenger] = {
            one.platform: one for one in (self.slack, self.discord, self.console)
        }
        self.deliver = Deliver(store=store, messengers=messengers, clock=clock, ops=CONSOLE)
        self.rounds = Rounds(
            catalog=catalog,
            source=source,
            store=store,
            poll_feed=PollFeed(
                store=store,
                fetcher=fetcher,
                parser=parser,
                clock=clock,
                outages=Outages(store=store, clock=clock, ops=CONSOLE),
                ops=CONSOLE,
                spread=lambda: 0.0,
            ),
            deliver=self.deliver,
            digests=SendDigests(store=store, clock=clock, burst=burst),
            clock=clock,
            ops=CONSOLE,
            platforms=frozenset(messengers),
        )
        self.housekeeping = Housekeeping(
            store=store, clock=clock, ops=CONSOLE, expiry=DAY, retention=90 * DAY
        )
        self.curate = Curate(store=store, clock=clock)

    async def round(self, after: timedelta = timedelta()) -> Sequence[Poll]:
        """Let time pass; then poll and send what is due."""
        self.clock.advance(after)
        polls = await self.rounds.poll_due()
        await self.rounds.deliver_due()
        await self.deliver.drain()
        return polls

    def alerts(self, channel: Channel) -> list[Alert]:
        """The alerts a channel's readers see."""
        messenger = {Platform.SLACK: self.slack, Platform.DISCORD: self.discord}
        found = messenger.get(channel.platform, self.console).messages(channel)
        return [message for message in found if isinstance(message, Alert)]

    def headlines(self, channel: Channel) -> list[str]:
        """Their headlines."""
        return [alert.headline for alert in self.alerts(channel)]

    def digests(self, channel: Channel) -> list[Digest]:
        """The digests a channel's readers see."""
        messenger = {Platform.SLACK: self.slack, Platform.DISCORD: self.discord}
        found = messenger.get(channel.platform, self.console).messages(channel)
        return [message for message in found if isinstance(message, Digest)]

    def notices(self) -> list[Notice]:
        """What the ops channel was told."""
        return [one for one in self.console.messages(CONSOLE) if isinstance(one, Notice)]


@asynccontextmanager
async def house(
    store: Store,
    clock: FakeClock,
    *urls: str,
    topics: Sequence[Topic] = TOPICS,
    bounds: PollBounds | None = None,
    source: CatalogSource | None = None,
    parser: Parser | None = None,
    patience: float = 5.0,
    burst: Burst | None = None,
) -> AsyncIterator[House]:
    """A newsbot that watches these feeds; a fetch may take `patience` seconds."""
    fetcher = HttpFetcher(
        guard=Guard([LOOPBACK]), user_agent="newsbot/test", clock=clock, timeout=patience
    )
    feeds = tuple(
        Feed(url=url, name=f"Outlet {number}", bounds=bounds or PollBounds())
        for number, url in enumerate(urls, 1)
    )
    try:
        yield House(
            store,
            clock,
            fetcher,
            Catalog(feeds, tuple(topics)),
            source=source,
            parser=parser or InlineParser(),
            burst=burst,
        )
    finally:
        await fetcher.close()
