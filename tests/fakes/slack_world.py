"""Slack world: two workspaces that newsbot can be added to, and newsbot at work over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bot.chat.slack.app import SlackApp
from bot.chat.slack.door import PATH
from bot.chat.slack.events import SlackEvents
from bot.chat.slack.install import INSTALL, REDIRECT, SlackInstall
from bot.chat.slack.installed import Installed
from bot.chat.slack.messenger import SlackMessenger
from bot.chat.slack.seal import Seal
from bot.chat.slack.teams import Teams
from bot.clock import SystemClock
from bot.commands.core import Commands
from bot.domain.channel import Platform, Workspace
from bot.ports import Clock
from bot.ports.store import Store
from bot.web import listening
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_app import ANY_PORT, SECRET, running
from tests.fakes.slack_grants import CLIENT_ID, CLIENT_SECRET
from tests.fakes.slack_people import SlackPerson
from tests.fakes.slack_transport import Signed

KEY = "c2VhbC1zZWFsLXNlYWwtc2VhbC1zZWFsLXNlYWwtMzI="
OTHER_KEY = "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMzI="


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """newsbot, and the workspaces.

    Attributes:
        one: A workspace, at whose address Slack's API is.
        two: Another.
        store: newsbot's database.
        clock: Its time.
        app: Its edge.
        installed: What it knows of workspaces.
        messenger: Posts in them.
        address: Where it listens.
        welcomed: The workspaces whose token was new.
    """

    one: FakeSlack
    two: FakeSlack
    store: Store
    clock: Clock
    app: SlackApp
    installed: Installed
    messenger: SlackMessenger
    address: str = ""
    welcomed: list[Workspace] = field(default_factory=list)

    async def add_to(self, slack: FakeSlack, **other: object) -> "Page":
        """Somebody adds newsbot to a workspace, from newsbot's page to its last."""
        begun = await self.begin()
        return await self.end(begun, self.one.grants.agree(slack, **other))  # type: ignore[arg-type]

    async def is_removed_by(self, slack: FakeSlack, at: datetime, *kinds: str) -> None:
        """A workspace removes newsbot, which takes note."""
        await SlackPerson(slack).removes_newsbot(at.timestamp(), *kinds)
        while self.app._answering:
            await asyncio.wait(self.app._answering)

    async def begin(self) -> "Page":
        """Newsbot's own page, which leads to Slack."""
        return await Browser(self.address).begin()

    async def end(self, begun: "Page", code: str, *, cookie: str | None = None) -> "Page":
        """What is shown when Slack has sent somebody back."""
        return await Browser(self.address).end(begun, code, cookie=cookie)


@dataclass(frozen=True, slots=True)
class Browser:
    """In which somebody adds newsbot to a workspace.

    Attributes:
        address: Where newsbot listens.
    """

    address: str

    async def begin(self) -> "Page":
        """Newsbot's own page, which leads to Slack."""
        return await self._get(INSTALL, {}, "")

    async def end(self, begun: "Page", code: str, *, cookie: str | None = None) -> "Page":
        """What is shown when Slack has sent somebody back."""
        state = parse_qs(urlsplit(begun.leads_to).query)["state"][0]
        return await self._get(
            REDIRECT, {"state": state, "code": code}, begun.cookie if cookie is None else cookie
        )

    async def _get(self, path: str, query: dict[str, str], cookie: str) -> "Page":
        headers = {"Cookie": cookie} if cookie else {}
        jar = aiohttp.DummyCookieJar()
        async with (
            aiohttp.ClientSession(cookie_jar=jar) as session,
            session.get(
                f"http://{self.address}{path}",
                params=query,
                headers=headers,
                allow_redirects=False,
            ) as answer,
        ):
            return Page(
                status=answer.status,
                text=await answer.text(),
                leads_to=answer.headers.get("Location", ""),
                set_cookie=answer.headers.get("Set-Cookie", ""),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a browser was given."""

    status: int
    text: str
    leads_to: str
    set_cookie: str

    @property
    def cookie(self) -> str:
        """As the browser sends it back."""
        return self.set_cookie.partition(";")[0]


@asynccontextmanager
async def world(
    store: Store,
    clock: Clock,
    commands: Commands,
    *,
    own: bool = False,
    keys: Sequence[str] = (KEY,),
) -> AsyncIterator[World]:
    """Two workspaces, and newsbot at work in those that add it.

    Args:
        store: newsbot's database.
        clock: The time.
        commands: What can be asked.
        own: Whether the first workspace's token is in the settings.
        keys: newsbot's.
    """
    async with FakeSlack(channels=("C0ONE",)) as one, FakeSlack(channels=("C0TWO",)) as two:
        one.team_id, two.team_id = "T0ONE", "T0TWO"
        one.bot_token, two.bot_token = "xoxb-fake-one", "xoxb-fake-two"
        one.neighbours.append(two)
        token = one.bot_token if own else ""
        seal = Seal(keys, clock)
        installed = Installed(store=store, seal=seal, clock=clock)
        teams = Teams(token=token, api_url=one.api_url, installed=installed, clock=clock)
        app = SlackApp(teams=teams, api_url=one.api_url, commands=commands)
        messenger = SlackMessenger(
            token=token, installed=installed, api_url=one.api_url, clock=clock
        )
        welcomed: list[Workspace] = []
        pages = SlackInstall(
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            api_url=one.api_url,
            teams=teams,
            installed=installed,
            seal=seal,
            welcome=welcomed.append,
        )
        events = SlackEvents(app, signing_secret=SECRET, clock=SystemClock())
        async with (
            listening((*events.routes, *pages.routes), ANY_PORT) as taken,
            running(events),
        ):
            one.transport = two.transport = Signed(f"http://{taken}{PATH}", SECRET)
            yield World(
                one=one,
                two=two,
                store=store,
                clock=clock,
                app=app,
                installed=installed,
                messenger=messenger,
                address=str(taken),
                welcomed=welcomed,
            )
        await messenger.close()


def workspace(slack: FakeSlack) -> Workspace:
    """The workspace, as newsbot has it when its people have added newsbot."""
    return Workspace(Platform.SLACK, slack.team_id)
