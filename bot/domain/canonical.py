"""Canonical URL: the one form of the addresses that lead to one publication.

For telling publications apart only: it is never shown and never asked for, since dropping `www.`
or a parameter may well lead nowhere.
"""

import re
from collections.abc import Iterator
from ipaddress import IPv6Address
from urllib.parse import parse_qs, quote, unquote, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_DEVICES = ("www.", "m.", "amp.", "mobile.")

_TRACKING = re.compile(
    r"(?:utm|at|ns|pk|piwik|mtm|matomo|hsa|itm|guce|amp|kwp|ob|soc|ref|share|oly)_.*"
    r"|(?:_hs|__hs|__amp|cxrecs_|guccounter|taboola|tblci|wt[._]z?mc).*"
    r"|sc_(?:src|cid|campaign)|mc_[ce]id|fbclid|[gdy]clid|gclsrc|[gw]braid|msclkid|twclid|ttclid"
    r"|igsh|igshid|li_fat_id|mkt_tok|hsctatracking|vero_id|_openstat|_g[al]|_?amp|usqp"
    r"|s_cid|ncid|icid|cmp|cmpid|ocid|smid|smtyp|smprod|taid|partner|ref|referr?er|rss|rssid"
    r"|feedtype|feedname|xtor|ito|ftag|ftcamp|sref|spm|trk|trkinfo|tsrc|traffic_source|mbid|emc"
    r"|campaign_id|share|sharetype|sharetoken"
)
_ORIGINS = re.compile(r"source|src|from|via|mod|origin|medium|channel|feed|traffic")
_ORIGIN = re.compile(
    r"(?i)(?:rss|atom|feed|newsletter|e?-?mail|social|share|twitter|facebook|whatsapp|telegram)"
    r"(?:$|[^a-z])|(?:rss|feed)_?feed"
)
_AMP_PARAMETERS = frozenset({"outputtype", "output", "format", "view", "type"})

_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})?")
_PLAIN_ANYWHERE = frozenset("-._~!$'()*,;:@")
_PLAIN_IN_PATH = _PLAIN_ANYWHERE | set("&=+")
_PLAIN_IN_QUERY = _PLAIN_ANYWHERE | set("/?")
_LEFT_ALONE = "%/?&=+-._~!$'()*,;:@"
_MOST_PARAMETERS = 100
"""A query of more is left as it is: each takes 10 µs, and no publisher tracks so thoroughly."""

_NOT_IN_NAMES = re.compile(r"[\[\] ]")
_SESSION = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_AMP_SUFFIX = re.compile(r"(?:\.amp)+(?=\.html?$)", re.IGNORECASE)
_AMP_SEGMENT = re.compile(r"/amp(?=/|$)", re.IGNORECASE)
_ENDS = ("/", ".amp", "/amp", "/amp.html", "/amp.htm", "/index.html", "/index.htm")
"""What the end of a path says nothing with."""
_AMP_ENTITY = re.compile(r"^(?:amp;)+")
_SLASHES = re.compile(r"/{2,}")

_AMP_CACHE = re.compile(
    r"(?:[\w-]+\.)?cdn\.ampproject\.org/[cv]/(?:s/)?(?P<address>.+)"
    r"|(?:www\.)?google\.[a-z.]+/amp/(?:s/)?(?P<viewed>.+)",
    re.IGNORECASE,
)
_REDIRECT = re.compile(
    r"(?:(?:www\.)?google\.[a-z.]+/url|(?:www\.)?bing\.com/news/apiclick\.aspx"
    r"|lm?\.facebook\.com/l\.php)",
    re.IGNORECASE,
)
_REDIRECT_TARGETS = ("url", "q", "u")


def canonical_url(url: str, *, fragment: bool = False) -> str | None:
    """The form that all addresses of one publication share.

    https for http; the host in lower-case ASCII without `www.`, `m.`, `mobile.` and `amp.`;
    neither default port, login nor fragment (but `#!…`, which is part of the address);
    percent-encoding as RFC 3986, section 6.2.2, has it; tracking parameters dropped, the others
    sorted; AMP forms, AMP caches and redirects of Google, Bing and Facebook undone; no slash at
    the end.

    Args:
        url: As the feed gives it.
        fragment: Keep the fragment.

    Returns:
        An https address without a slash at its end, or None if this is no http(s) address.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    host = parts.hostname or ""
    if scheme not in _DEFAULT_PORTS or not _is_host(host):
        return None
    wrapped = _unwrapped(f"{parts.hostname}{parts.path}", parts.query)
    if wrapped is not None and (inner := canonical_url(wrapped, fragment=fragment)):
        return inner
    kept_port = "" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}"
    query = "&".join(sorted(_parameters(parts.query)))
    kept_fragment = parts.fragment if fragment or parts.fragment.startswith("!") else ""
    return (
        f"https://{_host(host)}{kept_port}{_path(parts.path)}"
        f"{'?' * bool(query)}{query}{'#' * bool(kept_fragment)}{kept_fragment}"
    )


def is_homepage(canonical: str) -> bool:
    """Whether a canonical URL is that of a whole site."""
    return canonical.count("/") == len("//") and "?" not in canonical and "#" not in canonical


def _unwrapped(address: str, query: str) -> str | None:
    """The address behind an AMP cache or a redirect; None where there is neither."""
    if cached := _AMP_CACHE.fullmatch(address):
        inner = cached["address"] or cached["viewed"]
        return f"https://{inner}{'?' * bool(query)}{query}"
    if _REDIRECT.fullmatch(address):
        parameters = parse_qs(query)
        return next((parameters[name][0] for name in _REDIRECT_TARGETS if name in parameters), None)
    return None


def _is_host(host: str) -> bool:
    """Whether this can be the name or the address of a host."""
    if ":" in host:
        try:
            return host.isascii() and "%" not in host and bool(IPv6Address(host))
        except ValueError:
            return False
    return bool(host.strip(".")) and host.isprintable() and not _NOT_IN_NAMES.search(host)


def _host(hostname: str) -> str:
    host = hostname.rstrip(".")
    if not host.isascii():
        host = _ascii(host).rstrip(".")  # other scripts have dots of their own
    while (device := next(filter(host.startswith, _DEVICES), None)) and "." in host[len(device) :]:
        host = host.removeprefix(device)
    return f"[{host}]" if ":" in host else host


def _ascii(host: str) -> str:
    """The name as it is looked up; percent-encoded, in lower case as hosts are, if it is none."""
    try:
        encoded = host.encode("idna").decode("ascii")
    except UnicodeError:
        encoded = ""
    return encoded if _is_host(encoded) else quote(host, errors="replace").lower()


def _path(path: str) -> str:
    path = _SESSION.sub("", _escaped(path, plain=_PLAIN_IN_PATH))
    path = _SLASHES.sub("/", _AMP_SEGMENT.sub("", path))
    while (shorter := _shorter(path)) != path:
        path = shorter
    return path


def _shorter(path: str) -> str:
    """The path without the last thing at its end that says nothing."""
    end = next(filter(path.lower().endswith, _ENDS), "")
    return path[: len(path) - len(end)] if end else _AMP_SUFFIX.sub("", path)


def _parameters(query: str) -> Iterator[str]:
    parts = query.split("&")
    if len(parts) > _MOST_PARAMETERS:
        yield query
        return
    for part in parts:
        name, equals, value = part.partition("=")
        name, value = _AMP_ENTITY.sub("", _parameter(name)), _parameter(value)
        if name and not _is_tracking(unquote(name).lower(), unquote(value)):
            yield f"{name}{equals}{value}"


def _is_tracking(name: str, value: str) -> bool:
    return (
        _TRACKING.fullmatch(name) is not None
        or value.lower() == "rss"
        or (_ORIGINS.fullmatch(name) is not None and _ORIGIN.match(value) is not None)
        or (name in _AMP_PARAMETERS and value.lower() == "amp")
    )


def _parameter(text: str) -> str:
    return _escaped(text.replace("+", "%20"), plain=_PLAIN_IN_QUERY)


def _escaped(text: str, *, plain: frozenset[str]) -> str:
    """Percent-encode what has to be and nothing else; hexadecimal digits in capitals."""

    def normal(found: re.Match[str]) -> str:
        if found[1] is None:  # left alone, it would join what follows once that is decoded
            return "%25"
        character = chr(int(found[1], 16))
        is_plain = character in plain or (character.isascii() and character.isalnum())
        return character if is_plain else found[0].upper()

    return _ESCAPE.sub(normal, quote(text, safe=_LEFT_ALONE, errors="replace"))
