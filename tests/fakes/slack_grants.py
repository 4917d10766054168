"""Slack grants: what oauth.v2.access gives for a code, once."""

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack

Json = dict[str, Any]

CLIENT_ID = "1234567890.987654321"
CLIENT_SECRET = "fedcba9876543210fedcba9876543210"


class Grants:
    """The app's installations that people have agreed to and newsbot has not fetched."""

    def __init__(self) -> None:
        self._waiting: dict[str, Json] = {}

    def agree(self, slack: "FakeSlack", user: str = "U0ADMIN", **other: object) -> str:
        """Somebody adds the app to their workspace; gives the code for it.

        Args:
            slack: The workspace.
            user: Who.
            other: Fields of the answer in place of the usual ones.
        """
        code = uuid.uuid4().hex
        self._waiting[code] = {
            "ok": True,
            "access_token": slack.bot_token,
            "token_type": "bot",
            "scope": ",".join(slack.scopes),
            "bot_user_id": "U0NEWSBOT",
            "app_id": "A0NEWSBOT",
            "team": {"id": slack.team_id, "name": f"Desk {slack.team_id}"},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": user},
            **other,
        }
        return code

    def redeem(self, arguments: Json) -> Json:
        """The answer to a request."""
        who = (arguments.get("client_id"), arguments.get("client_secret"))
        if who != (CLIENT_ID, CLIENT_SECRET):
            return {"ok": False, "error": "bad_client_secret"}
        granted = self._waiting.pop(arguments.get("code", ""), None)
        return granted or {"ok": False, "error": "invalid_code"}
