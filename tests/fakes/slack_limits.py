"""Slack limits: what Slack refuses in a message, as its documentation and answers tell."""

import json
from collections.abc import Callable, Iterator
from typing import Any

TEXT_LIMIT = 40_000
BLOCKS_LIMIT = 13_000

Json = dict[str, Any]

_TEXT_KINDS = frozenset({"plain_text", "mrkdwn"})


def faults_in(blocks: list[Json], most: int = 50) -> list[str]:
    """What is wrong with the blocks, in Slack's manner; empty where all is well."""
    too_many = f"no more than {most} items allowed [json-pointer:/blocks]"
    faults = [] if len(blocks) <= most else [too_many]
    faults.extend(_doubled(blocks))
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        check = _CHECKS.get(str(block.get("type")))
        if check is None:
            faults.append(f"unsupported type: {block.get('type')} [json-pointer:{at}/type]")
        else:
            faults.extend(check(block, at))
    return faults


def faults_in_view(view: Json) -> list[str]:
    """What is wrong with a window or newsbot's own page."""
    faults = faults_in(view.get("blocks", []), most=100)
    faults.extend(_length(view.get("private_metadata", ""), 0, 3000, "/private_metadata"))
    faults.extend(_length(view.get("callback_id", ""), 0, 255, "/callback_id"))
    if view.get("type") == "home":
        titles: tuple[str, ...] = ()
        allowed = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    else:
        titles = ("title", *(name for name in ("submit", "close") if name in view))
        allowed = {
            *("type", "blocks", "private_metadata", "callback_id", "external_id", "title"),
            *("submit", "close", "clear_on_close", "notify_on_close"),
        }
        if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
            faults.append("must have a submit button [json-pointer:/submit]")
    for name in titles:
        faults.extend(_text(view.get(name), 24, f"/{name}"))
    faults.extend(f"no additional properties allowed: {name}" for name in view.keys() - allowed)
    return faults


def _doubled(blocks: list[Json]) -> Iterator[str]:
    seen = set()
    for block in blocks:
        for element in block.get("elements", ()):
            action = element.get("action_id")
            if action is not None and action in seen:
                yield f"action_id {action} already exists [json-pointer:/blocks]"
            seen.add(action)


def too_long(blocks: list[Json]) -> bool:
    """Whether all blocks together pass what Slack takes."""
    return len(json.dumps(blocks, ensure_ascii=False)) > BLOCKS_LIMIT


def images_in(blocks: list[Json]) -> Iterator[str]:
    """The addresses of all pictures."""
    for block in blocks:
        for holder in (block, block.get("accessory") or {}, *block.get("elements", ())):
            if "image_url" in holder:
                yield holder["image_url"]


def _length(value: object, least: int, most: int, at: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{at}]"
    elif len(value) < least:
        yield f"must be more than {least - 1} characters [json-pointer:{at}]"
    elif len(value.encode("utf-16-le")) // 2 > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}]"


def _url(value: object, at: str) -> Iterator[str]:
    yield from _length(value, 1, 3000, at)
    if not str(value).startswith(("http://", "https://")):
        yield f"invalid url [json-pointer:{at}]"


def _text(value: object, most: int, at: str) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("type") not in _TEXT_KINDS:
        yield f"must be a text object [json-pointer:{at}]"
        return
    yield from _length(value.get("text"), 1, most, f"{at}/text")
    foreign = {"plain_text": "verbatim", "mrkdwn": "emoji"}[value["type"]]
    if foreign in value:
        yield f"no additional properties allowed: {foreign} [json-pointer:{at}]"


def _image(value: Json, at: str) -> Iterator[str]:
    yield from _url(value.get("image_url"), f"{at}/image_url")
    yield from _length(value.get("alt_text"), 1, 2000, f"{at}/alt_text")


def _section(block: Json, at: str) -> Iterator[str]:
    yield from _text(block.get("text"), 3000, f"{at}/text")
    if "accessory" in block:
        yield from _image(block["accessory"], f"{at}/accessory")


def _header(block: Json, at: str) -> Iterator[str]:
    yield from _text(block.get("text"), 150, f"{at}/text")


def _context(block: Json, at: str) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 10:
        yield f"must have 1 to 10 items [json-pointer:{at}/elements]"
    for number, element in enumerate(elements):
        here = f"{at}/elements/{number}"
        if element.get("type") == "image":
            yield from _image(element, here)
        else:
            yield from _text(element, 2000, here)


def _rich_text(block: Json, at: str) -> Iterator[str]:
    for number, section in enumerate(block.get("elements", [])):
        here = f"{at}/elements/{number}"
        if section.get("type") != "rich_text_section":
            yield f"unsupported type [json-pointer:{here}/type]"
        for place, element in enumerate(section.get("elements", [])):
            yield from _rich_element(element, f"{here}/elements/{place}")


def _rich_element(element: Json, at: str) -> Iterator[str]:
    if element.get("type") in {"channel", "user", "usergroup"}:
        yield from _length(element.get(f"{element['type']}_id"), 3, 30, at)
        return
    if element.get("type") not in {"text", "link"}:
        yield f"unsupported type [json-pointer:{at}/type]"
    yield from _length(element.get("text"), 1, BLOCKS_LIMIT, f"{at}/text")
    if element.get("type") == "link":
        yield from _url(element.get("url"), f"{at}/url")


def _actions(block: Json, at: str) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield f"must have 1 to 25 items [json-pointer:{at}/elements]"
    for number, element in enumerate(elements):
        yield from _button(element, f"{at}/elements/{number}")


def _button(element: Json, at: str) -> Iterator[str]:
    if element.get("type") != "button":
        yield f"unsupported type [json-pointer:{at}/type]"
    yield from _text(element.get("text"), 75, f"{at}/text")
    yield from _length(element.get("action_id"), 1, 255, f"{at}/action_id")
    if "value" in element:
        yield from _length(element["value"], 1, 2000, f"{at}/value")
    if element.get("style", "primary") not in {"primary", "danger"}:
        yield f"no such style [json-pointer:{at}/style]"


def _input(block: Json, at: str) -> Iterator[str]:
    yield from _text(block.get("label"), 2000, f"{at}/label")
    yield from _length(block.get("block_id"), 1, 255, f"{at}/block_id")
    element, here = block.get("element", {}), f"{at}/element"
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, f"{here}/placeholder")
    if element.get("type") == "plain_text_input":
        yield from _length(element.get("initial_value", ""), 0, 3000, f"{here}/initial_value")
    elif element.get("type") == "static_select":
        yield from _options(element, here)
    else:
        yield f"unsupported type [json-pointer:{here}/type]"


def _options(element: Json, at: str) -> Iterator[str]:
    options = element.get("options", [])
    if not 1 <= len(options) <= 100:
        yield f"must have 1 to 100 items [json-pointer:{at}/options]"
    for option in options:
        yield from _text(option.get("text"), 75, f"{at}/options")
        yield from _length(option.get("value"), 1, 150, f"{at}/options")
    if "initial_option" in element and element["initial_option"] not in options:
        yield f"initial_option is none of the options [json-pointer:{at}/initial_option]"


def _divider(block: Json, at: str) -> Iterator[str]:
    if block.keys() - {"type", "block_id"}:
        yield f"no additional properties allowed [json-pointer:{at}]"


_CHECKS: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "rich_text": _rich_text,
    "image": _image,
    "actions": _actions,
    "input": _input,
    "divider": _divider,
}
