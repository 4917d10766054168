"""What pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))


def test_every_dependency_has_a_range() -> None:
    groups = [PROJECT["build-system"]["requires"], PROJECT["project"]["dependencies"]]
    groups += PROJECT["project"]["optional-dependencies"].values()
    asked = [requirement for group in groups for requirement in group]
    ranged = re.compile(r"[\w.-]+(\[\w+\])?>=[\d.]+,<[\d.]+")
    assert [requirement for requirement in asked if not ranged.fullmatch(requirement)] == []
