"""Fetch the wheels from which the program is frozen on every platform, and tell how large it will be: ``python -m tests.bundle.wheels FOLDER``.

This checks, on any system, that each locked package has a wheel for each platform. The size is that of the files that are carried, packed
one by one as a .zip packs them, with `PYTHON` for Python itself.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.bundle.freeze import MOST_BYTES
from tests.bundle.lists import BUILD_ONLY, EXCLUDED, extras, is_left_out
from tests.wheelhouse import ROOT, make, requirements

PYTHON = 12_000_000
"""Bytes of Python with its standard library and start program, packed."""


def carried_bytes(wheel: Path) -> int:
    """Return the packed size of the files of a wheel that the program carries."""
    if wheel.name.partition("-")[0].lower().replace("_", "-") in BUILD_ONLY:
        return 0
    with zipfile.ZipFile(wheel) as archive:
        return sum(entry.compress_size for entry in archive.infolist() if is_carried(entry.filename))


def is_carried(name: str) -> bool:
    """Whether a file of a wheel, named by its path, is carried."""
    module = name.split(".")[0].replace("/", ".")
    return not is_left_out(name) and not any(module == one or module.startswith(f"{one}.") for one in EXCLUDED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch the wheels, print the number of wheels and the size for each platform; return 1 if one is too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    given = parser.parse_args(arguments)
    lock = (ROOT / "tests" / "bundle" / "requirements.txt").read_text(encoding="utf-8")
    dev = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    # Some are in both locks, in one version.
    more = {**requirements(lock), **requirements(extras(dev))}
    run = requirements((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    code = 0
    for folder in make(given.folder, given.python, [entry for name, entry in more.items() if name not in run]):
        wheels = sorted(folder.glob("*.whl"))
        size = PYTHON + sum(map(carried_bytes, wheels))
        code |= size > MOST_BYTES
        sys.stdout.write(f"{folder.name}: {len(wheels)} wheels, about {size / 1e6:.0f} MB packed\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
