"""Web address: the check of what people write as a feed's URL."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from bot.domain.text import printable

_LEADING: Final = re.compile(r"^(?:www|feeds?|rss)\d?\.(?=[^.]+\.)")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def web_address(text: str) -> str:
    """The address, without its fragment.

    `feed:` addresses, as browsers once handed them out, are read as what they stand for.

    Raises:
        ValueError: It is no http(s) address, or carries a password; says what to write instead.
    """
    url = text.strip()
    if url.lower().startswith("feed:"):
        url = url[5:] if url[5:].lower().startswith("http") else f"https:{url[5:]}"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("the address cannot be read; copy it anew from the browser") from None
    if parts.username is not None:
        raise ValueError(
            "the address holds a user name or password; take it out and write it under login:"
        )
    if "${" in url:
        raise ValueError(
            "${…} is not read in an address, which is shown to people; use headers: or login:"
        )
    _check(parts, url, host)
    return url.partition("#")[0]


def same_feed(url: str) -> str:
    """A key that is equal for two ways to write one feed's address.

    Scheme, the host's letter case, a default port and a bare final slash make no difference.
    """
    parts = urlsplit(url)
    port = parts.port if parts.port != _DEFAULT_PORTS.get(parts.scheme) else None
    host = (parts.hostname or "") + (f":{port}" if port else "")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def host_name(url: str) -> str:
    """A feed's name for lack of a better one: the host, without `www.`, `feeds.` and the like."""
    return _LEADING.sub("", urlsplit(url).hostname or url)


def _check(parts: SplitResult, url: str, host: str | None) -> None:
    if parts.scheme not in _DEFAULT_PORTS:
        if not parts.scheme and "." in url.partition("/")[0] and " " not in url:
            raise ValueError(f"“{url}” lacks its beginning; write https://{url}")
        raise ValueError(f"“{url}” is no web address; it must begin with https:// or http://")
    if not host:
        raise ValueError(f"“{url}” names no host; write https://host/path")
    if any(character.isspace() for character in url):
        raise ValueError(f"“{url}” holds a space; write %20 for it")
    if (seen := printable(url)) != url:
        raise ValueError(f"“{seen}” holds a character that cannot be seen; type the address anew")
