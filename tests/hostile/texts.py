"""Texts: payloads that ping, format, hide, reverse or pose, and who would fall for them."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

_PINGS = (
    "@everyone", "@here", "@channel", "@group", "<!channel>", "<!here>", "<!everyone>",
    "<!subteam^S012ABC>", "<@U012ABCDEF>", "<@W012ABCDEF|boss>", "<#C012ABCDEF>", "<@112233445566>",
    "<@!112233445566>", "<@&112233445566>", "<#112233445566>", "</news help:112233445566>",
    "<id:customize>", "<:smile:112233445566>", "<a:wave:112233445566>", "<t:1700000000:R>",
    "&lt;!here&gt;", "&amp;lt;!channel&amp;gt;", "&#60;@U012ABCDEF&#62;", "@\u200beveryone",
    "@\u2060here", "＠everyone", "@\u200deveryone", "<!\u200bchannel>", "\\@everyone",
    "@everyo\u00adne",
)  # fmt: skip
_MARKS = (
    "*bold*", "_it_", "~st~", "`code`", "```block```", "**bold**", "__under__", "~~st~~",
    "||spoil||",
    "> quote", ">>> quote", "# heading", "-# small", "- list", "1. list", ":smile:",
    ":+1::skin-tone-2:",
    "\\*", "*_~`|", "***", "<!date^1700000000^{date}|now>",
)  # fmt: skip
_LINKS = (
    "https://bank.example/login", "www.bank.example", "bank.example", "bank.example/login",
    "Read https://bank.example now", "[Reuters](https://evil.example)", "[x](<https://evil.example>)",
    "<https://evil.example|Reuters>", "<https://evil.example>", "mailto:boss@bank.example",
    "<mailto:a@b.example|Bank>", "discord://invite/x", "steam://run/1",
    "https://bank.example@evil.example", "HTTPS://BANK.EXAMPLE/", "http://127.0.0.1/",
    "[a\nb](https://evil.example)", "javascript:alert(1)",
)  # fmt: skip
_HIDDEN = (
    "\u202egnp.exe\u202c", "\u2066a\u2069", "a\u200bb", "a\u2060b", "a\ufeffb",
    "\u115f\u3164\u2800",
    "a\u00adb", "\U000e0041\U000e0042", "\u061cx", "a\u200cb\u200d", "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07", "\x07\x08\x7f", "a\rb", "a\x85b",
    "a\u2028b",
    "\ufff9a\ufffab\ufffb", "\x9b31m", "e\u0301" * 40, "Z\u0335\u0336" * 60,
)  # fmt: skip
_FRAMES = ("{}", "Storm {} nears", "*{}*", "[{}](https://evil.example)", "{0}{0}{0}")

PAYLOADS = tuple(
    dict.fromkeys(
        frame.format(text)
        for text in (*_PINGS, *_MARKS, *_LINKS, *_HIDDEN)
        for frame in (_FRAMES if text in _PINGS else _FRAMES[:2])
    )
)

_SLACK_SPECIAL = re.compile(
    r"<(?!date\^)[!@#][^>]*>|@(?:here|channel|everyone|group)\b|<[^>|]*\|[^>]*>"
)
_DISCORD_SPECIAL = re.compile(
    r"<(?:@[!&]?|\#)\d+>|@everyone|@here|</[^:>]+:\d+>|<id:\w+>|<a?:\w+:\d+>"
    r"|\[[^\]]+\]\([^)]*\)|(?:https?|steam|discord)://"
)
_OURS = re.compile(r"<t:\d+:R>|\*\*")
_HOST = re.compile(r"(?:https?://|www\.)([\w.-]+)", re.IGNORECASE)
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e\u200b\u200e\u200f\u202a-\u202e\u2061-\u206f"
    "\u2800\u3164\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""What no reader is to be sent; the word joiner is Slack's renderer's own."""


def document(payload: str, url: str) -> bytes:
    """A feed whose every text is the payload, written out and escaped once more."""
    # Characters that XML cannot hold come as feeds in the wild have them: raw.
    text = escape(payload)
    twice = escape(text)
    inner = (
        f"<title>{text}</title><link>{url}</link><author>{text}</author><category>{text}</category>"
        f"<description>{twice}. {twice} once more, at length. Beijing agrees.</description>"
    )
    return (
        f"<rss version='2.0'><channel><title>{text}</title><item>{inner}</item></channel></rss>"
    ).encode(errors="surrogatepass")


def slack_pings(blocks: list[Json], text: str) -> list[str]:
    """What Slack would take for a mention, a command of its own or a link in a text it parses.

    Of `rich_text` and `plain_text` nothing is parsed; the top-level text is for notifications.
    """
    parsed = [place["text"] for place in _places(blocks) if place.get("type") == "mrkdwn"]
    own = re.sub(r"<!date\^[^>]*>", "", "\n".join(parsed))
    last = re.sub(r"\n<https?://[^<>|]*>$", "", text)
    return _SLACK_SPECIAL.findall(own) + _SLACK_SPECIAL.findall(last)


def discord_pings(embed: Json) -> list[str]:
    """What Discord would take for a mention or a link in the texts it parses."""
    found: list[str] = []
    fields = [field[key] for field in embed.get("fields", ()) for key in ("name", "value")]
    for text in (embed.get("title", ""), embed.get("description", ""), *fields):
        # A backslash makes the next character literal, and parts what is before and behind it.
        found += _DISCORD_SPECIAL.findall(re.sub(r"\\[^\w\s]", "\0", _OURS.sub("", text)))
    return found


def spoofed(text: str, url: str | None) -> list[str]:
    """Hosts that a link's text names and that the link does not lead to."""
    host = urlsplit(url or "").hostname
    return [named for named in _HOST.findall(text) if url and named.lower().rstrip(".") != host]


def slack_links(blocks: list[Json]) -> Iterator[tuple[str, str]]:
    """Text and address of each link."""
    for place in _places(blocks):
        if place.get("type") == "link":
            yield place["text"], place["url"]


def shown(blocks: list[Json]) -> str:
    """All texts, one after another."""
    texts = [place["text"] for place in _places(blocks) if isinstance(place.get("text"), str)]
    return "\n".join(texts)


def _places(node: Any) -> Iterator[Json]:  # noqa: ANN401 - JSON
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _places(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _places(value)
