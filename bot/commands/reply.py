"""Reply: what a person gets for what they asked; the platform's edge gives it its native form.

All text is plain and foreign: each edge escapes it and cuts it to the platform's limits.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.message import Alert

ARGUMENT_LIMIT = 64
"""Characters of a button's argument, ASCII: Discord gives action and argument 100 together."""


class Style(StrEnum):
    """How a button is to be taken."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to press.

    Attributes:
        label: At most 30 characters.
        action: The name of a `bot.commands.core.Action`.
        argument: What it is done to, at most `ARGUMENT_LIMIT` ASCII characters; what does not fit
            is kept by `bot.ports.store` and named here.
        style: How it looks.
    """

    label: str
    action: str
    argument: str = ""
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of a list: a story found, a subscription, a topic, a feed.

    Attributes:
        title: One line.
        url: Absolute http(s) link behind the title.
        lines: What there is to say of it, a line each.
        when: Its time, shown in the reader's zone.
        buttons: What can be done with it, five at most.
    """

    title: str
    url: str | None = None
    lines: tuple[str, ...] = ()
    when: datetime | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What they read, privately.

    Attributes:
        title: One line.
        lines: What follows it, a line each.
        rows: A list, ten at most.
        buttons: What can be done next, five at most.
        replaces: Whether it takes the place of the private message whose button was pressed.
        mistake: Whether it says what the person did wrong: a form that was sent stays open with it.
    """

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    buttons: tuple[Button, ...] = ()
    replaces: bool = False
    mistake: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several to choose from.

    Attributes:
        value: What is handed to the handler, at most 100 characters.
        label: What the person reads, at most 75 characters.
    """

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something to fill in.

    Attributes:
        name: The option it gives.
        label: One line, at most 45 characters.
        value: What stands there at first.
        choices: To choose one of; empty for text.
        hint: An example, shown where nothing is filled in.
        required: Whether it may stay empty.
        long: Whether several lines are likely.
    """

    name: str
    label: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    required: bool = True
    long: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A window to fill in.

    Attributes:
        title: At most 24 characters.
        action: The `bot.commands.core.Action` that gets what was filled in, as its options.
        argument: As a button's.
        fields: One to five.
        submit: The label of the button that sends it.
    """

    title: str
    action: str
    argument: str = ""
    fields: tuple[Field, ...]
    submit: str = "Save"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrawn:
    """An alert's card, changed for everybody who sees it.

    Attributes:
        alert: As it is to stand there.
        nonce: Its delivery's, which its buttons carry on.
        reply: What the person who pressed reads besides; None for nothing.
    """

    alert: Alert
    nonce: str
    reply: Reply | None = None


Answer = Reply | Form | Redrawn
