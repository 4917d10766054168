"""A message as Block Kit, checked by slack_sdk's models, by slackblocks and by Slack's limits."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import slackblocks
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.chat.slack.render import SlackMessage, render
from bot.domain.digest import Gathered, compose_digest
from bot.domain.message import Alert, Gravity, Message, Notice, Reason
from tests.fakes.slack_limits import faults_in, too_long
from tests.fakes.slack_people import buttons

JOINER = "\u2060"
PUBLISHED = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
DATE = "<!date^1772616600^{date_short_pretty} at {time}|2026-03-04 09:30 UTC>"


def _reason(topic: str, *words: str) -> Reason:
    return Reason(topic=topic, title=topic, words=words)


def _alert(**changes: Any) -> Alert:  # noqa: ANN401 - any field of an alert
    fields: dict[str, Any] = {
        "headline": "Ministers agree on a harbour plan",
        "url": "https://news.example/harbour?a=1&b=2",
        "summary": "The plan was agreed after two days of talks. Work begins in May.",
        "outlet": "Harbour Times",
        "published": PUBLISHED,
        "reasons": (_reason("us-china", "tag us-china", "“Beijing” in the title"),),
        "tags": ("us-china", "trade"),
        "image": "https://img.example/harbour.jpg",
    }
    return Alert(**{**fields, **changes})


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _head(message: SlackMessage) -> dict[str, Any]:
    head: dict[str, Any] = message.blocks[0]["elements"][0]["elements"][0]
    return head


def test_an_alert_is_headline_summary_source_and_reasons() -> None:
    message = render(_alert())

    assert message.blocks == (
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {
                            "type": "link",
                            "url": "https://news.example/harbour?a=1&b=2",
                            "text": "Ministers agree on a harbour plan",
                            "style": {"bold": True},
                        }
                    ],
                }
            ],
        },
        {
            "type": "section",
            "text": _plain("The plan was agreed after two days of talks. Work begins in May."),
            "accessory": {
                "type": "image",
                "image_url": "https://img.example/harbour.jpg",
                "alt_text": "Ministers agree on a harbour plan",
            },
        },
        {
            "type": "context",
            "elements": [_plain("Harbour Times"), _mrkdwn(DATE), _plain("us-china, trade")],
        },
        {
            "type": "context",
            "elements": [
                _mrkdwn("*us-china*"),
                _plain("— its tag, “Beijing” in the title"),
            ],
        },
    )


def test_the_text_says_all_the_blocks_say() -> None:
    assert render(_alert()).text == (
        "Ministers agree on a harbour plan\n"
        "The plan was agreed after two days of talks. Work begins in May.\n"
        "Harbour Times · 2026-03-04 09:30 UTC · us-china, trade\n"
        "Topics: us-china\n"
        "<https://news.example/harbour?a=1&amp;b=2>"
    )


def test_an_alert_of_the_least_still_renders() -> None:
    message = render(
        _alert(headline=" \u200b", url=None, summary="", tags=(), image=None, outlet="\u202e")
    )

    assert [block["type"] for block in message.blocks] == ["rich_text", "context", "context"]
    assert _head(message) == {"type": "text", "text": "(no headline)", "style": {"bold": True}}
    assert message.blocks[1]["elements"] == [_plain("Unnamed outlet"), _mrkdwn(DATE)]
    assert message.text == "(no headline)\nUnnamed outlet · 2026-03-04 09:30 UTC\nTopics: us-china"


def test_a_picture_without_a_summary_stands_by_the_outlet() -> None:
    section = render(_alert(summary="")).blocks[1]
    assert section["text"] == _plain("Harbour Times")
    assert section["accessory"]["image_url"] == "https://img.example/harbour.jpg"


@pytest.mark.parametrize(
    "image", [None, "ftp://img.example/a.jpg", "https://img.example/" + "a" * 3000]
)
def test_a_picture_that_slack_would_not_take_is_left_out(image: str | None) -> None:
    assert "accessory" not in render(_alert(image=image)).blocks[1]


def test_pictures_can_be_left_out() -> None:
    assert "image" not in json.dumps(render(_alert(), images=False).blocks)


def test_a_headline_without_a_usable_link_is_bold_text() -> None:
    assert _head(render(_alert(url="javascript:alert(1)")))["type"] == "text"


def test_addresses_that_would_make_the_blocks_too_long_cost_the_picture() -> None:
    long = {"url": "https://a.example/" + "u" * 2900, "image": "https://a.example/" + "i" * 2900}
    quotes = '"' * 1200
    reasons = tuple(_reason(quotes, quotes) for _ in range(5))
    alert = _alert(
        **long, headline=quotes, summary=quotes, outlet=quotes, tags=(quotes,), reasons=reasons
    )
    message = render(alert)
    assert not too_long(list(message.blocks))
    assert _head(message)["url"] == long["url"]
    assert "accessory" not in message.blocks[1]
    assert long["url"] not in message.text


def test_the_time_is_utc_whatever_zone_it_comes_in() -> None:
    local = PUBLISHED.astimezone(timezone(timedelta(hours=8)))
    assert render(_alert(published=local)) == render(_alert())


def test_a_time_before_slacks_calendar_is_written_out() -> None:
    moment = datetime(1969, 7, 20, 20, 17, tzinfo=UTC)
    assert render(_alert(published=moment)).blocks[1 + 1]["elements"][1] == _mrkdwn(
        "1969-07-20 20:17 UTC"
    )


def test_each_topic_has_a_line_and_more_than_fit_are_named_in_one() -> None:
    names = [f"topic-{number}" for number in range(7)]
    lines = render(_alert(reasons=tuple(_reason(name, "word") for name in names))).blocks[3:]
    assert [line["elements"] for line in lines] == [
        *([_mrkdwn(f"*{name}*"), _plain("— word")] for name in names[:4]),
        [_plain("and topic-4, topic-5, topic-6")],
    ]


def test_a_topic_goes_by_its_title_with_the_name_where_the_title_does_not_tell_it() -> None:
    reasons = (
        Reason(topic="ai-safety", title="AI safety", words=("tag ai-safety",)),
        Reason(topic="chips", title="Semiconductors", words=("“TSMC” in the title",)),
        Reason(topic="chips", title="Semiconductors", words=()),
    )
    lines = [block["elements"] for block in render(_alert(reasons=reasons)).blocks[3:]]
    assert lines == [
        [_mrkdwn("*AI safety*"), _plain("— its tag")],
        [_mrkdwn("*Semiconductors*"), _plain("(chips) — “TSMC” in the title")],
        [_mrkdwn("*Semiconductors*"), _plain("(chips)")],
    ]


def test_a_topic_without_words_is_named() -> None:
    assert render(_alert(reasons=(_reason("us-china"),))).blocks[3]["elements"] == [
        _mrkdwn("*us-china*")
    ]


@pytest.mark.parametrize("name", ["*x* <!here>", "us_china", "-", "a & b", "a" * 200])
def test_a_topic_whose_title_is_not_plain_words_is_literal(name: str) -> None:
    element = render(_alert(reasons=(_reason(name, "word"),))).blocks[3]["elements"][0]
    assert element["type"] == "plain_text"
    assert len(element["text"]) <= 80


def test_a_topic_without_a_visible_name_is_still_named() -> None:
    assert render(_alert(reasons=(_reason("\u200b"),))).blocks[3]["elements"] == [
        _mrkdwn("*a topic*")
    ]


HOSTILE = (
    "*bold* _it_ ~no~ `code` > quote :tada: <!channel> <@U0123> <#C0123> <!here|x> @here @everyone "
    "<https://evil.example|https://bank.example> &lt;!channel&gt; \u202egpj.exe"
)


def _hostile() -> Message:
    return _alert(
        headline=HOSTILE,
        summary=HOSTILE,
        outlet=HOSTILE,
        tags=(HOSTILE,),
        reasons=(_reason(HOSTILE, HOSTILE), *(_reason(HOSTILE) for _ in range(5))),
    )


@pytest.mark.parametrize("message", [_hostile(), Notice(title=HOSTILE, text=HOSTILE)])
def test_no_foreign_text_stands_where_slack_parses_it(message: Message) -> None:
    rendered = render(message)

    assert {
        text["text"] for text in _objects(list(rendered.blocks)) if text.get("type") == "mrkdwn"
    } <= {DATE}
    assert {kind["type"] for kind in _objects(list(rendered.blocks)) if "type" in kind} <= {
        *("rich_text", "rich_text_section", "text", "link", "section", "plain_text"),
        *("context", "mrkdwn", "image"),
    }


@pytest.mark.parametrize("message", [_hostile(), Notice(title=HOSTILE, text=HOSTILE)])
def test_the_text_holds_no_mention_but_the_storys_own_link(message: Message) -> None:
    text = render(message).text.removesuffix("<https://news.example/harbour?a=1&amp;b=2>")
    assert "<" not in text
    assert "@here" not in text
    assert ":tada:" not in text
    assert f":{JOINER}tada:" in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("gravity", "mark"), [(Gravity.WARNING, "⚠️"), (Gravity.INFO, "\u2139\ufe0f")]
)
def test_a_notice_is_a_marked_bold_line_and_its_text(gravity: Gravity, mark: str) -> None:
    message = render(Notice(title="A feed fails", text="One.\n\nTwo.", gravity=gravity))

    assert message.text == f"{mark} A feed fails\nOne.\n\nTwo."
    (section,) = message.blocks[0]["elements"]
    assert section["elements"] == [
        {"type": "text", "text": f"{mark} A feed fails", "style": {"bold": True}},
        {"type": "text", "text": "\nOne.\n\nTwo."},
    ]


def test_a_notice_shows_a_channel_by_its_name_as_long_as_it_fits() -> None:
    aside = Notice(title="Channel set aside: slack:C1", text="slack:C1: archived.")
    (section,) = render(aside).blocks[0]["elements"]
    assert section["elements"][0]["text"].endswith("Channel set aside: slack:C1")
    assert section["elements"][2:] == [
        {"type": "channel", "channel_id": "C1"}, {"type": "text", "text": ": archived."},
    ]  # fmt: skip
    assert "slack:C1: archived." in render(aside).text

    many = render(Notice(title="Many", text="slack:C1 " * 600))
    assert not too_long(list(many.blocks))


def _card(**changes: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any field of an alert
    return list(render(_alert(**changes), nonce="n-1").blocks)


def test_an_alert_that_is_delivered_has_its_buttons_each_with_its_delivery() -> None:
    found = buttons(_card())
    assert [button["text"]["text"] for button in found] == [
        "Mute 2h", "Not relevant", "Claim", "More",
    ]  # fmt: skip
    assert {button["value"] for button in found} == {"n-1"}
    assert buttons(list(render(_alert()).blocks)) == []


def test_who_claimed_a_story_is_shown_and_can_release_it() -> None:
    card = _card(claimed_by="U0ADA")
    assert card[-2]["elements"] == [_mrkdwn("*Claimed* by <@U0ADA>")]
    assert [button["text"]["text"] for button in buttons(card, "release")] == ["Release"]
    assert buttons(card, "claim") == []
    assert render(_alert(claimed_by="U0ADA")).text.endswith("\nClaimed by <@U0ADA>")


def test_a_claim_by_something_that_is_no_person_of_slacks_is_literal() -> None:
    assert _card(claimed_by="<!here>")[-2]["elements"] == [_plain("Claimed by <!here>")]


def test_whom_an_alert_is_to_ping_is_pinged_in_blocks_and_text_and_nobody_else() -> None:
    message = render(
        _alert(
            headline=HOSTILE,
            mentions=("group:S0DESK", "user:U0ADA", "role:2", "user:<!here>", "group:S1> <!here"),
        )
    )
    named = message.blocks[-1]["elements"][0]["elements"]
    assert [part["type"] for part in named] == ["usergroup", "text", "user"]
    assert message.text.endswith("\n<!subteam^S0DESK> <@U0ADA>")
    assert message.text.startswith("*bold*")
    assert message.text.count("<!") == 1


_texts = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=st.sampled_from("ab <>&*_~`:@\n\u202e\u200d👩🏽\ud800é"), max_size=4000),
)
_urls = st.one_of(st.none(), st.text(max_size=50), st.builds("https://x.example/{}".format, _texts))
_moments = st.datetimes(timezones=st.just(UTC))
_reasons = st.builds(
    Reason, topic=_texts, title=_texts, words=st.lists(_texts, max_size=12).map(tuple)
)
_alerts = st.builds(
    Alert,
    headline=_texts,
    url=_urls,
    summary=_texts,
    outlet=_texts,
    published=_moments,
    reasons=st.lists(_reasons, min_size=1, max_size=12).map(tuple),
    tags=st.lists(_texts, max_size=12).map(tuple),
    image=_urls,
    mentions=st.lists(
        st.one_of(_texts, st.sampled_from(["user:U0ADA", "group:S0DESK"])), max_size=9
    ).map(tuple),
    claimed_by=st.one_of(st.none(), st.just("U0ADA"), _texts),
)
_notices = st.builds(Notice, title=_texts, text=_texts, gravity=st.sampled_from(Gravity))


_digests = st.lists(
    st.builds(Gathered, alert=_alerts, kept_at=_moments, outlets=st.integers(1, 9)),
    min_size=1,
    max_size=30,
).flatmap(lambda gathered: st.sampled_from(compose_digest(gathered)))


@settings(deadline=None)
@given(st.one_of(_alerts, _notices, _digests))
def test_any_message_keeps_within_slacks_limits(message: Message) -> None:
    rendered = render(message, nonce="n" * 25)

    blocks = list(rendered.blocks)
    assert faults_in(blocks) == []
    assert not too_long(blocks)
    assert 1 <= len(rendered.text) <= 4000
    assert json.loads(json.dumps(blocks).encode()) == blocks
    for block in blocks:
        _passes_slack_sdk(block)
        if not _beyond_slackblocks(block):
            _passes_slackblocks(block)


def _passes_slack_sdk(block: dict[str, Any]) -> None:
    model = Block.parse(block)
    assert model is not None
    model.validate_json()
    assert _without(model.to_dict(), "block_id") == block


def _beyond_slackblocks(block: dict[str, Any]) -> bool:
    """Buttons and people, which it does not read from JSON."""
    kinds = {part.get("type") for part in _objects(block)}
    return bool(kinds & {"actions", "user", "usergroup"})


def _passes_slackblocks(block: dict[str, Any]) -> None:
    """A second opinion; what slackblocks cannot read from JSON is built from its parts."""
    rendered = json.loads(repr(_in_slackblocks(block)))
    # It leaves out `emoji: false`, which is what leaving it out means to it.
    expected = json.loads(json.dumps(block), object_hook=lambda found: _without(found, "emoji"))
    assert _without(rendered, "block_id") == expected


def _in_slackblocks(block: dict[str, Any]) -> Any:  # noqa: ANN401 - slackblocks is untyped to us
    if block["type"] == "rich_text":
        parts = [_rich_part(part) for part in block["elements"][0]["elements"]]
        return slackblocks.RichTextBlock(slackblocks.RichTextSection(parts))
    if "accessory" in block:
        image = block["accessory"]
        return slackblocks.SectionBlock(
            text=slackblocks.PlainText(block["text"]["text"]),
            accessory=slackblocks.Image(image_url=image["image_url"], alt_text=image["alt_text"]),
        )
    return slackblocks.Block.from_dict(block)


def _rich_part(part: dict[str, Any]) -> Any:  # noqa: ANN401 - as above
    bold = True if "style" in part else None
    if part["type"] == "link":
        return slackblocks.RichTextLink(url=part["url"], text=part["text"], bold=bold)
    return slackblocks.RichText(part["text"], bold=bold)


def _without(value: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name != key}


def _objects(value: object) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(found for part in value.values() for found in _objects(part))]
    if isinstance(value, list):
        return [found for part in value for found in _objects(part)]
    return []


def test_a_digest_is_a_list_of_literal_links_under_their_topics() -> None:
    gathered = [
        Gathered(alert=_alert(), kept_at=_alert().published),
        Gathered(alert=_alert(headline="<!here> *news*", url=None), kept_at=_alert().published),
    ]
    alert = _alert()
    [page] = compose_digest(gathered)
    title, since, group = render(page).blocks
    assert title["elements"][0]["elements"][0]["text"] == "Digest: 2 stories"
    assert since["elements"][0]["text"].startswith("Since <!date^")
    parts = group["elements"][0]["elements"]
    assert [part["text"] for part in parts] == [
        alert.reasons[0].title, "\n• ", alert.headline, f" — {alert.outlet}",
        "\n• ", "<!here> *news*", f" — {alert.outlet}",
    ]  # fmt: skip
    assert [part.get("url") for part in parts if part["type"] == "link"] == [alert.url]
    assert "<!here>" not in render(page).text
