"""Request: what a person asked, whichever platform they asked on."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.channel import Channel, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who asks, and what they may.

    Attributes:
        user: The platform's identifier.
        workspace: Whose subscriptions, mutes and added feeds they see.
        manages: Asks the platform whether they may change feeds and other channels' subscriptions.
    """

    user: str
    workspace: Workspace
    manages: Callable[[], Awaitable[bool]] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command.

    Attributes:
        verb: One or two words, as typed; empty for `/news` alone.
        text: What follows it, as typed; empty where `options` are given.
        options: By name, where the platform asks for each by itself.
        channel: Where it was asked.
        person: Who asked.
    """

    verb: str
    text: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    channel: Channel
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button pressed, or a form sent.

    Attributes:
        action: The button's or the form's.
        argument: Likewise; foreign, since anybody can make one up.
        options: What was filled in, by the field's name.
        channel: Where.
        person: Who.
    """

    action: str
    argument: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    channel: Channel
    person: Person
