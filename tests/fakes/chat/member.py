"""Member: somebody in a channel that newsbot is in, at their Slack or Discord."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.bootstrap import Newsbot
from bot.domain.channel import Channel
from tests.fakes.chat.screen import Screen, summed


class Member(Protocol):
    """Does something with newsbot; gives what they then see."""

    async def asks(self, line: str, **options: str) -> Screen:
        """`/news` and this; where each option is a field of its own, `options` are filled in."""
        ...

    async def presses(self, screen: Screen, label: str, nth: int = 0) -> Screen:
        """A button; gives what they alone see of it."""
        ...

    async def redraws(self, card: Screen, label: str) -> Screen:
        """A button that changes an alert for everybody; gives the alert."""
        ...

    async def fills(self, window: Screen, **values: str) -> Screen:
        """A window, and sends it; what is not named keeps what stood there."""
        ...


class Chat(Protocol):
    """A platform with a channel."""

    @property
    def channel(self) -> Channel:
        """The channel."""
        ...

    @property
    def settings(self) -> Mapping[str, str]:
        """What newsbot needs to be told to work there, as environment variables."""
        ...

    def serving(self, newsbot: Newsbot) -> AbstractAsyncContextManager[None]:
        """Newsbot reached by the platform until the block ends."""
        ...

    def member(self, name: str) -> Member:
        """`ada` or `mate`, or `lead`, who manages newsbot."""
        ...

    def posted(self) -> Sequence[Screen]:
        """What stands in the channel, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Everywhere:
    """A `Member` of several platforms, who does all on each and sees the same.

    Attributes:
        members: One a platform.
        before: What happens before anything is done with what stands there.
    """

    members: Sequence[Member]
    before: Callable[[], Awaitable[None]]

    async def asks(self, line: str, **options: str) -> Screen:
        return summed([await member.asks(line, **options) for member in self.members])

    async def presses(
        self, screen: Screen, label: str, nth: int = 0, *, alike: bool = True
    ) -> Screen:
        await self.before()
        pairs = zip(self.members, screen.parts, strict=True)
        seen = [await member.presses(part, label, nth) for member, part in pairs]
        return summed(seen, alike=alike)

    async def redraws(self, card: Screen, label: str) -> Screen:
        await self.before()
        pairs = zip(self.members, card.parts, strict=True)
        drawn = [await member.redraws(part, label) for member, part in pairs]
        return summed(drawn, alike=False)

    async def fills(self, window: Screen, **values: str) -> Screen:
        await self.before()
        pairs = zip(self.members, window.parts, strict=True)
        return summed([await member.fills(part, **values) for member, part in pairs])
