"""At the start each platform is asked about the token."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain.channel import CONSOLE, Channel, Platform
from bot.domain.message import Notice
from bot.ports import Finding
from bot.services.deliver import Deliver
from bot.services.greet import Greet
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.messenger import FakeMessenger

REFUSED = Finding(False, "Slack token: no longer valid", "make one", refusal="No longer valid.")
UNREACHED = Finding(False, "Slack could not be asked", "check the network")


class Slack(FakeMessenger):
    """A platform that has something to say of the token."""

    def __init__(self) -> None:
        super().__init__()
        self.said: Sequence[Finding] | Exception = ()

    async def check(self, channels: Sequence[Channel]) -> Sequence[Finding]:
        assert channels == ()
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


class Desk:
    """A sender over a platform and the console."""

    def __init__(self, store: Database, clock: FakeClock) -> None:
        self.slack, self.console = Slack(), FakeMessenger(Platform.CONSOLE)
        messengers = {Platform.SLACK: self.slack, Platform.CONSOLE: self.console}
        self.deliver = Deliver(store=store, messengers=messengers, clock=clock, ops=CONSOLE)
        self.greet = Greet(messengers=messengers, deliver=self.deliver)

    async def notices(self) -> list[str]:
        await self.deliver.drain()
        return [one.text for one in self.console.messages(CONSOLE) if isinstance(one, Notice)]


@pytest.fixture
async def desk(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Desk]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'newsbot.db'}")
    yield Desk(database, clock)
    await database.close()


async def test_a_refused_token_is_told_of_once(desk: Desk) -> None:
    desk.slack.said = (REFUSED,)
    assert not await desk.greet(Platform.SLACK)
    assert not await desk.greet(Platform.SLACK)
    (text,) = await desk.notices()
    assert text.startswith("No longer valid. Nothing more is sent there")


@pytest.mark.parametrize(
    "said", [(Finding(True, "well"),), (UNREACHED,), RuntimeError("unforeseen")]
)
async def test_whatever_else_is_found_keeps_nobody_from_working(
    desk: Desk, said: Sequence[Finding] | Exception
) -> None:
    desk.slack.said = said
    with capture_logs() as logs:
        assert await desk.greet(Platform.SLACK)
    assert await desk.notices() == []
    assert all(line["log_level"] in {"warning", "error"} for line in logs)
    assert len(logs) == (0 if said == (Finding(True, "well"),) else 1)
