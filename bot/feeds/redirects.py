"""Trail: the addresses that one fetch goes through."""

import re
from http import HTTPStatus
from http.cookies import SimpleCookie

import aiohttp
from yarl import URL

from bot.errors import FetchError, FetchFault

REDIRECTS = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})

_LONGEST = 10
"""Redirects. Consent pages and link counters take up to six; browsers give up at twenty."""

_SCHEMES = frozenset({"http", "https"})
_LOW_PORTS = frozenset({80, 443})
_FIRST_FREE_PORT = 1024

_NUMBER = re.compile(r"(?:[^:]*\.)?(?:\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)
"""A host that systems read as an IPv4 address, by the form of its last part (WHATWG URL, 3.5)."""

_PLAIN_NUMBER = re.compile(r"(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})")


class Trail:
    """Follows redirects, and remembers what must be known of them.

    Cookies live as long as the trail: enough for a site that sets one and sends us back, nothing
    by which to tell two polls apart.
    """

    def __init__(self, asked: str) -> None:
        """Begin at the address asked for.

        Raises:
            FetchError: It is none that we call (REFUSED).
        """
        self._asked = asked
        self._home = self.url = self._checked(asked, None)
        self._jar: aiohttp.CookieJar | None = None
        self._seen = {(self.url, "")}
        self._moved: URL | None = None
        self._permanent = True

    @property
    def host(self) -> str:
        """The host about to be asked, as people write it."""
        return self.url.host or ""

    @property
    def at_home(self) -> bool:
        """Whether the next request goes to the origin (scheme, host, port) first asked."""
        return self.url.origin() == self._home.origin()

    @property
    def address(self) -> str:
        """The address about to be asked; as it was given, if that is still the one."""
        return self._asked if self.url == self._home else str(self.url)

    @property
    def moved_to(self) -> str | None:
        """The last address of an unbroken run of permanent redirects from the first; else None."""
        return None if self._moved in {None, self._home} else str(self._moved)

    @property
    def cookies(self) -> str:
        """The Cookie header for the next request; empty where there is none to send."""
        if self._jar is None:
            return ""
        cookies = self._jar.filter_cookies(self.url)
        return "; ".join(f"{cookie.key}={cookie.coded_value}" for cookie in cookies.values())

    def follow(self, status: int, location: str | None, cookies: SimpleCookie) -> None:
        """Go where a redirect leads.

        Args:
            status: One of `REDIRECTS`.
            location: The Location header.
            cookies: What the answer set.

        Raises:
            FetchError: It leads nowhere, in a circle, too far (SERVER), or to an address that we
                do not call (REFUSED).
        """
        if not location:
            raise self._lost(f"{self.host} redirects, but does not say where to", status)
        self._keep(cookies)
        sender, self.url = self.host, self._checked(location.strip(), self.url)
        self._permanent = self._permanent and status in _PERMANENT
        if self._permanent:
            self._moved = self.url
        step = (self.url, self.cookies)
        if step in self._seen:
            raise self._lost(f"{sender} redirects in a circle", status)
        if len(self._seen) > _LONGEST:
            raise self._lost(f"{sender} redirects more than {_LONGEST} times", status)
        self._seen.add(step)

    def _keep(self, cookies: SimpleCookie) -> None:
        if not cookies:
            return
        if self._jar is None:
            # "unsafe" only lets hosts named by an IP address set cookies for themselves.
            self._jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
        self._jar.update_cookies(cookies, self.url)

    def _checked(self, address: str, base: URL | None) -> URL:
        """Make an absolute address that we call, out of one that may be relative to another."""
        try:
            url = URL(address).with_fragment(None)
            url = base.join(url) if base else url
        except ValueError as error:
            raise self._refused(base, "that is no web address") from error
        if url.scheme not in _SCHEMES or not url.host:
            raise self._refused(base, "that is no http or https address")
        if url.raw_user is not None or url.raw_password is not None:
            raise self._refused(
                base,
                "it holds a user name or password; "
                "write those under the feed's headers in feeds.yaml",
            )
        if _NUMBER.fullmatch(url.host) and not _PLAIN_NUMBER.fullmatch(url.host):
            raise self._refused(base, f"{url.host} is no plain IP address, such as 192.0.2.1")
        port = url.port or 0
        if port < _FIRST_FREE_PORT and port not in _LOW_PORTS:
            raise self._refused(base, f"port {port} belongs to another service than the web")
        return url

    def _refused(self, base: URL | None, why: str) -> FetchError:
        what = f"{base.host} redirects to an address" if base else "this feed has an address"
        text = f"{what} that newsbot does not call: {why}"
        return FetchError(self._asked, text, fault=FetchFault.REFUSED)

    def _lost(self, what: str, status: int) -> FetchError:
        text = f"{what} ({status}): open the address in a browser and correct it in feeds.yaml"
        return FetchError(self._asked, text, fault=FetchFault.SERVER, status=status)
