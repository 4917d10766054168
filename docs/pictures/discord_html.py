"""Discord: a message's embeds and buttons, or a window, as HTML that looks like Discord."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import Any

from slack_html import Reader

Part = Mapping[str, Any]
"""One of Discord's objects: an embed or a component."""

_KNOWN = {
    "author", "color", "description", "fields", "footer", "thumbnail", "timestamp", "title", "url",
}  # fmt: skip
_MARKDOWN = re.compile(
    r"\\(?P<literal>[^0-9A-Za-z\s])|\*\*(?P<bold>.+?)\*\*|<t:(?P<time>\d+):f>"
    r"|(?P<mark>^-[ ])|\[(?P<linked>(?:\\.|[^\]\\])+)\]\(<(?P<url>[^>]+)>\)"
    r"|(?P<at><(?P<kind>@&?|\#)\d+>)|(?P<line>\n)",
    re.DOTALL | re.MULTILINE,
)
_NAMES = {"@": "@Ana Reyes", "@&": "@World desk", "#": "#world-desk"}
_STYLES = {1: "primary", 2: "", 4: "danger"}

CSS = """
.dark { --back: #313338; --card: #2b2d31; --text: #dbdee1; --strong: #f2f3f5; --grey: #949ba4;
        --link: #00a8fc; --button: #4e5058; --on: #fff; --input: #1e1f22; --pill: #ffffff10;
        --at: #5865f24d; --atted: #c9cdfb; }
.light { --back: #fff; --card: #f2f3f5; --text: #313338; --strong: #060607; --grey: #5c5e66;
         --link: #006ce7; --button: #6d6f78; --on: #fff; --input: #e3e5e8; --pill: #0000000d;
         --at: #5865f226; --atted: #505cdc; }
body { margin: 0; width: 680px; background: var(--back); color: var(--text);
       font: 16px/22px "gg sans", "Noto Sans", Inter, sans-serif; }
.message { display: flex; gap: 16px; padding: 18px 22px; }
.message > div:last-child { flex: 1; min-width: 0; }
.avatar { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #3b4a63;
          color: #fff; font-weight: 700; font-size: 20px; line-height: 40px; text-align: center; }
.name { color: var(--strong); font-weight: 500; }
.badge { margin: 0 6px; padding: 1px 5px; border-radius: 4px; background: #5865f2; color: #fff;
         font-size: 10px; font-weight: 500; vertical-align: 1px; }
.time, .private { color: var(--grey); font-size: 12px; }
.embed { display: flex; gap: 16px; width: fit-content; max-width: 516px; margin-top: 6px;
         padding: 8px 16px 16px 12px; box-sizing: border-box; border-left: 4px solid;
         border-radius: 4px; background: var(--card); font-size: 14px; line-height: 18px;
         overflow-wrap: anywhere; }
.embed > div { flex: 1; min-width: 0; }
.embed > div > div { margin-top: 8px; }
.embed .photo { flex: none; width: 80px; height: 80px; margin-top: 8px; border-radius: 4px;
                background: linear-gradient(160deg, #86a8c9, #e4c08a 60%, #5c6b57); }
.author { color: var(--strong); font-weight: 600; }
.title { font-size: 16px; line-height: 22px; font-weight: 600; color: var(--strong); }
a { color: var(--link); text-decoration: none; }
.field { color: var(--strong); font-weight: 600; margin-bottom: 2px; }
.footer { font-size: 12px; line-height: 16px; }
.when { padding: 0 2px; border-radius: 3px; background: var(--pill); }
.at { padding: 0 2px; border-radius: 3px; background: var(--at); color: var(--atted); }
.listed { display: inline-block; width: 16px; text-align: center; margin-left: -16px; }
.line { display: block; min-height: 1lh; unicode-bidi: plaintext; }
.title, .author { unicode-bidi: plaintext; }
.item { padding-left: 20px; }
b { color: var(--strong); }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.button { padding: 0 16px; border-radius: 4px; background: var(--button); color: var(--on);
          font-size: 14px; font-weight: 500; line-height: 32px; }
.primary { background: #5865f2; color: #fff; }
.danger { background: #da373c; color: #fff; }
body { padding-bottom: 1px; }
.modal { width: 440px; margin: 24px auto; border-radius: 8px; background: var(--card);
         box-shadow: 0 4px 24px #0005; }
.modal header { padding: 18px 20px 4px; color: var(--strong); font-size: 20px; font-weight: 700; }
.modal main { padding: 0 20px 8px; }
.modal footer { display: flex; justify-content: end; gap: 8px; padding: 14px 20px 18px; }
.label { margin: 12px 0 6px; color: var(--strong); font-weight: 500; }
.label span { color: #f23f42; }
.filled { display: flex; justify-content: space-between; padding: 8px 12px; border-radius: 4px;
          background: var(--input); }
.hint { color: var(--grey); }
.post { padding: 18px 22px 0; color: var(--strong); font-size: 24px; line-height: 30px;
        font-weight: 700; overflow-wrap: anywhere; }
"""


def message(
    content: str,
    embeds: Sequence[Part],
    components: Sequence[Part],
    reader: Reader,
    *,
    private: bool = False,
) -> str:
    """The body of a page that shows one message.

    Args:
        content: As it goes to Discord.
        embeds: Likewise.
        components: Likewise.
        reader: Who looks at it.
        private: Whether they alone see it.
    """
    alone = '<div class="private">👁 Only you can see this</div>' if private else ""
    return (
        '<div class="message"><div class="avatar">n</div><div><span class="name">newsbot</span>'
        f'<span class="badge">APP</span><span class="time">{_day(reader.now, reader)}</span>'
        f"<div>{_markdown(content, reader)}</div>"
        f"{''.join(_embed(embed, reader) for embed in embeds)}"
        f"{''.join(map(_buttons, components))}{alone}</div></div>"
    )


def post(name: str, first: str) -> str:
    """The body of a page that shows a forum's post.

    Args:
        name: Its name.
        first: The body of its first message.
    """
    return f'<div class="post">{escape(name)}</div>{first}'


def modal(shown: Part) -> str:
    """The body of a page that shows a window, as it goes to Discord."""
    inner = "".join(_labelled(part) for part in shown["components"])
    return (
        f'<div class="modal"><header>{escape(shown["title"])}</header><main>{inner}</main>'
        '<footer><span class="button">Cancel</span><span class="button primary">Submit</span>'
        "</footer></div>"
    )


def _embed(embed: Part, reader: Reader) -> str:
    if unknown := set(embed) - _KNOWN:
        raise ValueError(f"no picture of an embed's {', '.join(unknown)} yet: add it here")
    parts = "".join(
        (
            _part("author", escape(embed.get("author", {}).get("name", ""))),
            _part("title", _title(embed, reader)),
            _part("description", _markdown(embed.get("description", ""), reader)),
            *(_field(field, reader) for field in embed.get("fields", ())),
            _part("footer", _footer(embed, reader)),
        )
    )
    image = '<div class="photo"></div>' if "thumbnail" in embed else ""
    colour = f"#{embed['color']:06x}"
    return f'<div class="embed" style="border-color: {colour}"><div>{parts}</div>{image}</div>'


def _buttons(row: Part) -> str:
    shown = "".join(
        f'<span class="button {_STYLES[button["style"]]}">{escape(button["label"])}</span>'
        for button in row["components"]
    )
    return f'<div class="buttons">{shown}</div>'


def _labelled(part: Part) -> str:
    element = part["component"]
    needed = " <span>*</span>" if element.get("required") else ""
    match element["type"]:
        case 3:
            chosen = [one["label"] for one in element["options"] if one.get("default")]
            filled, hint, mark = "".join(chosen), "Make a selection", "⌄"
        case 4:
            filled, hint, mark = element.get("value") or "", "", ""
        case other:
            raise ValueError(f"no picture of a component {other} yet: add it here")
    hint = element.get("placeholder") or hint
    shown = escape(filled) or f'<span class="hint">{escape(hint)}</span>'
    return (
        f'<div class="label">{escape(part["label"])}{needed}</div>'
        f'<div class="filled"><span>{shown or "&nbsp;"}</span>{mark}</div>'
    )


def _part(name: str, inner: str) -> str:
    return f'<div class="{name}">{inner}</div>' if inner else ""


def _title(embed: Part, reader: Reader) -> str:
    text = _markdown(embed.get("title", ""), reader)
    return f'<a href="{escape(embed["url"])}">{text}</a>' if "url" in embed else text


def _field(field: Part, reader: Reader) -> str:
    name, value = (_markdown(field[key], reader) for key in ("name", "value"))
    return f'<div><div class="field">{name}</div>{value}</div>'


def _footer(embed: Part, reader: Reader) -> str:
    parts = [escape(embed["footer"]["text"])] if "footer" in embed else []
    if "timestamp" in embed:
        parts.append(_day(datetime.fromisoformat(embed["timestamp"]), reader))
    return " • ".join(parts)


def _markdown(text: str, reader: Reader) -> str:
    """What newsbot writes of Discord's markdown, line by line."""
    lines = [
        f'<span class="line{" item" * line.startswith("- ")}">{_line(line, reader)}</span>'
        for line in text.split("\n")
    ]
    return "".join(lines) if text else ""


def _line(text: str, reader: Reader) -> str:
    html: list[str] = []
    end = 0
    for found in _MARKDOWN.finditer(text):
        html += [escape(text[end : found.start()]), _marked(found, reader)]
        end = found.end()
    return "".join([*html, escape(text[end:])])


def _marked(found: re.Match[str], reader: Reader) -> str:
    if found["literal"]:
        return escape(found["literal"])
    if found["bold"]:
        return f"<b>{_line(found['bold'], reader)}</b>"
    if found["time"]:
        return f'<span class="when">{_full(int(found["time"]), reader)}</span>'
    if found["linked"]:
        return f'<a href="{escape(found["url"])}">{_line(found["linked"], reader)}</a>'
    if found["mark"]:
        return '<span class="listed">•</span>'
    return f'<span class="at">{_NAMES[found["kind"]]}</span>'


def _full(seconds: int, reader: Reader) -> str:
    local = datetime.fromtimestamp(seconds, reader.zone)
    return f"{local:%B} {local.day}, {local.year} at {_clock(local, reader.zone)}"


def _day(moment: datetime, reader: Reader) -> str:
    local = moment.astimezone(reader.zone)
    is_today = local.date() == reader.now.astimezone(reader.zone).date()
    day = "Today at" if is_today else f"{local:%m/%d/%Y}"
    return f"{day} {_clock(local, reader.zone)}"


def _clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%-I:%M %p}"
