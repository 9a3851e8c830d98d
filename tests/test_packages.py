"""Wheel and sdist hold what a user needs, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.packages import package_faults


@pytest.mark.slow
def test_wheel_and_sdist_are_complete(repository: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", tmp_path], cwd=repository, check=True, capture_output=True
    )
    assert package_faults(tmp_path) == []
