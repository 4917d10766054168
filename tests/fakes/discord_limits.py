"""Limits: what Discord refuses in a message, a window or a command, as its error names it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

CONTENT, NONCE, EMBEDS, FIELDS, ALL_TEXT = 2000, 25, 10, 25, 6000
_TEXTS = (
    (("title",), 256),
    (("description",), 4096),
    (("footer", "text"), 2048),
    (("author", "name"), 256),
)
_ADDRESSES = (("url",), ("thumbnail", "url"), ("image", "url"), ("author", "url"))


Mistake = tuple[tuple[str | int, ...], str]


def mistakes(payload: Json) -> Json:
    """The `errors` of an invalid form body; empty where the message is fine."""
    return _errors(_mistakes(payload))


def window_mistakes(window: Json) -> Json:
    """The same of a modal."""
    return _errors(_in_window(window))


def command_mistakes(commands: Sequence[Json]) -> Json:
    """The same of slash commands to be registered."""
    return _errors(
        (("commands", *path), what)
        for command in commands
        for path, what in _in_command(command, depth=0)
    )


def _errors(found: Iterator[Mistake]) -> Json:
    errors: Json = {}
    for path, what in found:
        place = errors
        for step in path:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": "INVALID", "message": what})
    return errors


def is_empty(payload: Json) -> bool:
    """Whether nothing would be seen of the message."""
    return not (payload.get("content") or "").strip() and not payload.get("embeds")


def _mistakes(payload: Json) -> Iterator[Mistake]:
    yield from _in_rows(payload.get("components") or [])
    embeds = payload.get("embeds") or []
    if len(payload.get("content") or "") > CONTENT:
        yield ("content",), f"Must be {CONTENT} or fewer in length."
    if len(str(payload.get("nonce") or "")) > NONCE:
        yield ("nonce",), f"Must be {NONCE} or fewer in length."
    if len(embeds) > EMBEDS:
        yield ("embeds",), f"Must be {EMBEDS} or fewer in length."
    for number, embed in enumerate(embeds):
        for path, what in _in_embed(embed):
            yield ("embeds", number, *path), what
    if sum(map(_text_size, embeds)) > ALL_TEXT:
        yield ("embeds",), "Embed size exceeds maximum size of 6000."


def _in_rows(rows: Sequence[Json]) -> Iterator[Mistake]:
    if len(rows) > 5:
        yield ("components",), "Must be 5 or fewer in length."
    ids = Counter(one.get("custom_id") for row in rows for one in row["components"])
    if any(count > 1 for count in ids.values()):
        yield ("components",), "Component custom id cannot be duplicated"
    for number, row in enumerate(rows):
        if not 1 <= len(row["components"]) <= 5:
            yield ("components", number), "Must be between 1 and 5 in length."
        for one in row["components"]:
            if one["type"] != 2 or one["style"] not in {1, 2, 3, 4}:
                yield ("components", number), "Not a button."
            yield from _in_length(one, "label", 1, 80)
            yield from _in_length(one, "custom_id", 1, 100)


def _in_window(window: Json) -> Iterator[Mistake]:
    yield from _in_length(window, "title", 1, 45)
    yield from _in_length(window, "custom_id", 1, 100)
    if not 1 <= len(window["components"]) <= 5:
        yield ("components",), "Must be between 1 and 5 in length."
    for label in window["components"]:
        if label["type"] != 18:
            yield ("components",), "Not a label."
        yield from _in_length(label, "label", 1, 45)
        field = label["component"]
        yield from _in_length(field, "custom_id", 1, 100)
        yield from _in_length(field, "placeholder", 0, 100)
        yield from _in_length(field, "value", 0, 4000)
        if field["type"] == 3:
            yield from _in_choices(field["options"], "label")


def _in_choices(choices: Sequence[Json], label: str) -> Iterator[Mistake]:
    if not 1 <= len(choices) <= 25:
        yield ("options",), "Must be between 1 and 25 in length."
    for choice in choices:
        yield from _in_length(choice, label, 1, 100)
        yield from _in_length(choice, "value", 1, 100)


def _in_command(command: Json, depth: int) -> Iterator[Mistake]:
    if not re.fullmatch(r"[-_\w]{1,32}", command["name"]) or not command["name"].islower():
        yield ("name",), "Command name is invalid"
    yield from _in_length(command, "description", 1, 100)
    options = command.get("options") or []
    if len(options) > 25 or depth > 3:
        yield ("options",), "Must be 25 or fewer in length."
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield ("options",), "Required options must be placed before non-required options"
    if command.get("choices"):
        yield from _in_choices(command["choices"], "name")
    for option in options:
        yield from _in_command(option, depth + 1)


def _in_length(thing: Json, key: str, least: int, most: int) -> Iterator[Mistake]:
    text = thing.get(key)
    if (text is None and least) or (text is not None and not least <= len(text) <= most):
        yield (key,), f"Must be between {least} and {most} in length."


def _in_embed(embed: Json) -> Iterator[Mistake]:
    for path, limit in _TEXTS:
        text = _at(embed, path)
        if text is not None and len(text) > limit:
            yield path, f"Must be {limit} or fewer in length."
    for path in _ADDRESSES:
        address = _at(embed, path)
        if address is not None and not _well_formed(address):
            yield path, "Not a well formed URL."
    fields = embed.get("fields") or []
    if len(fields) > FIELDS:
        yield ("fields",), f"Must be {FIELDS} or fewer in length."
    for number, one in enumerate(fields):
        for key, limit in (("name", 256), ("value", 1024)):
            if not one.get(key):
                yield ("fields", number, key), "This field is required."
            elif len(one[key]) > limit:
                yield ("fields", number, key), f"Must be {limit} or fewer in length."


def _at(embed: Json, path: tuple[str, ...]) -> str | None:
    place: Any = embed
    for step in path:
        place = (place or {}).get(step)
    return place if isinstance(place, str) else None


def _well_formed(address: str) -> bool:
    parts = urlsplit(address)
    return (
        parts.scheme in {"http", "https"}
        and "." in (parts.hostname or "")
        and " " not in address
        and len(address) <= 2048
    )


def _text_size(embed: Json) -> int:
    texts = [_at(embed, path) or "" for path, _ in _TEXTS]
    texts += [one.get(key) or "" for one in embed.get("fields") or [] for key in ("name", "value")]
    return sum(map(len, texts))
