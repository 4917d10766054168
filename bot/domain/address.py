"""Address: a channel as people write it in rule files and settings."""

import re

from bot.domain.channel import CONSOLE, Channel, Platform

_SLACK_ID = re.compile(r"[CDG][A-Z0-9]{2,20}")
_SLACK_PERSON = re.compile(r"[UW][A-Z0-9]{5,20}")
_DISCORD_ID = re.compile(r"[0-9]{5,20}")
_SLACK_LINK = re.compile(r"https://[\w.-]*slack\.com/(?:client/\w+|archives)/(?P<id>[CDG]\w+)")
_DISCORD_LINK = re.compile(r"https://(?:\w+\.)?discord\.com/channels/(?:\d+|@me)/(?P<id>\d+)")
_FORMS = "slack:C0123ABCD, discord:112233445566778899 or console"
_SLACK_REMEDY = (
    "Slack channels are named by their ID: open the channel in Slack, click its name and copy the"
    " Channel ID at the foot of the window, then write slack:C0123ABCD"
)
_DISCORD_REMEDY = (
    "Discord channels are named by their ID: turn on Developer Mode in Discord (User Settings,"
    " Advanced), right-click the channel, Copy Channel ID, then write discord:112233445566778899"
)


def read_channel(text: str) -> Channel:
    """Read `slack:C0123ABCD`, `discord:112233445566778899` or `console`.

    Raises:
        ValueError: It names no channel; says how to find the channel's ID.
    """
    platform, colon, written = text.strip().partition(":")
    identifier = written.strip()
    match platform.strip().lower(), colon:
        case "console", "":
            return CONSOLE
        case "slack", ":":
            return _slack(identifier)
        case "discord", ":":
            return _discord(identifier)
        case _:
            raise ValueError(_no_channel(text.strip()))


def _slack(identifier: str) -> Channel:
    if _SLACK_ID.fullmatch(identifier):
        return Channel(Platform.SLACK, identifier)
    if _SLACK_ID.fullmatch(identifier.upper()) and any(map(str.isdigit, identifier)):
        raise ValueError(f"Slack's IDs are in capitals; write slack:{identifier.upper()}")
    if _SLACK_PERSON.fullmatch(identifier):
        raise ValueError(f"“{identifier}” is a person in Slack, not a channel. {_SLACK_REMEDY}")
    raise ValueError(f"“slack:{identifier}” names no channel. {_SLACK_REMEDY}")


def _discord(identifier: str) -> Channel:
    if _DISCORD_ID.fullmatch(identifier):
        return Channel(Platform.DISCORD, identifier)
    raise ValueError(f"“discord:{identifier}” names no channel. {_DISCORD_REMEDY}")


def _no_channel(text: str) -> str:
    for platform, form in (("slack", _SLACK_LINK), ("discord", _DISCORD_LINK)):
        if link := form.match(text):
            return f"write the channel of this link as {platform}:{link['id']}"
    if _SLACK_ID.fullmatch(text) and any(map(str.isdigit, text)):
        return f"“{text}” lacks its platform; write slack:{text}"
    if _DISCORD_ID.fullmatch(text):
        return f"“{text}” lacks its platform; write discord:{text}"
    if text.startswith("#"):
        return f"“{text}” is a channel's name, of which there may be several. {_SLACK_REMEDY}"
    return f"“{text}” is no channel; write {_FORMS}"
