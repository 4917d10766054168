"""Tokens: by which newsbot speaks in which workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.errors import (
    ChannelDeadError,
    DeliveryError,
    PlatformDownError,
    StorageError,
    UnauthorizedError,
)

OWN = ""
"""The workspace whose token is in the settings, as `Channel.workspace` has it."""
ADD_AGAIN = "have newsbot added there (again), at /slack/install of its address"
NAME_ONE = "put SLACK_BOT_TOKEN into .env, or take Slack's channels out of rules and settings"


class InstalledTokens(Protocol):
    """The tokens of the workspaces that added newsbot, by the team's identifier."""

    async def teams(self) -> Mapping[str, str]:
        """The name of each."""
        ...

    async def token(self, team: str) -> str | None:
        """One's token; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """All of them.

    Attributes:
        own: Of the settings; empty for none.
        installed: Those of the workspaces that added newsbot; None where there can be none.
    """

    own: str
    installed: InstalledTokens | None = None

    async def workspaces(self) -> Sequence[str]:
        """Where newsbot has a token, its own workspace first."""
        own = [OWN] if self.own else []
        return own if self.installed is None else [*own, *sorted(await self.installed.teams())]

    async def of(self, workspace: str) -> str:
        """A workspace's.

        Raises:
            ChannelDeadError: There is none.
            PlatformDownError: The database cannot be read.
        """
        if workspace == OWN:
            if not self.own:
                raise ChannelDeadError("There is no SLACK_BOT_TOKEN: name one, or leave it out.")
            return self.own
        try:
            token = None if self.installed is None else await self.installed.token(workspace)
        except StorageError as error:
            raise PlatformDownError(
                f"The token of Slack workspace {workspace} cannot be read; nothing was sent."
            ) from error
        if token is None:
            raise ChannelDeadError(f"There is no token for Slack workspace {workspace}: {_ADD}")
        return token

    async def refused(self, workspace: str, token: str, error: UnauthorizedError) -> DeliveryError:
        """What it means that Slack refused a token: nothing, where there is another by now."""
        if workspace == OWN:
            return error
        if await self.of(workspace) != token:
            return PlatformDownError(f"Slack workspace {workspace} has another token by now.")
        return UnauthorizedError(f"Slack no longer accepts the token of {workspace}: {_ADD}")


_ADD = f"{ADD_AGAIN}."
