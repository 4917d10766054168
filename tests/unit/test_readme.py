"""README.md and docs/, held against the code."""

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import click
import pytest

from bot.catalog.load import load_catalog
from bot.cli import newsbot
from bot.domain.duration import spell
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
HOW = ROOT / "docs" / "how-it-works.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]

_MOST_BYTES = 150_000
_CODE = re.compile(r"```(?:sh|text)\n(.*?)```|`([^`\n]+)`", re.DOTALL)
_ROW = re.compile(r"^\| `([^`]+)` \| (.*) \| (.*) \|$", re.MULTILINE)
_PICTURE = re.compile(r'(?:src|srcset)="([^"]+)"')

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))


def _text(page: Path) -> str:
    return page.read_text("utf-8")


def _lines_of_code(page: Path) -> Iterator[str]:
    for block, span in _CODE.findall(_text(page)):
        yield from (block or span).splitlines()


def _commands() -> dict[str, click.Command]:
    context = click.Context(newsbot)
    found = {name: newsbot.get_command(context, name) for name in newsbot.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def _options(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


def _yaml(title: str) -> str:
    """The first YAML block of a README section."""
    section = _text(README).partition(f"## {title}\n")[2]
    (block, *_) = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    return str(block)


@each_page
def test_each_command_named_is_there(page: Path) -> None:
    named = {
        name
        for line in _lines_of_code(page)
        for name in re.findall(r"(?<!--name )\bnewsbot ([a-z][\w-]*)", line)
    }
    assert named - {"newsbot"} <= set(_commands())


def test_readme_names_each_command_once_with_its_own_options() -> None:
    commands = _commands()
    rows = re.findall(r"^\| `newsbot (\w+)([^`]*)` \| (.*) \|$", _text(README), re.MULTILINE)
    assert sorted(name for name, _, _ in rows) == sorted(commands)
    for name, _, does in rows:
        assert set(re.findall(r"`(--[\w-]+)", does)) <= _options(commands[name]), name


def test_readme_names_each_commands_arguments() -> None:
    commands = _commands()
    rows = re.findall(r"^\| `newsbot (\w+)([^`]*)` \|", _text(README), re.MULTILINE)
    for name, arguments in rows:
        taken = [one for one in commands[name].params if isinstance(one, click.Argument)]
        assert len(arguments.split()) == len(taken), name


@each_page
def test_each_make_target_named_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    lines = list(_lines_of_code(page))
    assert {name for line in lines for name in re.findall(r"^make ([a-z-]+)", line)} <= targets


@each_page
def test_each_file_linked_is_there(page: Path) -> None:
    text = _text(page)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    local = [link.partition("#")[0] for link in links if not link.startswith(("http", "#"))]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_pictures_are_small_enough_to_load_at_once() -> None:
    pictures = [
        file for file in (ROOT / "docs" / "pictures").iterdir() if file.suffix in {".png", ".svg"}
    ]
    shown = {Path(name).name for page in PAGES for name in _PICTURE.findall(_text(page))}
    assert {file.name for file in pictures} == shown
    assert all(file.stat().st_size < _MOST_BYTES for file in pictures)


def test_pictures_load_nothing_from_elsewhere() -> None:
    picture = _text(ROOT / "docs" / "pictures" / "terminal.svg")
    assert "@font-face" not in picture
    assert "url(http" not in picture


def test_settings_named_are_real_and_have_the_defaults_of_the_full_table() -> None:
    short = {row[0]: row[2] for row in _ROW.findall(_text(README)) if row[0].isupper()}
    full = {row[0]: row[2] for row in _ROW.findall(_text(ROOT / "docs" / "configuration.md"))}
    assert set(short) <= set(Settings.names())
    assert short.items() <= full.items()


def test_the_topic_and_the_feeds_shown_are_free_of_mistakes(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(_yaml("Name the feeds"), "utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "shipping.yaml").write_text(_yaml("Write a topic"), "utf-8")

    catalog = load_catalog(tmp_path / "feeds.yaml", tmp_path / "rules", {"PAPER_PASSWORD": "p"})

    assert [len(topic.channels) for topic in catalog.topics] == [3]
    assert len(catalog.feeds) == 3


@pytest.mark.parametrize("platform", ["slack", "discord"])
def test_the_rule_of_a_guide_is_whole_and_free_of_mistakes(platform: str, tmp_path: Path) -> None:
    (rule,) = re.findall(r"```yaml\n(.*?)```", _text(ROOT / "docs" / f"{platform}.md"), re.DOTALL)
    (tmp_path / "feeds.yaml").write_text(_yaml("Name the feeds"), "utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "shipping.yaml").write_text(rule, "utf-8")
    catalog = load_catalog(tmp_path / "feeds.yaml", tmp_path / "rules", {"PAPER_PASSWORD": "p"})
    ((channel,),) = (topic.channels for topic in catalog.topics)
    assert channel.platform == platform


def test_figures_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| .* \| (.*) \| `(bot\.[\w.]+)\.(\w+)` \|$", _text(HOW), re.MULTILINE)
    assert len(rows) > 20
    for told, module, name in rows:
        figure = getattr(import_module(module), name)
        if name.endswith("_SECONDS"):
            figure = timedelta(seconds=figure)
        assert told == (spell(figure) if isinstance(figure, timedelta) else str(figure)), name


def test_readme_and_how_it_works_name_no_file_of_the_code_that_is_gone() -> None:
    named = {
        file
        for page in (README, HOW)
        for file in re.findall(r"\b(?:bot|tests|docs)/[\w/-]+\.(?:py|md)\b", _text(page))
    }
    assert sorted(file for file in named if not (ROOT / file).exists()) == []
