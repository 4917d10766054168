"""Installations: the workspaces that newsbot was added to, as adapters ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.channel import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """newsbot in one workspace.

    Attributes:
        workspace: Which.
        name: What its people call it.
        sealed: The token that posts there, unreadable without the key in the settings.
        installed_by: The platform's identifier of the person.
        installed_at: When.
    """

    workspace: Workspace
    name: str
    sealed: bytes = field(repr=False)
    installed_by: str
    installed_at: datetime


class InstallationStore(Protocol):
    """The workspaces newsbot was added to by their own people."""

    async def save(self, installation: Installation) -> None:
        """Note one, in place of an earlier one of its workspace.

        The workspace's channels are taken up again.
        """
        ...

    async def reseal(self, workspace: Workspace, sealed: bytes, *, was: bytes) -> None:
        """Put the same token sealed otherwise in the place of `was`, if that still stands there."""
        ...

    async def get(self, workspace: Workspace) -> Installation | None:
        """A workspace's; None where there is none."""
        ...

    async def all(self) -> Sequence[Installation]:
        """Every one, by workspace."""
        ...

    async def remove(
        self, workspace: Workspace, *, reason: str, now: datetime, retry_at: datetime
    ) -> bool:
        """Forget one and set its workspace's channels aside; gives whether there was one.

        Args:
            workspace: Whose.
            reason: Why its channels are set aside.
            now: The time.
            retry_at: When the channels are tried again.
        """
        ...
