"""Find a feed: at an address that people give, which may be a web page's."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bot.domain.entry import Entry, ParsedFeed
from bot.errors import FeedError, ParseError
from bot.ports import Fetcher, FetchRequest, FetchResult, Parser

PATIENCE_SECONDS = 60
_PATHS = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/rss")
"""Where feeds often are, tried in turn where a page names none."""
_NEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed.

    Attributes:
        url: Where to poll it.
        title: What it calls itself; its host where it has no title.
        newest: Its first entries in the document's order, three at most.
    """

    url: str
    title: str
    newest: tuple[Entry, ...]


_KINDS = {
    "application/pdf": "a PDF document",
    "application/zip": "an archive",
    "audio": "a sound",
    "image": "a picture",
    "video": "a film",
}
"""What an address may give that is neither a feed nor a page, by its type or the type's family."""


class FindFeed:
    """The use case; asks by the same ways as polling does, and so under the same guard."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        parser: Parser,
        links: Callable[[bytes, str], Sequence[str]],
    ) -> None:
        """Put the parts together.

        Args:
            fetcher: The network.
            parser: The reader of documents.
            links: The feeds that a page names, by its bytes and its address.
        """
        self._fetcher = fetcher
        self._parser = parser
        self._links = links

    async def __call__(self, url: str) -> Found | Sequence[str]:
        """The feed at an address, or the addresses of several that its page names.

        Raises:
            FeedError: There is none, or no answer.
            TimeoutError: It takes too long.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            result = await self._fetcher.fetch(FetchRequest(url=url))
            try:
                return await self._read(url, result)
            except ParseError:
                kind = _kind(result.content_type)
                if kind is not None:
                    host = urlsplit(url).hostname or url
                    raise ParseError(
                        url, f"that is {kind} and no feed: give the site's own address, {host}"
                    ) from None
                links = await asyncio.to_thread(self._links, result.body or b"", result.url)
            if len(links) > 1:
                return links
            return await self._first(links or [urljoin(result.url, path) for path in _PATHS], url)

    async def _first(self, urls: Sequence[str], asked: str) -> Found:
        for url in urls:
            try:
                return await self._read(url, await self._fetcher.fetch(FetchRequest(url=url)))
            except FeedError:
                continue
        host = urlsplit(asked).hostname or asked
        raise ParseError(
            asked, f"{host} gives no feed there, and its page names none: look for its RSS address"
        )

    async def _read(self, asked: str, result: FetchResult) -> Found:
        url = result.moved_to or asked
        parsed: ParsedFeed = await self._parser.parse(
            result.body or b"", url=result.url, content_type=result.content_type
        )
        title = parsed.title or urlsplit(url).hostname or url
        return Found(url=url, title=title, newest=parsed.entries[:_NEWEST])


def _kind(content_type: str) -> str | None:
    """What a document is, where that is sure to be no feed and no page."""
    kind = content_type.partition(";")[0].strip().lower()
    return _KINDS.get(kind) or _KINDS.get(kind.partition("/")[0])
