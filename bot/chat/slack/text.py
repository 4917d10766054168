"""Text: foreign text made harmless and short enough for Slack."""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

from bot.domain.text import CONTROLS, STRAY_JOINER, UNSEEN

URL_LIMIT = 3000
"""Characters; Slack's limit for `url` and `image_url` (docs.slack.dev, Block Kit reference)."""

WORD_JOINER = "\u2060"
"""Shows as nothing, forbids a line break, and parts what Slack would read as one token."""

_INVISIBLE = re.compile(f"[{UNSEEN}\ud800-\udfff]")
_STRAY_JOINER = re.compile(STRAY_JOINER)
_CONTROL = re.compile(f"[{CONTROLS}]")
_SPACES = re.compile(r"[^\S\n]+")
_PING = re.compile(r"@(?=\w)")
_EMOJI_CODE = re.compile(r":(?=[\w+'-]+:)")
_QUOTE = re.compile("(?m)^(?=&gt;)")
_URL_SAFE = ":/?#[]@!$&'()*+,;=%~"


def clean(text: str, *, lines: bool = False) -> str:
    """Text as it may stand in an element that Slack shows literally.

    Bidirectional controls, zero-width characters, fillers and lone surrogates are gone, control
    characters are spaces, white space is collapsed. A word joiner parts `@` from a name and the
    colons of an emoji code from its name, for the elements that show either as more than text.

    Args:
        text: Anything.
        lines: Keep line breaks.
    """
    text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    text = _CONTROL.sub(" ", text)
    if lines:
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()
    else:
        text = " ".join(text.split())
    text = _PING.sub("@" + WORD_JOINER, text)
    return _EMOJI_CODE.sub(":" + WORD_JOINER, text)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters: whole, or up to a word boundary and `…`.

    A text without spaces in the second half of its room is cut within the word, though never
    between a character and its combining marks.
    """
    if len(text) <= limit:
        return text
    end = limit - 1
    boundary = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    if boundary > end // 2:
        end = boundary
    while end > 0 and _clings(text[end]):
        end -= 1
    return text[:end].rstrip(" \n,;:–—-") + "…"


def _clings(character: str) -> bool:
    return bool(unicodedata.combining(character)) or character in "\u200c\u200d\ufe0e\ufe0f"


def escape(text: str, limit: int) -> str:
    """Cleaned text for a field that Slack parses, at most `limit` characters once escaped.

    `&`, `<` and `>` become entities, as docs.slack.dev/messaging/formatting-message-text asks: no
    `<!channel>`, `<@U…>` or link of the text's own survives. A line cannot open a quotation.
    Bold, italics, strike and code are no entities and cannot be escaped; the field must be sent
    with `mrkdwn: false`.
    """
    room = limit
    while len(escaped := _escaped(cut(text, room))) > limit:
        room -= max(1, (len(escaped) - limit) // 6)
    return escaped


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _QUOTE.sub(WORD_JOINER, text)


def safe_url(url: str | None) -> str | None:
    """A web address Slack accepts, safe inside `<…>`; None where there is none.

    Characters that are not allowed in a URL, `|`, `<` and `>` among them, are percent-encoded. An
    address with a user name (`https://bank.example@evil.example`) reads as another host and is
    left out, and so is one longer than Slack takes: cut, it would lead elsewhere.
    """
    if not url or _INVISIBLE.search(url):
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.encode("ascii" if parts.netloc.isascii() else "idna").decode()
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or "@" in host:
        return None
    if quote(host, safe=_URL_SAFE) != host:
        return None
    tail = (quote(part, safe=_URL_SAFE) for part in (parts.path, parts.query, parts.fragment))
    safe = urlunsplit((parts.scheme.lower(), host, *tail))
    return safe if len(safe) <= URL_LIMIT else None
