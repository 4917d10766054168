"""Window: a form, or a reply, as Slack's modal view, and what was filled in.

Limits: docs.slack.dev/reference/views/modal-views and the pages of its elements.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.chat.slack.blocks import ACTION, Block, fit, plain
from bot.chat.slack.reply import shown
from bot.commands.reply import Choice, Field, Form, Reply

TITLE_LIMIT = 24
HINT_LIMIT = 150
CHOICE_LIMIT = 75
CHOICES_SHOWN = 100
TYPED_LIMIT = 3000

View = dict[str, Any]
"""A view, as JSON."""

_FILLED = "filled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a window was opened; Slack keeps it with the window.

    Attributes:
        channel: The channel in which it was asked for.
        argument: What the form is about.
        card: The `ts` of the alert whose button opened it; empty where it was none.
        home: Whether it was opened from newsbot's own page.
    """

    channel: str
    argument: str = ""
    card: str = ""
    home: bool = False


def form_view(form: Form, origin: Origin) -> View:
    """A form to fill in."""
    return {
        **_frame(form.title, origin),
        "callback_id": f"{ACTION}:{form.action}",
        "submit": plain(fit(form.submit, TITLE_LIMIT) or "Save"),
        "close": plain("Cancel"),
        "blocks": [_input(field) for field in form.fields],
    }


def reply_view(reply: Reply, origin: Origin) -> View:
    """A reply in a window, its buttons included."""
    return {
        **_frame("newsbot", origin),
        "callback_id": ACTION,
        "close": plain("Close"),
        "blocks": list(shown(reply).blocks),
    }


def home_view(reply: Reply, origin: Origin) -> View:
    """A reply as newsbot's own page."""
    return {
        "type": "home",
        "callback_id": ACTION,
        "private_metadata": _written(origin),
        "blocks": list(shown(reply).blocks),
    }


def waiting_view(origin: Origin) -> View:
    """What stands in a window until its content is worked out."""
    return reply_view(Reply(title="One moment…"), origin)


def origin_of(view: Mapping[str, Any]) -> Origin:
    """Where a window was opened, by what was kept with it.

    Raises:
        ValueError: newsbot has not written that.
    """
    try:
        return Origin(**json.loads(view["private_metadata"]))
    except (KeyError, TypeError) as error:
        raise ValueError("a window that newsbot has not opened") from error


def filled_in(view: Mapping[str, Any]) -> Mapping[str, str]:
    """What was filled in, by the field's name; empty text where nothing was."""
    values = view.get("state", {}).get("values", {})
    return {name: _value(element.get(_FILLED, {})) for name, element in values.items()}


def first_field(view: Mapping[str, Any]) -> str:
    """The name of a form's first field, where a mistake is shown."""
    return str(view["blocks"][0]["block_id"])


def _frame(title: str, origin: Origin) -> View:
    return {
        "type": "modal",
        "title": plain(fit(title, TITLE_LIMIT) or "newsbot"),
        "private_metadata": _written(origin),
    }


def _written(origin: Origin) -> str:
    return json.dumps(asdict(origin))


def _input(field: Field) -> Block:
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain(fit(field.label, CHOICE_LIMIT) or field.name),
        "optional": not field.required,
        "element": _select(field) if field.choices else _typed(field),
    }


def _typed(field: Field) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": _FILLED,
        "multiline": field.long,
        "max_length": TYPED_LIMIT,
    }
    if field.value:
        element["initial_value"] = field.value[:TYPED_LIMIT]
    return _with_hint(element, field)


def _select(field: Field) -> Block:
    options = {choice.value: _option(choice) for choice in field.choices[:CHOICES_SHOWN]}
    element: Block = {
        "type": "static_select",
        "action_id": _FILLED,
        "options": list(options.values()),
    }
    if field.value in options:
        element["initial_option"] = options[field.value]
    return _with_hint(element, field)


def _option(choice: Choice) -> Block:
    label = fit(choice.label, CHOICE_LIMIT) or fit(choice.value, CHOICE_LIMIT)
    return {"text": plain(label), "value": choice.value}


def _with_hint(element: Block, field: Field) -> Block:
    hint = fit(field.hint, HINT_LIMIT)
    return {**element, "placeholder": plain(hint)} if hint else element


def _value(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option") or {}
    return str(element.get("value") or option.get("value") or "")
