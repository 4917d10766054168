"""Canaries: a recognisable value in every setting that is secret, found by their types.

A setting is secret where its type holds `SecretStr`; every other is named in `PLAIN`. A new setting
that is neither has no place here, and `test_secrets` says so.
"""

import base64
from collections.abc import Iterator, Mapping
from typing import get_args

from pydantic import SecretStr

from bot.settings import Settings
from tests.fakes.slack_app import SECRET
from tests.fakes.slack_grants import CLIENT_SECRET

_KEY = b"canary-7c3f-seal-seal-seal-seal-"

VALUES: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "xoxb-canary-1f7a",
    "SLACK_APP_TOKEN": "xapp-canary-2e8b",
    "SLACK_SIGNING_SECRET": SECRET,
    "SLACK_CLIENT_SECRET": CLIENT_SECRET,
    "NEWSBOT_SECRET_KEY": base64.urlsafe_b64encode(_KEY).decode(),
    "DISCORD_TOKEN": "canary.3d9c.xyz",
    "DATABASE_URL": "postgresql://desk:canary6a2f@127.0.0.1:1/news",
}
"""Of each secret setting, well-formed."""

FEED_SECRETS: Mapping[str, str] = {"PAPER_PASSWORD": "canary4c0d", "PAPER_KEY": "canary5b1e"}
"""What feeds.yaml refers to: a login's password, a header."""

TELLING: Mapping[str, tuple[str, ...]] = {
    "SLACK_BOT_TOKEN": ("canary-1f7a",),
    "SLACK_APP_TOKEN": ("canary-2e8b",),
    "DISCORD_TOKEN": ("canary.3d9c",),
    "DATABASE_URL": ("canary6a2f",),
    "NEWSBOT_SECRET_KEY": (VALUES["NEWSBOT_SECRET_KEY"], _KEY.decode()),
    "PAPER_PASSWORD": ("canary4c0d", base64.b64encode(b"desk:canary4c0d").decode()),
}
"""What betrays a secret, where it is another text than the value or a part of it is enough."""

PLAIN = frozenset(
    {
        *("NEWSBOT_FEEDS", "NEWSBOT_RULES", "NEWSBOT_HTTP_LISTEN", "NEWSBOT_OPS_CHANNEL"),
        *("NEWSBOT_TIME_ZONE", "NEWSBOT_BURST", "NEWSBOT_RETENTION", "NEWSBOT_ALERT_EXPIRY"),
        *("NEWSBOT_HOLD_UNCLEAR", "NEWSBOT_LEASE", "NEWSBOT_SLACK_MANAGERS", "NEWSBOT_SUBSCRIBE"),
        "NEWSBOT_ALLOW_PRIVATE_FEEDS",
        # A login in one of these is refused.
        *("NEWSBOT_SLACK_API_URL", "NEWSBOT_DISCORD_API_URL", "NEWSBOT_DISCORD_GATEWAY_URL"),
        "NEWSBOT_CONTACT",  # told to every publisher
        "SLACK_CLIENT_ID",  # stands in the address that people are sent to
    }
)
"""Settings that anybody may see."""


def secret_settings() -> frozenset[str]:
    """The settings that are secret, by their types."""
    return frozenset(
        str(field.validation_alias)
        for field in Settings.model_fields.values()
        if SecretStr in set(_types(field.annotation))
    )


def found_in(*texts: str) -> list[str]:
    """The names of the secrets that stand in any of these texts."""
    told = {name: TELLING.get(name, (value,)) for name, value in {**VALUES, **FEED_SECRETS}.items()}
    return [name for name, signs in told.items() if any(s in text for text in texts for s in signs)]


def wrongly_written(name: str) -> Iterator[str]:
    """A secret as people paste it wrong."""
    value = VALUES[name]
    yield from (f"'{value}'", f" {value} ", f"{value}\n{value}", f"Bearer {value}", value[:-1])
    yield from (value.swapcase(), f"{name}={value}", f"https://{value}@host", f"{value},{value}-")


def _types(annotation: object) -> Iterator[object]:
    yield annotation
    for part in get_args(annotation):
        yield from _types(part)
