"""Freeze the installed program into one folder and pack it: ``python -m tests.bundle.freeze FOLDER``.

The environment that runs it has qjmap from its wheel and PyInstaller. FOLDER then holds ``qjmap/``, the program with the licences of what
it carries, and one archive of it: .zip on Windows, .tar.xz elsewhere.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, distributions, version
from pathlib import Path
from platform import machine

from tests.bundle.lists import BUILD_ONLY

HERE = Path(__file__).parent
MOST_BYTES = 140_000_000
"""Limit of the archive."""
_LICENCE = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)", re.I)
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)\0")


def freeze(folder: Path) -> Path:
    """Make the program in a folder and return its own folder."""
    shutil.rmtree(folder, ignore_errors=True)
    work = folder / "work"
    work.mkdir(parents=True)
    words = ["--noconfirm", "--log-level", "ERROR", "--distpath", folder, "--workpath", work, HERE / "qjmap.spec"]
    # Not in the repository, whose package would be taken for the installed one.
    subprocess.run([sys.executable, "-m", "PyInstaller", *map(str, words)], cwd=work, check=True)
    shutil.rmtree(work)
    made = folder / "qjmap"
    strip_interpreter(made)
    write_licences(made)
    return made


def strip_interpreter(made: Path) -> None:
    """Remove the debugging symbols of Python's own library and modules. Libraries of wheels stay as they are: some break by it."""
    strip = shutil.which("strip")
    if sys.platform != "linux" or strip is None:
        return
    inside = made / "_internal"
    for path in (*inside.glob("libpython*.so*"), *inside.glob("python3*/lib-dynload/*.so")):
        subprocess.run([strip, "--strip-unneeded", path], check=True)


def write_licences(made: Path) -> None:
    """Copy the licences of the packages, of Python and of the system's libraries to the folder ``licences``, one folder for each."""
    for found in distributions():
        name = found.metadata["Name"]
        if name.lower().replace("_", "-") in BUILD_ONLY:
            continue
        target = made / "licences" / f"{name}-{found.version}"
        target.mkdir(parents=True)
        files = list(licence_files(found)) or metadata_files(found)
        for number, path in enumerate(files):
            shutil.copyfile(path, target / (f"{number}-{path.name}" if (target / path.name).exists() else path.name))
    python = made / "licences" / f"Python-{sys.version.split()[0]}"
    python.mkdir()
    shutil.copyfile(python_licence(), python / "LICENSE.txt")
    for path in system_libraries(made):
        if copyright := debian_copyright(path):
            shutil.copyfile(copyright, made / "licences" / f"{path.name}.txt")


def licence_files(found: Distribution) -> Iterator[Path]:
    """Yield the files of an installed package that hold licences, notices and authors."""
    for file in found.files or ():
        path = Path(str(file.locate()))
        named = _LICENCE.search(path.name) or "licenses" in file.parts
        if named and path.suffix not in (".py", ".pyc", ".pyi", ".so") and path.is_file():
            yield path


def metadata_files(found: Distribution) -> list[Path]:
    """Return the file of a package that names its licence and authors."""
    return [Path(str(file.locate())) for file in found.files or () if file.name == "METADATA"]


def python_licence() -> Path:
    """Return the path of the licence of Python."""
    base = Path(sys.base_prefix)
    library = f"lib/python{sys.version_info.major}.{sys.version_info.minor}"
    for path in (base / "LICENSE.txt", base / library / "LICENSE.txt", base / "share/doc/python3/copyright"):
        if path.is_file():
            return path
    raise FileNotFoundError(f"no licence of Python in {base}")


def system_libraries(made: Path) -> list[Path]:
    """Return the libraries that come from the system: those in the top folder, apart from Python's own and links to others."""
    inside = made / "_internal"
    return [path for path in sorted(inside.glob("lib*.so*")) if not path.is_symlink() and "python" not in path.name]


def debian_copyright(path: Path) -> Path | None:
    """Return the copyright file of the Debian package that a system library belongs to; None on other systems."""
    query = shutil.which("dpkg-query")
    if query is None:
        return None
    done = subprocess.run([query, "--search", f"*/{path.name}"], capture_output=True, text=True, check=False)
    names = [line.partition(":")[0] for line in done.stdout.splitlines()]
    paths = (Path("/usr/share/doc") / name / "copyright" for name in names)
    return next((one for one in paths if one.is_file()), None)


def least_glibc(made: Path) -> int | None:
    """Return N of glibc 2.N, the lowest that the program runs with; None on other systems."""
    if sys.platform != "linux":
        return None
    files = [path for path in made.rglob("*") if path.is_file() and (".so" in path.name or path == made / "qjmap")]
    return max(int(number) for path in files for number in _GLIBC.findall(path.read_bytes()))


def pack(made: Path) -> Path:
    """Write the archive of a made program and return its path."""
    name = f"qjmap-{version('qjmap')}-{'windows' if sys.platform == 'win32' else sys.platform}-{machine().lower()}"
    if sys.platform == "win32":
        path = made.parent / f"{name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in sorted(made.rglob("*")):
                archive.write(file, file.relative_to(made.parent))
        return path
    path = made.parent / f"{name}.tar.xz"
    with tarfile.open(path, "w:xz", preset=2) as archive:
        archive.add(made, made.name, filter=_as_root)
    return path


def _as_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def main(arguments: Sequence[str] | None = None) -> int:
    """Freeze and pack the program, and print its sizes; return 1 if the archive is too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    made = freeze(parser.parse_args(arguments).folder.resolve())
    unpacked = sum(file.lstat().st_size for file in made.rglob("*") if not file.is_dir())
    archive = pack(made)
    packed = archive.stat().st_size
    least = least_glibc(made)
    needs = f", needs glibc 2.{least}" if least else ""
    sys.stdout.write(f"{archive}: {packed / 1e6:.1f} MB packed, {unpacked / 1e6:.0f} MB unpacked{needs}\n")
    if packed > MOST_BYTES:
        sys.stdout.write(f"{packed} bytes are more than {MOST_BYTES}\n")
    return int(packed > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
