"""First look: feeds polled for the first time, told of together rather than one by one."""

from collections.abc import Collection
from typing import Final

import structlog

from bot.services.poll_feed import Outcome, Poll

_SILENT: Final = "What is in a feed at first sight is taken in silently; what comes later alerts."


class FirstLook:
    """Counts until every feed that was expected has had its first poll, well or not."""

    def __init__(self) -> None:
        self._awaited: set[str] = set()
        self._feeds = 0
        self._entries = 0
        self._failed = 0
        self._log = structlog.get_logger(__name__)

    def expect(self, urls: Collection[str]) -> None:
        """Name all feeds that are to be polled and never were."""
        more = set(urls) - self._awaited
        self._awaited = set(urls)
        if more:
            self._log.info("baseline.begun", feeds=len(urls), what=_SILENT)
        elif not urls and (self._feeds or self._failed):
            self._tell()

    def record(self, url: str, poll: Poll | None) -> None:
        """Note how a poll ended; None where it came to nothing."""
        taken = poll is not None and poll.outcome is Outcome.BASELINE
        if url not in self._awaited and not taken:
            return
        self._awaited.discard(url)
        if poll is not None and taken:
            self._feeds += 1
            self._entries += poll.entries
        else:
            self._failed += 1
        if not self._awaited:
            self._tell()

    def _tell(self) -> None:
        failed = {"failed": self._failed} if self._failed else {}
        self._log.info("baseline.taken", feeds=self._feeds, entries=self._entries, **failed)
        self._feeds = self._entries = self._failed = 0
