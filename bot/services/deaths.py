"""Deaths: a loop of newsbot's own that died and was begun again, told to whoever runs it."""

import structlog

from bot.domain.channel import Channel
from bot.domain.message import Notice
from bot.errors import StorageError
from bot.ports import Clock
from bot.ports.deliveries import Outgoing
from bot.ports.store import Store


class Deaths:
    """Tells the ops channel, once an hour for each loop."""

    def __init__(self, *, store: Store, clock: Clock, ops: Channel) -> None:
        """Put the parts together.

        Args:
            store: The database.
            clock: The time.
            ops: Where notices go.
        """
        self._store = store
        self._clock = clock
        self._ops = ops

    async def tell(self, loop: str, error: Exception) -> None:
        """Write the notice down; where the database refuses, the log has said it."""
        now = self._clock.now()
        notice = Notice(
            title=f"newsbot's loop “{loop}” broke down and was begun again",
            text=f"{type(error).__name__}. Nothing is lost; the log says where (loop.died). "
            "Please report it.",
        )
        key = f"died:{loop}:{now:%Y-%m-%dT%H}"
        outgoing = Outgoing(channel=self._ops, key=key, message=notice)
        try:
            async with self._store.begin() as transaction:
                await transaction.deliveries.add([outgoing], now=now)
        except StorageError as refused:
            structlog.get_logger(__name__).error("loop.not_told", loop=loop, error=str(refused))
