"""Link: an address in a feed, made absolute by our own rule."""

import re
from urllib.parse import quote, urljoin, urlsplit

_ROOT = "https://base.invalid/"
_STEPS = ("newsbot~1/", "newsbot~2/", "newsbot~3/", "newsbot~4/")
BASE = _ROOT + "".join(_STEPS)
"""Handed to feedparser as the document's address, so that what it resolves against no xml:base can
be told from the rest and resolved here. It needs one: without, an xml:base inside one entry stays
in force for all that follow. `.invalid` belongs to nobody (RFC 2606)."""

_WEB = frozenset({"http", "https"})
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+"
)
_UNSAFE = re.compile(r'[\s<>"\\^`{|}]')
_LONGEST = 4_000
"""Characters of an address; browsers and servers give up between 2,000 and 8,000."""


def as_written(link: str) -> str:
    """Undo feedparser's resolution against `BASE`: gives the link as the document has it.

    Three steps up can be told from the root, four cannot.
    """
    if not link.startswith(_ROOT):
        return link
    rest, climbed = link.removeprefix(_ROOT), len(_STEPS)
    for step in _STEPS:
        if not rest.startswith(step):
            break
        rest, climbed = rest.removeprefix(step), climbed - 1
    return "/" + rest if climbed == len(_STEPS) else "../" * climbed + rest


def absolute(link: str | None, *bases: str | None) -> str | None:
    """The absolute http(s) form of a link, safe to print.

    Args:
        link: As the document has it, or as feedparser resolved it.
        bases: Addresses to resolve against, the first absolute one of them counting.

    Returns:
        None for an absent link, for `javascript:`, `data:` and any other scheme, for what is no
        address at all, and for one longer than 4,000 characters. Characters that no URL may hold
        (RFC 3986, 2) are percent-encoded, those that nobody sees left out.
    """
    written = _UNSEEN.sub("", as_written(link or "")).strip().replace("&amp;", "&")
    if not written or len(written) > _LONGEST:
        return None
    if _is_web(written):
        return _safe(written)
    base = next((base for base in bases if base and _is_web(base)), "")
    try:
        joined = urljoin(base, written)
    except ValueError:
        return None
    return _safe(joined) if _is_web(joined) else None


def _safe(link: str) -> str | None:
    safe = _UNSAFE.sub(_encoded, _UNSEEN.sub("", link))
    return safe if len(safe) <= _LONGEST else None


def _encoded(found: re.Match[str]) -> str:
    return quote(found[0])


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme in _WEB and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
