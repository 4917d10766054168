"""Slack views: the windows and own pages that an app has opened for people."""

import uuid
from typing import Any

from tests.fakes.slack_limits import faults_in_view

Json = dict[str, Any]


class Views:
    """What people see besides channels; a trigger opens one window, soon after the click."""

    def __init__(self) -> None:
        self.windows: dict[str, Json] = {}
        """By identifier, the one opened last at the end."""
        self.homes: dict[str, Json] = {}
        """By person."""
        self._triggers: set[str] = set()

    @property
    def window(self) -> Json:
        """The one opened last."""
        return self.windows[list(self.windows)[-1]]

    def trigger(self) -> str:
        """A new one."""
        trigger = f"1.2.{uuid.uuid4().hex}"
        self._triggers.add(trigger)
        return trigger

    def expire(self) -> None:
        """Let three seconds pass: no trigger opens anything any more."""
        self._triggers.clear()

    def open(self, arguments: Json) -> Json:
        """views.open and views.push."""
        if arguments.get("trigger_id") not in self._triggers:
            return {"ok": False, "error": "expired_trigger_id"}
        self._triggers.discard(arguments["trigger_id"])
        return self._shown(f"V{uuid.uuid4().hex[:10].upper()}", arguments["view"])

    def update(self, arguments: Json) -> Json:
        """views.update."""
        if arguments.get("view_id") not in self.windows:
            return {"ok": False, "error": "not_found"}
        return self._shown(arguments["view_id"], arguments["view"])

    def publish(self, arguments: Json) -> Json:
        """views.publish."""
        refused = refusal(arguments["view"])
        if refused is None:
            self.homes[arguments["user_id"]] = {**arguments["view"], "id": "V0HOME"}
        return refused or {"ok": True}

    def acknowledged(self, view_id: str, ack: Json) -> None:
        """What an acknowledgement makes of the window that was sent."""
        match ack.get("response_action"):
            case "update":
                assert faults_in_view(ack["view"]) == []
                self.windows[view_id] = {**ack["view"], "id": view_id}
            case "errors":
                fields = {block.get("block_id") for block in self.windows[view_id]["blocks"]}
                assert set(ack["errors"]) <= fields
                assert all(ack["errors"].values())
            case "clear":
                self.windows.clear()
            case _:
                del self.windows[view_id]

    def _shown(self, view_id: str, view: Json) -> Json:
        refused = refusal(view)
        if refused is not None:
            return refused
        self.windows[view_id] = {**view, "id": view_id}
        return {"ok": True, "view": {"id": view_id}}


def refusal(view: Json) -> Json | None:
    """Slack's answer to a view with mistakes."""
    faults = faults_in_view(view)
    if not faults:
        return None
    said = {"messages": [f"[ERROR] {fault}" for fault in faults]}
    return {"ok": False, "error": "invalid_arguments", "response_metadata": said}
