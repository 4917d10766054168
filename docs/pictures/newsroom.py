"""Newsroom: made-up stories in a real database, and what the real commands answer about them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from outlets import FEEDS, LATE, PUBLISHED, Lantern, Published, Reader, state

from bot.commands.all import all_commands
from bot.commands.card import card_buttons
from bot.commands.core import Commands
from bot.commands.desk import Desk
from bot.commands.reply import Answer, Button, Form, Reply
from bot.commands.request import Person, Press, Request
from bot.domain.alert import compose_alert
from bot.domain.catalog import Catalog
from bot.domain.channel import Channel, Platform, Workspace
from bot.domain.delivery import DeliveryState
from bot.domain.digest import Gathered, compose_digest
from bot.domain.entry import StoredEntry
from bot.domain.identity import identify
from bot.domain.message import Alert, Digest, MessageRef
from bot.domain.news import Standing
from bot.domain.topic import Topic
from bot.feeds.discover import named_feeds
from bot.ports.deliveries import Outgoing, Settlement
from bot.services.find_feed import FindFeed
from bot.services.route import Router
from bot.storage.database import Database

HERE = {
    Platform.SLACK: Channel(Platform.SLACK, "C0123ABCD"),
    Platform.DISCORD: Channel(Platform.DISCORD, "112233445566778899"),
}
_WORKSPACES = {
    Platform.SLACK: Workspace(Platform.SLACK),
    Platform.DISCORD: Workspace(Platform.DISCORD, "42"),
}
ANA = {Platform.SLACK: "U0123ABCD", Platform.DISCORD: "223344556677889900"}
_PRIVATE = Channel(Platform.SLACK, "D1")
_NIGHT = timedelta(hours=8)
_FOLLOWED = (
    "subscribe ai-safety weekdays 08:30 quiet 22:00-07:00",
    "subscribe tariffs AND China",
    "subscribe us-china",
)


async def _yes() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Clock:
    """Time that stands still."""

    at: datetime

    def now(self) -> datetime:
        """The time."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Return at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """What people ask there, and what waits there.

    Attributes:
        platform: Where they ask.
        topics: Those there are to follow.
        store: The database.
        clock: The time.
        commands: All of them.
        stored: What was published, the newest first.
    """

    platform: Platform
    topics: Sequence[Topic]
    store: Database
    clock: Clock
    commands: Commands
    stored: Sequence[StoredEntry]

    @property
    def here(self) -> Channel:
        """The channel that is asked from."""
        return HERE[self.platform]

    @property
    def person(self) -> Person:
        """Who asks."""
        workspace = _WORKSPACES[self.platform]
        return Person(user=ANA[self.platform], workspace=workspace, manages=_yes)

    async def ask(self, line: str) -> Reply:
        """The answer to a line typed behind `/news`."""
        verb, text = self.commands.split(line)
        return _reply(await self.commands.answer(self._request(verb, text)))

    async def press(self, reply: Reply, label: str) -> Answer:
        """The answer to a button of a reply, the first of that label."""
        shown = (*reply.buttons, *(button for row in reply.rows for button in row.buttons))
        return await self._press(next(one for one in shown if one.label == label))

    async def goes_on(self, reply: Reply, label: str) -> Reply:
        """Likewise, where that is a reply."""
        return _reply(await self.press(reply, label))

    async def press_card(self, alert: Alert, nonce: str, label: str) -> Answer:
        """The answer to a button under an alert."""
        return await self._press(
            next(one for one in card_buttons(alert, nonce) if one.label == label)
        )

    def form(self, verb: str) -> Form:
        """The window of a command typed alone."""
        form = self.commands.form(self._request(verb, ""))
        if form is None:
            raise ValueError(f"/news {verb} opens no window")
        return form

    async def home(self) -> Reply:
        """What stands on the bot's own page."""
        return await self.commands.home(self.person, _PRIVATE)

    def alert(self, stored: StoredEntry) -> Alert:
        """The alert of a story."""
        router = Router(self.topics, platforms=frozenset(Platform))
        return compose_alert(stored, router.match(stored).reasons)

    async def posted(self, stored: StoredEntry) -> tuple[Alert, str]:
        """The alert of a story as it stands in the channel, and its delivery's nonce."""
        alert, now = self.alert(stored), self.clock.now()
        outgoing = Outgoing(
            channel=self.here,
            key=f"story:{stored.story_id}",
            message=alert,
            story_id=stored.story_id,
        )
        async with self.store.begin() as transaction:
            await transaction.deliveries.add([outgoing], now=now)
            claim = await transaction.deliveries.claim(
                self.here, now=now, lease=timedelta(minutes=2)
            )
            if claim is None:
                raise ValueError(f"{outgoing.key} was posted before")
            sent = Settlement(state=DeliveryState.SENT, ref=MessageRef("1", self.here.id))
            await transaction.deliveries.settle(claim, sent, now=now)
        return alert, claim.delivery.nonce

    def digest(self, number: int | None = None) -> Digest:
        """What came in overnight in one message, or the first so many of it."""
        return self.digests(self.gathered()[:number])[0]

    def digests(self, gathered: Sequence[Gathered]) -> Sequence[Digest]:
        """The pages of a digest."""
        return compose_digest(gathered)

    def gathered(self) -> Sequence[Gathered]:
        """What came in overnight for a topic, each story once."""
        since = self.clock.now() - _NIGHT
        found: dict[int, Gathered] = {}
        for one in self.stored:
            alert = self.alert(one)
            if alert.reasons and alert.published >= since:
                found.setdefault(one.story_id, Gathered(alert=alert, kept_at=since))
        return tuple(found.values())

    async def _press(self, button: Button) -> Answer:
        return await self.commands.press(
            Press(
                action=button.action,
                argument=button.argument,
                channel=self.here,
                person=self.person,
            )
        )

    def _request(self, verb: str, text: str) -> Request:
        return Request(verb=verb, text=text, channel=self.here, person=self.person)


@asynccontextmanager
async def opened(
    platform: Platform, topics: Sequence[Topic], now: datetime, zone: ZoneInfo
) -> AsyncIterator[Newsroom]:
    """A newsroom that follows three things, and has stories of ten days."""
    with TemporaryDirectory() as directory:
        store = await Database.open(f"sqlite+aiosqlite:///{Path(directory) / 'news.db'}")
        try:
            clock = Clock(now)
            desk = Desk(
                store=store,
                clock=clock,
                zone=zone,
                catalog=lambda: Catalog(FEEDS, tuple(topics)),
                find_feed=FindFeed(fetcher=Lantern(), parser=Reader(), links=named_feeds),
            )
            newsroom = Newsroom(
                platform=platform,
                topics=topics,
                store=store,
                clock=clock,
                commands=all_commands(desk, platforms=frozenset(Platform)),
                stored=await _publish(store, topics, now),
            )
            for line in _FOLLOWED:
                await newsroom.press(await newsroom.ask(line), "Confirm")
            yield newsroom
        finally:
            await store.close()


async def _publish(
    store: Database, topics: Sequence[Topic], now: datetime
) -> Sequence[StoredEntry]:
    """Everything published, taken in when it was; gives it, the newest first."""
    stored: list[StoredEntry] = []
    router = Router(topics, platforms=frozenset(Platform))
    urls = [feed.url for feed in FEEDS]
    async with store.begin() as transaction:
        await transaction.feeds.add(urls, due_at=now)
        ids = await transaction.feeds.ids(urls)
        for known in await transaction.feeds.all():
            if known.url != LATE.url:
                await transaction.feeds.save(state(known, now))
        await transaction.heartbeats.beat("made up", started_at=now, now=now)
        for one in sorted(PUBLISHED, key=_age, reverse=True):
            at = now - timedelta(minutes=one.age)
            fresh = identify((one.entry(now),), seen_at=at, feed_link=None)
            added = await transaction.entries.add(
                one.feed, ids[one.feed.url], fresh, standing=Standing.NEWS, now=at
            )
            for entry in added:
                reasons = router.match(entry).reasons
                await transaction.entries.add_matches(entry.entry_id, reasons, now=at)
            stored += added
    return stored[::-1]


def _age(one: Published) -> int:
    return one.age


def _reply(answer: Answer) -> Reply:
    if not isinstance(answer, Reply):
        raise TypeError(f"a reply was to be drawn, not {answer!r}")
    return replace(answer)
