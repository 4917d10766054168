"""What broken connections mean for a delivery."""

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from bot.chat.slack.failures import breakdown
from bot.errors import DeliveryError, OutcomeUnknownError, PlatformDownError

_KEY = ConnectionKey("slack.example", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (aiohttp.ClientConnectorDNSError(_KEY, OSError()), PlatformDownError),
        (aiohttp.ClientConnectorError(_KEY, OSError()), PlatformDownError),
        (aiohttp.ConnectionTimeoutError(), PlatformDownError),
        (aiohttp.InvalidURL("no address"), PlatformDownError),
        (aiohttp.ServerDisconnectedError(), OutcomeUnknownError),
        (aiohttp.ClientOSError(), OutcomeUnknownError),
        (aiohttp.SocketTimeoutError(), OutcomeUnknownError),
        (TimeoutError(), OutcomeUnknownError),
    ],
)
def test_a_breakdown_tells_whether_the_request_had_left(
    error: Exception, meaning: type[DeliveryError]
) -> None:
    failure = breakdown(error, "slack:C0NEWS")
    assert type(failure) is meaning
    assert "slack:C0NEWS" in str(failure)


def test_a_name_that_cannot_be_looked_up_is_told_in_words() -> None:
    failure = breakdown(aiohttp.ClientConnectorDNSError(_KEY, OSError()), "Slack token")
    assert str(failure) == (
        "Slack token: Slack could not be reached (its name cannot be looked up)."
    )
