"""Credentials: the headers and logins of a feed, whose secrets stay in the environment."""

import base64
import re
from collections.abc import Mapping
from typing import Final

from bot.catalog.document import Item

LOGIN_KEYS: Final = ("user", "password")

_REFERENCE: Final = re.compile(r"\$\{([^}]*)\}")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BARE_REFERENCE: Final = re.compile(r"\$([A-Za-z_]\w*)")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name, RFC 9110 section 5.1."""
_SECRET: Final = re.compile(
    "auth|cookie|credential|jwt|key|pass|secret|session|signature|token", re.IGNORECASE
)
"""In a header's name: its value lets somebody in."""
_ALL_BY_REFERENCE: Final = re.compile(r"(?:[A-Za-z-]{1,20} )?\$\{[^}]*\}")
"""A reference, perhaps behind a scheme (RFC 9110 section 11.4); more could be part of a secret."""
_OURS: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-modified-since",
        "if-none-match",
        "te",
        "transfer-encoding",
        "upgrade",
    }
)


def read_headers(item: Item, environ: Mapping[str, str]) -> dict[str, str]:
    """The headers of a feed, `${NAME}` replaced from the environment."""
    headers: dict[str, str] = {}
    for name, value in item.pairs().items():
        problem = _refusal(name, headers)
        if problem:
            value.wrong(problem)
            continue
        if _SECRET.search(name):
            text = value.read(lambda written: _secret(written, environ))
        else:
            text = value.read(lambda written: _resolve(written, environ))
        if text is not None:
            headers[name] = text
    return headers


def read_login(item: Item, environ: Mapping[str, str]) -> dict[str, str]:
    """The `Authorization` header of a login, basic authentication by RFC 7617."""
    keys = item.keys(LOGIN_KEYS)
    missing = [key for key in LOGIN_KEYS if key not in keys]
    if missing and item.is_mapping:
        item.wrong(f"{' and '.join(missing)} missing; a login is {{user: …, password: ${{NAME}}}}")
    if "user" not in keys or "password" not in keys:
        return {}
    user = keys["user"].read(lambda written: _user(written, environ))
    password = keys["password"].read(lambda written: _secret(written, environ))
    if user is None or password is None:
        return {}
    pair = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return {"Authorization": f"Basic {pair}"}


def _refusal(name: str, others: Mapping[str, str]) -> str:
    if not _TOKEN.fullmatch(name):
        return "is no header's name; write letters, digits and hyphens"
    if name.lower() in _OURS:
        return "newsbot sets this header itself; remove it"
    if name.lower() in {other.lower() for other in others}:
        return "stands here twice in different letter case; remove one of the two"
    return ""


def _user(written: str, environ: Mapping[str, str]) -> str:
    user = _resolve(written, environ)
    if ":" in user:
        raise ValueError("a user name cannot hold a colon")
    return user


def _secret(written: str, environ: Mapping[str, str]) -> str:
    if not _ALL_BY_REFERENCE.fullmatch(written) and not _BARE_REFERENCE.fullmatch(written):
        raise ValueError(
            "a secret does not belong in this file, nor a part of one; put NAME=… into .env and"
            " write ${NAME} here, or Bearer ${NAME}"
        )
    return _resolve(written, environ)


def _resolve(written: str, environ: Mapping[str, str]) -> str:
    if bare := _BARE_REFERENCE.fullmatch(written):
        raise ValueError(f"write ${{{bare[1]}}}, with braces")
    text = _REFERENCE.sub(lambda reference: _value(reference[1], environ), written)
    if not text.isprintable():
        raise ValueError("the value in the environment holds a line break or the like; set it anew")
    return text


def _value(name: str, environ: Mapping[str, str]) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"“${{{name}}}” is no reference; write letters, digits and _ in the braces"
        )
    value = environ.get(name, "")
    if not value:
        raise ValueError(f"${{{name}}} is not set; add {name}=… to .env beside feeds.yaml")
    return value
