"""The console as a channel."""

import errno
import io
import os
from datetime import timedelta

import pytest
from rich.console import Console

from bot.chat.console.messenger import ConsoleMessenger
from bot.domain.channel import CONSOLE, Platform
from bot.domain.message import MessageRef, Notice
from bot.errors import ChannelDeadError
from tests.fakes.clock import START


class FullDisk(io.StringIO):
    """A stream that takes nothing."""

    def write(self, text: str) -> int:
        del text
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


NOTICE = Notice(title="Feed back: Wire", text="It answers again.")


async def test_a_message_is_printed_and_counted() -> None:
    console = Console(width=60)
    messenger = ConsoleMessenger(console)
    with console.capture() as capture:
        refs = [await messenger.post(CONSOLE, NOTICE, nonce=str(number)) for number in (1, 2)]
    assert capture.get().count("It answers again.") == 2
    assert refs == [MessageRef("1", "console"), MessageRef("2", "console")]


async def test_it_is_always_well_and_never_knows_what_it_showed() -> None:
    messenger = ConsoleMessenger(Console())
    assert (messenger.platform, messenger.pace) == (Platform.CONSOLE, timedelta())
    (finding,) = await messenger.check([CONSOLE])
    assert finding.ok
    found = await messenger.find(CONSOLE, nonce="1", message=NOTICE, since=START)
    assert found is None
    await messenger.close()


async def test_where_nobody_reads_the_channel_is_dead() -> None:
    console = Console(file=FullDisk(), width=60)
    with pytest.raises(ChannelDeadError, match="No space left on device"):
        await ConsoleMessenger(console).post(CONSOLE, NOTICE, nonce="1")
