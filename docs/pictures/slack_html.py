"""Slack: a message's, page's or window's blocks as HTML that looks like Slack."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from typing import Any

Block = Mapping[str, Any]

_DATE = re.compile(r"<!date\^(?P<seconds>\d+)\^(?P<form>[^|>]*)\|(?P<instead>[^>]*)>")
_PERSON = re.compile(r"<@\w+>")
_BOLD = re.compile(r"\*([^*]+)\*")
_READER = "@Ana Reyes"
_NAMES = {"user": _READER, "channel": "#world-desk", "usergroup": "@world-desk"}

CSS = """
.light { --back: #fff; --text: #1d1c1d; --grey: #616061; --link: #1264a3; --line: #dddddd;
         --edge: #bbbabb; --green: #007a5a; --red: #e01e5a; --at: #e8f5fa; --badge: #dddddd80; }
.dark { --back: #1a1d21; --text: #d1d2d3; --grey: #ababad; --link: #1d9bd1; --line: #3a3d41;
        --edge: #797c81; --green: #007a5a; --red: #e01e5a; --at: #1d9bd11a; --badge: #ffffff1a; }
body { margin: 0; width: 680px; background: var(--back); color: var(--text);
       font: 15px/22px Lato, "Noto Sans", sans-serif; }
.message { display: flex; gap: 10px; padding: 18px 22px; }
.message > div:last-child { flex: 1; min-width: 0; }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #3b4a63;
          color: #fff; font-weight: 900; font-size: 18px; line-height: 36px; text-align: center; }
.name { font-weight: 900; }
.badge { margin: 0 6px; padding: 1px 4px; border-radius: 2px; background: var(--badge);
         color: var(--grey); font-size: 10px; font-weight: 700; vertical-align: 1px; }
.time, .private { color: var(--grey); font-size: 12px; }
.private { margin: 10px 22px -14px 68px; }
.block { margin: 4px 0 8px; overflow-wrap: anywhere; unicode-bidi: plaintext; }
.section { display: flex; gap: 16px; white-space: pre-wrap; }
.section > div { flex: 1; unicode-bidi: plaintext; }
.section .photo { flex: none; width: 88px; height: 88px; border-radius: 8px;
                  background: linear-gradient(160deg, #86a8c9, #e4c08a 60%, #5c6b57); }
.context { display: flex; flex-wrap: wrap; gap: 2px 8px; color: var(--grey); font-size: 13px;
           line-height: 18px; margin: 2px 0; }
.divider { border-top: 1px solid var(--line); margin: 12px 0; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; }
.button { padding: 0 12px; border: 1px solid var(--edge); border-radius: 4px; font-size: 13px;
          font-weight: 900; line-height: 28px; }
.primary { background: var(--green); border-color: var(--green); color: #fff; }
.danger { border-color: var(--red); color: var(--red); }
.at { padding: 0 2px; border-radius: 3px; background: var(--at); color: var(--link); }
.page { padding: 14px 22px 18px; }
body { padding: 1px 0; }
.modal { width: 520px; margin: 24px auto; border: 1px solid var(--line); border-radius: 8px;
         box-shadow: 0 4px 24px #0003; }
.modal header { padding: 18px 24px 6px; font-size: 22px; font-weight: 900; }
.modal main { padding: 0 24px 8px; }
.modal footer { display: flex; justify-content: end; gap: 12px; padding: 14px 24px 20px; }
.modal footer .button { padding: 0 16px; font-size: 15px; line-height: 34px; }
.label { margin: 12px 0 6px; font-weight: 700; }
.label span { color: var(--grey); font-weight: 400; }
.filled { padding: 8px 12px; border: 1px solid var(--edge); border-radius: 4px; }
.hint { color: var(--grey); }
.select { display: flex; justify-content: space-between; }
a { color: var(--link); text-decoration: none; }
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at it.

    Attributes:
        now: When.
        zone: Theirs.
    """

    now: datetime
    zone: tzinfo


def message(blocks: Sequence[Block], reader: Reader, *, private: bool = False) -> str:
    """The body of a page that shows one message.

    Args:
        blocks: As they go to chat.postMessage.
        reader: Who looks at it.
        private: Whether they alone see it.
    """
    alone = '<div class="private">👁 Only visible to you</div>' if private else ""
    return (
        f'{alone}<div class="message"><div class="avatar">n</div><div>'
        '<span class="name">newsbot</span><span class="badge">APP</span>'
        f'<span class="time">{_clock(reader.now, reader.zone)}</span>{_blocks(blocks, reader)}'
        "</div></div>"
    )


def view(shown: Mapping[str, Any], reader: Reader) -> str:
    """The body of a page that shows a window, or newsbot's own page.

    Args:
        shown: As it goes to views.open and views.publish.
        reader: Who looks at it.
    """
    inner = _blocks(shown["blocks"], reader)
    if shown["type"] == "home":
        return f'<div class="page">{inner}</div>'
    pressed = "".join(
        f'<span class="button {style}">{escape(shown[name]["text"])}</span>'
        for name, style in (("close", ""), ("submit", "primary"))
        if name in shown
    )
    return (
        f'<div class="modal"><header>{escape(shown["title"]["text"])}</header>'
        f"<main>{inner}</main><footer>{pressed}</footer></div>"
    )


def _blocks(blocks: Sequence[Block], reader: Reader) -> str:
    return "".join(_block(block, reader) for block in blocks)


def _block(block: Block, reader: Reader) -> str:
    match block["type"]:
        case "rich_text":
            inner = "".join(
                _rich(element) for part in block["elements"] for element in part["elements"]
            )
            return f'<div class="block">{inner}</div>'
        case "section":
            picture = block.get("accessory")
            image = '<div class="photo"></div>' if picture else ""
            text = _text(block["text"], reader)
            return f'<div class="block section"><div>{text}</div>{image}</div>'
        case "context":
            inner = "".join(
                f"<span>{_text(element, reader)}</span>" for element in block["elements"]
            )
            return f'<div class="block context">{inner}</div>'
        case "actions":
            return f'<div class="block actions">{"".join(map(_button, block["elements"]))}</div>'
        case "divider":
            return '<div class="divider"></div>'
        case "input":
            return _input(block)
        case other:
            raise ValueError(f"no picture of a {other} block yet: add it here")


def _button(element: Block) -> str:
    return (
        f'<span class="button {element.get("style", "")}">{escape(element["text"]["text"])}</span>'
    )


def _input(block: Block) -> str:
    element = block["element"]
    chosen = element.get("initial_option", {}).get("text", {}).get("text", "")
    filled = escape(element.get("initial_value", chosen))
    hint = element.get("placeholder", {}).get("text", "")
    is_select = element["type"] == "static_select"
    shown = (
        filled or f'<span class="hint">{escape(hint or ("Choose an option" * is_select))}</span>'
    )
    optional = " <span>(optional)</span>" if block["optional"] else ""
    kind = "filled select" if is_select else "filled"
    return (
        f'<div class="label">{escape(block["label"]["text"])}{optional}</div>'
        f'<div class="{kind}"><span>{shown or "&nbsp;"}</span>{"⌄" if is_select else ""}</div>'
    )


def _rich(element: Block) -> str:
    if element["type"] in _NAMES:
        return f'<span class="at">{_NAMES[element["type"]]}</span>'
    text = escape(element["text"]).replace("\n", "<br>")
    if element.get("style", {}).get("bold"):
        text = f"<b>{text}</b>"
    if element["type"] == "link":
        text = f'<a href="{escape(element["url"])}">{text}</a>'
    return text


def _text(element: Block, reader: Reader) -> str:
    if element["type"] == "plain_text":
        return escape(element["text"])
    # mrkdwn's own entities are HTML's.
    dated = _DATE.sub(lambda found: _date(found, reader), element["text"])
    named = _PERSON.sub(f'<span class="at">{_READER}</span>', dated)
    return _BOLD.sub(r"<b>\1</b>", named)


def _date(found: re.Match[str], reader: Reader) -> str:
    moment = datetime.fromtimestamp(int(found["seconds"]), reader.zone)
    days = (reader.now.astimezone(reader.zone).date() - moment.date()).days
    recent = {0: "Today", 1: "Yesterday"}
    day = recent.get(days, f"{moment:%b} {moment.day}, {moment.year}")
    clock = _clock(moment, reader.zone)
    form = found["form"].replace("{date_short_pretty}", day).replace("{time}", clock)
    return form.replace("{date_short}", f"{moment:%b} {moment.day}, {moment.year}")


def _clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%-I:%M %p}"
