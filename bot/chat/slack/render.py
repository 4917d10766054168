"""Render: a message as Slack's Block Kit, and as plain text beside it.

No foreign text ever reaches a field that Slack parses as mrkdwn. mrkdwn has entities for `&`, `<`
and `>` alone: `*`, `_`, `~`, back-ticks and emoji codes cannot be escaped, and zero-width
characters around them are a guess about somebody else's parser. So

- headlines and links are `rich_text` elements of type `link` and `text`: their text is literal and
  bold is a property beside it, so that a headline cannot format, ping or pose as another link
  (docs.slack.dev/reference/block-kit/blocks/rich-text-block);
- summary, outlet, tags and evidence are `plain_text` objects with `emoji: false`, literal too; the
  summary in a section because only a section can carry the picture as its accessory;
- mrkdwn objects hold what is written here: `<!date^…>`, and a topic's title where it is plain
  words.

The picture is an accessory and not an image block: a message with an image block whose picture
Slack cannot fetch is refused (`downloading image failed`), one with an accessory is shown.

The top-level `text` is what notifications and screen readers read, and all there is when the
blocks are refused: it says everything the blocks say, escaped, to be sent with `mrkdwn: false`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.chat.slack.blocks import (
    BLOCKS_LIMIT,
    Block,
    bold,
    buttons,
    context,
    length,
    local_time,
    mention,
    mrkdwn,
    person,
    plain,
    rich,
    said,
    utc,
)
from bot.chat.slack.text import clean, cut, escape, safe_url
from bot.commands.card import card_buttons
from bot.commands.reference import neutral, refer_all
from bot.domain.digest import GROUP_LIMIT, LISTED_HEADLINE_LIMIT, OUTLET_LIMIT
from bot.domain.message import Alert, Digest, Gravity, Message, Notice, Reason

HEADLINE_LIMIT = 300
"""Characters. Slack would take more; a headline longer than this is not one."""
SUMMARY_LIMIT = 1200
"""Characters, of the 3,000 a section takes: room for characters that Slack counts twice."""
LINE_LIMIT = 300
"""Characters of one element in a context line."""
NAME_LIMIT = 80
"""Characters of a topic's name."""
BODY_LIMIT = 6000
"""Characters of a notice or a reply."""
TEXT_LIMIT = 4000
"""Characters of the top-level text, which Slack asks to keep to and cuts at 40,000."""

_REASONS_SHOWN = 4
_MENTIONS_SHOWN = 5
_URL_IN_TEXT_LIMIT = 1000
_BOLDABLE = re.compile(r"[^\W_]+(?:[ ’,–-]{1,2}[^\W_]+)*")
"""Words that mrkdwn cannot take for anything but words."""
_DAY = "date_short"
"""In the middle of a sentence, where “Today” cannot stand."""
_UNTITLED = "(no headline)"
_MARKS = {Gravity.WARNING: "⚠️ ", Gravity.INFO: "\u2139\ufe0f "}


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """What chat.postMessage takes.

    Attributes:
        text: Everything in plain text, escaped; to be sent with `mrkdwn: false`.
        blocks: Block Kit objects; empty for a message of text alone.
    """

    text: str
    blocks: tuple[Block, ...]


def render(message: Message, *, nonce: str | None = None, images: bool = True) -> SlackMessage:
    """The message as Slack shows it, within every limit of the platform.

    Args:
        message: What to show.
        nonce: An alert's delivery, which its buttons name; None for a card without buttons.
        images: Whether to show the picture, where there is one.
    """
    if isinstance(message, Notice):
        return titled(message.title, message.text, mark=_MARKS[message.gravity])
    if isinstance(message, Digest):
        return _digest(message)
    blocks = _alert_blocks(message, nonce, images=images)
    if images and length(blocks) > BLOCKS_LIMIT:
        blocks = _alert_blocks(message, nonce, images=False)
    return SlackMessage(text=_alert_text(message), blocks=blocks)


def titled(title: str, body: str, *, mark: str = "") -> SlackMessage:
    """A bold line and the text below it, literal but for the channels it names.

    Args:
        title: One line.
        body: The rest, with its line breaks; may be empty.
        mark: Our own characters before the title.
    """
    title = cut(clean(title), HEADLINE_LIMIT) or "newsbot"
    body = cut(clean(refer_all(body), lines=True), BODY_LIMIT)
    head, below = bold(f"{mark}{title}"), f"\n{body}" if body else ""
    block = rich([head, *said(below)])
    if length([block]) > BLOCKS_LIMIT:  # each channel named is an object of its own
        block = rich([head, *said(neutral(below))])
    text = _lines((f"{mark}{title}", neutral(body)))
    return SlackMessage(text=escape(text, TEXT_LIMIT), blocks=(block,))


def _digest(digest: Digest) -> SlackMessage:
    """A line a story; the cut is the same as where the pages were counted out."""
    blocks = [
        rich([bold(digest.title)]),
        context([mrkdwn(f"Since {local_time(digest.since, _DAY)}")]),
    ]
    text = [f"{digest.title}, since {utc(digest.since)}"]
    for group in digest.groups:
        title = cut(clean(group.title), GROUP_LIMIT) or "a topic"
        elements = [bold(title)]
        text.append(title)
        for alert in group.alerts:
            elements += _listed(alert)
            text.append(f"• {_listed_headline(alert)} ({_listed_outlet(alert)})")
        blocks.append(rich(elements))
    return SlackMessage(text=escape(_lines(text), TEXT_LIMIT), blocks=tuple(blocks))


def _listed(alert: Alert) -> list[Block]:
    url = safe_url(alert.url)
    headline: Block = {"type": "text", "text": _listed_headline(alert)}
    linked = headline if url is None else {**headline, "type": "link", "url": url}
    mark: Block = {"type": "text", "text": "\n• "}
    return [mark, linked, {"type": "text", "text": f" — {_listed_outlet(alert)}"}]


def _listed_headline(alert: Alert) -> str:
    return cut(clean(alert.headline), LISTED_HEADLINE_LIMIT) or _UNTITLED


def _listed_outlet(alert: Alert) -> str:
    return cut(clean(alert.outlet), OUTLET_LIMIT) or "Unnamed outlet"


def _alert_blocks(alert: Alert, nonce: str | None, *, images: bool) -> tuple[Block, ...]:
    blocks = (
        rich([_headline(alert)]),
        _lead(alert, images=images),
        context(_source(alert)),
        *_why(alert.reasons),
        _claim(alert),
        _pinged(alert),
        _alert_buttons(alert, nonce),
    )
    return tuple(block for block in blocks if block is not None)


def _claim(alert: Alert) -> Block | None:
    """Who took the story on, for all to see."""
    if not alert.claimed_by:
        return None
    who = person(alert.claimed_by)
    if who is None:
        return context([plain(f"Claimed by {cut(clean(alert.claimed_by), NAME_LIMIT)}")])
    return context([mrkdwn(f"*Claimed* by {who}")])


def _pinged(alert: Alert) -> Block | None:
    """Whom the alert pings: named in the blocks, and in the text for a message of text alone."""
    elements = [element for element, _ in _mentions(alert)]
    if not elements:
        return None
    spaced = [part for element in elements for part in (element, {"type": "text", "text": " "})]
    return rich(spaced[:-1])


def _mentions(alert: Alert) -> Iterator[tuple[Block, str]]:
    for written in alert.mentions[:_MENTIONS_SHOWN]:
        found = mention(written)
        if found is not None:
            yield found


def _alert_buttons(alert: Alert, nonce: str | None) -> Block | None:
    if nonce is None:
        return None
    return buttons(enumerate(card_buttons(alert, nonce)))


def _headline(alert: Alert) -> Block:
    element = bold(_headline_text(alert))
    url = safe_url(alert.url)
    return element if url is None else {**element, "type": "link", "url": url}


def _headline_text(alert: Alert) -> str:
    return cut(clean(alert.headline), HEADLINE_LIMIT) or _UNTITLED


def _lead(alert: Alert, *, images: bool) -> Block | None:
    """The summary with the picture at its side; a picture without summary stands by the outlet."""
    image = safe_url(alert.image) if images else None
    text = _summary(alert) or (_outlet(alert) if image else "")
    if not text:
        return None
    section: Block = {"type": "section", "text": plain(text)}
    if image:
        section["accessory"] = {
            "type": "image",
            "image_url": image,
            "alt_text": _headline_text(alert),
        }
    return section


def _summary(alert: Alert) -> str:
    return cut(clean(alert.summary), SUMMARY_LIMIT)


def _outlet(alert: Alert) -> str:
    return cut(clean(alert.outlet), LINE_LIMIT) or "Unnamed outlet"


def _tags(alert: Alert) -> str:
    return cut(", ".join(filter(None, map(clean, alert.tags))), LINE_LIMIT)


def _source(alert: Alert) -> list[Block]:
    tags = _tags(alert)
    elements = [plain(_outlet(alert)), mrkdwn(local_time(alert.published))]
    return [*elements, plain(tags)] if tags else elements


def _why(reasons: tuple[Reason, ...]) -> list[Block]:
    """A line a topic, with its evidence; topics past the first few in a line by name alone."""
    lines = [_reason(reason) for reason in reasons[:_REASONS_SHOWN]]
    rest = ", ".join(map(_topic, reasons[_REASONS_SHOWN:]))
    if rest:
        lines.append([plain(cut(f"and {rest}", LINE_LIMIT))])
    return [context(line) for line in lines]


def _reason(reason: Reason) -> list[Block]:
    topic = _topic(reason)
    aside = cut(clean(reason.aside), NAME_LIMIT) if clean(reason.title) else ""
    evidence = cut(", ".join(filter(None, map(clean, reason.evidence))), LINE_LIMIT)
    details = " ".join(filter(None, (f"({aside})" if aside else "", evidence and f"— {evidence}")))
    name = mrkdwn(f"*{topic}*") if _BOLDABLE.fullmatch(topic) else plain(topic)
    return [name, plain(details)] if details else [name]


def _topic(reason: Reason) -> str:
    return cut(clean(reason.title) or clean(reason.topic), NAME_LIMIT) or "a topic"


def _alert_text(alert: Alert) -> str:
    topics = cut(", ".join(map(_topic, alert.reasons)), LINE_LIMIT)
    source = (_outlet(alert), utc(alert.published), _tags(alert))
    lines = (
        _headline_text(alert),
        _summary(alert),
        " · ".join(filter(None, source)),
        f"Topics: {topics}" if topics else "",
    )
    url = safe_url(alert.url)
    fits = url is not None and len(url) <= _URL_IN_TEXT_LIMIT
    link = f"\n<{url.replace('&', '&amp;')}>" if url is not None and fits else ""
    owner = person(alert.claimed_by or "")
    claimed = f"\nClaimed by {owner}" if owner else ""
    pinged = " ".join(written for _, written in _mentions(alert))
    tail = f"{link}{claimed}\n{pinged}" if pinged else f"{link}{claimed}"
    return escape(_lines(lines), TEXT_LIMIT - len(tail)) + tail


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(filter(None, lines))
