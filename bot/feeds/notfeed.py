"""Not a feed: what a document is instead, and what to do about it, in words for a person."""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from bot.feeds.links import absolute
from bot.feeds.markup import plain_line

_LEAD = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?(?:\s++|<\?[^>]*+>|<!--.*?-->|<!doctype[^\[>]*+(?:\[[^\]]*+\])?[^>]*+>)*+",
    re.IGNORECASE | re.DOTALL,
)
_DOCTYPE_HTML = re.compile(rb"<!doctype\s+html", re.IGNORECASE)
_ROOT_NAME = re.compile(rb"<([\w.:-]{1,64})")
_PAGE_ROOTS = frozenset({"html", "head", "body"})
_FEED_TYPES = "application/rss+xml", "application/atom+xml", "application/feed+json"
_SHOWN = 80
"""Characters of somebody else's text in our message."""

_LOGIN = re.compile(
    r"\b(?:log|sign)[ -]?in\b|\banmelden\b|\bsubscribe to (?:continue|read)\b", re.IGNORECASE
)
_WALL = re.compile(
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|captcha|access denied"
    r"|checking your browser|enable javascript and cookies",
    re.IGNORECASE,
)
_CHECK = "open the address in a browser and correct it in feeds.yaml"


def is_page(body: bytes) -> bool:
    """Whether the document is a web page, by its doctype or its root."""
    lead = _LEAD.match(body)
    start = lead.end() if lead else 0
    return bool(_DOCTYPE_HTML.search(body, 0, start)) or _root(body, start) in _PAGE_ROOTS


def explain(body: bytes, *, url: str, content_type: str) -> str:
    """What the server sent instead of a feed, and what to do next; one sentence."""
    host = urlsplit(url).hostname or url
    if not body.strip():
        return f"{host} sends an empty document: {_CHECK} if this stays so"
    if is_page(body):
        return _page(body, host=host, url=url)
    if body.lstrip()[:1] in {b"{", b"["}:
        return f"{host} sends JSON that is no JSON Feed: {_CHECK}"
    lead = _LEAD.match(body)
    root = _root(body, lead.end() if lead else 0)
    if root in {"opml", "urlset", "sitemapindex"}:
        kind = "a list of feeds (OPML), import it instead" if root == "opml" else "a sitemap"
        return f"{host} sends {kind}, not a feed: {_CHECK}"
    if root:
        return f"{host} sends <{root}>, not a feed: {_CHECK}"
    kind = content_type.partition(";")[0].strip() or "something unknown"
    return f"{host} sends {kind[:_SHOWN]}, not a feed: {_CHECK}"


def _root(body: bytes, start: int) -> str:
    name = _ROOT_NAME.match(body, start)
    return name[1].decode("ascii", "replace").lower() if name else ""


def _page(body: bytes, *, host: str, url: str) -> str:
    tree = LexborHTMLParser(body)
    heading = tree.css_first("title")
    title = plain_line(heading.text() if heading else "")[:_SHOWN]
    if _WALL.search(title):
        return f"{host} asks whether we are a person (“{title}”): it does not want its feed read"
    links = tree.css('link[rel~="alternate" i][href]')
    feeds = (
        absolute(link.attributes.get("href"), url)
        for link in links
        if (link.attributes.get("type") or "").strip().lower() in _FEED_TYPES
    )
    if feed := next((feed for feed in feeds if feed and feed != url), None):
        return f"{host} sends a web page, not a feed; it names this one: write {feed} in feeds.yaml"
    if _LOGIN.search(title) or tree.css_first('input[type="password" i]'):
        return (
            f"{host} sends a login page, not a feed: "
            "give the feed a login: or headers: in feeds.yaml"
        )
    named = f" (“{title}”)" if title else ""
    return f"{host} sends a web page{named}, not a feed: {_CHECK}"
