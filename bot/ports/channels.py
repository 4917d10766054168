"""Channels: which are served and which are set aside, as the use cases ask for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.channel import Channel


class ChannelStore(Protocol):
    """Channels that alerts go to."""

    async def set_aside(
        self, channel: Channel, *, reason: str, now: datetime, retry_at: datetime
    ) -> bool:
        """Send nothing to a channel until then; gives whether it was not set aside before."""
        ...

    async def restore(self, channel: Channel) -> bool:
        """Take a channel up again; gives whether it had been set aside."""
        ...

    async def all_set_aside(self) -> Mapping[Channel, str]:
        """The channels set aside, each with the reason."""
        ...
