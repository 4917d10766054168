"""Lines: the live connections, and since when one is down."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.channel import Platform
from bot.ports import Clock, Connection


class Lines:
    """Remembers; a connection tells only how it is now."""

    def __init__(self, connections: Mapping[Platform, Connection], clock: Clock) -> None:
        """All of them count as down from now until they are seen up.

        Args:
            connections: By platform.
            clock: The time.
        """
        self._connections = connections
        self._clock = clock
        self._down = dict.fromkeys(connections, clock.now())

    @property
    def down(self) -> Mapping[Platform, datetime]:
        """Those that were down at the last look, with since when."""
        return self._down

    @property
    def all(self) -> Mapping[Platform, datetime | None]:
        """Each, with since when it was down at the last look; None where it was up."""
        return {platform: self._down.get(platform) for platform in self._connections}

    def look(self) -> Mapping[Platform, bool]:
        """How they are now, to be asked every few seconds."""
        up = {platform: connection.is_up for platform, connection in self._connections.items()}
        now = self._clock.now()
        self._down = {
            platform: self._down.get(platform, now) for platform, is_up in up.items() if not is_up
        }
        return up
