"""Hold a packed program to the installed one: ``python -m tests.bundle.compare ARCHIVE INSTALLED``.

The archive is unpacked outside of the repository. There the program runs with an empty environment, without Python on its path and,
where `unshare` is permitted, without a network. Both programs run the same commands on copies of one project; what they print, their
exit codes and every file that they write must be the same. Then it is opened as by a double click: it serves the map, and keeps the
window with faults. At last the times of both are printed.
"""

from __future__ import annotations

import argparse
import os
import re
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openpyxl

from tests.wheelhouse import ROOT

COMMANDS = (
    ["--version"],
    ["--help"],
    ["build", "."],
    ["check", "."],
    ["locate", "綦江县", "自贡市", "湖北省恩施州利川市谋道镇"],
    ["add", "new.xlsx"],
    ["add", "broken.csv"],
    ["add", "places.geojson"],
    ["build", "."],
    *(["export", ".", "--all", "-o", f"out/all.{suffix}"] for suffix in ("gpkg", "xlsx", "kml")),
    *(["export", ".", "--layer", "sites", "-o", f"out/sites.{suffix}"] for suffix in ("geojson", "csv", "parquet", "fgb")),
    ["report", ".", "--docx", "-o", "out/report.docx"],
    ["report", ".", "--html", "-o", "out/report.html"],
    ["view", "out/sites.geojson", "-o", "out/view.html"],
    ["template", "all", "-o", "out/template.xlsx"],
    ["new", "某某县"],
    ["new", "自贡市", "--example"],
    ["build", "自贡市"],
    ["undo", "."],
    ["route", "."],
)  # fmt: skip
"""What both programs run in the folder of the project, in this order."""
TIMED = (["--version"], ["build", "."])
RUNS = 5
UNLIKE = (".qjmap",)
"""Folders that hold the times of changes."""
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/[\w-]+/")
_SECONDS = 60


def make_project(folder: Path) -> None:
    """Copy the first atlas to a folder, with files to add to it."""
    for name in ("data", "geo"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns(".qjmap", "*.py", "__pycache__", "rail")
        )
    (folder / "out").mkdir()
    book = openpyxl.Workbook()
    for row in (
        ["名称", "经度", "纬度", "坐标系"],
        ["试验厂", 106.65, 29.03, "GCJ-02"],
        ["坏厂", "东边", 29.03, "WGS84"],
    ):
        book.active.append(row)
    book.save(folder / "new.xlsx")
    (folder / "broken.csv").write_bytes(b"\x00\x01\x02")
    (folder / "places.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "码头"},'
        ' "geometry": {"type": "Point", "coordinates": [106.6, 29.0]}}]}',
        encoding="utf-8",
    )


def empty_environment(folder: Path) -> dict[str, str]:
    """Return the environment of the packed program: a home of its own, and no folder of programs."""
    for name in ("home", "temporary", "nothing"):
        (folder / name).mkdir(exist_ok=True)
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    temporary = {name: str(folder / "temporary") for name in ("TMPDIR", "TEMP")}
    return {
        **needed,
        **temporary,
        "HOME": str(folder / "home"),
        "PATH": str(folder / "nothing"),
        "QJMAP_LANG": "zh",
        "QJMAP_BROWSER": "",
    }


def without_network() -> list[str]:
    """Return the words before a command that take the network from it; none where that is not permitted."""
    unshare = shutil.which("unshare")
    words = [unshare, "-rn"] if unshare else []
    return words if words and subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0 else []


def differences(frozen: Path, installed: Path, folder: Path) -> Iterator[str]:
    """Run all commands with both programs, and yield what differs in output, exit codes and files."""
    environ, offline = empty_environment(folder), without_network()
    sys.stdout.write(f"{len(COMMANDS)} commands with an empty environment, {'no' if offline else 'WITH a'} network\n")
    homes = {}
    make_project(folder / "project")
    for name, program in (("frozen", [*offline, str(frozen)]), ("installed", [str(installed)])):
        homes[name] = shutil.copytree(folder / "project", folder / name / "某项目")
        for number, words in enumerate(COMMANDS):
            done = subprocess.run(
                [*program, *words], cwd=homes[name], env=environ, capture_output=True, check=False, stdin=subprocess.DEVNULL,
                timeout=10 * _SECONDS,
            )  # fmt: skip
            said = b"\n".join((str(done.returncode).encode(), done.stdout, done.stderr))
            (homes[name] / "out" / f"{number:02} {words[0]}.said").write_bytes(said)
    files = {
        name: {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}
        for name, home in homes.items()
    }
    mine, theirs = (
        {path: data for path, data in found.items() if not {*UNLIKE} & {*path.parts}} for found in files.values()
    )
    yield from (f"{path} is written by one program only" for path in sorted(mine.keys() ^ theirs.keys()))
    for path in sorted(mine.keys() & theirs.keys()):
        if mine[path] != theirs[path]:
            yield f"{path} differs"
            if path.suffix == ".said":
                yield f"  frozen: {mine[path].decode()}\n  installed: {theirs[path].decode()}"
    sys.stdout.write(f"{len(mine)} files compared, {sum(map(len, mine.values())) / 1e6:.1f} MB\n")


def double_click_faults(frozen: Path, project: Path, environ: dict[str, str]) -> Iterator[str]:
    """Start the program as a double click does; yield what is wrong with the map that it serves, and with how it ends."""
    kind = {"creationflags": 0x200} if sys.platform == "win32" else {}  # a process group of its own, for Ctrl-Break
    with subprocess.Popen(
        [frozen], cwd=project.parent, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **kind
    ) as process:
        assert process.stdout
        found = _ADDRESS.search(line := process.stdout.readline().decode("utf-8", "replace"))
        if not found:
            yield f"it prints no address but: {line}{process.stdout.read().decode('utf-8', 'replace')}"
            return
        address = found[0]
        if _get(f"{address}map.html") != (200, next((project / "maps").glob("*.html")).read_bytes()):
            yield "the map that it serves is not the one that build writes"
        code, _ = _get(re.sub(r"/[\w-]+/$", "/wrong-token-wrong-token-wrong/", address))
        if code != 403:
            yield f"it answers {code} to another token"
        process.send_signal(signal.CTRL_BREAK_EVENT if sys.platform == "win32" else signal.SIGINT)
        code = process.wait(_SECONDS)
        if code and sys.platform != "win32":
            yield f"interrupted it ends with {code}"


def _get(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def window_faults(frozen: Path, dropped: Path, environ: dict[str, str]) -> Iterator[str]:
    """Drop a broken file on the program in a terminal of its own; yield what is wrong with the text that must stay readable."""
    import pty  # Windows has none

    process, terminal = pty.fork()
    if process == 0:
        os.execve(frozen, [str(frozen), str(dropped)], {**environ, "TERM": "dumb"})
    if dropped.name not in (said := read_until(terminal, "按任意键打开地图")):
        yield f"the window does not name the dropped file: {said}"
    if not _ADDRESS.search(said := read_until(terminal, "Ctrl-C", b" ")):
        yield f"after the faults it serves no map: {said}"
    os.write(terminal, b"\x03")
    if (code := end_of(process, terminal)) not in (0, 130):  # 130: before the first request was waited for
        yield f"after Ctrl-C in its window it ends with {code}"


def read_until(terminal: int, wanted: str, key: bytes = b"") -> str:
    """Return what a terminal shows, up to a text or the end of the program. Raise TimeoutError if neither comes.

    Parameters
    ----------
    key : key to press whenever nothing is shown for half a second: one that is pressed before the program waits for it is lost.
    """
    said, end = b"", time.monotonic() + _SECONDS
    while wanted.encode() not in said:
        if not select.select([terminal], [], [], 0.5)[0]:
            if key:
                os.write(terminal, key)
            if time.monotonic() > end:
                raise TimeoutError(f"it never says {wanted!r} but: {said.decode('utf-8', 'replace')}")
            continue
        try:
            new = os.read(terminal, 65536)
        except OSError:  # Linux tells the end so
            break
        if not new:
            break
        said += new
    return said.decode("utf-8", "replace")


def end_of(process: int, terminal: int, key: bytes = b"") -> int:
    """Return the exit code of a program in a terminal when it ends; `key` as in `read_until`."""
    read_until(terminal, "\0", key)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def seconds(run: Callable[[], object]) -> float:
    """Return the wall-clock time of a call in seconds."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def print_times(frozen: Path, installed: Path, project: Path, environ: dict[str, str]) -> None:
    """Print the median times of both programs, run by turns."""
    for words in TIMED:
        taken: dict[Path, list[float]] = {frozen: [], installed: []}
        for program in (frozen, installed) * RUNS:
            command = [str(program), *words]
            taken[program].append(
                seconds(lambda: subprocess.run(command, cwd=project, env=environ, capture_output=True, check=True))  # noqa: B023
            )
        one, two = (statistics.median(taken[program]) for program in (frozen, installed))
        sys.stdout.write(f"{' '.join(words)}: {one:.2f} s, installed {two:.2f} s (medians of {RUNS} by turns)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print what differs; return 1 if anything does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("installed", type=Path)
    given = parser.parse_args(arguments)
    installed = given.installed.absolute()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        shutil.unpack_archive(given.archive, folder / "unpacked")
        name = "qjmap.exe" if sys.platform == "win32" else "qjmap"
        frozen = folder / "unpacked" / "qjmap" / name
        faults = list(differences(frozen, installed, folder))
        environ, project = empty_environment(folder), folder / "frozen" / "某项目"
        subprocess.run([frozen, "build"], cwd=project, env=environ, check=True, capture_output=True)
        shutil.move(folder / "unpacked" / "qjmap", project / "qjmap")
        frozen = project / "qjmap" / name
        faults += double_click_faults(frozen, project, environ)
        if sys.platform != "win32":
            faults += window_faults(frozen, project / "broken.csv", environ)
        print_times(frozen, installed, project, environ)
    sys.stdout.write("\n".join(faults or ["The same as the installed program."]) + "\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
