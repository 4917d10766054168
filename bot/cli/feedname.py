"""Feed name: which feed a person means."""

import difflib
from typing import Final

from bot.catalog.weburl import same_feed, web_address
from bot.domain.catalog import Catalog
from bot.domain.feed import Feed
from bot.errors import UsageError

_NEAR_ENOUGH: Final = 0.5
_SUGGESTED: Final = 3


def find_feed(catalog: Catalog, text: str) -> Feed | None:
    """The configured feed of this name, in any letter case, or this address."""
    wanted = " ".join(text.split()).casefold()
    key = _key(text)
    for feed in catalog.feeds:
        if feed.name.casefold() == wanted or (key and key == same_feed(feed.url)):
            return feed
    return None


def feed_address(catalog: Catalog, text: str) -> str:
    """The address of the feed a person means, by its name or its address.

    An address that is not configured is taken as it is: a feed that was taken out of feeds.yaml
    may still have entries that wait.

    Raises:
        UsageError: No feed has the name.
    """
    feed = find_feed(catalog, text)
    if feed is not None:
        return feed.url
    if _key(text):
        return text
    near = " or ".join(f"“{name}”" for name in _near(catalog, text))
    hint = f"did you mean {near}?" if near else "`newsbot feeds` lists them"
    raise UsageError(f"no feed is called “{text}”; {hint}")


def _near(catalog: Catalog, text: str) -> list[str]:
    """The names a person may have had in mind."""
    names = {feed.name.casefold(): feed.name for feed in catalog.feeds}
    wanted = text.casefold()
    parts = [name for folded, name in names.items() if wanted in folded]
    close = difflib.get_close_matches(wanted, names, 1, _NEAR_ENOUGH)
    return parts[:_SUGGESTED] or [names[folded] for folded in close]


def _key(text: str) -> str:
    try:
        return same_feed(web_address(text))
    except ValueError:
        return ""
