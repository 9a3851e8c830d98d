"""Fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

import tests.properties  # noqa: F401 - registers the profiles that --hypothesis-profile selects
from tests.region import make_region

ROOT = Path(__file__).parents[1]


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """The invented region, written to a temporary folder."""
    return make_region(tmp_path / "湾区 bay")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository itself, with the first atlas."""
    return ROOT
