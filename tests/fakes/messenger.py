"""A chat platform in memory."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.channel import Channel, Platform
from bot.domain.message import Message, MessageRef
from bot.errors import DeliveryError
from bot.ports import Finding


@dataclass(frozen=True, slots=True)
class Fault:
    """One post that goes wrong.

    Attributes:
        error: What the caller is told.
        accepted: Whether the message was posted all the same.
    """

    error: Exception
    accepted: bool = False


class FakeMessenger:
    """Implements `bot.ports.Messenger`; keeps channels' histories and follows a script of faults.

    Attributes:
        posted: Every message accepted, by channel, in order, with its nonce.
        faults: The next posts' fates by channel, in order; posts beyond the script succeed.
        blind: What `find` raises; None where history can be read.
        down: What every post raises, none being accepted; None where the platform works.
        before: Until when the last post was to be begun.
        nonce: Of the last post.
        known: Of which message the last look was told that it stands there.
        thread: In whose thread the last message was to stand.
        posts: How often a post was tried.
        looks: How often history was read.
    """

    def __init__(
        self, platform: Platform = Platform.SLACK, *, pace: timedelta = timedelta()
    ) -> None:
        self._platform = platform
        self._pace = pace
        self.posted: dict[Channel, list[tuple[str, Message]]] = defaultdict(list)
        self.faults: dict[Channel, list[Fault]] = defaultdict(list)
        self.blind: DeliveryError | None = None
        self.down: DeliveryError | None = None
        self.before: datetime | None = None
        self.nonce = ""
        self.known: MessageRef | None = None
        self.thread: MessageRef | None = None
        self.posts = 0
        self.looks = 0

    @property
    def platform(self) -> Platform:
        return self._platform

    @property
    def pace(self) -> timedelta:
        return self._pace

    def messages(self, channel: Channel) -> list[Message]:
        """What a reader of a channel sees."""
        return [message for _, message in self.posted[channel]]

    async def post(
        self,
        channel: Channel,
        message: Message,
        *,
        nonce: str,
        before: datetime | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef:
        self.posts += 1
        self.nonce, self.before, self.thread = nonce, before, thread
        if self.down is not None:
            raise self.down
        fault = self.faults[channel].pop(0) if self.faults[channel] else None
        if fault is None or fault.accepted:
            self.posted[channel].append((nonce, message))
        if fault is not None:
            raise fault.error
        return self._ref(channel)

    async def find(
        self,
        channel: Channel,
        *,
        nonce: str,
        message: Message,
        since: datetime,
        known: MessageRef | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef | None:
        del message, since
        self.looks += 1
        self.known, self.thread = known, thread
        if self.blind is not None:
            raise self.blind
        is_there = any(nonce == posted for posted, _ in self.posted[channel])
        return self._ref(channel) if is_there else None

    async def check(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        return [Finding(ok=True, what=f"{channel}: well") for channel in channels]

    async def close(self) -> None:
        return None

    def _ref(self, channel: Channel) -> MessageRef:
        return MessageRef(id=str(len(self.posted[channel])), channel=channel.id)
