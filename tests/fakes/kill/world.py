"""World: outlets, a Slack and a Discord on loopback, a desk, and what must reach which channel."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from aiohttp import web

from bot.clock import SystemClock
from tests.fakes.discord import FakeChannel, FakeDiscord
from tests.fakes.feed import FakeFeed, Fault
from tests.fakes.kill.weather import POLL, DiscordWeather, SlackWeather, Weather
from tests.fakes.process import Desk
from tests.fakes.publisher import Publisher
from tests.fakes.slack import FakeSlack

_SYLLABLES = ("ka", "ri", "mo", "ten", "sul", "va", "dor", "lin", "pe", "gha", "os", "ur", "bri")
_WINDOW = 400
Line = tuple[str, str]
"""A channel as rules name it, and a headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How large a world is.

    Attributes:
        feeds: Outlets.
        topics: Each with channels of its own.
        channels: Of each topic, on each of the two platforms.
    """

    feeds: int = 12
    topics: int = 12
    channels: int = 2

    @property
    def alerts_a_story(self) -> int:
        """In how many channels a story has to come."""
        return 2 * self.channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the world comes to.

    Attributes:
        wanted: Alerts that had to come.
        lost: Those that did not.
        doubled: Those that came more than once.
        unasked: What came though nobody wanted it.
    """

    wanted: int
    lost: Sequence[Line]
    doubled: Sequence[Line]
    unasked: Sequence[Line]


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
    slack: FakeSlack
    discord: FakeDiscord
    feeds: Sequence[FakeFeed]
    weather: Weather
    chance: Random
    wanted: set[Line] = field(default_factory=set)
    _number: int = 0

    def publish(self) -> None:
        """One story, on one topic, in one outlet."""
        self._number += 1
        topic = self.chance.randrange(self.extent.topics)
        words = " ".join(_word(self.chance) for _ in range(5))
        headline = f"{topic_word(topic)} {words} {self._number}"
        self.chance.choice(self.feeds).publish(headline)
        self.wanted |= {(channel, headline) for channel in channels(self.extent, topic)}

    def accepted(self) -> Counter[Line]:
        """How often each alert stands in its channel."""
        count = Counter(
            (f"slack:{message.channel}", message.text.partition("\n")[0])
            for message in self.slack.messages
        )
        count.update(
            (f"discord:{message.channel}", str(message.payload["embeds"][0]["title"]))
            for message in self.discord.messages
        )
        return count

    def is_complete(self) -> bool:
        """Whether every alert has come."""
        return self.wanted <= self.accepted().keys()

    def account(self) -> Account:
        """Compare what came with what had to."""
        count = self.accepted()
        return Account(
            wanted=len(self.wanted),
            lost=sorted(self.wanted - count.keys()),
            doubled=sorted(line for line, times in count.items() if times > 1),
            unasked=sorted(count.keys() - self.wanted),
        )

    async def open_deliveries(self) -> int:
        """How many deliveries are not finished."""
        rows = await self.desk.sql(
            "SELECT count(*) FROM deliveries WHERE state NOT IN ('sent', 'dead', 'expired')"
        )
        return int(str(rows[0][0]))


def channels(extent: Extent, topic: int) -> list[str]:
    """A topic's channels, as rules name them."""
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
        slack = await stack.enter_async_context(FakeSlack(channels=()))
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
        }
        if database is not None:
            desk.environ["DATABASE_URL"] = database
        for topic in range(extent.topics):
            for channel in channels(extent, topic):
                platform, _, place = channel.partition(":")
                if platform == "slack":
                    slack.add_channel(place)
                else:
                    discord.add(FakeChannel(id=place))
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


def _watched(weather: Weather) -> Fault:
    async def answer(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
        weather.seen(POLL)
        return feed.answer(request)

    return answer


def _word(chance: Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))
