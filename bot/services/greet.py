"""Greet: each platform asked at the start whether it accepts newsbot's token."""

from collections.abc import Mapping

import structlog

from bot.domain.channel import Platform, Workspace
from bot.errors import UnauthorizedError
from bot.ports import Messenger
from bot.services.deliver import Deliver


class Greet:
    """The use case: a token that is not valid is told of before the first alert needs it."""

    def __init__(self, *, messengers: Mapping[Platform, Messenger], deliver: Deliver) -> None:
        self._messengers = messengers
        self._deliver = deliver
        self._log = structlog.get_logger(__name__)

    async def __call__(self, platform: Platform) -> bool:
        """Ask once; gives False where the platform's only token is refused, which is told then.

        One workspace's of several stops that one alone.
        Rights that are missing are a line in the log; a platform that does not answer is no news.
        """
        log = self._log.bind(platform=platform.value)
        try:
            findings = await self._messengers[platform].check(())
        except Exception:
            log.exception("platform.not_asked")
            return True
        for finding in findings:
            if finding.refusal:
                refused = finding.workspace or Workspace(platform)
                await self._deliver.lock(refused, UnauthorizedError(finding.refusal))
                if finding.workspace is None:
                    return False
            elif not finding.ok:
                log.warning("platform.wrong", what=f"{finding.what}; {finding.remedy}.")
        return True
