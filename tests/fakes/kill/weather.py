"""Weather: what goes wrong with the requests of a campaign, drawn from a seed."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from tests.fakes import discord_faults, slack
from tests.fakes.discord_faults import POST_MESSAGE, READ_HISTORY

POST, LOOK, POLL = "post", "look", "poll"
_KINDS = {
    "chat.postMessage": POST,
    POST_MESSAGE: POST,
    "conversations.history": LOOK,
    READ_HISTORY: LOOK,
}
_LOOKS_FAULTED = 0.1
_THROTTLE_SECONDS = 1


@dataclass(kw_only=True)
class Weather:
    """Decides over each request.

    Attributes:
        chance: The source of chance.
        share: Of posts that go wrong, 0 to 1.
        patience: How long newsbot waits for an answer.
        seen: Called with the kind of each request as it arrives.
        posts: How many posts were begun.
        faulted: How many of them went wrong, by what.
    """

    chance: Random
    share: float
    patience: timedelta
    seen: Callable[[str], None] = lambda _: None
    posts: int = 0
    faulted: Counter[str] = field(default_factory=Counter)

    def drawn(self, request: str) -> str:
        """What is to go wrong with a request; empty for nothing."""
        kind = _KINDS.get(request, "")
        if kind:
            self.seen(kind)
        if kind == LOOK:
            return "5xx before accepting" if self.chance.random() < _LOOKS_FAULTED else ""
        if kind != POST:
            return ""
        self.posts += 1
        if self.chance.random() >= self.share:
            return ""
        what = self.chance.choice(_TROUBLES)
        self.faulted[what] += 1
        return what

    def over(self) -> None:
        """Let nothing go wrong from now on."""
        self.share = 0


SILENT = "no answer after accepting"
LATE = "accepted when nobody waits any more"
_TROUBLES = (
    "cut before accepting",
    "cut after accepting",
    "5xx before accepting",
    "5xx after accepting",
    "429",
    SILENT,
    LATE,
)


class SlackWeather(slack.Faults):
    """The same for the fake Slack."""

    def __init__(self, weather: Weather) -> None:
        super().__init__()
        self._weather = weather

    def take(self, method: str) -> slack.Fault | None:
        what = self._weather.drawn(method)
        patience = self._weather.patience.total_seconds()
        if what == LATE:
            return slack.Fault.held(_later(1.5 * patience))
        faults = {
            "cut before accepting": slack.Fault.cut_before(),
            "cut after accepting": slack.Fault.cut_after(),
            "5xx before accepting": slack.Fault.http(503, "bad gateway"),
            "5xx after accepting": slack.Fault.error("internal_error", accepted=True),
            "429": slack.Fault.rate_limited(_THROTTLE_SECONDS),
            SILENT: slack.Fault(accepted=True, cut=True, stall=2 * patience),
        }
        return faults[what] if what else None


class DiscordWeather(discord_faults.Faults):
    """The same for the fake Discord."""

    def __init__(self, weather: Weather) -> None:
        super().__init__()
        self._weather = weather

    def take(self, request: str) -> discord_faults.Fault | None:
        what = self._weather.drawn(request)
        patience = self._weather.patience.total_seconds()
        if what == LATE:
            return discord_faults.Fault.held(_later(1.5 * patience))
        faults = {
            "cut before accepting": discord_faults.Fault.cut_before(),
            "cut after accepting": discord_faults.Fault.cut_after(),
            "5xx before accepting": discord_faults.Fault.http(503, "bad gateway"),
            "5xx after accepting": discord_faults.Fault.http(502, "bad gateway", accepted=True),
            "429": discord_faults.Fault.rate_limited(_THROTTLE_SECONDS),
            SILENT: discord_faults.Fault(accepted=True, cut=True, stall=2 * patience),
        }
        return faults[what] if what else None


def _later(seconds: float) -> asyncio.Event:
    """An event that is set after so many real seconds."""
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, event.set)
    return event
