"""Markdown: how a Discord client reads it, written down from what the clients do.

Not a renderer: it says what a text would show if it is nothing but text, and which construct it
would be taken for otherwise.
"""

import re

# Tried in this order at each place; the first that matches is what the client sees.
_CONSTRUCTS = {
    "code block": re.compile(r"```.+?```", re.DOTALL),
    "code": re.compile(r"(`+)(?!`).*?[^`]\1(?!`)", re.DOTALL),
    "spoiler": re.compile(r"\|\|.+?\|\|", re.DOTALL),
    "bold": re.compile(r"\*\*(?:\\.|[^\\])+?\*\*", re.DOTALL),
    "underline": re.compile(r"__(?:\\.|[^\\])+?__", re.DOTALL),
    "italics": re.compile(r"\*(?=\S)(?:\\.|[^\\*])+?\*|_(?:\\.|[^\\_])+?_\b", re.DOTALL),
    "strike-through": re.compile(r"~~.+?~~", re.DOTALL),
    "masked link": re.compile(
        r"\[(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*\]\(\s*<?(?:\([^)]*\)|[^\s\\]|\\.)*?>?\s*\)",
        re.DOTALL,
    ),
    "link in brackets": re.compile(r"<(?:[^: >]+:/[^ >]+|[^ >@]+@[^ >]+)>"),
    "link": re.compile(r"(?:https?|steam|discord)://[^\s<]+"),
    "mention": re.compile(r"<(?:@[!&]?|\#)\d+>|@everyone|@here"),
    "command": re.compile(r"</[^:>]+:\d+>"),
    "guild place": re.compile(r"<id:\w+>"),
    "custom emoji": re.compile(r"<a?:\w+:\d+>"),
    "time": re.compile(r"<t:-?\d+(?::\w)?>"),
    "emoji": re.compile(r":[\w+~-]+(?:::skin-tone-\d)?:"),
}
_LINE_CONSTRUCTS = {
    "heading": re.compile(r" *#{1,3}\s+\S"),
    "small print": re.compile(r" *-#\s+\S"),
    "quote": re.compile(r" *>(?:>>)?\s"),
    "list": re.compile(r" *(?:[*+-]|\d+\.)\s"),
}
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")


class FormattedError(Exception):
    """The client would not show the text as text."""


def shown(text: str) -> str:
    """What a reader sees of a text that holds nothing but text.

    Raises:
        FormattedError: It holds something that the client formats, links or mentions.
    """
    for line in text.split("\n"):
        for name, pattern in _LINE_CONSTRUCTS.items():
            if pattern.match(line):
                raise FormattedError(f"{name} in {line!r}")
    seen: list[str] = []
    place = 0
    while place < len(text):
        if escape := _ESCAPE.match(text, place):
            seen.append(escape[1])
            place = escape.end()
            continue
        for name, pattern in _CONSTRUCTS.items():
            if pattern.match(text, place):
                raise FormattedError(f"{name} at {place} of {text!r}")
        seen.append(text[place])
        place += 1
    return "".join(seen)
