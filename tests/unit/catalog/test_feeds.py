"""feeds.yaml, as people write it and as they mistype it."""

import base64
from datetime import timedelta

import pytest

from bot.domain.feed import Feed, PollBounds
from tests.unit.catalog.desk import Desk

URL = "https://news.example.org/rss"


def test_a_bare_address_is_a_feed_named_after_its_host(desk: Desk) -> None:
    assert desk.feed("- https://www.example.org/rss") == Feed(
        "https://www.example.org/rss", "example.org", "World"
    )


def test_every_key_of_a_feed_is_read(desk: Desk) -> None:
    feed = desk.feed(
        """
        - url: https://news.example.org/rss
          name: Example News
          tags: [world, us-china]
          interval: 5m
          headers: {X-Key: "${KEY}", Accept-Language: en}
          paused: true
        """,
        {"KEY": "k-123"},
    )
    assert feed == Feed(
        url=URL,
        name="Example News",
        section="World",
        tags=frozenset({"world", "us-china"}),
        bounds=PollBounds(timedelta(minutes=5), timedelta(minutes=5)),
        headers={"X-Key": "k-123", "Accept-Language": "en"},
        paused=True,
    )


def test_a_login_becomes_basic_authentication(desk: Desk) -> None:
    feed = desk.feed(
        f"- {{url: '{URL}', login: {{user: desk, password: '${{PASS}}'}}}}", {"PASS": "naïve:42"}
    )
    scheme, _, pair = feed.headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(pair).decode()) == ("Basic", "desk:naïve:42")


def test_secrets_do_not_show_when_a_feed_is_printed(desk: Desk) -> None:
    feed = desk.feed(f"- {{url: '{URL}', headers: {{X-Key: '${{KEY}}'}}}}", {"KEY": "hush"})
    assert "hush" not in repr(feed)


def test_defaults_hold_for_every_feed_and_tags_add_up(desk: Desk) -> None:
    desk.write(
        feeds="""
        defaults: {interval: 10m-2h, tags: [desk]}
        sections:
          World:
            - https://a.example.org/rss
            - {url: https://b.example.org/rss, interval: 1m, tags: [world]}
        """
    )
    first, second = desk.load().feeds
    assert first.bounds == PollBounds(timedelta(minutes=10), timedelta(hours=2))
    assert first.tags == {"desk"}
    assert second.bounds == PollBounds(timedelta(minutes=1), timedelta(minutes=1))
    assert second.tags == {"desk", "world"}


def test_feeds_keep_the_order_and_sections_of_the_file(desk: Desk) -> None:
    desk.write(
        feeds="""
        defaults:
        sections:
          Zeitung: [https://z.example.org/rss]
          Empty:
          Agency: https://a.example.org/rss
        """
    )
    assert [(feed.section, feed.name) for feed in desk.load().feeds] == [
        ("Zeitung", "z.example.org"),
        ("Agency", "a.example.org"),
    ]


def test_a_byte_order_mark_is_no_mistake(desk: Desk) -> None:
    desk.write(feeds=f"\ufeffsections: {{World: [{URL}]}}")
    assert desk.mistakes() == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("- ftp://example.org/rss", "3: World: “ftp://example.org/rss” is no web address"),
        (
            "- www.example.org/rss",
            "3: World: “www.example.org/rss” lacks its beginning; write https://www",
        ),
        ("- nonsense", "3: World: “nonsense” is no web address"),
        ("- https:///rss", "3: World: “https:///rss” names no host"),
        (
            "- https://example.org/a b",
            "3: World: “https://example.org/a b” holds a space; write %20",
        ),
        ("- https://[::1/rss", "3: World: the address cannot be read"),
        ("- https://example.org:x/rss", "3: World: the address cannot be read"),
        ("- https://example.org/${KEY}", "3: World: ${…} is not read in an address"),
        ("- {name: X}", "3: World: a feed needs its address; write url: https://…"),
        ("- url: https://a.example.org\n  intervall: 5m", "4: unknown key “intervall”; did you"),
        (
            "- url: https://a.example.org\n  colour: x",
            "4: unknown key “colour”; known here: url, name",
        ),
        ("- url: https://a.example.org\n  interval: 5", "4: interval: “5” lacks a unit; write 5s"),
        ("- url: https://a.example.org\n  interval: 1h-5m", "runs backwards; write 5m-1h"),
        ("- url: https://a.example.org\n  interval: 20s", "too often; 30 s is the least"),
        (
            "- url: https://a.example.org\n  interval: [5m]",
            "4: interval: text is needed here, not a",
        ),
        (
            "- url: https://a.example.org\n  tags: [US-China]",
            "how a tag is written; write us-china",
        ),
        ("- url: https://a.example.org\n  tags: ['–']", "4: tags: “–” is no tag"),
        (
            "- url: https://a.example.org\n  tags:",
            "4: tags: is empty; write something or remove it",
        ),
        ("- url: https://a.example.org\n  paused: yes", "4: paused: write true or false"),
        ("- url: https://a.example.org\n  name: ''", "4: name: is empty"),
        ('- url: https://a.example.org\n  name: "a\\x07b"', "4: name: holds a control character"),
        (
            '- url: https://a.example.org\n  name: "\\bTariffs"',
            r"4: name: holds a control character, as YAML makes of \b in double quotes: use single",
        ),
        ("- url: https://a.example.org\n  ? [a]\n  : b", "a key must be text"),
        ("- url: https://a.example.org\n  name: A\n  name: B", "5: “name” is on line 4 already"),
        ("- [https://a.example.org]", "3: World: text is needed here, not a list"),
        ("- ", "3: World: text is needed here, not nothing"),
        ("[]", "World: is an empty list"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(desk: Desk, written: str, said: str) -> None:
    (mistake,) = desk.feed_mistakes(written)
    assert mistake.startswith("feeds.yaml:")
    assert said in mistake


def test_the_same_feed_twice_is_told_with_the_other_line(desk: Desk) -> None:
    (mistake,) = desk.feed_mistakes(
        """
        - https://example.org/rss
        - HTTP://EXAMPLE.org:80/rss/#top
        """
    )
    assert mistake.startswith("feeds.yaml:5: World: ")
    assert mistake.endswith("is on line 4 already; remove one of the two")


def test_different_addresses_on_one_host_are_different_feeds(desk: Desk) -> None:
    assert (
        desk.feed_mistakes(
            "[https://a.example/x, https://a.example/y, https://a.example:8443/x, "
            "https://a.example/x?z=1]"
        )
        == []
    )


def test_all_mistakes_of_all_files_are_told_at_once_in_order(desk: Desk) -> None:
    desk.write(
        feeds="""\
        defaults: {interval: 5}
        sections:
          World:
            - {url: gopher://x, colour: red}
        extra: 1
        """,
        rule="title: X\nany: ['–']\nchannels: [news]\n",
    )
    places = [mistake.split(": ")[0] for mistake in desk.mistakes()]
    assert places == [
        "feeds.yaml:1",
        "feeds.yaml:4",
        "feeds.yaml:4",
        "feeds.yaml:5",
        "rules/summits.yaml:2",
        "rules/summits.yaml:3",
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "feeds.yaml:1: the file is empty"),
        ("# only a comment\n", "feeds.yaml:1: the file is empty"),
        ("- https://example.org\n", "feeds.yaml:1: keys and values (key: value) are needed here"),
        ("sections:\n", "sections: keys and values (key: value) are needed here, not nothing"),
        ("sections: {}\n", "feeds.yaml:1: lists no feed"),
        ("defaults: {}\n", "feeds.yaml:1: lists no feed"),
        (
            "World:\n  - https://example.org\n",
            "unknown key “World”; known here: defaults, sections",
        ),
        ("sections:\n\tWorld: x\n", "feeds.yaml:2: is not valid YAML: a tab stands where spaces"),
        ("a: b: c\n", "feeds.yaml:1: is not valid YAML: a colon followed by a space needs quotes"),
        ("a: 'x\n", "a quote is opened and not closed"),
        ("a: [1\n", "a [ is opened and not closed"),
        ("a: {x: ${Y}}\n", "a { is opened and not closed"),
        ("a: @x\n", "text that begins with this character needs quotes around it"),
        ("a: *x\n", "text that begins with * needs quotes around it"),
        ("a: 1\n---\nb: 2\n", "feeds.yaml:2: is not valid YAML: --- begins a second document"),
        ("a:\n  - b\n c: d\n", "the indentation does not fit the lines above"),
        ("abc\ndef: 1\n", "is not valid YAML"),
        ('a: "\\q"\n', "feeds.yaml:1: is not valid YAML: found unknown escape character"),
        ("a: 1\nb: \x01\n", "feeds.yaml:2: holds a control character; remove it"),
    ],
)
def test_a_file_that_is_no_list_of_feeds_is_refused(desk: Desk, written: str, said: str) -> None:
    desk.write(feeds="x")
    desk.feeds_yaml.write_text(written, "utf-8")
    (mistake,) = desk.mistakes()
    assert said in mistake


def test_a_missing_file_is_told(desk: Desk) -> None:
    desk.write()
    desk.feeds_yaml.unlink()
    (mistake,) = desk.mistakes()
    assert mistake.startswith("feeds.yaml:1: there is no such file; run newsbot in the directory")


def test_brackets_without_end_are_a_mistake_and_no_traceback(desk: Desk) -> None:
    desk.write(feeds=f"sections: {'[' * 5000}")
    (mistake,) = desk.mistakes()
    assert mistake.startswith("feeds.yaml:1: is nested too deeply to be read; look for brackets")


def test_a_directory_in_the_place_of_the_file_is_told(desk: Desk) -> None:
    desk.write()
    desk.feeds_yaml.unlink()
    desk.feeds_yaml.mkdir()
    (mistake,) = desk.mistakes()
    assert mistake.startswith("feeds.yaml:1: cannot be read: ")


def test_another_encoding_is_told_with_its_line(desk: Desk) -> None:
    desk.write()
    desk.feeds_yaml.write_bytes("sections:\n  Économie: x\n".encode("latin-1"))
    assert desk.mistakes() == [
        "feeds.yaml:2: is not in UTF-8; save the file with the encoding UTF-8"
    ]
