"""A second opinion: SimCord's model of Discord's rules, in the place of our own fake."""

import simcord
from discord import AllowedMentions, Embed, ForumChannel, Thread
from hypothesis import given, settings
from hypothesis import strategies as st
from simcord.components import validate_embeds

from bot.chat.discord.client import Addresses, NewsbotClient
from bot.chat.discord.connection import _CommandClient
from bot.chat.discord.forum import open_post
from bot.chat.discord.mark import stamp, stamped
from bot.chat.discord.payload import message_arguments
from bot.chat.discord.render import render
from bot.chat.discord.reply import render_reply
from bot.commands.core import Command, Commands
from bot.commands.reply import Reply
from bot.commands.request import Request
from bot.domain.message import Alert, Message, Notice, Reason
from tests.contract.chat.discord.conftest import ALERT
from tests.contract.chat.discord.desk import Desk


async def _pong(_: Request) -> Reply:
    return Reply(title="Awake.", lines=("2 feeds",))


def commands() -> Commands:
    ping = Command(verb="ping", usage="/news ping", summary="Awake?", handler=_pong)
    return Commands((ping,))


async def test_an_alert_is_accepted_and_kept_as_it_was_sent() -> None:
    sent = stamp(render(ALERT), "nonce-1")
    async with simcord.run(NewsbotClient(addresses=Addresses())) as env:
        channel = env.create_guild().create_text_channel("news")
        place = env.bot.get_partial_messageable(channel.id)

        await place.send(embed=Embed.from_dict(sent.embed), nonce="nonce-1")

        posted = channel.last_message
        assert posted is not None
        [embed] = posted.embeds
        assert embed.title == ALERT.headline
        assert embed.thumbnail.url == ALERT.image
        assert embed.colour is not None
        assert stamped(embed.colour.value, "nonce-1")
        assert posted.content == ""
        assert not posted.mentions


async def test_commands_are_registered_and_answered_privately() -> None:
    async with simcord.run(_CommandClient(Addresses(), commands()), shard_count=1) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("news")
        ada = guild.add_member(env.create_user("ada"))

        result = await ada.slash(channel, "news ping")
        about = await ada.slash(channel, "news help")

    assert result.acknowledged
    assert result.ephemeral
    assert result.response is not None
    assert result.response.embeds[0].description == "**Awake.**\n2 feeds"
    assert about.response is not None
    assert "/news ping — Awake?" in (about.response.embeds[0].description or "")
    assert channel.last_message is None


_TEXT = st.text(max_size=60) | st.text(min_size=200, max_size=6000)
_MESSAGES: st.SearchStrategy[Message] = st.builds(Notice, title=_TEXT, text=_TEXT) | st.builds(
    Alert,
    headline=_TEXT,
    url=st.just(ALERT.url),
    summary=_TEXT,
    outlet=_TEXT,
    published=st.just(ALERT.published),
    reasons=st.lists(
        st.builds(Reason, topic=_TEXT, title=_TEXT, words=st.tuples(_TEXT)), max_size=5
    ).map(tuple),
    tags=st.lists(_TEXT, max_size=5).map(tuple),
)


@settings(deadline=None)
@given(_MESSAGES, _TEXT)
def test_every_message_and_reply_is_within_the_limits_simcord_knows(
    message: Message, text: str
) -> None:
    validate_embeds([Embed.from_dict(render(message).embed).to_dict()])
    validate_embeds(list(render_reply(Reply(title=text, lines=(text, text))).embeds))


async def test_no_message_pings_anybody() -> None:
    """Not even if escaping failed: the client allows no mention at all."""
    client = NewsbotClient(addresses=Addresses())

    assert client.allowed_mentions is not None
    assert client.allowed_mentions.to_dict() == AllowedMentions.none().to_dict()


async def test_an_alert_in_a_forum_is_a_post() -> None:
    sent = stamp(render(ALERT, "nonce-1"), "nonce-1")
    async with simcord.run(NewsbotClient(addresses=Addresses())) as env:
        made = env.create_guild().create_forum_channel("stories")
        forum = await env.bot.fetch_channel(made.id)
        assert isinstance(forum, ForumChannel)

        ref = await open_post(forum, sent)

        post = await env.bot.fetch_channel(int(ref.channel))
        assert isinstance(post, Thread)
        assert (post.name, post.parent_id) == (ALERT.headline, forum.id)
        first = await post.fetch_message(int(ref.id))
        assert first.embeds[0].title == ALERT.headline


async def test_suggestions_buttons_and_windows_work_in_simcords_discord_too() -> None:
    desk = Desk()
    async with simcord.run(_CommandClient(Addresses(), desk.commands()), shard_count=1) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("news")
        ada = guild.add_member(env.create_user("ada"))
        sent = stamp(render(ALERT, "nonce-1"), "nonce-1")
        await env.bot.get_partial_messageable(channel.id).send(
            **message_arguments(sent), nonce="nonce-1"
        )
        card = channel.last_message
        assert card is not None

        suggested = await ada.autocomplete(channel, "news mute", "topic", "port")
        claimed = await ada.click(card, custom_id="news|claim|nonce-1")
        window = await ada.click(card, custom_id="news|irrelevant|nonce-1")
        assert env.bot.persistent_views == []
        assert env.bot._connection._view_store._modals == {}
        saved = await ada.submit_modal(window, {"quiet": "", "rhythm": ["instant"], "query": "x"})

    assert [choice["value"] for choice in suggested] == ["ports", "port-strikes"]
    assert claimed.acknowledged
    assert window.modal is not None
    assert saved.acknowledged
    assert [press.action for press in desk.presses] == ["claim", "irrelevant", "save"]
    assert desk.presses[-1].options["rhythm"] == "instant"
