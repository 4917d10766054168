"""Discover: the feeds that a web page names."""

from selectolax.lexbor import LexborHTMLParser

from bot.feeds.links import absolute

MOST = 10
_MOST_BYTES = 500_000
"""Of a page: its head stands at the beginning."""
_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
})  # fmt: skip


def named_feeds(body: bytes, url: str) -> tuple[str, ...]:
    """Addresses of the feeds that a page gives as its alternates, `MOST` at most.

    Source: HTML, 4.6.7.1 Link type "alternate".

    Args:
        body: The page.
        url: Where it came from.
    """
    tree = LexborHTMLParser(body[:_MOST_BYTES])
    base = tree.css_first("base[href]")
    root = absolute(base.attributes.get("href"), url) if base else None
    links = tree.css('link[rel~="alternate" i][href]')
    found = (
        absolute(link.attributes.get("href"), root, url)
        for link in links
        if (link.attributes.get("type") or "").partition(";")[0].strip().lower() in _TYPES
    )
    return tuple(dict.fromkeys(feed for feed in found if feed and feed != url))[:MOST]
