"""Platforms: what posts and answers on each chat platform, built where a token asks for it.

The chat libraries are imported within functions: half a second and 36 MB each.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr
from rich.console import Console

from bot.chat.console.messenger import ConsoleMessenger
from bot.commands.core import Commands
from bot.domain.channel import Platform, Workspace
from bot.ports import Clock, Connection, Finding, Messenger
from bot.ports.store import Store
from bot.settings import Settings

if TYPE_CHECKING:
    from aiohttp import web

    from bot.chat.slack.installed import Installed
    from bot.chat.slack.seal import Seal
    from bot.chat.slack.teams import Teams

_CLOSE_SECONDS = 1
"""For posts that the schedule's own drain did not see the end of."""


@asynccontextmanager
async def open_messengers(
    settings: Settings, console: Console, clock: Clock, store: Store | None = None
) -> AsyncIterator[Mapping[Platform, Messenger]]:
    """What posts on each platform a token is given for, and on the console.

    Args:
        settings: Hold the tokens.
        console: Where the console channel is.
        clock: The time.
        store: Holds the tokens of workspaces that added newsbot; None leaves them out.
    """
    messengers: dict[Platform, Messenger] = {Platform.CONSOLE: ConsoleMessenger(console)}
    if Platform.SLACK in settings.platforms:
        messengers[Platform.SLACK] = _slack_messenger(settings, clock, store)
    if settings.discord_token:
        messengers[Platform.DISCORD] = _discord_messenger(settings, settings.discord_token, clock)
    try:
        yield messengers
    finally:
        # A post that is not answered was told of when the schedule's drain ended.
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await asyncio.gather(*(messenger.close() for messenger in messengers.values()))


def _slack_messenger(settings: Settings, clock: Clock, store: Store | None) -> Messenger:
    from bot.chat.slack.messenger import API_URL, SlackMessenger  # noqa: PLC0415 - see above

    return SlackMessenger(
        token=_shown(settings.slack_bot_token),
        installed=_installed(settings, store, clock) if store else None,
        api_url=settings.slack_api_url or API_URL,
        timeout=_patience(settings).total_seconds(),
        clock=clock,
    )


def _installed(settings: Settings, store: Store, clock: Clock) -> "Installed | None":
    """The workspaces that added newsbot; None where none may."""
    if not settings.slack_client_id:
        return None
    from bot.chat.slack.installed import Installed  # noqa: PLC0415 - see above

    return Installed(store=store, seal=_seal(settings, clock), clock=clock)


def _seal(settings: Settings, clock: Clock) -> "Seal":
    from bot.chat.slack.seal import Seal  # noqa: PLC0415 - see above

    return Seal([key.get_secret_value() for key in settings.secret_keys], clock)


def _discord_messenger(settings: Settings, token: SecretStr, clock: Clock) -> Messenger:
    from bot.chat.discord.messenger import DiscordMessenger  # noqa: PLC0415 - see above

    return DiscordMessenger(
        token=token.get_secret_value(),
        clock=clock,
        api_url=settings.discord_api_url,
        timeout=_patience(settings),
    )


def _patience(settings: Settings) -> timedelta:
    """How long one request of a message may take: see `bot.services.deliver.LEASE`."""
    return settings.lease / 4


def open_connections(
    settings: Settings,
    commands: Commands,
    clock: Clock,
    store: Store,
    welcome: Callable[[Workspace], None],
) -> tuple[Mapping[Platform, Connection], "Sequence[web.RouteDef]"]:
    """The live connections, and what is served to those that are reached over HTTP.

    Args:
        settings: Hold the tokens.
        commands: What can be asked.
        clock: The time.
        store: Holds the tokens of workspaces that added newsbot.
        welcome: Told of each workspace whose token is new.
    """
    connections: dict[Platform, Connection] = {}
    routes: Sequence[web.RouteDef] = ()
    if Platform.SLACK in settings.platforms and (
        settings.slack_app_token or settings.slack_signing_secret
    ):
        connections[Platform.SLACK], routes = _slack_connection(
            settings, commands, clock, store, welcome
        )
    if settings.discord_token:
        from bot.chat.discord.connection import DiscordConnection  # noqa: PLC0415 - see above

        connections[Platform.DISCORD] = DiscordConnection(
            token=settings.discord_token.get_secret_value(),
            commands=commands,
            clock=clock,
            api_url=settings.discord_api_url,
            gateway_url=settings.discord_gateway_url,
        )
    return connections, routes


def _slack_connection(
    settings: Settings,
    commands: Commands,
    clock: Clock,
    store: Store,
    welcome: Callable[[Workspace], None],
) -> tuple[Connection, "Sequence[web.RouteDef]"]:
    """Over Socket Mode where there is an app token, else over HTTP, with what is served there."""
    from bot.chat.slack.app import SlackApp  # noqa: PLC0415 - see above
    from bot.chat.slack.connection import SlackConnection  # noqa: PLC0415 - see above
    from bot.chat.slack.events import SlackEvents  # noqa: PLC0415 - see above
    from bot.chat.slack.messenger import API_URL  # noqa: PLC0415 - see above
    from bot.chat.slack.teams import Teams  # noqa: PLC0415 - see above

    api_url = settings.slack_api_url or API_URL
    installed = _installed(settings, store, clock)
    teams = Teams(
        token=_shown(settings.slack_bot_token),
        api_url=api_url,
        installed=installed,
        managers=settings.slack_managers,
        clock=clock,
    )
    app = SlackApp(teams=teams, api_url=api_url, commands=commands)
    pages = _install_pages(settings, teams, clock, welcome)
    if settings.slack_app_token:
        app_token = _shown(settings.slack_app_token)
        return SlackConnection(app, app_token=app_token, api_url=api_url), pages
    secret = _shown(settings.slack_signing_secret)
    events = SlackEvents(app, signing_secret=secret, clock=clock)
    return events, (*events.routes, *pages)


def _install_pages(
    settings: Settings, teams: "Teams", clock: Clock, welcome: Callable[[Workspace], None]
) -> "Sequence[web.RouteDef]":
    """Where people add newsbot to workspaces of their own; nowhere unless settings say so."""
    if teams.installed is None:
        return ()
    from bot.chat.slack.install import SlackInstall  # noqa: PLC0415 - see above
    from bot.chat.slack.messenger import API_URL  # noqa: PLC0415 - see above

    return SlackInstall(
        client_id=settings.slack_client_id or "",
        client_secret=_shown(settings.slack_client_secret),
        api_url=settings.slack_api_url or API_URL,
        teams=teams,
        installed=teams.installed,
        seal=_seal(settings, clock),
        welcome=welcome,
    ).routes


def _shown(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


async def check_commands(settings: Settings) -> Sequence[Finding]:
    """Test what only commands need; `Messenger.check` tests the rest."""
    if Platform.SLACK not in settings.platforms:
        return []
    from bot.chat.slack.check import app_token, managers, reached  # noqa: PLC0415 - see above
    from bot.chat.slack.messenger import API_URL  # noqa: PLC0415 - see above

    token, api_url = _shown(settings.slack_bot_token), settings.slack_api_url or API_URL
    findings: list[Finding] = []
    if token:
        findings += await managers(token, settings.slack_managers, api_url=api_url)
    if settings.slack_app_token:
        findings.append(await app_token(_shown(settings.slack_app_token), api_url=api_url))
    elif settings.slack_signing_secret:
        findings.append(reached(str(settings.http_listen)))
    return findings
