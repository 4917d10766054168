"""Authority: who may change feeds and other channels' subscriptions in a Slack workspace."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.web import Call, ask
from bot.errors import CommandError, DeliveryError
from bot.ports import Clock

KEPT = timedelta(minutes=5)
"""How long Slack's answer about a person or a group is believed."""
GROUP = "S"
"""Begins the identifier of a group of people."""

_MOST_KEPT = 10_000
_ADMINISTERS = ("is_admin", "is_owner", "is_primary_owner")
_NOT_OF_HERE = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")


@dataclass(frozen=True, slots=True)
class _Told:
    """What Slack said, and until when it is believed."""

    data: Mapping[str, Any]
    until: datetime


class Authority:
    """Asks Slack, and remembers its answers for a while.

    The workspace's administrators and owners may; so may whoever is named, alone or by a group.
    Guests and people of another workspace, met in a shared channel, may not unless they are named.
    """

    def __init__(
        self, client: AsyncWebClient, *, named: Collection[str] = (), clock: Clock
    ) -> None:
        """Nothing is asked yet.

        Args:
            client: Asks with the bot's token; needs the scope users:read, and usergroups:read
                where a group is named.
            named: Identifiers of people (`U…`, `W…`) and groups (`S…`).
            clock: The time.
        """
        self._client = client
        self._groups = sorted(name for name in named if name.startswith(GROUP))
        self._people = frozenset(named).difference(self._groups)
        self._clock = clock
        self._told: dict[str, _Told] = {}

    async def manages(self, user: str) -> bool:
        """Whether a person may manage.

        Raises:
            CommandError: Slack does not say; then nobody may.
        """
        if user in self._people:
            return True
        for group in self._groups:
            if user in await self._members(group):
                return True
        return await self._administers(user)

    async def _members(self, group: str) -> Collection[str]:
        data = await self._ask(group, lambda: self._client.usergroups_users_list(usergroup=group))
        return frozenset(data.get("users") or ())

    async def _administers(self, user: str) -> bool:
        data = await self._ask(user, lambda: self._client.users_info(user=user))
        person = data.get("user") or {}
        return any(person.get(right) is True for right in _ADMINISTERS) and not any(
            person.get(bar) for bar in _NOT_OF_HERE
        )

    async def _ask(self, about: str, call: Call) -> Mapping[str, Any]:
        now = self._clock.now()
        told = self._told.get(about)
        if told is not None and now < told.until:
            return told.data
        try:
            answer = await ask(call, f"Slack, asked about {about}")
        except DeliveryError as error:
            structlog.get_logger(__name__).warning("slack.authority_unknown", why=str(error))
            raise CommandError(
                "Slack does not say at present whether you may do this. Try again in a minute; "
                "if it stays so, whoever runs newsbot can ask newsbot doctor."
            ) from error
        data = answer.data if isinstance(answer.data, dict) else {}
        if len(self._told) >= _MOST_KEPT:
            self._told.clear()
        self._told[about] = _Told(data, now + KEPT)
        return data
