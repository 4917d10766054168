"""Dockerfile, .dockerignore, compose.yaml and what goes into the package, held against the code."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from bot.cli import newsbot
from bot.domain.duration import duration
from bot.schedule.local import DRAIN_SECONDS
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

Instruction = tuple[str, str]


def _stages() -> list[list[Instruction]]:
    """The Dockerfile's instructions with their arguments, by stage."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    stages: list[list[Instruction]] = []
    for line in re.sub(r"\\\n\s*", "", lines).splitlines():
        name, _, rest = line.partition(" ")
        if name == "FROM":
            stages.append([])
        if name:
            stages[-1].append((name, rest))
    return stages


def _of(name: str) -> list[str]:
    """The arguments of one kind of instruction in the stage that is shipped."""
    return [rest for kind, rest in _stages()[-1] if kind == name]


def _environment() -> dict[str, str]:
    (line,) = _of("ENV")
    return dict(pair.split("=", 1) for pair in line.split())


def _is_command(name: str) -> bool:
    return newsbot.get_command(click.Context(newsbot), name) is not None


@pytest.fixture
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")
    return loaded


def test_it_is_built_in_one_stage_and_shipped_in_another() -> None:
    bases = [stage[0][1] for stage in _stages()]
    assert len(bases) == 2
    assert all(re.match(r"python:3\.\d+-slim\b", base) for base in bases)
    assert [copy for copy in _of("COPY") if copy.startswith("--from=build ")]


def test_its_python_is_the_one_the_tests_run_on() -> None:
    (shipped,) = re.findall(r"python:(3\.\d+)-slim", _of("FROM")[0])
    assert f"python{shipped}" in (ROOT / "Makefile").read_text("utf-8").partition("\n.PHONY")[0]


def test_newsbot_is_not_root_and_owns_its_database() -> None:
    (user,) = _of("USER")
    number, group = user.split(":")
    assert int(number) > 0
    assert f"--uid {number} " in _of("RUN")[0]
    assert f"--owner={number} --group={group} --mode=0700 /data" in _of("RUN")[0]


def test_the_database_lies_in_the_volume(tmp_path: Path) -> None:
    (volume,) = json.loads(_of("VOLUME")[0])
    environment = _environment()
    settings = load_settings({"DATABASE_URL": environment["DATABASE_URL"]}, tmp_path)
    path = settings.database_url.get_secret_value().removeprefix("sqlite+aiosqlite:///")
    assert Path(path).parent == Path(volume)


def test_its_settings_are_real() -> None:
    known = {*Settings.names(), "PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    assert set(_environment()) <= known


def test_feeds_and_rules_are_where_newsbot_looks_for_them() -> None:
    feeds = Path(_environment()["NEWSBOT_FEEDS"])
    copied = dict(copy.split() for copy in _of("COPY") if not copy.startswith("--"))
    assert copied == {"feeds.yaml": str(feeds), "rules": str(feeds.parent / "rules")}


def test_it_runs_newsbot_itself_so_that_signals_arrive() -> None:
    assert json.loads(_of("ENTRYPOINT")[0]) == ["newsbot"]
    assert all(map(_is_command, json.loads(_of("CMD")[0])))


def test_its_health_check_asks_newsbot() -> None:
    _, command = _of("HEALTHCHECK")[0].split("CMD ")
    assert json.loads(command) == ["newsbot", "health"]
    assert _is_command("health")


def test_all_that_is_copied_is_let_in_and_nothing_else() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = {
        source
        for stage in _stages()
        for name, rest in stage
        if name == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert "*" in ignored
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_every_file_of_the_package_that_is_no_module_is_shipped() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["bot"]
    shipped = {file for pattern in patterns for file in (ROOT / "bot").glob(pattern)}
    there = {
        file
        for file in (ROOT / "bot").rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyc"}
    }
    assert {"script.py.mako", "harbour-wire.xml", "us-china.yaml"} <= {file.name for file in there}
    assert there <= shipped


def test_the_example_with_postgresql_names_real_settings_and_files(compose: dict[str, Any]) -> None:
    service = compose["services"]["newsbot"]
    assert set(service["environment"]) <= set(Settings.names())
    assert all((ROOT / mount.split(":")[0]).exists() for mount in service["volumes"])
    mounted = {mount.split(":")[1] for mount in service["volumes"]}
    assert mounted == {rest.split()[-1] for rest in _of("COPY") if not rest.startswith("--")}
    assert _is_command(service["command"][0])


def test_the_example_gives_newsbot_time_to_drain(compose: dict[str, Any]) -> None:
    grace = duration(compose["services"]["newsbot"]["stop_grace_period"])
    assert grace.total_seconds() > DRAIN_SECONDS


def test_the_example_holds_no_secret() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    settings = [line.strip() for line in text.splitlines() if not line.strip().startswith("#")]
    with_password = [line for line in settings if "PASSWORD" in line]
    assert with_password
    assert all("${POSTGRES_PASSWORD:?" in line for line in with_password)
    assert not re.search(r"xox[bap]-\w|xapp-\w", text)
