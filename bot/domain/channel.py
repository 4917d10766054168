"""Channel: a place on a chat platform a message can go to."""

from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    """Where people read alerts."""

    SLACK = "slack"
    DISCORD = "discord"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True, order=True)
class Workspace:
    """Who shares what: subscriptions, mutes and added feeds of one are never another's.

    Attributes:
        platform: The chat platform.
        id: Slack team or Discord guild; empty for the only Slack workspace, whose token is in the
            settings, and for the console. A direct message on Discord, which belongs to no guild,
            is a workspace of its own: `@` and the person's identifier.
    """

    platform: Platform
    id: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Channel:
    """(platform, workspace, id), a direct message included.

    Attributes:
        platform: The chat platform.
        id: The platform's identifier (`C0123ABCD`, `112233445566778899`); `console` on the console.
        workspace: Slack team whose token posts there; empty for the only one connected, and on
            Discord, where one token serves every guild and no two channels share an identifier.
    """

    platform: Platform
    id: str
    workspace: str = ""

    def __str__(self) -> str:
        """The form people write in rule files: `slack:C0123`, `discord:123`, `console`."""
        if self.platform is Platform.CONSOLE:
            return self.platform.value
        return f"{self.platform}:{self.id}"


CONSOLE = Channel(Platform.CONSOLE, "console")
