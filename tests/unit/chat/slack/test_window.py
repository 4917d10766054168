"""Forms and replies as Slack's windows."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.chat.slack.window import (
    Origin,
    filled_in,
    form_view,
    home_view,
    origin_of,
    reply_view,
)
from bot.commands.reply import Button, Choice, Field, Form, Reply
from tests.fakes.slack_limits import faults_in_view

ORIGIN = Origin(channel="C0NEWS", argument="7", card="1.000001")
AT_ONCE, HOURLY = Choice(value="instant", label="At once"), Choice(value="hourly", label="Hourly")
FORM = Form(
    title="Follow",
    action="follow",
    argument="7",
    fields=(
        Field(name="query", label="What", value="harbour", hint="port strike", long=True),
        Field(name="when", label="When", value="hourly", choices=(AT_ONCE, HOURLY), required=False),
    ),
)


def test_a_form_has_its_fields_with_what_stands_in_them() -> None:
    view = form_view(FORM, ORIGIN)
    assert (view["callback_id"], view["submit"]["text"]) == ("news:follow", "Save")
    query, when = view["blocks"]
    assert (query["block_id"], query["optional"], when["optional"]) == ("query", False, True)
    assert query["element"]["initial_value"] == "harbour"
    assert query["element"]["placeholder"]["text"] == "port strike"
    assert query["element"]["multiline"] is True
    assert when["element"]["initial_option"]["value"] == "hourly"


def test_where_a_window_was_opened_is_kept_with_it() -> None:
    for view in (form_view(FORM, ORIGIN), reply_view(Reply(title="x"), ORIGIN)):
        assert origin_of(view) == ORIGIN
    assert origin_of(home_view(Reply(title="x"), Origin(channel="D1", home=True))).home


@pytest.mark.parametrize("metadata", [None, "", "{}", "[]", '{"channel": "C1", "other": 1}'])
def test_a_window_of_somebody_else_is_refused(metadata: str | None) -> None:
    with pytest.raises(ValueError, match=r".*"):
        origin_of({} if metadata is None else {"private_metadata": metadata})


def test_what_was_filled_in_is_read_by_its_field() -> None:
    option = {"value": "hourly", "text": {"type": "plain_text", "text": "Hourly"}}
    values: dict[str, Any] = {
        "query": {"filled": {"type": "plain_text_input", "value": "port strike"}},
        "when": {"filled": {"type": "static_select", "selected_option": option}},
        "note": {"filled": {"type": "plain_text_input", "value": None}},
        "zone": {"filled": {"type": "static_select", "selected_option": None}},
    }
    assert filled_in({"state": {"values": values}}) == {
        "query": "port strike", "when": "hourly", "note": "", "zone": "",
    }  # fmt: skip


_texts = st.text(alphabet=st.sampled_from('ab "<>&*@\n\u202e👩🏽é'), max_size=200)
_values = st.text(alphabet="abc", min_size=1, max_size=100)
_fields = st.builds(
    Field,
    name=st.sampled_from(["query", "when", "quiet"]),
    label=_texts,
    value=st.one_of(_texts, _values),
    choices=st.lists(st.builds(Choice, value=_values, label=_texts), max_size=130).map(tuple),
    hint=_texts,
    required=st.booleans(),
    long=st.booleans(),
)
_forms = st.builds(
    Form,
    title=_texts,
    action=st.just("follow"),
    fields=st.lists(_fields, min_size=1, max_size=3, unique_by=lambda field: field.name).map(tuple),
    submit=_texts,
)


@settings(deadline=None)
@given(_forms)
def test_any_form_keeps_within_slacks_limits(form: Form) -> None:
    view = form_view(form, ORIGIN)
    assert faults_in_view(view) == []
    View(**view).validate_json()


@settings(deadline=None)
@given(_texts, st.lists(_texts, max_size=5).map(tuple))
def test_any_reply_fits_a_window_and_the_own_page(title: str, lines: tuple[str, ...]) -> None:
    reply = Reply(title=title, lines=lines, buttons=(Button(label=title, action="more"),))
    for view in (reply_view(reply, ORIGIN), home_view(reply, ORIGIN)):
        assert faults_in_view(view) == []
