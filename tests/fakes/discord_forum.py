"""Forum: the posts of the fake Discord's forums, each a thread with a first message."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.discord_faults import RefusedError
from tests.fakes.discord_limits import is_empty, mistakes
from tests.fakes.discord_shapes import (
    BOT_ID,
    CREATE_THREADS,
    EMBED,
    FORUM,
    HISTORY,
    SEND,
    THREAD,
    FakeChannel,
    channel_shape,
    message_shape,
)

if TYPE_CHECKING:
    from tests.fakes.discord import FakeDiscord

Json = dict[str, Any]


class Forums:
    """Makes and lists posts."""

    def __init__(self, server: "FakeDiscord") -> None:
        self._server = server

    async def open(self, request: web.Request) -> web.Response:
        """A post; Discord knows no nonce here."""
        forum = self._server.seen(request)
        payload: Json = await request.json()
        first = payload["message"]
        rights = SEND | (EMBED if first.get("embeds") else 0)
        if forum.type != FORUM or forum.denied & rights:
            raise RefusedError(403, 50013, "Missing Permissions")
        if forum.needs_tag:
            raise RefusedError(400, 40067, "A tag is required to create a forum post")
        if errors := mistakes(first):
            raise RefusedError.form({"message": errors})
        if is_empty(first) or not 1 <= len(payload["name"]) <= 100:
            raise RefusedError.form({"name": {"_errors": [{"code": "INVALID", "message": "No."}]}})
        message = self._server.stored("", first)
        self._server.messages[-1] = message = message.moved(message.id)
        post = FakeChannel(
            id=message.id, type=THREAD, parent=forum.id, owner=BOT_ID, name=payload["name"]
        )
        self._server.add(post)
        about = channel_shape(post, message.id) | {"message": message_shape(message)}
        return self._server.json(about)

    async def open_thread(self, request: web.Request) -> web.Response:
        """A thread that belongs to a message and bears its number."""
        place = self._server.seen(request)
        payload: Json = await request.json()
        id_ = request.match_info["message"]
        if place.type == THREAD:
            raise RefusedError(400, 50024, "Cannot execute action on this channel type")
        if place.denied & CREATE_THREADS:
            raise RefusedError(403, 50013, "Missing Permissions")
        if not any((one.id, one.channel) == (id_, place.id) for one in self._server.messages):
            raise RefusedError(404, 10008, "Unknown Message")
        if id_ in self._server.channels:
            raise RefusedError(400, 160004, "A thread has already been created for this message")
        thread = FakeChannel(
            id=id_, type=THREAD, parent=place.id, owner=BOT_ID, name=payload["name"]
        )
        self._server.add(thread)
        return self._server.json(channel_shape(thread, None))

    async def active(self, _: web.Request) -> web.Response:
        """The threads that are not at rest, of the whole server."""
        return self._listed([one for one in self._threads() if not one.archived])

    async def archived(self, request: web.Request) -> web.Response:
        """The posts of one forum that are at rest."""
        forum = self._server.seen(request)
        if forum.denied & HISTORY:
            raise RefusedError(403, 50001, "Missing Access")
        return self._listed(
            [one for one in self._threads() if one.archived and one.parent == forum.id]
        )

    async def message(self, request: web.Request) -> web.Response:
        """One message of a thread."""
        place = self._server.seen(request)
        if self._server.channels[place.parent].denied & HISTORY:
            raise RefusedError(403, 50001, "Missing Access")
        for message in self._server.messages:
            if message.id == request.match_info["message"] and message.channel == place.id:
                return self._server.json(message_shape(message))
        raise RefusedError(404, 10008, "Unknown Message")

    def _threads(self) -> list[FakeChannel]:
        return [one for one in self._server.channels.values() if one.type == THREAD]

    def _listed(self, threads: list[FakeChannel]) -> web.Response:
        shapes = [channel_shape(thread, None) for thread in threads]
        return self._server.json({"threads": shapes, "members": [], "has_more": False})
