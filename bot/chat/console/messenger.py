"""Messenger: posts messages on the terminal."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.console import Console

from bot.chat.console.render import render
from bot.domain.channel import Channel, Platform
from bot.domain.message import Message, MessageRef
from bot.errors import ChannelDeadError
from bot.ports import Finding


class ConsoleMessenger:
    """Implements `bot.ports.Messenger`."""

    platform = Platform.CONSOLE
    pace = timedelta()

    def __init__(self, console: Console) -> None:
        """Post on a terminal.

        Args:
            console: Where to; standard output as a rule, so that alerts can be told from the log.
        """
        self._console = console
        self._posted = 0

    async def post(
        self,
        channel: Channel,
        message: Message,
        *,
        nonce: str,
        before: datetime | None = None,
        thread: MessageRef | None = None,
    ) -> MessageRef:
        """Show a card.

        Raises:
            ChannelDeadError: Nobody reads: standard output is closed or its disk full.
        """
        del nonce, before, thread
        try:
            self._console.print(render(message), crop=False)
        except OSError as error:
            what = f"console: standard output cannot be written to ({error.strerror})"
            raise ChannelDeadError(f"{what}: start newsbot anew with one that can.") from error
        self._posted += 1
        return MessageRef(id=str(self._posted), channel=channel.id)

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
        """None: a terminal cannot be read back, and a card twice does no harm there."""
        del channel, nonce, message, since, known, thread
        return None

    async def check(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        """A terminal is always there."""
        del channels
        return [Finding(ok=True, what="Console: alerts are shown on the terminal")]

    async def close(self) -> None:
        """Nothing to let go of."""
