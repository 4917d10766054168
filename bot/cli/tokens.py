"""Tokens: which are not set, what that means, and how to get them."""

from collections.abc import Collection, Sequence
from typing import Final

from bot.domain.channel import Platform
from bot.ports import Finding
from bot.settings import Settings

_GUIDE: Final = "docs/{}.md says how to get it"


def missing_tokens(
    settings: Settings, *, named: Collection[Platform] = frozenset(Platform)
) -> Sequence[Finding]:
    """What is not set; nothing of it is wrong.

    Args:
        settings: The environment.
        named: The platforms of interest.
    """
    missing = []
    slack = Platform.SLACK in settings.platforms
    if not slack and Platform.SLACK in named:
        what = "SLACK_BOT_TOKEN is not set: alerts for Slack are shown in the console"
        missing.append(Finding(ok=True, what=what, remedy=_GUIDE.format("slack")))
    elif slack and not (settings.slack_app_token or settings.slack_signing_secret):
        what = "SLACK_APP_TOKEN is not set: alerts are posted to Slack, but /news does not answer"
        missing.append(Finding(ok=True, what=what, remedy=_GUIDE.format("slack")))
    if not settings.discord_token and Platform.DISCORD in named:
        what = "DISCORD_TOKEN is not set: alerts for Discord are shown in the console"
        missing.append(Finding(ok=True, what=what, remedy=_GUIDE.format("discord")))
    return missing
