"""Installed: the workspaces that newsbot was added to by their own people, and their tokens."""

from datetime import datetime, timedelta

import structlog

from bot.chat.slack.seal import BrokenSealError, Seal
from bot.domain.channel import Platform, Workspace
from bot.ports import Clock
from bot.ports.installations import Installation
from bot.ports.store import Store

RETRY = timedelta(hours=1)
"""How often a channel of a workspace that has removed newsbot is looked at, asking nobody."""
REMOVED = "newsbot was removed from its workspace: have it added there again, at /slack/install."


class Installed:
    """Reads each token where it is needed: what another process notes counts at once."""

    def __init__(self, *, store: Store, seal: Seal, clock: Clock) -> None:
        """Read nothing yet.

        Args:
            store: Where installations are noted.
            seal: Closes and opens their tokens.
            clock: The time.
        """
        self._store = store
        self._seal = seal
        self._clock = clock

    async def teams(self) -> dict[str, str]:
        """The name of each workspace, by its team's identifier."""
        async with self._store.read() as transaction:
            found = await transaction.installations.all()
        return {
            one.workspace.id: one.name for one in found if one.workspace.platform is Platform.SLACK
        }

    async def token(self, team: str) -> str | None:
        """A workspace's token; None where newsbot is not installed, or no key opens it."""
        workspace = Workspace(Platform.SLACK, team)
        async with self._store.read() as transaction:
            found = await transaction.installations.get(workspace)
        return None if found is None else self._opened(found)

    async def add(self, *, team: str, name: str, token: str, user: str) -> None:
        """Note a workspace, or its new token."""
        installation = Installation(
            workspace=Workspace(Platform.SLACK, team),
            name=name,
            sealed=self._seal.close(token, about=team),
            installed_by=user,
            installed_at=self._clock.now(),
        )
        async with self._store.begin() as transaction:
            await transaction.installations.save(installation)
        structlog.get_logger(__name__).info("slack.installed", team=team, by=user)

    async def remove(self, team: str, *, at: datetime) -> None:
        """Forget a workspace that removed newsbot then; what was installed later stays."""
        workspace, now = Workspace(Platform.SLACK, team), self._clock.now()
        async with self._store.begin() as transaction:
            found = await transaction.installations.get(workspace)
            if found is None or found.installed_at > at:
                return
            await transaction.installations.remove(
                workspace, reason=REMOVED, now=now, retry_at=now + RETRY
            )
        structlog.get_logger(__name__).warning("slack.uninstalled", team=team)

    async def reseal(self) -> None:
        """Seal with the newest key what another one sealed, so that that one can be dropped."""
        async with self._store.read() as transaction:
            found = await transaction.installations.all()
        for one in found:
            token = None if self._seal.is_newest(one.sealed) else self._opened(one)
            if token is not None:
                sealed = self._seal.close(token, about=one.workspace.id)
                async with self._store.begin() as transaction:
                    await transaction.installations.reseal(one.workspace, sealed, was=one.sealed)

    def _opened(self, installation: Installation) -> str | None:
        team = installation.workspace.id
        try:
            return self._seal.open(installation.sealed, about=team)
        except BrokenSealError:
            structlog.get_logger(__name__).error("slack.token_unreadable", team=team, what=_NO_KEY)
            return None


_NO_KEY = (
    "No key in NEWSBOT_SECRET_KEY opens the token kept for it: name the key it was sealed with "
    "there too, or have newsbot added to the workspace again."
)
