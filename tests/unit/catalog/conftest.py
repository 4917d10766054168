"""Fixtures of the catalog's tests."""

from pathlib import Path

import pytest

from tests.unit.catalog.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A newsroom's directory, still empty."""
    return Desk(tmp_path)
