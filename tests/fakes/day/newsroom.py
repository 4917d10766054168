"""Newsroom: the topics and channels of the simulated day, made-up news, and what arrives."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bot.domain.channel import Channel, Platform
from bot.domain.message import Message, MessageRef
from bot.domain.topic import Topic
from bot.query.tree import And, Not, Or, Tagged, Words
from tests.fakes.clock import FakeClock
from tests.fakes.messenger import FakeMessenger

SLACK_WORLD = Channel(Platform.SLACK, "C0WORLD")
SLACK_TECH = Channel(Platform.SLACK, "C0TECH")
DISCORD_WORLD = Channel(Platform.DISCORD, "1001")
DISCORD_TRADE = Channel(Platform.DISCORD, "1002")

TOPICS = (
    Topic(
        name="ports",
        title="Ports and shipping",
        query=Or((Words("harbour"), Words("container ship"))),
        channels=(SLACK_WORLD, DISCORD_WORLD),
    ),
    Topic(
        name="chips",
        title="Chip making",
        query=Or((Words("semiconductor"), Words("chip plant"))),
        channels=(SLACK_TECH,),
    ),
    Topic(
        name="tariffs",
        title="Tariffs",
        query=And((Words("tariff"), Not(Words("satire")))),
        channels=(SLACK_WORLD, DISCORD_TRADE),
    ),
    Topic(
        name="energy",
        title="Energy",
        query=Tagged("energy"),
        channels=(DISCORD_WORLD, DISCORD_TRADE),
    ),
)

_ON_TOPIC = {
    "ports": ("Harbour reopens after the storm", "Container ship runs aground"),
    "chips": ("Semiconductor exports rise", "Work begins on a chip plant"),
    "tariffs": ("Tariff on steel is halved", "Ministers agree on a tariff"),
    "energy": ("Power station goes on line", "Wind farm is approved"),
}
_OFF_TOPIC = (
    "Museum opens a new wing",
    "Library extends its hours",
    "Choir rehearses for the spring",
    "Council debates the bus fare",
    "Football club signs a keeper",
    "Bridge closes for a week",
    "Satire on a tariff fills the theatre",
    "Seaside walks, a new book",
    "Energy of the young, a portrait",
    "Crisp and chip prices rise",
)
_PLACES = ("Vantor", "Elmsee", "Port Ilva", "Karsund", "Monte Alba", "Oldhaven", "Tirelle")
_ONE_TOPIC, _TWO_TOPICS = 0.14, 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What an entry says.

    Attributes:
        title: Its own: no other entry of the day has it.
        summary: Two sentences.
        tags: The publisher's categories.
        topics: The names of the topics it is on.
    """

    title: str
    summary: str
    tags: tuple[str, ...]
    topics: frozenset[str]

    def channels(self) -> Mapping[Channel, frozenset[str]]:
        """The channels it must reach, each with the topics it must name there."""
        found: dict[Channel, set[str]] = defaultdict(set)
        for topic in TOPICS:
            if topic.name in self.topics:
                for channel in topic.channels:
                    found[channel].add(topic.name)
        return {channel: frozenset(names) for channel, names in found.items()}


def topics_of_the_hour(source: Random) -> frozenset[str]:
    """What an entry is on: mostly no topic, sometimes one, seldom two."""
    drawn = source.random()
    number = 2 if drawn < _TWO_TOPICS else 1 if drawn < _TWO_TOPICS + _ONE_TOPIC else 0
    return frozenset(source.sample(sorted(_ON_TOPIC), number))


def compose(source: Random, topics: frozenset[str], *, number: int) -> Text:
    """Make up news.

    Args:
        source: Of chance.
        topics: What it is to be on.
        number: Makes the title unique.
    """
    place = source.choice(_PLACES)
    told = [source.choice(_ON_TOPIC[topic]) for topic in sorted(topics)]
    title = "; ".join(told or [source.choice(_OFF_TOPIC)])
    return Text(
        title=f"{title} in {place}, report {number}",
        summary=f"Residents of {place} were told on Monday. More is expected in report {number}.",
        tags=("Energy",) if "energy" in topics else ("General",),
        topics=topics,
    )


class TimedMessenger(FakeMessenger):
    """A chat platform in memory that notes when it accepted what.

    Attributes:
        times: For each channel, when each of the messages in `posted` was accepted.
    """

    def __init__(self, platform: Platform, clock: FakeClock) -> None:
        super().__init__(platform)
        self.times: dict[Channel, list[datetime]] = defaultdict(list)
        self._clock = clock

    async def post(
        self,
        channel: Channel,
        message: Message,
        *,
        nonce: str,
        before: datetime | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef:
        try:
            return await super().post(channel, message, nonce=nonce, before=before, thread=thread)
        finally:
            accepted = len(self.posted[channel]) - len(self.times[channel])
            self.times[channel] += [self._clock.now()] * accepted
