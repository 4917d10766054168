"""Headers and logins, whose secrets stay in the environment and out of every message."""

import pytest

from tests.unit.catalog.desk import Desk

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("headers: {X-Key: '${KEY}'}", "X-Key: ${KEY} is not set; add KEY=… to .env"),
        ("headers: {X-Key: '${MY KEY}'}", "X-Key: “${MY KEY}” is no reference"),
        ("headers: {X-Key: $SET}", "X-Key: write ${SET}, with braces"),
        ("headers: {X-Key: '${BROKEN}'}", "X-Key: the value in the environment holds a line break"),
        ("headers: {Authorization: Bearer hunter2}", "Authorization: a secret does not belong in"),
        ("headers: {Cookie: a=hunter2}", "Cookie: a secret does not belong in this file"),
        ("headers: {X-Key: hunter2}", "X-Key: a secret does not belong in this file"),
        ("headers: {x-subscriber-token: hunter2}", "x-subscriber-token: a secret does not belong"),
        ("headers: {Authorization: 'Bearer hunter2${SET}'}", "nor a part of one; put NAME=…"),
        ("headers: {Authorization: 'Bearer ${SET} hunter2'}", "Authorization: a secret does not"),
        ("headers: {Cookie: 'sid=${SET}'}", "Cookie: a secret does not belong in this file"),
        ("login: {user: a, password: 'hunter2${SET}'}", "password: a secret does not belong in"),
        ("headers: {Authorization: $SET}", "Authorization: write ${SET}, with braces"),
        ("headers: {'X Key': a}", "X Key: is no header's name"),
        ("headers: {Host: a}", "Host: newsbot sets this header itself; remove it"),
        ("headers: {If-None-Match: a}", "If-None-Match: newsbot sets this header itself"),
        ("headers: {X-A: a, x-a: b}", "x-a: stands here twice in different letter case"),
        ("headers: [hunter2]", "headers: keys and values (key: value) are needed here, not a list"),
        ("login: desk:hunter2", "login: keys and values (key: value) are needed here, not text"),
        ("login: {user: desk}", "login: password missing"),
        ("login: {}", "login: user and password missing"),
        ("login: {user: desk, password: hunter2}", "password: a secret does not belong in this"),
        ("login: {user: 'a:b', password: '${SET}'}", "user: a user name cannot hold a colon"),
        ("login: {user: a, password: '${SET}', token: x}", "unknown key “token”"),
        ("url: https://desk:hunter2@a.example", "holds a user name or password"),
        ("url: 'https://desk:hunter2@[a.example'", "the address cannot be read"),
    ],
)
def test_a_mistake_is_told_without_the_secret(desk: Desk, written: str, said: str) -> None:
    url = "" if written.startswith("url") else "url: https://news.example.org/rss, "
    mistakes = desk.feed_mistakes(
        f"- {{{url}{written}}}", {"SET": SECRET, "BROKEN": f"{SECRET}\r\nX-B: c"}
    )
    (mistake,) = mistakes
    assert said in mistake
    assert SECRET not in mistake


def test_a_login_beside_an_authorization_header_is_refused(desk: Desk) -> None:
    (mistake,) = desk.feed_mistakes(
        """
        - url: https://news.example.org/rss
          headers: {authorization: "Bearer ${SET}"}
          login: {user: desk, password: "${SET}"}
        """,
        {"SET": SECRET},
    )
    assert "login: headers sets Authorization already" in mistake


def test_a_reference_may_be_part_of_a_value(desk: Desk) -> None:
    feed = desk.feed(
        "- {url: https://a.example, headers: {X-Edition: 'world-${A}-${B}'}}",
        {"A": "one", "B": "two"},
    )
    assert feed.headers == {"X-Edition": "world-one-two"}


def test_a_secret_may_stand_behind_its_scheme(desk: Desk) -> None:
    feed = desk.feed(
        "- {url: https://a.example, headers: {Authorization: 'Bearer ${A}', X-Key: '${B}'}}",
        {"A": "one", "B": "two"},
    )
    assert feed.headers == {"Authorization": "Bearer one", "X-Key": "two"}


def test_a_harmless_header_is_written_out(desk: Desk) -> None:
    feed = desk.feed("- {url: https://a.example, headers: {Accept-Language: 'en, de;q=0.5'}}")
    assert feed.headers == {"Accept-Language": "en, de;q=0.5"}
