"""Form: a window to fill in, as Discord's modal, and what was filled in.

Limits: Discord, "Component Reference".
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import discord

from bot.chat.discord.buttons import write_id
from bot.chat.discord.markdown import as_is, fit, plain
from bot.commands.reply import Choice, Field, Form

_TITLE_LIMIT = _LABEL_LIMIT = 45
_HINT_LIMIT = _CHOICE_LIMIT = 100
_TEXT_LIMIT = 4000
_FIELDS, _CHOICES = 5, 25


def modal(form: Form) -> discord.ui.Modal:
    """The window; nothing in this process waits for it, so it can be sent after a restart."""
    window = discord.ui.Modal(
        title=_line(form.title, _TITLE_LIMIT), custom_id=write_id(form.action, form.argument)
    )
    for field in form.fields[:_FIELDS]:
        text = _line(field.label, _LABEL_LIMIT)
        window.add_item(discord.ui.Label(text=text, component=_component(field)))
    window.stop()
    return window


def filled(parts: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """What a sent window holds, by the field's name; empty where nothing was filled in.

    Args:
        parts: The interaction's `components`.
    """
    for part in parts:
        if "component" in part:
            yield from filled([part["component"]])
        elif "components" in part:
            yield from filled(part["components"])
        elif "values" in part:
            yield part["custom_id"], next(iter(part["values"]), "")
        elif "custom_id" in part:
            yield part["custom_id"], str(part.get("value") or "")


def _component(field: Field) -> discord.ui.Item[Any]:
    if field.choices:
        return discord.ui.Select(
            custom_id=field.name,
            placeholder=_line(field.hint, _HINT_LIMIT) or None,
            required=field.required,
            min_values=int(field.required),
            options=[_option(choice, field.value) for choice in field.choices[:_CHOICES]],
        )
    return discord.ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.long else discord.TextStyle.short,
        placeholder=_line(field.hint, _HINT_LIMIT) or None,
        default=field.value[:_TEXT_LIMIT] or None,
        required=field.required,
        max_length=_TEXT_LIMIT,
    )


def _option(choice: Choice, chosen: str) -> discord.SelectOption:
    return discord.SelectOption(
        label=_line(choice.label, _CHOICE_LIMIT) or choice.value,
        value=choice.value,
        default=choice.value == chosen,
    )


def _line(text: str, limit: int) -> str:
    return fit(plain(text), limit, as_is)
