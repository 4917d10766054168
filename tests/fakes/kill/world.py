"""World: outlets, a Slack and a Discord on loopback, a desk, and what must reach which channel."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from bot.clock import SystemClock
from bot.domain.address import read_channel
from bot.domain.cadence import Cadence
from bot.domain.channel import Workspace
from bot.domain.subscription import Following
from bot.errors import StorageError
from bot.storage.database import Database
from tests.fakes.discord import FakeChannel, FakeDiscord
from tests.fakes.feed import FakeFeed, Fault
from tests.fakes.kill.inquest import Doubled
from tests.fakes.kill.standing import Line, Standing, on_discord, on_slack
from tests.fakes.kill.weather import POLL, DiscordWeather, SlackWeather, Weather
from tests.fakes.process import Desk
from tests.fakes.publisher import Publisher
from tests.fakes.slack import FakeSlack

_SYLLABLES = ("ka", "ri", "mo", "ten", "sul", "va", "dor", "lin", "pe", "gha", "os", "ur", "bri")
_WINDOW = 400
_BURST = "3/10s"
_KEPT_FOR = timedelta(hours=3)
_TO_LAY = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How large a world is.

    Attributes:
        feeds: Outlets.
        topics: Each with channels of its own.
        channels: Of each topic, on each of the two platforms, told at once.
        digests: Likewise, told in digests.
    """

    feeds: int = 12
    topics: int = 12
    channels: int = 2
    digests: int = 1

    @property
    def alerts_a_story(self) -> int:
        """In how many channels a story has to come."""
        return 2 * (self.channels + self.digests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the world comes to.

    Attributes:
        wanted: Alerts that had to come.
        listed: How many of them came in a digest.
        lost: Those that did not.
        doubled: Those that came more than once.
        unasked: What came though nobody wanted it.
    """

    wanted: int
    listed: int
    lost: Sequence[Line]
    doubled: Sequence[Doubled]
    unasked: Sequence[Line]


class WatchedSlack(FakeSlack):
    """A Slack that knows when newsbot looked into which channel.

    Attributes:
        looks: Channel and time of each history given.
    """

    def __init__(self) -> None:
        super().__init__(channels=())
        self.looks: list[tuple[str, datetime]] = []

    def _history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.looks.append((arguments["channel"], datetime.now(UTC)))
        return super()._history(arguments)


@dataclass(kw_only=True)
class World:
    """Everything around newsbot.

    Attributes:
        extent: How large it is.
        desk: Where newsbot is configured.
        slack: Where messages go.
        discord: Where messages go.
        feeds: What is watched.
        weather: What goes wrong.
        chance: The source of chance.
        wanted: Every alert that has to come.
    """

    extent: Extent
    desk: Desk
    slack: WatchedSlack
    discord: FakeDiscord
    feeds: Sequence[FakeFeed]
    weather: Weather
    chance: Random
    wanted: set[Line] = field(default_factory=set)
    _number: int = 0

    def publish(self, topic: int) -> None:
        """One story, on this topic, in one outlet."""
        self._number += 1
        words = " ".join(_word(self.chance) for _ in range(5))
        headline = f"{topic_word(topic)} {words} {self._number}"
        self.chance.choice(self.feeds).publish(headline)
        told = (*channels(self.extent, topic), *digest_channels(self.extent, topic))
        self.wanted |= {(channel, headline) for channel in told}

    async def gather(self) -> None:
        """Let every digest be due now, an hour being long: what it holds was kept before."""
        earlier = f"{SystemClock().now() - _KEPT_FOR:%Y-%m-%d %H:%M:%S}"
        # Deadlocked with newsbot, or no connection left: they are due by the next call.
        with suppress(DBAPIError, StorageError):
            await self.desk.sql(
                f"UPDATE deliveries SET due_at = '{earlier}', created_at = '{earlier}'"  # noqa: S608 - our own
                " WHERE state = 'gathering'"
            )

    def standing(self) -> Sequence[Standing]:
        """All alerts that the two platforms accepted."""
        return [*on_slack(self.slack.messages), *on_discord(self.discord.messages)]

    def is_complete(self) -> bool:
        """Whether every alert has come."""
        return self.wanted <= {one.line for one in self.standing()}

    def account(self) -> Account:
        """Compare what came with what had to."""
        came: dict[Line, list[Standing]] = defaultdict(list)
        for one in self.standing():
            came[one.line].append(one)
        return Account(
            wanted=len(self.wanted),
            listed=sum(one.listed for ones in came.values() for one in ones),
            lost=sorted(self.wanted - came.keys()),
            doubled=[self._doubled(ones) for _, ones in sorted(came.items()) if len(ones) > 1],
            unasked=sorted(came.keys() - self.wanted),
        )

    def _doubled(self, standing: Sequence[Standing]) -> Doubled:
        line = standing[0].line
        return Doubled(
            line=line,
            standing=sorted(standing, key=lambda one: one.at),
            looks=[at for channel, at in self.slack.looks if line[0] == f"slack:{channel}"],
        )

    async def open_deliveries(self) -> int:
        """How many deliveries are not finished."""
        rows = await self.desk.sql(
            "SELECT count(*) FROM deliveries"
            " WHERE state NOT IN ('sent', 'gathered', 'dead', 'expired')"
        )
        return int(str(rows[0][0]))


def digest_channels(extent: Extent, topic: int) -> list[str]:
    """The channels that follow a topic in digests."""
    numbers = range(topic * extent.digests, (topic + 1) * extent.digests)
    return [f"slack:C0D{n:03}" for n in numbers] + [f"discord:{800_000 + n}" for n in numbers]


def channels(extent: Extent, topic: int) -> list[str]:
    """A topic's channels that are told at once, as rules name them."""
    numbers = range(topic * extent.channels, (topic + 1) * extent.channels)
    return [f"slack:C0K{n:03}" for n in numbers] + [f"discord:{700_000 + n}" for n in numbers]


def topic_word(topic: int) -> str:
    """The word by which a topic's stories are known."""
    return f"Quarter{chr(ord('a') + topic)}x"


@asynccontextmanager
async def world(
    directory: Path, *, extent: Extent, weather: Weather, lease: timedelta, database: str | None
) -> AsyncIterator[World]:
    """Build everything and take it down again.

    Args:
        directory: For the desk; empty.
        extent: How large.
        weather: What goes wrong; its chance is the world's too.
        lease: How long newsbot may take to post what it has begun to post.
        database: Its address; SQLite in the desk's directory where None.
    """
    async with AsyncExitStack() as stack:
        publisher = await stack.enter_async_context(Publisher(SystemClock(), hosts=extent.feeds))
        slack = await stack.enter_async_context(WatchedSlack())
        discord = await stack.enter_async_context(FakeDiscord())
        slack.faults, discord.faults = SlackWeather(weather), DiscordWeather(weather)
        feeds = [publisher.feed("/feed.xml", host=number) for number in range(extent.feeds)]
        for feed in feeds:
            feed.window = _WINDOW
            feed.publish("An old story")
            feed.fault = _watched(weather)
        desk = _desk(directory, extent, feeds)
        desk.environ |= {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "NEWSBOT_SLACK_API_URL": slack.api_url,
            "DISCORD_TOKEN": discord.token,
            "NEWSBOT_DISCORD_API_URL": discord.api_url,
            "NEWSBOT_DISCORD_GATEWAY_URL": discord.gateway_url,
            "NEWSBOT_LEASE": f"{lease.total_seconds():.0f}s",
            "NEWSBOT_BURST": _BURST,
        }
        if database is not None:
            desk.environ["DATABASE_URL"] = database
        for topic in range(extent.topics):
            for channel in (*channels(extent, topic), *digest_channels(extent, topic)):
                platform, _, place = channel.partition(":")
                if platform == "slack":
                    slack.add_channel(place)
                else:
                    discord.add(FakeChannel(id=place))
        await _follow(desk, extent)
        yield World(
            extent=extent,
            desk=desk,
            slack=slack,
            discord=discord,
            feeds=feeds,
            weather=weather,
            chance=weather.chance,
        )


def _desk(directory: Path, extent: Extent, feeds: Sequence[FakeFeed]) -> Desk:
    desk = Desk(directory, {"NEWSBOT_ALLOW_PRIVATE_FEEDS": "127.0.0.0/8"})
    desk.feeds({f"Outlet {number}": feed.url for number, feed in enumerate(feeds)}, interval="30s")
    for topic in range(extent.topics):
        word = topic_word(topic)
        desk.rule(word.lower(), any=[word], channels=channels(extent, topic))
    return desk


async def _follow(desk: Desk, extent: Extent) -> None:
    """Subscribe the channels that are told in digests."""
    # By a process of its own: Alembic lays one database at a time in a process.
    laid = await desk.run("migrate", within=_TO_LAY)
    assert laid.code == 0, laid.err
    store = await Database.open(desk.database, migrate=False)
    now = SystemClock().now()
    async with store.begin() as transaction:
        for topic in range(extent.topics):
            hourly = Following(
                topic=topic_word(topic).lower(), cadence=Cadence(), zone=ZoneInfo("UTC")
            )
            for channel in map(read_channel, digest_channels(extent, topic)):
                await transaction.subscriptions.add(
                    Workspace(channel.platform), channel, hourly, created_by="U1", now=now
                )
    await store.close()


def _watched(weather: Weather) -> Fault:
    async def answer(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        weather.seen(POLL)
        return feed.answer(request)

    return answer


def _word(chance: Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))
