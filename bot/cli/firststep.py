"""First step: what to do in chat where a token is there and nothing is followed yet."""

from collections.abc import Collection, Sequence

from bot.chat.discord.invite import application_id, invite_url
from bot.domain.catalog import Catalog
from bot.domain.channel import Platform
from bot.errors import SettingsError
from bot.ports import Finding
from bot.ports.store import Transaction
from bot.settings import Settings


async def following(transaction: Transaction) -> Collection[Platform]:
    """The platforms on which a channel has a subscription."""
    return {one.channel.platform for one in await transaction.subscriptions.all()}


def first_steps(
    settings: Settings, catalog: Catalog, subscribed: Collection[Platform]
) -> Sequence[Finding]:
    """One step for each platform that could alert and has no channel to alert in.

    Args:
        settings: The environment.
        catalog: Its rule files may name channels.
        subscribed: The platforms of subscriptions, as `following` gives them.
    """
    named = {channel.platform for topic in catalog.topics for channel in topic.channels}
    idle = settings.platforms - named - {*subscribed}
    ways = {Platform.SLACK: _in_slack(settings), Platform.DISCORD: _in_discord(settings)}
    what = next((topic.name for topic in catalog.topics), "WORDS")
    return [
        Finding(
            ok=True,
            what=f"No {platform.value.capitalize()} channel follows anything yet",
            remedy=f"{way} /news subscribe {what} in a channel",
        )
        for platform, way in ways.items()
        if way and platform in idle
    ]


def _in_slack(settings: Settings) -> str:
    """How people come to ask there; empty where `/news` is not heard, which is told elsewhere."""
    is_heard = settings.slack_app_token or settings.slack_signing_secret
    return "write /invite @newsbot, then" if is_heard else ""


def _in_discord(settings: Settings) -> str:
    """Likewise; empty without a token that can be read."""
    if settings.discord_token is None:
        return ""
    try:
        invitation = invite_url(application_id(settings.discord_token.get_secret_value()))
    except SettingsError:
        return ""
    return f"add newsbot to a server with {invitation} and write"
