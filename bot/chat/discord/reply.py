"""Reply: the answer to a command or a press as a Discord message.

Nothing here imports the `discord` library. Limits: Discord, "Embed Limits".
"""

from dataclasses import dataclass, replace

from bot.chat.discord.buttons import Component, components, lay_out
from bot.chat.discord.markdown import fit, plain, size
from bot.chat.discord.render import (
    DESCRIPTION_LIMIT,
    INFO_COLOUR,
    TITLE_LIMIT,
    WARNING_COLOUR,
    Embed,
    acceptable,
    said,
)
from bot.commands.reply import Reply, Row

_CONTENT_LIMIT = 2000
_ALL_EMBEDS_LIMIT = 6000
_ROWS = 10
_BETWEEN = " · "
_SHORT = 32
"""Characters of a line that leaves room for a time behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordReply:
    """A reply ready to be given.

    Attributes:
        content: Markdown; empty where an embed says it all.
        embeds: Discord's embed objects, within every limit.
        components: Discord's action rows.
    """

    content: str = ""
    embeds: tuple[Embed, ...]
    components: tuple[Component, ...] = ()


def render_reply(reply: Reply) -> DiscordReply:
    """Turn a reply into Discord's form: a list has an embed for each row, its head above them."""
    numbered = len(reply.rows) > 1 and any(row.buttons for row in reply.rows)
    rows = [_numbered(row, n) if numbered else row for n, row in enumerate(reply.rows[:_ROWS], 1)]
    buttons = components(lay_out([row.buttons for row in rows], reply.buttons))
    if not rows:
        colour = WARNING_COLOUR if reply.mistake else INFO_COLOUR
        embed: Embed = {"description": _head(reply, DESCRIPTION_LIMIT) or "Done.", "color": colour}
        return DiscordReply(embeds=(embed,), components=buttons)
    room = _ALL_EMBEDS_LIMIT // len(rows)
    return DiscordReply(
        content=_head(reply, _CONTENT_LIMIT),
        embeds=tuple(_row(row, room) for row in rows),
        components=buttons,
    )


def _head(reply: Reply, limit: int) -> str:
    title = fit(plain(reply.title), limit // 2 - 8, said)
    lines = fit(plain("\n".join(reply.lines), keep_lines=True), limit // 2 - 8, said)
    return "\n".join(part for part in (f"**{title}**" if title else "", lines) if part)


def _numbered(row: Row, number: int) -> Row:
    """The row, told from others by a number that its buttons bear as well."""
    buttons = tuple(replace(button, label=f"{button.label} {number}") for button in row.buttons)
    return replace(row, title=f"{number} · {row.title}", buttons=buttons)


def _row(row: Row, room: int) -> Embed:
    title = fit(plain(row.title) or "(untitled)", min(TITLE_LIMIT, room // 2))
    embed: Embed = {"title": title, "color": INFO_COLOUR}
    if acceptable(row.url):
        embed["url"] = row.url
    if description := _below(row, min(DESCRIPTION_LIMIT, room - size(title))):
        embed["description"] = description
    return embed


def _below(row: Row, room: int) -> str:
    """What is said of a row, and when it was, which each reader's client shows in their zone."""
    when = f"<t:{int(row.when.timestamp())}:f>" if row.when else ""
    if lines := plain("\n".join(row.lines), keep_lines=True):
        told = fit(lines, room - size(when) - len(_BETWEEN), said)
        between = _BETWEEN if size(told) <= _SHORT and "\n" not in told else "\n"
        return f"{told}{between}{when}" if when else told
    return when
