"""Teams: which workspace a request comes from, and by what newsbot speaks there."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.authority import Authority
from bot.chat.slack.web import ask, web_client
from bot.commands.reply import Reply
from bot.domain.channel import Platform, Workspace
from bot.errors import DeliveryError, StorageError
from bot.ports import Clock

if TYPE_CHECKING:  # `cryptography` only where workspaces can be added
    from bot.chat.slack.installed import Installed

_PATIENCE_SECONDS = 20
NOT_INSTALLED = Reply(
    title="newsbot is not installed in this workspace.",
    lines=(
        "Somebody who may add apps here adds it at /slack/install of newsbot's address;",
        "whoever runs newsbot knows it. Then ask again.",
    ),
    mistake=True,
)
NOT_TOLD = Reply(
    title="Slack does not say at present which workspace this is.",
    lines=("Try it again in a minute.",),
    mistake=True,
)
NOT_READ = Reply(
    title="newsbot cannot read its database at present.",
    lines=("Try it again in a minute; if it stays so, tell whoever runs newsbot.",),
    mistake=True,
)


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace, for the requests that come from it.

    Attributes:
        workspace: Whose subscriptions, searches and feeds it sees.
        client: Speaks with its token; with none where newsbot is not installed.
        authority: Who manages there.
        refusal: What to answer in place of carrying anything out; None where all is well.
    """

    workspace: Workspace
    client: AsyncWebClient
    authority: Authority
    refusal: Reply | None = None


class Teams:
    """Tells workspaces by the team's identifier, which Slack writes into every request.

    The settings' own token belongs to one of them, which is `Workspace(SLACK)`: rule files name
    its channels. Without installations every request is its.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        installed: "Installed | None" = None,
        managers: Collection[str] = (),
        clock: Clock,
    ) -> None:
        """Nothing is asked of Slack yet.

        Args:
            token: The settings' own, `xoxb-…`; empty for none.
            api_url: Where the Web API is.
            installed: The other workspaces; None where there can be none.
            managers: Who manages in the own workspace besides its administrators: identifiers mean
                other people and groups elsewhere.
            clock: The time.
        """
        self._api_url = api_url
        self._installed = installed
        self._clock = clock
        self._own = self._team(Workspace(Platform.SLACK), token, managers) if token else None
        self._own_id = ""
        self._known: dict[str, Team] = {}

    @property
    def installed(self) -> "Installed | None":
        """The other workspaces; None where there can be none."""
        return self._installed

    async def begin(self) -> None:
        """Learn whose the own token is, so that no request has to wait for it."""
        if self._installed is not None:
            await self._installed.reseal()
            await self.own_id()

    async def own_id(self) -> str:
        """The team of the own token; empty where there is none, or Slack does not say."""
        if self._own is None or self._own_id:
            return self._own_id
        try:
            answer = await ask(self._own.client.auth_test, "Slack")
        except DeliveryError as error:
            structlog.get_logger(__name__).warning("slack.team_unknown", why=str(error))
        else:
            self._own_id = str(answer["team_id"])
        return self._own_id

    async def of(self, team: str) -> Team:
        """The workspace of a request, by its team."""
        if self._own is not None and (self._installed is None or team == self._own_id):
            return self._own
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                token = None if self._installed is None else await self._installed.token(team)
        except (StorageError, TimeoutError) as error:
            structlog.get_logger(__name__).error("slack.team_unread", team=team, error=str(error))
            return self._stranger(team, NOT_READ)
        if token is not None:
            return self._team_of(team, token)
        if self._own is not None and await self.own_id() == team:
            return self._own
        unclear = self._own is not None and not self._own_id
        return self._stranger(team, NOT_TOLD if unclear else NOT_INSTALLED)

    def _team_of(self, team: str, token: str) -> Team:
        """Kept while its token is the same, with what Slack told of its people."""
        known = self._known.get(team)
        if known is None or known.client.token != token:
            known = self._known[team] = self._team(Workspace(Platform.SLACK, team), token)
        return known

    def _team(self, workspace: Workspace, token: str, managers: Collection[str] = ()) -> Team:
        client = web_client(token=token, api_url=self._api_url)
        return Team(workspace, client, Authority(client, named=managers, clock=self._clock))

    def _stranger(self, team: str, refusal: Reply) -> Team:
        client = web_client(token=None, api_url=self._api_url)
        authority = Authority(client, clock=self._clock)
        return Team(Workspace(Platform.SLACK, team), client, authority, refusal)
