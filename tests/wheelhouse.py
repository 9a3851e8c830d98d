"""Make folders of wheels from which qjmap can be installed without a network: ``python -m tests.wheelhouse FOLDER [--python 3.12]``.

There is one folder per platform, with the locked versions, each file checked against its hash. Packages that are published only as source
are pure Python and are built here. To install: ``pip install --no-index --find-links FOLDER qjmap``.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.txt"
PLATFORMS = {
    "windows-x64": ("win_amd64",),
    "linux-x64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "linux-aarch64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
}
"""Name of a folder -> pip's platform tags of its wheels."""
SOURCE_ONLY = ("xstatic-leaflet",)
"""Packages without a wheel."""
BUILD_ONLY = ("editables", "hatchling", "pathspec", "pluggy", "setuptools", "tomlkit", "trove-classifiers")
"""Packages in the lock file that are needed only for building."""


def requirements(lock: str) -> dict[str, str]:
    """Return the entries of a lock file, with their hashes, by name."""
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.M | re.I)
    return {match[0]: entry for entry in entries if (match := re.match(r"[A-Za-z0-9._-]+", entry))}


def make(folder: Path, python: str) -> list[Path]:
    """Make a folder of wheels for each platform; return these folders."""
    entries = requirements(LOCK.read_text(encoding="utf-8"))
    wheels = "".join(entry for name, entry in entries.items() if name not in (*SOURCE_ONLY, *BUILD_ONLY))
    sources = "".join(entries[name] for name in SOURCE_ONLY)
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary)
        (here / "wheels.txt").write_text(wheels, encoding="utf-8")
        (here / "sources.txt").write_text(sources, encoding="utf-8")
        pure = here / "pure"
        _run("hatchling", "build", "--target", "wheel", "--directory", pure)
        _pip("wheel", "--no-deps", "--no-build-isolation", "--require-hashes", "-r", here / "sources.txt", "-w", pure)
        for name, tags in PLATFORMS.items():
            chosen = [word for tag in tags for word in ("--platform", tag)]
            _pip(
                "download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--python-version", python, *chosen,
                "-r", here / "wheels.txt", "-d", folder / name,
            )  # fmt: skip
            for wheel in pure.glob("*.whl"):
                shutil.copy(wheel, folder / name)
    return [folder / name for name in PLATFORMS]


def _pip(*words: object) -> None:
    _run("pip", "--disable-pip-version-check", "--quiet", *words)


def _run(module: str, *words: object) -> None:
    subprocess.run([sys.executable, "-m", module, *map(str, words)], cwd=ROOT, check=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the folders and print them with the size of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    given = parser.parse_args(arguments)
    for folder in make(given.folder, given.python):
        size = sum(file.stat().st_size for file in folder.iterdir())
        sys.stdout.write(f"{folder}: {len(list(folder.iterdir()))} wheels, {size / 1e6:.0f} MB\n")


if __name__ == "__main__":
    main()
