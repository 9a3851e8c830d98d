"""Check a wheel and an sdist before they are published: ``python -m tests.packages FOLDER``."""

from __future__ import annotations

import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path, PurePosixPath

from trove_classifiers import classifiers

from qjmap._version import __version__

ROOT = Path(__file__).parents[1]
MOST_BYTES = 6_000_000
NEEDED = (
    "qjmap/py.typed", "qjmap/web/dist/map.js", "qjmap/web/dist/page.js", "qjmap/assets/texts/faults.json",
    "qjmap/assets/gazetteer/units.json.z", "qjmap/assets/ground/boundaries.z", "qjmap/assets/ground/COPYING.LESSER",
    "qjmap/assets/page/document.html.j2",
)  # fmt: skip
LEFT_OUT = {"node_modules", "__pycache__", ".venv", "build", ".git"}


def wheel_faults(path: Path) -> Iterator[str]:
    """Yield what is wrong with a wheel: files, metadata, entry point, size."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        [folder] = {name.partition("/")[0] for name in names if ".dist-info/" in name}
        metadata = message_from_string(archive.read(f"{folder}/METADATA").decode())
        entry_points = archive.read(f"{folder}/entry_points.txt").decode()
    yield from (f"{name} is missing" for name in NEEDED if name not in names)
    tops = {PurePosixPath(name).parts[0] for name in names} - {"qjmap", folder}
    yield from (f"{name} is not part of the package" for name in tops)
    yield from (f"{name} is a source of the page's scripts" for name in names if name.startswith("qjmap/web/src/"))
    yield from common_faults(names, path)
    script = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]["qjmap"]
    if f"qjmap = {script}" not in entry_points:
        yield "the command qjmap is missing"
    if (metadata["Name"], metadata["Version"]) != ("qjmap", __version__):
        yield f"name and version are {metadata['Name']} {metadata['Version']}"
    if metadata["Description-Content-Type"] != "text/markdown" or len(str(metadata.get_payload())) < 1000:
        yield "the description is not the README"
    yield from (f"unknown classifier {one}" for one in metadata.get_all("Classifier", []) if one not in classifiers)
    if not any(name.startswith(f"{folder}/licenses/") for name in names):
        yield "the licence is missing"


def sdist_faults(path: Path) -> Iterator[str]:
    """Yield what is wrong with an sdist; it holds the sources of the page's scripts and the tests too."""
    with tarfile.open(path) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    needed = (*NEEDED, "pyproject.toml", "README.md", "LICENSE", "qjmap/web/src/page.js", "tests/conftest.py")
    yield from (f"{name} is missing" for name in needed if name not in names)
    yield from common_faults(names, path)


def common_faults(names: list[str], path: Path) -> Iterator[str]:
    """Yield the faults that both kinds of packages can have: files that must not be in it, and its size."""
    yield from (f"{name} does not belong here" for name in names if LEFT_OUT.intersection(PurePosixPath(name).parts))
    if path.stat().st_size > MOST_BYTES:
        yield f"{path.stat().st_size} bytes are more than {MOST_BYTES}"


def package_faults(folder: Path) -> list[str]:
    """Return what is wrong with the one wheel and the one sdist in a folder."""
    [wheel], [sdist] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return [f"{wheel.name}: {fault}" for fault in wheel_faults(wheel)] + [
        f"{sdist.name}: {fault}" for fault in sdist_faults(sdist)
    ]


if __name__ == "__main__":
    faults = package_faults(Path(sys.argv[1]))
    sys.exit("\n".join(faults) or 0)
