"""Web: Slack's Web API as newsbot calls it."""

from collections.abc import Awaitable, Callable

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.slack.failures import breakdown, refusal
from bot.chat.slack.quiet import quiet_logger
from bot.in_time import unwrapped, watch

_CONNECT_SHARE = 0.5

Call = Callable[[], Awaitable[AsyncSlackResponse]]


def web_client(
    *, token: str | None, api_url: str, session: aiohttp.ClientSession | None = None
) -> AsyncWebClient:
    """The library's client, which never sends a request twice and logs no secret.

    By default it would repeat a request whose connection broke, and post twice.
    """
    return AsyncWebClient(
        token=token,
        base_url=api_url,
        session=session,
        logger=quiet_logger(),
        retry_handlers=[],
    )


def new_session(timeout: float) -> aiohttp.ClientSession:
    """A session whose failures tell whether a request has left.

    Every request has a connection of its own: on a kept-alive one that the server is just closing,
    a request breaks in a way that looks as if it might have been accepted. Connecting may take half
    the time, so that a time-out while connecting is told from one while waiting for the answer. Its
    requests obey `bot.in_time.only_while`.

    Args:
        timeout: Seconds for one request and its answer.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True),
        timeout=aiohttp.ClientTimeout(total=timeout, connect=timeout * _CONNECT_SHARE),
        trace_configs=[watch(aiohttp.TraceConfig())],
    )


async def ask(call: Call, place: str) -> AsyncSlackResponse:
    """Make one call and translate its failure.

    Args:
        call: Makes the call.
        place: What it is about, for messages, e.g. `slack:C0123`.

    Raises:
        DeliveryError: As the tables in `failures` say; its cause is the library's exception.
    """
    try:
        return await call()
    except SlackApiError as error:
        raise refusal(error, place) from error
    # The library trips over a body that is text or a list (AttributeError) or cannot be decoded
    # (ValueError): an answer, but nobody knows which.
    except (aiohttp.ClientError, TimeoutError, OSError, AttributeError, ValueError) as error:
        raise breakdown(unwrapped(error), place) from error
