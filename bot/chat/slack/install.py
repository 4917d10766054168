"""Install: the pages by which people add newsbot to a workspace of their own.

    /slack/install ── to Slack, with a state and its cookie ── /slack/oauth_redirect ── noted

docs.slack.dev/authentication/installing-with-oauth. A state holds for ten minutes, in the browser
that was given it: it is sealed with the time, so that nothing has to be kept of it.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus

import structlog
from aiohttp import web
from slack_sdk.oauth import AuthorizeUrlGenerator, OAuthStateUtils
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.slack.check import SCOPES
from bot.chat.slack.installed import Installed
from bot.chat.slack.seal import BrokenSealError, Seal
from bot.chat.slack.teams import Teams
from bot.chat.slack.web import ask, web_client
from bot.domain.channel import Platform, Workspace
from bot.errors import DeliveryError, StorageError

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
STATE_LASTS = timedelta(minutes=10)

_STATE = "state"
_STATE_BYTES = 16
_BOT = "bot"
_AGAIN = f"Begin again at {INSTALL}."
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class SlackInstall:
    """Sends people to Slack, and notes what they bring back."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        api_url: str,
        teams: Teams,
        installed: Installed,
        seal: Seal,
        welcome: Callable[[Workspace], None],
    ) -> None:
        """Serve nothing yet.

        Args:
            client_id: The app's.
            client_secret: The app's.
            api_url: Where the Web API is.
            teams: Tell which workspace is the settings' own.
            installed: Takes what is installed.
            seal: Seals states.
            welcome: Told of each workspace whose token is new.
        """
        self._client_id = client_id
        self._client_secret = client_secret
        self._slack = web_client(token=None, api_url=api_url)
        self._teams = teams
        self._installed = installed
        self._seal = seal
        self._welcome = welcome
        self._urls = AuthorizeUrlGenerator(client_id=client_id, scopes=SCOPES)
        lasts = int(STATE_LASTS.total_seconds())
        self._cookies = OAuthStateUtils(cookie_name="newsbot-install", expiration_seconds=lasts)

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """For the HTTP listener."""
        return (
            web.get(INSTALL, self._on_install, allow_head=False),
            web.get(REDIRECT, self._on_redirect, allow_head=False),
        )

    async def _on_install(self, request: web.Request) -> web.Response:
        del request
        state = self._seal.close(secrets.token_urlsafe(_STATE_BYTES), about=_STATE).decode()
        cookie = self._cookies.build_set_cookie_for_new_state(state)
        headers = {**_HEADERS, "Location": self._urls.generate(state), "Set-Cookie": cookie}
        return web.Response(status=HTTPStatus.FOUND, headers=headers)

    async def _on_redirect(self, request: web.Request) -> web.Response:
        answer = await self._installation(request)
        answer.headers.add("Set-Cookie", self._cookies.build_set_cookie_for_deletion())
        return answer

    async def _installation(self, request: web.Request) -> web.Response:
        if not self._is_ours(request):
            what = "This page was opened without newsbot's own link, or over ten minutes after it."
            return _page(HTTPStatus.BAD_REQUEST, what, _AGAIN)
        code = request.query.get("code")
        if not code:
            return _page(HTTPStatus.OK, "newsbot was not installed: Slack was told not to.", _AGAIN)
        try:
            granted = await self._granted(code)
        except DeliveryError as error:
            structlog.get_logger(__name__).warning("slack.not_installed", why=str(error))
            what = "newsbot was not installed: Slack did not confirm it."
            return _page(HTTPStatus.BAD_GATEWAY, what, _AGAIN)
        return await self._noted(granted)

    def _is_ours(self, request: web.Request) -> bool:
        state = request.query.get("state", "")
        cookies: dict[str, str | Sequence[str]] = {"cookie": request.headers.getall("Cookie", [])}
        if not self._cookies.is_valid_browser(state, cookies):
            return False
        try:
            self._seal.open(state.encode(errors="replace"), about=_STATE, within=STATE_LASTS)
        except BrokenSealError:
            return False
        return True

    async def _granted(self, code: str) -> AsyncSlackResponse:
        # `oauth_v2_access` would put the secret into a header by a class that aiohttp deprecates.
        data = {
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "code": code,
        }
        method = "oauth.v2.access"
        return await ask(lambda: self._slack.api_call(method, data=data), f"Slack's {method}")

    async def _noted(self, granted: AsyncSlackResponse) -> web.Response:
        """Keep what Slack granted, unless newsbot could not work with it."""
        team, token = granted.get("team") or {}, granted.get("access_token")
        if granted.get("is_enterprise_install") or not team.get("id"):
            what = "newsbot was not installed: it is added to a workspace, not to an organisation."
            return _page(HTTPStatus.OK, what, f"{_AGAIN} Choose a workspace in Slack.")
        if granted.get("token_type") != _BOT or not token or granted.get("refresh_token"):
            structlog.get_logger(__name__).error("slack.not_installed", why=_NOTHING_LASTING)
            what = "newsbot was not installed: Slack gave no bot token that lasts."
            return _page(HTTPStatus.BAD_GATEWAY, what, "Tell whoever runs newsbot.")
        name = str(team.get("name") or team["id"])
        if team["id"] == await self._teams.own_id():
            return _page(HTTPStatus.OK, f"newsbot is at work in {name} already.", _NEXT)
        user = str((granted.get("authed_user") or {}).get("id") or "")
        try:
            await self._installed.add(team=team["id"], name=name, token=token, user=user)
        except StorageError as error:
            structlog.get_logger(__name__).error("slack.not_installed", why=str(error))
            what = "newsbot was not installed: it cannot write to its database at present."
            return _page(HTTPStatus.SERVICE_UNAVAILABLE, what, _AGAIN)
        self._welcome(Workspace(Platform.SLACK, team["id"]))
        return _page(HTTPStatus.OK, f"newsbot is installed in {name}.", _NEXT)


def _page(status: HTTPStatus, what: str, remedy: str) -> web.Response:
    return web.Response(status=status, text=f"{what}\n{remedy}\n", headers=_HEADERS)


_NEXT = "In Slack, type /invite @newsbot in a channel, then /news help."
_NOTHING_LASTING = (
    "Slack granted no bot token, or one that expires: switch token rotation off in the app's "
    "settings (api.slack.com/apps), OAuth & Permissions."
)
