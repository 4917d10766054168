"""Not a feed: what a document is instead, and what to do about it, in words for a person."""

import re
from urllib.parse import unquote, urlsplit

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
_CHECK_FILE = "name a file that holds a feed"


def is_page(body: bytes) -> bool:
    """Whether the document is a web page, by its doctype or its root."""
    lead = _LEAD.match(body)
    start = lead.end() if lead else 0
    return bool(_DOCTYPE_HTML.search(body, 0, start)) or _root(body, start) in _PAGE_ROOTS


def sender(url: str) -> str:
    """Who gave a document, with the verb: `news.example sends`, `wire.xml holds` of a file."""
    host = urlsplit(url).hostname
    return f"{host} sends" if host else f"{_name(url)} holds"


def explain(body: bytes, *, url: str, content_type: str) -> str:
    """What the server sent instead of a feed, and what to do next; one sentence."""
    gives, check = sender(url), _check(url)
    if not body.strip():
        patience = " if this stays so" if check is _CHECK else ""
        return f"{gives} an empty document: {check}{patience}"
    if is_page(body):
        return _page(body, url=url)
    if body.lstrip()[:1] in {b"{", b"["}:
        return f"{gives} JSON that is no JSON Feed: {check}"
    lead = _LEAD.match(body)
    root = _root(body, lead.end() if lead else 0)
    if root in {"opml", "urlset", "sitemapindex"}:
        kind = "a list of feeds (OPML), import it instead" if root == "opml" else "a sitemap"
        return f"{gives} {kind}, not a feed: {check}"
    if root:
        return f"{gives} <{root}>, not a feed: {check}"
    kind = content_type.partition(";")[0].strip() or "something unknown"
    return f"{gives} {kind[:_SHOWN]}, not a feed: {check}"


def _name(url: str) -> str:
    return urlsplit(url).hostname or unquote(url.rpartition("/")[2])


def _check(url: str) -> str:
    return _CHECK if urlsplit(url).hostname else _CHECK_FILE


def _root(body: bytes, start: int) -> str:
    name = _ROOT_NAME.match(body, start)
    return name[1].decode("ascii", "replace").lower() if name else ""


def _page(body: bytes, *, url: str) -> str:
    gives, check = sender(url), _check(url)
    tree = LexborHTMLParser(body)
    heading = tree.css_first("title")
    title = plain_line(heading.text() if heading else "")[:_SHOWN]
    if _WALL.search(title):
        asks = f"{_name(url)} asks whether we are a person (“{title}”)"
        return f"{asks}: it does not want its feed read"
    links = tree.css('link[rel~="alternate" i][href]')
    feeds = (
        absolute(link.attributes.get("href"), url)
        for link in links
        if (link.attributes.get("type") or "").strip().lower() in _FEED_TYPES
    )
    if feed := next((feed for feed in feeds if feed and feed != url), None):
        return f"{gives} a web page, not a feed; it names this one: write {feed} in feeds.yaml"
    if _LOGIN.search(title) or tree.css_first('input[type="password" i]'):
        return f"{gives} a login page, not a feed: give the feed a login: or headers: in feeds.yaml"
    named = f" (“{title}”)" if title else ""
    return f"{gives} a web page{named}, not a feed: {check}"
