from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.discord.markdown import size
from bot.chat.discord.reply import DiscordReply, render_reply
from bot.commands.reference import refer
from bot.commands.reply import Button, Reply, Row
from tests.fakes.discord_limits import mistakes
from tests.fakes.discord_markdown import shown

WHEN = datetime(2025, 11, 4, 9, 4, tzinfo=UTC)


def test_a_reply_is_its_title_in_bold_and_its_lines() -> None:
    reply = Reply(title="There is no /news *x*.", lines=("Did you mean /news ping?", "> y"))

    [embed] = render_reply(reply).embeds

    assert embed["description"] == (
        "**There is no /news \\*x\\*.**\nDid you mean /news ping?\n\\> y"
    )


def test_an_empty_reply_says_something() -> None:
    assert render_reply(Reply(title="")).embeds[0]["description"] == "Done."


def test_a_mistake_looks_like_one() -> None:
    [mistake] = render_reply(Reply(title="No.", mistake=True)).embeds
    [other] = render_reply(Reply(title="No.")).embeds

    assert (mistake["color"], other["color"]) == (0xE8A020, 0x808890)


def test_a_list_is_an_embed_for_each_row_below_its_head() -> None:
    reply = Reply(
        title="2 *stories*",
        lines=("since 18:00",),
        rows=(
            Row(title="First", url="https://news.example/1", lines=("# Outlet",), when=WHEN),
            Row(title="", url="javascript:x"),
            Row(title="Third", lines=("An outlet of a long name — “fog” in the title",), when=WHEN),
        ),
    )

    rendered = render_reply(reply)

    assert rendered.content == "**2 \\*stories\\***\nsince 18:00"
    assert rendered.embeds == (
        {
            "title": "First",
            "url": "https://news.example/1",
            "description": "\\# Outlet · <t:1762247040:f>",
            "color": 0x808890,
        },
        {"title": "(untitled)", "color": 0x808890},
        {
            "title": "Third",
            "description": "An outlet of a long name — “fog” in the title\n<t:1762247040:f>",
            "color": 0x808890,
        },
    )
    assert rendered.components == ()


def test_rows_and_their_buttons_bear_the_same_number() -> None:
    share = Button(label="Share", action="share", argument="1")
    rendered = render_reply(
        Reply(title="", rows=(Row(title="A", buttons=(share,)), Row(title="B", buttons=(share,))))
    )

    assert [embed["title"] for embed in rendered.embeds] == ["1 · A", "2 · B"]
    labels = [one["label"] for row in rendered.components for one in row["components"]]
    assert labels == ["Share 1", "Share 2"]


def test_channels_and_people_are_shown_by_name_and_no_foreign_text_makes_one() -> None:
    reply = Reply(
        title=f"{refer('discord:11')} *follows* this.",
        lines=(f"for {refer('user:22')}, {refer('role:33')}; not {refer('group:S1')}",),
    )
    assert render_reply(reply).embeds[0]["description"] == (
        "**<#11> \\*follows\\* this.**\nfor <@22>, <@&33>; not group:S1"
    )
    foreign = Row(title=refer("discord:11"), lines=("discord:11 user:22",))
    [embed] = render_reply(Reply(title="", rows=(foreign,))).embeds
    assert "<" not in str(embed)


def test_a_single_row_needs_no_number() -> None:
    share = Button(label="Share", action="share")
    rendered = render_reply(Reply(title="", rows=(Row(title="A", buttons=(share,)),)))

    assert rendered.embeds[0]["title"] == "A"
    assert rendered.components[0]["components"][0]["label"] == "Share"


@pytest.mark.parametrize("filler", ["w" * 9_000, "*" * 9_000, "😀" * 9_000])
def test_a_list_with_every_part_at_its_longest_is_within_every_limit(filler: str) -> None:
    buttons = tuple(Button(label=filler, action="a" * 24, argument="x" * 64) for _ in range(5))
    row = Row(title=filler, url="https://a.example/", lines=(filler,) * 9, when=WHEN)
    rows = tuple(
        Row(title=row.title, lines=row.lines, when=WHEN, buttons=buttons) for _ in "0123456789"
    )
    longest = Reply(title=filler, lines=(filler,) * 9, rows=rows, buttons=buttons)

    rendered = render_reply(longest)

    assert _mistakes(rendered) == {}
    assert len(rendered.embeds) == 10
    assert Counter(len(one["components"]) for one in rendered.components) == {5: 5}
    assert all(embed["description"].endswith("<t:1762247040:f>") for embed in rendered.embeds)


_TEXT = st.lists(
    st.sampled_from(["*", "<@1>", "](", "https://a.example ", "word ", "😀", "字", "\n# "])
    | st.text(max_size=20),
    max_size=200,
).map("".join)
_BUTTONS = st.lists(
    st.builds(Button, label=_TEXT, action=st.just("do"), argument=st.sampled_from("abc")),
    max_size=5,
).map(tuple)
_ROWS = st.lists(
    st.builds(
        Row,
        title=_TEXT,
        url=st.none() | _TEXT.map("https://a.example/".__add__),
        lines=st.lists(_TEXT, max_size=4).map(tuple),
        when=st.none() | st.just(WHEN),
        buttons=_BUTTONS,
    ),
    max_size=10,
).map(tuple)


@settings(deadline=None)
@given(
    st.builds(
        Reply,
        title=_TEXT,
        lines=st.lists(_TEXT, max_size=5).map(tuple),
        rows=_ROWS,
        buttons=_BUTTONS,
    )
)
def test_every_reply_is_within_every_limit_and_formats_nothing_foreign(reply: Reply) -> None:
    rendered = render_reply(reply)

    assert _mistakes(rendered) == {}
    texts = [one.get(key, "") for one in rendered.embeds for key in ("title", "description")]
    assert sum(map(size, texts)) <= 6000
    assert size(rendered.content) <= 2000
    for embed in rendered.embeds:
        shown(embed.get("title", ""))


def _mistakes(reply: DiscordReply) -> dict[str, object]:
    return mistakes(
        {"content": reply.content, "embeds": reply.embeds, "components": reply.components}
    )
