import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.discord.markdown import size
from bot.chat.discord.render import acceptable, render
from bot.domain.digest import Gathered, compose_digest
from bot.domain.message import Alert, Gravity, Message, Notice, Reason
from tests.fakes.discord_limits import mistakes
from tests.fakes.discord_markdown import shown

ALERT = Alert(
    headline="Harbour talks resume after a night of delay",
    url="https://news.example/world/harbour-talks",
    summary="Both sides returned to the table. A first text is expected on Friday.",
    outlet="Example World",
    published=datetime(2025, 11, 4, 9, 4, tzinfo=UTC),
    reasons=(
        Reason(
            topic="us-china",
            title="US–China relations",
            words=("tag us-china", "“Beijing” in the title"),
        ),
        Reason(topic="ports", title="ports", words=("“harbour” in the title",)),
    ),
    tags=("us-china", "geopolitics"),
    image="https://news.example/harbour.jpg",
)


def test_an_alert_is_one_native_embed() -> None:
    assert render(ALERT).embed == {
        "title": "Harbour talks resume after a night of delay",
        "url": "https://news.example/world/harbour-talks",
        "description": "Both sides returned to the table. A first text is expected on Friday.",
        "timestamp": "2025-11-04T09:04:00+00:00",
        "color": 0x2878C8,
        "author": {"name": "Example World"},
        "thumbnail": {"url": "https://news.example/harbour.jpg"},
        "fields": [
            {
                "name": "Why",
                "value": (
                    "**US–China relations** (us-china) — its tag, “Beijing” in the title\n"
                    "**ports** — “harbour” in the title"
                ),
                "inline": False,
            }
        ],
        "footer": {"text": "us-china · geopolitics"},
    }


def test_an_alert_with_nothing_but_a_time_still_shows_something() -> None:
    bare = Alert(
        headline=" \u200b", url=None, summary="", outlet="", published=ALERT.published, reasons=()
    )

    assert render(bare).embed == {
        "title": "(no headline)",
        "timestamp": "2025-11-04T09:04:00+00:00",
        "color": 0x2878C8,
    }


def test_text_is_escaped_where_discord_formats_and_nowhere_else() -> None:
    embed = render(
        replace(ALERT, headline="*A* @everyone", summary="# B", outlet="*C*", tags=("*d*",))
    ).embed

    assert embed["title"] == r"\*A\* \@everyone"
    assert embed["description"].startswith(r"\# B")
    assert embed["author"] == {"name": "*C*"}
    assert embed["footer"] == {"text": "*d*"}


def test_a_topic_cannot_break_out_of_its_bold_title() -> None:
    reason = Reason(topic="<@1>", title="**x** [y](https://z.example)", words=("`code`",))

    [field] = render(replace(ALERT, reasons=(reason,))).embed["fields"]

    assert field["value"] == (r"**\*\*x\*\* \[y]\(https\://z.example)** (\<@1>) — \`code\`")


def test_a_reason_without_words_names_its_topic_only() -> None:
    reasons = (Reason(topic="ports", title="", words=()), Reason(topic="", title="", words=()))

    [field] = render(replace(ALERT, reasons=reasons)).embed["fields"]

    assert field["value"] == "**ports**\n**(unnamed topic)**"


def test_topics_beyond_the_room_are_counted() -> None:
    reasons = tuple(Reason(topic=f"topic-{n}", title="", words=("x" * 300,)) for n in range(8))

    [field] = render(replace(ALERT, reasons=reasons)).embed["fields"]

    assert field["value"].endswith("\nand 5 more")
    assert field["value"].count("**topic-") == 3


@pytest.mark.parametrize("filler", ["w" * 9_000, "word " * 9_000, "*" * 9_000, "😀" * 9_000])
def test_a_message_with_every_part_at_its_longest_is_within_every_limit(filler: str) -> None:
    reasons = (Reason(topic=filler, title="x" + filler, words=(filler,) * 5),) * 30
    longest = replace(
        ALERT,
        headline=filler,
        summary=filler,
        outlet=filler,
        tags=(filler,) * 9,
        reasons=reasons,
        claimed_by=filler,
        mentions=tuple(f"role:{n:020}" for n in range(99)),
    )

    message = render(longest, "n" * 25)
    embed = message.embed

    assert mistakes({"embeds": [embed], "components": message.components}) == {}
    assert len(message.content) <= 2000
    assert all(size(text) <= limit for text, limit in _sizes(embed))
    assert embed["description"].endswith("…")
    *topics, rest = embed["fields"][0]["value"].split("\n")
    assert [bool(re.fullmatch(r"\*\*x.*…\*\* \(.*…\) — .*…", line)) for line in topics] == [
        True
    ] * 3
    assert rest == "and 27 more"


def test_a_long_headline_is_cut_between_words() -> None:
    title = render(replace(ALERT, headline="word " * 100)).embed["title"]

    assert title == "word " * 50 + "word…"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://news.example/a",
        "javascript:alert(1)",
        "https://localhost/a",
        "https://news.example/a b",
        "https://news.example/\u202eb",
        "https://bank.example@evil.example/",
        "https://[broken",
        "https://news.example/" + "a" * 2048,
        "",
        None,
    ],
)
def test_an_address_that_discord_refuses_or_that_deceives_is_left_out(url: str | None) -> None:
    embed = render(replace(ALERT, url=url, image=url)).embed

    assert not acceptable(url)
    assert "url" not in embed
    assert "thumbnail" not in embed


def test_an_address_in_another_script_is_kept() -> None:
    assert acceptable("https://ja.example.org/ニュース?q=1#top")


def test_whom_an_alert_pings_is_all_it_says_beside_its_embed() -> None:
    mentions = ("role:2", "user:5", "group:S1", "role:2", "role:x", "everyone", "user:5>@everyone")

    message = render(replace(ALERT, headline="<@9> @everyone", mentions=mentions))

    assert message.content == "<@&2> <@5>"
    assert (message.roles, message.users) == ((2,), (5,))
    assert render(ALERT).content == ""


def test_who_claimed_an_alert_stands_on_it() -> None:
    fields = render(replace(ALERT, claimed_by="404")).embed["fields"]

    assert fields[-1] == {"name": "Claimed by", "value": "<@404>", "inline": False}
    assert fields[:-1] == render(ALERT).embed["fields"]


def test_who_claimed_it_elsewhere_is_shown_letter_by_letter() -> None:
    fields = render(replace(ALERT, claimed_by="<@&2>*")).embed["fields"]

    assert fields[-1]["value"] == "\\<@&2>\\*"


def test_an_alert_has_its_buttons_where_its_delivery_is_known() -> None:
    [row] = render(ALERT, "nonce-1").components

    assert [(button["label"], button["custom_id"]) for button in row["components"]] == [
        ("Mute 2h", "news|mute|nonce-1"),
        ("Not relevant", "news|irrelevant|nonce-1"),
        ("Claim", "news|claim|nonce-1"),
        ("More", "news|more|nonce-1"),
    ]
    assert render(ALERT).components == ()
    assert render(Notice(title="", text=""), "nonce-1").components == ()


def test_a_notice_keeps_its_lines() -> None:
    notice = Notice(title="BBC World fails", text="404 since Monday.\n\n# newsbot poll URL")

    assert render(notice).embed == {
        "title": "BBC World fails",
        "description": "404 since Monday.\n\\# newsbot poll URL",
        "color": 0xE8A020,
    }


def test_a_notice_shows_a_channel_by_its_name() -> None:
    notice = Notice(title="Channel set aside: discord:11", text="discord:11 is closed to newsbot.")

    assert render(notice).embed["title"] == "Channel set aside: discord:11"
    assert render(notice).embed["description"] == "<#11> is closed to newsbot."


def test_a_notice_that_nothing_is_wrong_looks_calmer() -> None:
    notice = Notice(title="", text="", gravity=Gravity.INFO)

    assert render(notice).embed == {"title": "Notice", "color": 0x808890}


def test_rendering_does_not_import_the_discord_library() -> None:
    code = (
        "import sys, bot.chat.discord.render, bot.chat.discord.reply, bot.chat.discord.invite;"
        "print(*sys.modules)"
    )

    done = subprocess.run(  # noqa: S603 - our own words, in a fresh interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "discord" not in done.stdout.split()


_NASTY = st.lists(
    st.sampled_from(
        ["*", "_", "<@1>", "](", "[", "https://a.example ", "word ", "😀", "字", "\n# "]
    )
    | st.text(max_size=20),
    max_size=400,
).map("".join)
_REASONS = st.lists(
    st.builds(Reason, topic=_NASTY, title=_NASTY, words=st.lists(_NASTY, max_size=4).map(tuple)),
    max_size=30,
).map(tuple)
_ALERTS: st.SearchStrategy[Alert] = st.builds(
    Alert,
    headline=_NASTY,
    url=st.none() | _NASTY | _NASTY.map("https://a.example/".__add__),
    summary=_NASTY,
    outlet=_NASTY,
    published=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    reasons=_REASONS,
    tags=st.lists(_NASTY, max_size=30).map(tuple),
    image=st.none() | _NASTY.map("https://a.example/".__add__),
)
_NOTICES: st.SearchStrategy[Message] = st.builds(Notice, title=_NASTY, text=_NASTY)


_DIGESTS: st.SearchStrategy[Message] = st.lists(
    st.builds(
        Gathered,
        alert=_ALERTS.filter(lambda alert: bool(alert.reasons)),
        kept_at=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    ),
    min_size=1,
    max_size=30,
).flatmap(lambda gathered: st.sampled_from(compose_digest(gathered)))


@settings(deadline=None)
@given(_ALERTS | _NOTICES)
def test_every_message_is_within_every_limit_and_formats_nothing(message: Message) -> None:
    embed = render(message).embed

    assert mistakes({"embeds": [embed]}) == {}
    assert all(size(text) <= limit for text, limit in _sizes(embed))
    assert shown(embed["title"])
    shown(embed.get("description", ""))


_OURS = re.compile(
    r"\*\*(?P<title>.+)\*\*|- (?:\[(?P<link>.*)\]\(<[^<>]*>\)|(?P<bare>.*)) — (?P<outlet>.*)"
)


@settings(deadline=None)
@given(_DIGESTS)
def test_a_digest_is_within_every_limit_and_formats_nothing_of_others(digest: Message) -> None:
    embed = render(digest).embed

    assert mistakes({"embeds": [embed]}) == {}
    assert all(size(text) <= limit for text, limit in _sizes(embed))
    for line in filter(None, embed["description"].split("\n")[1:]):
        ours = _OURS.fullmatch(line)
        assert ours is not None
        for part in ours.groupdict("").values():
            shown(part)


def _sizes(embed: dict[str, Any]) -> list[tuple[str, int]]:
    """Counted in UTF-16 units, the strictest count there is."""
    sizes = [(embed["title"], 256), (embed.get("description", ""), 4096)]
    sizes += [(embed.get("author", {}).get("name", ""), 256)]
    sizes += [(embed.get("footer", {}).get("text", ""), 2048)]
    for field in embed.get("fields", []):
        sizes += [(field["name"], 256), (field["value"], 1024)]
    return [*sizes, ("".join(text for text, _ in sizes), 6000)]


def test_a_digest_is_a_list_of_links_under_their_topics() -> None:
    gathered = [
        Gathered(alert=ALERT, kept_at=ALERT.published),
        Gathered(
            alert=replace(ALERT, headline="[Free](https://evil.example) *news*", url=None),
            kept_at=ALERT.published,
        ),
    ]
    [page] = compose_digest(gathered)
    assert render(page).embed == {
        "title": "Digest: 2 stories",
        "description": (
            "Since <t:1762247040:f>\n\n"
            "**US–China relations**\n"
            "- [Harbour talks resume after a night of delay]"
            "(<https://news.example/world/harbour-talks>) — Example World\n"
            "- \\[Free]\\(https\\://evil.example) \\*news\\* — Example World"
        ),
        "color": 0x2878C8,
    }
