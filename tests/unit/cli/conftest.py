"""A desk to type commands at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import newsbot
from bot.settings import Settings
from tests.fakes.process import Desk

Type = Callable[..., Result]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An empty directory, gone into, and no setting of newsbot's in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.names():
        monkeypatch.delenv(name, raising=False)
    return Desk(tmp_path)


@pytest.fixture
def type_(desk: Desk) -> Type:
    """Types a command; what it raises unforeseen fails the test."""

    def type_in(*arguments: str, **environ: str) -> Result:
        result = CliRunner().invoke(newsbot, arguments, env={"COLUMNS": "100", **environ})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    del desk
    return type_in


@pytest.fixture
def configured(desk: Desk) -> Desk:
    """The desk with two feeds and a topic."""
    desk.feeds({"Wire": "https://wire.example/feed", "Post": "https://post.example/feed"})
    desk.rule("us-china", any=["Beijing"], channels=["console"])
    return desk
