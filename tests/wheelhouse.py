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
from collections.abc import Iterable, Sequence
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.txt"
PLATFORMS = {
    "windows-x64": ("win_amd64",),
    "linux-x64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "linux-aarch64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
}
"""Name of a folder -> pip's platform tags of its wheels."""
ENVIRONMENTS = {
    "windows-x64": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
    "linux-x64": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"},
    "linux-aarch64": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "aarch64"},
}  # fmt: skip
"""Name of a folder -> what environment markers are compared with; pip takes the system that it runs on."""
SOURCE_ONLY = ("xstatic-leaflet",)
"""Packages without a wheel."""
BUILD_ONLY = ("editables", "hatchling", "pathspec", "pluggy", "setuptools", "tomlkit", "trove-classifiers")
"""Packages in the lock file that are needed only for building."""


def requirements(lock: str) -> dict[str, str]:
    """Return the entries of a lock file, with their hashes, by name."""
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.M | re.I)
    return {match[0]: entry for entry in entries if (match := re.match(r"[A-Za-z0-9._-]+", entry))}


def on_platform(entries: Iterable[str], platform: str, python: str) -> str:
    """Return the text of a requirements file with the entries that a platform needs, without their environment markers."""
    environment = {**ENVIRONMENTS[platform], "python_version": python, "python_full_version": f"{python}.0"}
    kept = []
    for entry in entries:
        marker = re.search(r" ; (.+?) \\$", entry, re.M)
        if marker is None or Marker(marker[1]).evaluate(environment):
            kept.append(entry if marker is None else entry.replace(marker[0], " \\"))
    return "".join(kept)


def make(folder: Path, python: str, more: Iterable[str] = ()) -> list[Path]:
    """Make a folder of wheels for each platform; return these folders.

    Parameters
    ----------
    more : entries of other lock files, whose wheels are wanted too.
    """
    entries = requirements(LOCK.read_text(encoding="utf-8"))
    wheels = [*(entry for name, entry in entries.items() if name not in (*SOURCE_ONLY, *BUILD_ONLY)), *more]
    sources = "".join(entries[name] for name in SOURCE_ONLY)
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary)
        (here / "sources.txt").write_text(sources, encoding="utf-8")
        pure = here / "pure"
        _run("hatchling", "build", "--target", "wheel", "--directory", pure)
        _pip("wheel", "--no-deps", "--no-build-isolation", "--require-hashes", "-r", here / "sources.txt", "-w", pure)
        for name, tags in PLATFORMS.items():
            (here / "wheels.txt").write_text(on_platform(wheels, name, python), encoding="utf-8")
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
