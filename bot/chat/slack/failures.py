"""Failures: what Slack's answers and broken connections mean for a delivery.

Sources: the error tables of docs.slack.dev/reference/methods/chat.postMessage and of
conversations.history, and docs.slack.dev/apis/web-api/rate-limits.

- Connection refused, DNS, TLS, time-out while connecting, held up until it was too late to send:
  nothing was sent, PlatformDownError.
- Connection cut or time-out after that: OutcomeUnknownError.
- 429, `ratelimited`, `rate_limited`: RateLimitedError, after Retry-After.
- `internal_error` and `fatal_error` (“it's possible some aspect of the operation succeeded”),
  `service_unavailable`, any 5xx, an answer that is not Slack's: OutcomeUnknownError.
- 4xx without a code is a proxy's, not Slack's: PlatformDownError.
- A code in one of the tables below: as the table says.
- Any other code: Slack refused these arguments and would again, MessageRejectedError.
"""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import (
    ChannelDeadError,
    DeliveryError,
    MessageRejectedError,
    OutcomeUnknownError,
    PlatformDownError,
    RateLimitedError,
    UnauthorizedError,
)
from bot.in_time import TooLateError

INVITE = "invite newsbot there with /invite @newsbot"

NEVER_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
"""Exceptions of aiohttp that come before the request leaves."""

_NO_NAME = aiohttp.ClientConnectorDNSError

_BLOCKS_REFUSED = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments"}
)

_CHANNEL_DEAD: Mapping[str, str] = {
    "channel_not_found": f"check the channel's id, and if it is private {INVITE}",
    "not_in_channel": INVITE,
    "is_archived": "unarchive it, or take it out of the rules",
    "no_permission": INVITE,
    "channel_is_limited_access": "ask who administers the channel to let newsbot in",
    "ekm_access_denied": "ask the workspace's administrators, who have suspended posting",
    "messages_tab_disabled": "switch on the Messages tab under App Home in the app's settings",
    "app_access_restricted": "ask the workspace's administrators to allow newsbot there",
    "user_disabled": "take it out of the rules: the person has left the workspace",
    "cannot_dm_bot": "take it out of the rules: it is another bot",
}
_RESTRICTED = "ask the workspace's administrators to let newsbot post there"
_UNAUTHORIZED = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "access_denied",
        "team_access_not_granted",
        "two_factor_setup_required",
        "enterprise_is_restricted",
    }
)
_NOT_ACCEPTED = frozenset(
    {
        "request_timeout",
        "team_added_to_org",
        "org_login_required",
        "message_limit_exceeded",
        "accesslimited",
    }
)
_PERHAPS_ACCEPTED = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        # Slack knows the client_msg_id from an earlier attempt.
        "duplicate_channel_not_found",
        "duplicate_message_not_found",
    }
)
_DEFAULT_RETRY = timedelta(seconds=30)
_POSTING = "chat:write"


class BlocksRefusedError(MessageRejectedError):
    """Slack refused the blocks: nothing was posted, and the message may pass without them."""


def refusal(error: SlackApiError, place: str) -> DeliveryError:
    """What an answer that is not `ok` means.

    Args:
        error: The library's exception.
        place: What the request was about, for the message, e.g. `slack:C0123`.
    """
    status, code = _status(error), _code(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in {"ratelimited", "rate_limited"}:
        wait = _retry_after(error)
        seconds = f"{wait.total_seconds():g}"
        return RateLimitedError(f"{place}: Slack asks to wait {seconds} s.", retry_after=wait)
    if code in _PERHAPS_ACCEPTED or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return OutcomeUnknownError(f"{place}: Slack broke down ({code or status}).")
    if code:
        return _by_code(error, code, place)
    if status >= HTTPStatus.BAD_REQUEST:
        return PlatformDownError(f"{place}: something before Slack refused the request ({status}).")
    return OutcomeUnknownError(f"{place}: the answer was not Slack's (status {status}).")


def breakdown(error: Exception, place: str) -> DeliveryError:
    """What a connection that failed or broke means.

    Args:
        error: aiohttp's exception, or one about an answer nobody could read.
        place: What the request was about, for the message.
    """
    kind = type(error).__name__
    if isinstance(error, TooLateError):
        return PlatformDownError(f"{place}: {error}")
    if isinstance(error, NEVER_SENT):
        why = "its name cannot be looked up" if isinstance(error, _NO_NAME) else kind
        return PlatformDownError(f"{place}: Slack could not be reached ({why}).")
    return OutcomeUnknownError(f"{place}: the connection to Slack broke ({kind}).")


def _by_code(error: SlackApiError, code: str, place: str) -> DeliveryError:
    if code in _UNAUTHORIZED:
        return UnauthorizedError(
            f"Slack no longer accepts the token ({code}): install the app in the workspace again "
            "and put the new token into the environment."
        )
    if code == "missing_scope":
        return _missing_scope(str(_body(error).get("needed") or ""), place)
    remedy = _CHANNEL_DEAD.get(code)
    if remedy is None and code.startswith("restricted_action"):
        remedy = _RESTRICTED
    if remedy is not None:
        return ChannelDeadError(f"{place} takes no messages ({code}): {remedy}.")
    if code in _NOT_ACCEPTED:
        return PlatformDownError(f"{place}: Slack accepts nothing at present ({code}).")
    details = "; ".join(_details(error))
    kind = BlocksRefusedError if code in _BLOCKS_REFUSED else MessageRejectedError
    return kind(f"{place}: Slack refused the message ({code}). {details}".rstrip())


def _missing_scope(needed: str, place: str) -> DeliveryError:
    """Without the right to post the token is of no use; any other right concerns one channel."""
    what = (
        f"Slack's token lacks the scope {needed or 'it needs'}: add it under OAuth & Permissions "
        "in the app's settings and install the app again."
    )
    if _POSTING in needed.split(","):
        return UnauthorizedError(what)
    return ChannelDeadError(f"{place}: {what}")


def _code(error: SlackApiError) -> str:
    code = _body(error).get("error")
    return code if isinstance(code, str) else ""


def _details(error: SlackApiError) -> tuple[str, ...]:
    metadata = _body(error).get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return tuple(map(str, messages)) if isinstance(messages, list) else ()


def _body(error: SlackApiError) -> Mapping[str, Any]:
    body = getattr(error.response, "data", None)
    return body if isinstance(body, dict) else {}


def _status(error: SlackApiError) -> int:
    # The library hands over aiohttp's own response where the body was not the JSON it claimed.
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return status if isinstance(status, int) else 0


def _retry_after(error: SlackApiError) -> timedelta:
    headers: Mapping[str, str] = getattr(error.response, "headers", {})
    value = headers.get("Retry-After", "")
    return timedelta(seconds=int(value)) if value.isdecimal() else _DEFAULT_RETRY
