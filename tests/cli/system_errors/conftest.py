"""A project to be in trouble with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.system_errors.helpers import NEW, run
from tests.region import make_region


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The region with a table to add and an addition to undo."""
    folder = make_region(tmp_path_factory.mktemp("prepared") / "region")
    (folder / "old.csv").write_text(NEW.replace("新厂", "旧厂"), encoding="utf-8")
    assert run("add", "old.csv", cwd=folder).returncode == 1
    (folder / "new.csv").write_text(NEW, encoding="utf-8")
    return folder


@pytest.fixture
def ready(prepared: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own."""
    return Path(shutil.copytree(prepared, tmp_path / "湾区 bay"))
