"""Feeds added to a feeds.yaml that people laid out and commented."""

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.edit import _replace, add_feeds
from bot.catalog.load import load_catalog
from bot.domain.feed import Feed
from bot.domain.text import one_line
from bot.errors import ConfigError

NEW = Feed("https://new.example/rss", "New", "World", frozenset({"world", "asia"}))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "feeds.yaml"


def _write(file: Path, text: str) -> None:
    file.write_text(textwrap.dedent(text), "utf-8")


def _read(file: Path) -> str:
    return file.read_text("utf-8")


def _feeds(file: Path) -> tuple[Feed, ...]:
    rules = file.parent / "rules"
    rules.mkdir(exist_ok=True)
    (rules / "x.yaml").write_text("any: [x]")
    return load_catalog(file, rules, {"KEY": "k"}).feeds


def test_comments_order_and_layout_stay(file: Path) -> None:
    before = """\
    # Our feeds
    defaults: {interval: 2m-60m, tags: []}   # for all

    sections:
      World:     # first
        - url: https://a.example/x  # the wire
          headers: {X-Key: "${KEY}"}

        # kept since 2019
        - https://b.example/y   # no name

      # Politics begins here
      Politics:
      Tech:
      - {url: https://t.example, tags: [ai]}
      # the end
    # of the file
    """
    _write(file, before)
    result = add_feeds(
        file,
        [
            NEW,
            Feed("https://p.example", "Politics: daily", "Politics"),
            Feed("https://q.example", "Q", "Tech"),
            Feed("https://s.example", "S", "Sport"),
        ],
    )
    assert len(result.added) == 4
    after = _read(file)
    assert after == textwrap.dedent("""\
    # Our feeds
    defaults: {interval: 2m-60m, tags: []}   # for all

    sections:
      World:     # first
        - url: https://a.example/x  # the wire
          headers: {X-Key: "${KEY}"}

        # kept since 2019
        - https://b.example/y   # no name
        - url: https://new.example/rss
          name: New
          tags: [asia, world]

      # Politics begins here
      Politics:
        - url: https://p.example
          name: "Politics: daily"
      Tech:
      - {url: https://t.example, tags: [ai]}
      - url: https://q.example
        name: Q
      Sport:
        - url: https://s.example
          name: S
      # the end
    # of the file
    """)
    assert len(_feeds(file)) == 7


def test_feeds_that_are_there_or_come_twice_are_not_written(file: Path) -> None:
    _write(
        file, "sections: {World: [https://a.example/x, {url: 'http://B.example/'}, {name: no}, x]}"
    )
    before = _read(file)
    known = [Feed("https://A.example/x/", "A", "Other"), Feed("https://b.example", "B")]
    assert add_feeds(file, known).already == tuple(known)
    assert _read(file) == before


def test_one_feed_given_twice_is_added_once(file: Path) -> None:
    result = add_feeds(file, [NEW, NEW])
    assert (result.added, result.already) == ((NEW,), (NEW,))


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# only a comment\n",
        "defaults: {interval: 5m}",
        "defaults:\n  interval: 5m # all\n\n",
        "sections:\n",
        "sections: # none yet\n# later\n",
        "sections:\n  Other:\n    - https://a.example",
        "sections:\n  Other:\n    - https://a.example\n\n\n",
        "sections:\n  World: # none yet\n  Other:\n    - https://a.example\n",
        "sections:\n    World:\n        - https://a.example\ndefaults: {interval: 5m}\n",
        "sections:\n  World:\n    - url: https://a.example\n      name: >\n        A b\n\n\n",
        "sections:\n  World:\n    - url: https://a.example\n      name: |-\n        A b",
        "sections:\r\n  World:\r\n    - https://a.example\r\n  X:\r\n",
        "sections:\n  World:\n    - url: https://a.example\n      tags:\n      - a\n      - b\n",
        "sections:\n  World:\n    - url: https://a.example\n      name: 'A\n        b'\n",
    ],
)
def test_any_usual_layout_can_be_added_to(file: Path, before: str) -> None:
    file.write_bytes(before.encode())
    add_feeds(file, [NEW])
    after = file.read_bytes().decode()
    added = next(feed for feed in _feeds(file) if feed.url == NEW.url)
    assert (added.name, added.section, added.tags) == (NEW.name, NEW.section, NEW.tags)
    kept = iter(after.splitlines())
    assert all(line in kept for line in before.splitlines())
    assert ("\r\n" in before) == ("\r\n" in after)


def test_blank_lines_before_the_next_section_stay_before_it(file: Path) -> None:
    world = "sections:\n  World:\n    - url: https://a.example\n      name: |\n        A\n"
    other = "\n\n  Other:\n    - https://b.example\n"
    file.write_text(world + other)
    add_feeds(file, [Feed("https://new.example", "New", "World")])
    assert _read(file) == f"{world}    - url: https://new.example\n      name: New\n{other}"


def test_a_byte_order_mark_stays(file: Path) -> None:
    _write(file, "\ufeffsections:\n  World:\n    - https://a.example\n")
    add_feeds(file, [NEW])
    assert _read(file).startswith("\ufeffsections:\n  World:\n    - https://a.example\n    - url")
    assert len(_feeds(file)) == 2


def test_a_file_that_is_not_there_is_made(file: Path) -> None:
    add_feeds(file, [Feed("https://a.example", "A")])
    assert _read(file) == "sections:\n  Imported:\n    - url: https://a.example\n      name: A\n"
    assert file.stat().st_mode & 0o777 == 0o644


def test_the_rights_of_the_file_stay_and_a_link_stays_a_link(tmp_path: Path, file: Path) -> None:
    real = tmp_path / "shared.yaml"
    _write(real, "sections:\n")
    real.chmod(0o640)
    file.symlink_to(real)
    add_feeds(file, [NEW])
    assert file.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "new.example" in _read(real)


def test_headers_are_never_written(file: Path) -> None:
    add_feeds(file, [Feed("https://a.example", "A", headers={"X-Key": "hunter2"})])
    assert "hunter2" not in _read(file)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("sections:\n  World: [https://a.example]\n", ":2: World: holds no list to add to"),
        ("sections: {Other: [https://a.example]}", ":1: stands in braces, where nothing can"),
        ("sections:\n  World: https://a.example\n", ":2: World: holds no list to add to"),
        ("{sections: }", ":1: stands in braces, where nothing can be added"),
        ("- https://a.example\n", "keys and values (key: value) are needed here, not a list"),
        ("sections:\n  - https://a.example\n", "sections: keys and values (key: value) are needed"),
        ("a: b: c\n", "is not valid YAML"),
        ("sections: ~\n", ":1: is laid out so that these feeds cannot be added; write its"),
        ("sections:\n  World: null\n", ":1: is laid out so that these feeds cannot be added"),
    ],
)
def test_a_file_that_nothing_can_be_added_to_stays_as_it_is(
    file: Path, before: str, said: str
) -> None:
    _write(file, before)
    with pytest.raises(ConfigError) as refusal:
        add_feeds(file, [NEW])
    assert said in str(refusal.value)
    assert _read(file) == before


def test_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        add_feeds(tmp_path / "no" / "feeds.yaml", [NEW])


def test_an_address_that_would_break_the_file_changes_nothing(file: Path) -> None:
    _write(file, "sections:\n")
    with pytest.raises(ConfigError, match="is laid out so that these feeds cannot be added"):
        add_feeds(file, [Feed("https://a.example/\x7f", "A")])
    assert _read(file) == "sections:\n"


def test_a_file_that_cannot_be_replaced_leaves_no_draft_behind(file: Path) -> None:
    file.mkdir()
    with pytest.raises(ConfigError, match="cannot be written: Is a directory"):
        _replace(file, "sections:\n")
    assert list(file.parent.iterdir()) == [file]


_NAMES = st.text(st.characters()) | st.sampled_from(["A\x7fB", "\ud800", "\u200b", "a\u202eb"])


@given(name=_NAMES, section=_NAMES)
def test_any_name_and_section_read_back_as_they_are_seen(
    tmp_path_factory: pytest.TempPathFactory, name: str, section: str
) -> None:
    file = tmp_path_factory.mktemp("desk") / "feeds.yaml"
    add_feeds(file, [Feed("https://a.example/x:", name, section)])
    (feed,) = _feeds(file)
    assert (feed.url, feed.name) == ("https://a.example/x:", one_line(name) or "a.example")
    assert feed.section == (one_line(section) or "Imported")
