"""Faults: what went wrong with a request, in words for the newsroom."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp

from bot.errors import FetchError, FetchFault
from bot.feeds.encoding import BodyBrokenError, BodyTooLargeError
from bot.feeds.freshness import retry_after
from bot.feeds.guard import AddressRefusedError

_DENIED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})

_BROKEN: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    (
        (aiohttp.ClientConnectorDNSError,),
        "cannot be found: there is no such name, or the name service (DNS) is down",
    ),
    (
        (aiohttp.ClientSSLError,),
        "cannot be trusted: its TLS certificate or handshake is not valid",
    ),
    (
        (aiohttp.ClientConnectorError,),
        "cannot be reached: the connection was not accepted",
    ),
    ((aiohttp.ServerDisconnectedError,), "hung up without an answer"),
    (
        (aiohttp.ClientPayloadError, BodyBrokenError),
        "broke off in the middle of its answer, or garbled it",
    ),
    ((aiohttp.ClientResponseError,), "answered, but not in valid HTTP"),
)
"""What broke, the special before the general."""


def status_fault(
    url: str, host: str, status: int, headers: Mapping[str, str], now: datetime
) -> FetchError:
    """Turn a status that is no success into the error to raise.

    Args:
        url: The feed's address.
        host: Who answered.
        status: The HTTP status.
        headers: The answer's, looked up in any letter case.
        now: Our time.
    """
    wait = retry_after(headers, now)
    fault = _fault(status, wait)
    what = f"{host} {_saying(fault, status, wait)}"
    return FetchError(url, what, fault=fault, status=status, retry_after=wait)


@contextmanager
def translated(url: str, host: str, *, timeout: float, limit: int) -> Iterator[None]:
    """Turn whatever a request raises into a FetchError.

    Args:
        url: The feed's address.
        host: Who is being asked.
        timeout: Seconds allowed, for the words.
        limit: Bytes allowed, for the words.

    Raises:
        FetchError: The request failed.
    """
    try:
        yield
    except TimeoutError as error:
        text = f"{host} did not answer within {timeout:g} s"
        raise FetchError(url, text, fault=FetchFault.NETWORK) from error
    except BodyTooLargeError as error:
        text = (
            f"{host} sends more than {limit / 1e6:g} MB: "
            "this is hardly a feed, check the address in feeds.yaml"
        )
        raise FetchError(url, text, fault=FetchFault.TOO_LARGE) from error
    except UnicodeError as error:
        # What the name service makes of a label that is empty or too long.
        text = f"{host} is not a name a host can have: check the address in feeds.yaml"
        raise FetchError(url, text, fault=FetchFault.REFUSED) from error
    except (aiohttp.ClientError, BodyBrokenError, OSError) as error:
        raise _broken(url, host, error) from error


def _fault(status: int, wait: timedelta | None) -> FetchFault:
    if status == HTTPStatus.GONE:
        return FetchFault.GONE
    if status == HTTPStatus.NOT_FOUND:
        return FetchFault.NOT_FOUND
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return FetchFault.THROTTLED
    if status == HTTPStatus.SERVICE_UNAVAILABLE and wait is not None:
        return FetchFault.THROTTLED
    return FetchFault.DENIED if status in _DENIED else FetchFault.SERVER


def _saying(fault: FetchFault, status: int, wait: timedelta | None) -> str:
    match fault:
        case FetchFault.GONE:
            return (
                f"says this feed is gone for good ({status}): "
                "remove it from feeds.yaml, or find its new address"
            )
        case FetchFault.NOT_FOUND:
            return f"has no feed at this address ({status}): check it in feeds.yaml"
        case FetchFault.DENIED:
            return (
                f"does not let newsbot in ({status}): "
                "check the feed's headers in feeds.yaml, or ask the publisher to admit newsbot"
            )
        case FetchFault.THROTTLED if wait:
            return f"asks newsbot to stay away for {wait.total_seconds():.0f} s ({status})"
        case FetchFault.THROTTLED:
            return f"asks newsbot to come less often ({status})"
        case _:
            return f"answered {status} instead of a feed"


def _broken(url: str, host: str, error: Exception) -> FetchError:
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(
        error.os_error, AddressRefusedError
    ):
        address = str(error.os_error.address)
        has = "is" if host == address else f"has the address {address}, which is"
        text = (
            f"{host} {has} not public; if the feed is your own, "
            "name its network in NEWSBOT_ALLOW_PRIVATE_FEEDS"
        )
        return FetchError(url, text, fault=FetchFault.REFUSED)
    text = f"{host} {_broken_how(error)}"
    return FetchError(url, text, fault=FetchFault.NETWORK)


def _broken_how(error: Exception) -> str:
    for kinds, how in _BROKEN:
        if isinstance(error, kinds):
            return how
    return "lost the connection"
