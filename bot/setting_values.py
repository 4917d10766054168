"""Setting values: each kind of setting, read from its text.

Every reader raises a ValueError that says what is wrong and how to mend it, in words that follow
the setting's name and never repeat a secret.
"""

import base64
import binascii
import ipaddress
import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from pydantic import SecretStr

from bot.domain.address import read_channel
from bot.domain.channel import Channel
from bot.domain.duration import duration, spell

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SHORTEST_RETENTION: Final = timedelta(days=1)
_SHORTEST_EXPIRY: Final = timedelta(minutes=1)
_SHORTEST_LEASE: Final = timedelta(seconds=2)
_LONGEST_LEASE: Final = timedelta(minutes=15)
_LAST_PORT: Final = 65535
_SHORTEST_PREFIX: Final = {4: 8, 6: 7}
"""Bits of the widest private networks: 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193)."""
_LONGEST_CONTACT: Final = 200
"""Characters. Some servers refuse a User-Agent of more than a few hundred."""
_KEY_BYTES: Final = 32
_SQLITE: Final = ("sqlite", "sqlite+aiosqlite")
_POSTGRES: Final = ("postgres", "postgresql", "postgresql+asyncpg")
_SLACK_KINDS: Final = {
    "xoxb-": "a bot token; it belongs in SLACK_BOT_TOKEN",
    "xapp-": "an app-level token; it belongs in SLACK_APP_TOKEN",
    "xoxp-": "a person's token, which newsbot does not use",
}
_SECRET: Final = ("[0-9a-f]{32}", "has 32 characters from 0 to f")
_CREDENTIALS: Final = {
    "client ID": ("[0-9]+[.][0-9]+", "is two numbers with a dot between"),
    "client secret": _SECRET,
    "signing secret": _SECRET,
}


def slack_token(text: str, *, beginning: str, page: str) -> str:
    """A Slack token of the kind that begins so; `page` is where Slack shows it."""
    if re.fullmatch(r"[!-~]+", text.removeprefix(beginning)) and text.startswith(beginning):
        return text
    kind = _SLACK_KINDS.get(text[:5])
    problem = f"is {kind}" if kind and text[:5] != beginning else "does not look like a token"
    raise ValueError(
        f"{problem}; copy the one that begins {beginning} from api.slack.com/apps, {page}"
    )


def credential(text: str, *, what: str) -> str:
    """One of those that Slack shows of an app under App Credentials, by its name there."""
    form, looks = _CREDENTIALS[what]
    if re.fullmatch(form, text):
        return text
    raise ValueError(
        f"does not look like a {what}, which {looks}; copy it from api.slack.com/apps, Basic"
        " Information, App Credentials"
    )


def fernet_keys(text: str) -> tuple[SecretStr, ...]:
    """Keys that seal what the database is not to give away, with commas between, the newest first.

    Fernet's: 32 bytes in URL-safe base64 (github.com/fernet/spec).
    """
    keys = [part.strip() for part in text.split(",")]
    if not all(map(_is_fernet_key, keys)):
        which = "is no key" if len(keys) == 1 else "holds what is no key"
        raise ValueError(
            f"{which}, which has 44 characters; make one with `python -c 'from cryptography.fernet"
            " import Fernet; print(Fernet.generate_key().decode())'`"
        )
    return tuple(map(SecretStr, keys))


def _is_fernet_key(text: str) -> bool:
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(key) == _KEY_BYTES


def slack_people(text: str) -> frozenset[str]:
    """People and groups of people in Slack, by their identifiers, with commas between."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    for name in named:
        if not re.fullmatch(r"[UWS][A-Z0-9]{2,20}", name):
            raise ValueError(
                f"“{name}” is nobody in Slack; write the member ID of a person (U…), which stands"
                " in their profile under ⋮, or the ID of a group (S…), with commas between"
            )
    return frozenset(named)


class Subscribers(StrEnum):
    """Who may change what a channel follows, being in it."""

    ANYONE = "anyone"
    MANAGERS = "managers"


def subscribers(text: str) -> Subscribers:
    """Who may subscribe the channel they are in."""
    try:
        return Subscribers(text.strip().lower())
    except ValueError:
        raise ValueError(f"“{text}” is not known; write anyone or managers") from None


class Listen(NamedTuple):
    """Where newsbot listens for HTTP.

    Attributes:
        host: The address of the network interface.
        port: 0 for any that is free.
    """

    host: str
    port: int

    def __str__(self) -> str:
        """As it is written in the setting."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def listen(text: str) -> Listen:
    """An address and a port."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
        usable = bool(colon) and port.isdecimal() and int(port) <= _LAST_PORT
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(
            f"“{text}” is no address and port; write 127.0.0.1:8080, or 0.0.0.0:8080 to be reached"
            " from other machines"
        )
    return Listen(host, int(port))


def discord_token(text: str) -> str:
    """A Discord bot token."""
    if text.lower().startswith("bot "):
        raise ValueError("begins with the word Bot; leave the word out")
    if not re.fullmatch(r"[\w-]+(?:\.[\w-]+){2}", text, re.ASCII):
        raise ValueError(
            "does not look like a bot token, which has three parts with dots between; copy it from"
            " discord.com/developers, your application, Bot, Reset Token (not the application's ID"
            " or the public key)"
        )
    return text


def database(text: str, base: Path) -> str:
    """A database's address for SQLAlchemy with its async driver; relative files start at `base`."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(
            "cannot be read; in the password write %40 for @, %2F for / and %23 for #"
        ) from None
    if parts.scheme in _SQLITE:
        return _sqlite(text, base)
    if parts.scheme not in _POSTGRES:
        raise ValueError(
            "names no database newsbot knows; write sqlite:///newsbot.db or"
            " postgresql://user:password@host/database"
        )
    if not host or not parts.path.strip("/"):
        raise ValueError(
            "names no host or no database; write postgresql://user:password@host/database"
        )
    return _postgres(parts)


def _sqlite(text: str, base: Path) -> str:
    _, marker, path = text.partition(":///")
    if "?" in path:
        raise ValueError("has a ?, behind which newsbot takes nothing with SQLite; leave it out")
    file = (base / Path(path).expanduser()).absolute()
    if not marker or not path or path == ":memory:" or file.is_dir():
        raise ValueError("names no file; write sqlite:///newsbot.db, or sqlite:////var/lib/news.db")
    return f"sqlite+aiosqlite:///{file}"


def _postgres(parts: SplitResult) -> str:
    # libpq's sslmode, which hosters write into their addresses, is called ssl by asyncpg.
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    # Whoever hides an address's password, in a log or an error, looks for it before the @ only.
    if any(key.lower() == "password" for key, _ in pairs):
        raise ValueError(
            "holds the password behind the ?; write it before the @, as in"
            " postgresql://user:password@host/database"
        )
    query = urlencode([("ssl" if key == "sslmode" else key, value) for key, value in pairs])
    return parts._replace(scheme="postgresql+asyncpg", query=query).geturl()


def endpoint(text: str, *, schemes: tuple[str, str]) -> str:
    """An address that a client is sent to, the first scheme being the usual one."""
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
        parts = SplitResult("", "", "", "", "")
    if not usable or parts.scheme not in schemes or parts.username is not None:
        raise ValueError(f"is no address; write {schemes[0]}://host/path, without a user name")
    return text


def networks(text: str) -> tuple[Network, ...]:
    """Networks with commas between."""
    return tuple(_network(part.strip()) for part in text.split(",") if part.strip())


def _network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        pass
    else:
        if network.prefixlen < _SHORTEST_PREFIX[network.version]:
            raise ValueError(
                f"“{text}” is wider than any private network: whoever writes a feed could make"
                " newsbot call this machine and all that it reaches; name the networks your feeds"
                " are in, such as 10.1.0.0/16"
            )
        return network
    try:
        wider = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(
            f"“{text}” is no network; write 10.1.0.0/16, or one address, with commas between"
        ) from None
    raise ValueError(f"“{text}” is an address within a network; write {wider}")


def channels(text: str) -> tuple[Channel, ...]:
    """Channels with commas between."""
    return tuple(read_channel(part.strip()) for part in text.split(",") if part.strip())


def lease(text: str) -> timedelta:
    """How long a process may take to post what it has begun to post."""
    length = _at_least(_SHORTEST_LEASE, text, "for a chat platform to answer")
    if length > _LONGEST_LEASE:
        most = spell(_LONGEST_LEASE)
        raise ValueError(f"“{text}” is too long for an alert to wait; {most} is the most")
    return length


def alert_expiry(text: str) -> timedelta:
    """How long an alert is worth posting."""
    return _at_least(_SHORTEST_EXPIRY, text, "for an alert to be posted")


def retention(text: str) -> timedelta:
    """How long entries are kept."""
    return _at_least(_SHORTEST_RETENTION, text, "to know what was alerted")


def _at_least(least: timedelta, text: str, purpose: str) -> timedelta:
    length = duration(text)
    if length < least:
        raise ValueError(f"“{text}” is too short {purpose}; {spell(least)} is the least")
    return length


def contact(text: str) -> str:
    """A page or a mail address."""
    if len(text) > _LONGEST_CONTACT:
        raise ValueError(f"has more than {_LONGEST_CONTACT} characters; write a shorter one")
    if re.fullmatch(r"https?://[!-.0-~]+\.[!-~]+|[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+", text):
        return text
    raise ValueError("is no page and no mail address; write https://… or name@example.org")
