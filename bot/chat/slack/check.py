"""Check: what `newsbot doctor` finds out about a Slack workspace, posting nothing."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.slack.authority import GROUP
from bot.chat.slack.door import PATH
from bot.chat.slack.failures import INVITE
from bot.chat.slack.web import ask, web_client
from bot.domain.channel import Channel, Platform, Workspace
from bot.errors import ChannelDeadError, DeliveryError, UnauthorizedError
from bot.ports import Finding

SCOPES = (
    "chat:write",
    "commands",
    "channels:history",
    "groups:history",
    "im:history",
    "users:read",
)
"""The bot scopes newsbot needs, all it asks for: to post where it is a member, to hear `/news`, to
look in public and private channels and in its direct messages whether a message stands there, and
to ask whether somebody administers the workspace. The manifest holds the same.

`channels:read` and `groups:read` would tell more about a channel (its name, whether it is
archived) and are not worth the right to list every channel: reading one message of its history
tells whether newsbot is a member.
"""

_REINSTALL = "OAuth & Permissions in the app's settings (api.slack.com/apps)"


async def findings(client: AsyncWebClient, channels: Sequence[Channel]) -> tuple[Finding, ...]:
    """The token, its scopes and each channel; only the token where Slack refuses it."""
    try:
        answer = await ask(client.auth_test, "Slack")
    except DeliveryError as error:
        return (_token_refused(error),)
    there = [
        replace(
            await _channel(client, channel),
            workspace=Workspace(Platform.SLACK, channel.workspace),
        )
        for channel in channels
    ]
    return (_token(answer), _scopes(answer), *there)


def of_workspace(finding: Finding, workspace: str) -> Finding:
    """A finding where there are several workspaces: named, and it stands for no other."""
    where = f" (workspace {workspace})" if workspace else ""
    return replace(
        finding,
        what=f"{finding.what}{where}",
        workspace=Workspace(Platform.SLACK, workspace),
    )


async def app_token(token: str, *, api_url: str) -> Finding:
    """Whether Slack would let `/news` in over Socket Mode; opens no socket."""
    client = web_client(token=None, api_url=api_url)
    try:
        await ask(lambda: client.apps_connections_open(app_token=token), "Slack app-level token")
    except (UnauthorizedError, ChannelDeadError):
        return Finding(
            ok=False,
            what="Slack app-level token: not accepted, so /news does not answer",
            remedy="make one with the scope connections:write under Basic Information, App-Level "
            "Tokens, in the app's settings (api.slack.com/apps), and put it into SLACK_APP_TOKEN",
        )
    except DeliveryError as error:
        return _token_refused(error)
    return Finding(ok=True, what="Slack app-level token: /news can be answered")


async def managers(token: str, named: Collection[str], *, api_url: str) -> Sequence[Finding]:
    """Whether the groups that NEWSBOT_SLACK_MANAGERS names can be looked into."""
    client = web_client(token=token, api_url=api_url)
    groups = sorted(name for name in named if name.startswith(GROUP))
    return [await _group(client, group) for group in groups]


async def _group(client: AsyncWebClient, group: str) -> Finding:
    what = f"Slack group {group}, which is to manage"
    try:
        answer = await ask(lambda: client.usergroups_users_list(usergroup=group), what)
    except DeliveryError as error:
        return Finding(
            ok=False,
            what=f"{what}: nobody in it may ({error})",
            remedy="check its ID in NEWSBOT_SLACK_MANAGERS, add the scope usergroups:read under "
            f"{_REINSTALL} and install the app again",
        )
    return Finding(ok=True, what=f"{what}: {len(answer.get('users') or ())} people")


def reached(address: str) -> Finding:
    """What has to be so that Slack reaches newsbot over HTTP; that cannot be tried from here."""
    return Finding(
        ok=True,
        what=f"Slack over HTTP: newsbot run listens on {address}",
        remedy=f"Slack must reach it as https://…{PATH}, the address in the app's settings",
    )


def _token(answer: AsyncSlackResponse) -> Finding:
    team, user = answer.get("team"), answer.get("user")
    if not answer.get("bot_id"):
        return Finding(
            ok=False,
            what=f"Slack token: a person's ({user} in {team}), not the bot's",
            remedy=f"put the Bot User OAuth Token, xoxb-…, from {_REINSTALL} into SLACK_BOT_TOKEN",
        )
    return Finding(ok=True, what=f"Slack token: {user} in the workspace {team}")


def _token_refused(error: DeliveryError) -> Finding:
    if isinstance(error, UnauthorizedError):
        remedy = f"install the app again and put the Bot User OAuth Token from {_REINSTALL} into "
        return Finding(
            ok=False,
            what=f"Slack token: {error}",
            remedy=f"{remedy}SLACK_BOT_TOKEN",
            refusal=str(error),
        )
    return Finding(
        ok=False,
        what=str(error).removeprefix("Slack: ").removesuffix("."),
        remedy="check that this machine reaches slack.com over HTTPS, then try again",
    )


def _scopes(answer: AsyncSlackResponse) -> Finding:
    granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        return Finding(
            ok=False,
            what=f"Slack scopes: {', '.join(missing)} missing",
            remedy=f"add them under {_REINSTALL} and install the app again",
        )
    surplus = sorted(granted.difference(SCOPES))
    more = f"; not needed: {', '.join(surplus)}" if surplus else ""
    return Finding(ok=True, what=f"Slack scopes: {', '.join(SCOPES)}{more}")


async def _channel(client: AsyncWebClient, channel: Channel) -> Finding:
    place = str(channel)
    try:
        await ask(lambda: client.conversations_history(channel=channel.id, limit=1), place)
    except ChannelDeadError as error:
        return Finding(ok=False, what=str(error), remedy=f"mend that, or {INVITE}")
    except DeliveryError as error:
        return Finding(ok=False, what=str(error), remedy="try again")
    return Finding(ok=True, what=f"{place}: newsbot is a member")
