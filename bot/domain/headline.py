"""Headline: a title without the outlet's name that some feeds put behind it."""

import re
from urllib.parse import urlsplit

from bot.query.terms import Tokens

_BEHIND = re.compile(r"\s+(?:[-–—|•·:]|::|»|›)\s+(?=\S)")

_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.)\S+", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:[\w-]{1,63}\.){1,9}[a-z]{2,24}(?:[:/?#]\S*)?", re.IGNORECASE)


def headline(title: str, *, feed_name: str) -> str:
    """The title without ` - Outlet` or ` | Outlet` at its end.

    Args:
        title: As the feed has it.
        feed_name: What readers know the feed by; the outlet is recognised if one of the two
            names begins with the other, as `Reuters` and `Reuters World` do.
    """
    seams = list(_BEHIND.finditer(title))
    if not seams:
        return title
    outlet = Tokens(title[seams[-1].end() :]).folded
    name = Tokens(feed_name).folded
    shorter = min(len(outlet), len(name))
    is_outlet = shorter > 0 and outlet[:shorter] == name[:shorter]
    return title[: seams[-1].start()] if is_outlet and seams[-1].start() else title


def without_other_hosts(title: str, url: str | None) -> str:
    """The title without addresses of other hosts than its link's: it is shown as that link's text.

    A name such as `Booking.com` stays, unless it is the whole title.
    """
    if url is None:
        return title
    host = _host(url)
    kept = _ADDRESS.sub(lambda found: found[0] if _is_of(found[0], host) else "", title)
    if _BARE_ADDRESS.fullmatch(kept) and not _is_of(kept, host):
        return ""
    return kept if kept == title else " ".join(kept.split())


def _is_of(address: str, host: str) -> bool:
    named = _host(address if "://" in address else f"https://{address}")
    return named == host or host.endswith(f".{named}") or named.endswith(f".{host}")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
