"""Make the program in one folder that runs without Python, for the system that this runs on: ``python -m tests.bundle FOLDER``.

FOLDER then holds ``env`` (an environment with the locked versions, the wheel and PyInstaller) and ``made`` (the program and its archive),
which is compared with the program in ``env``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from tests.bundle import compare
from tests.bundle.lists import extras
from tests.wheelhouse import LOCK, ROOT


def make_environment(folder: Path) -> Path:
    """Make an environment with the program from its wheel and with PyInstaller, every file checked against its hash; return its programs."""
    venv.create(folder, clear=True, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    locked = folder / "extras.txt"
    locked.write_text(extras((ROOT / "requirements-dev.txt").read_text(encoding="utf-8")), encoding="utf-8")
    for requirements in (LOCK, ROOT / "tests" / "bundle" / "requirements.txt", locked):
        _pip(programs, "--require-hashes", "--no-build-isolation", "--requirement", requirements)
    wheels = folder / "wheel"
    _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", wheels)
    _pip(programs, "--no-deps", *wheels.glob("*.whl"))
    return programs


def _pip(programs: Path, *words: object) -> None:
    _run(programs / "python", "-m", "pip", "--disable-pip-version-check", "--quiet", "install", *words)


def _run(*words: object) -> None:
    subprocess.run([*map(str, words)], cwd=ROOT, check=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the program and compare it; return 1 if the archive is too large or the program is another one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder.absolute()
    shutil.rmtree(folder, ignore_errors=True)
    programs = make_environment(folder / "env")
    _run(programs / "python", "-m", "tests.bundle.freeze", folder / "made")
    [archive] = (folder / "made").glob("qjmap-*.*")
    return compare.main([str(archive), str(programs / ("qjmap.exe" if os.name == "nt" else "qjmap"))])


if __name__ == "__main__":
    sys.exit(main())
