"""What the disk refuses is one line with the file, the cause and the cure; nothing is half-written, whatever was to be written."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.system_errors.helpers import WRITING, everything, limited, namespace, run, told
from tests.commands import run_command

pytestmark = pytest.mark.slow

LONG = "长" * 100


@pytest.mark.parametrize("name", WRITING)
def test_a_disk_that_can_only_be_read(ready: Path, name: str) -> None:
    before = everything(ready)
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$1" && shift && exec "$@"'
    told(run(*WRITING[name], cwd=ready, wrapped=namespace(script, ready)), "read-only")
    assert everything(ready) == before


@pytest.mark.parametrize("name", WRITING)
def test_a_limit_of_the_length_of_files(ready: Path, name: str) -> None:
    before = everything(ready)
    told(run(*WRITING[name], cwd=ready, before=limited(resource.RLIMIT_FSIZE, 100)), "greater than the system allows")
    assert everything(ready) == before


@pytest.mark.parametrize("name", WRITING)
def test_a_disk_that_is_full(ready: Path, tmp_path: Path, name: str) -> None:
    disk, after = tmp_path / "disk", tmp_path / "after"
    disk.mkdir()
    before = everything(ready)
    script = (
        'd="$1"; p="$2"; a="$3"; shift 3; mount -t tmpfs -o size=2m none "$d" && cp -r "$p" "$d/p" && cd "$d/p" || exit 99\n'
        'cat /dev/zero > "$d/filler" 2>/dev/null\n"$@"; code=$?; cp -r "$d/p" "$a"; exit $code'
    )
    done = run(*WRITING[name], cwd=ready, wrapped=namespace(script, disk, ready, after))
    told(done, "the disk is full")
    assert everything(after) == before


@pytest.mark.parametrize("name", ["export kml", "export fgb", "export gpkg"])
def test_a_temporary_folder_that_is_full(ready: Path, tmp_path: Path, name: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    before = everything(ready)
    script = (
        'd="$1"; shift; mount -t tmpfs -o size=64k none "$d" && cat /dev/zero > "$d/filler" 2>/dev/null; rm -f "$d/x"\n'
        'truncate -s -8192 "$d/filler"; TMPDIR="$d" exec "$@"'
    )
    told(run(*WRITING[name], cwd=ready, wrapped=namespace(script, disk)), "temporary folder", str(disk))
    assert everything(ready) == before


def test_a_table_that_may_not_be_changed(ready: Path) -> None:
    table = ready / "data" / "sites.csv"
    if (
        not shutil.which("chattr")
        or subprocess.run(["chattr", "+i", table], capture_output=True, check=False).returncode
    ):
        pytest.skip("no file can be made immutable here")
    try:
        before = everything(ready / "data")
        for name in ("add", "undo"):
            told(run(*WRITING[name], cwd=ready), "data/sites.csv", "may not have the right")
        assert everything(ready / "data") == before
    finally:
        subprocess.run(["chattr", "-i", table], check=True)


@pytest.mark.parametrize("name", ["build", "add", "undo", "report"])
@pytest.mark.parametrize("file", ["data/sites.csv", "data/project.toml"])
def test_a_file_that_may_not_be_read(ready: Path, name: str, file: str) -> None:
    if not shutil.which("setpriv"):
        pytest.skip("the rights of this user cannot be taken away")
    without = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if subprocess.run([*without, "true"], capture_output=True, check=False).returncode:
        pytest.skip("the rights of this user cannot be taken away")
    before = everything(ready)
    (ready / file).chmod(0)
    told(run(*WRITING[name], cwd=ready, wrapped=without), file, "may not have the right")
    (ready / file).chmod(0o644)
    assert everything(ready) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "--out", LONG), ("build", LONG), ("add", LONG), ("check", LONG), ("undo", LONG), ("report", "-o", LONG),
        ("locate", "--file", LONG, "-o", "x.csv"), ("locate", "--file", "new.csv", "-o", f"{LONG}.csv"),
        ("export", "--layer", "sites", "-o", f"{LONG}.gpkg"), ("locate", "x", "--project", LONG), ("route", LONG),
    ],
    ids=lambda given: " ".join(given).replace(LONG, "LONG"),
)  # fmt: skip
def test_a_name_that_is_too_long(ready: Path, arguments: tuple[str, ...]) -> None:
    before = everything(ready)
    told(run_command(*arguments, cwd=ready, environment={"QJMAP_LANG": "en"}), "too long", "长长长")
    assert everything(ready) == before


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("build", "--out", "new.csv"), "new.csv"), (("build", "--out", "new.csv/maps"), "new.csv"),
        (("report", "-o", "new.csv/x"), "new.csv"), (("report", "-o", "gaps.csv/gaps.csv", "--table", "gaps"), "gaps.csv"),
        (("export", "-o", "new.csv/x"), "new.csv"), (("locate", "--file", "new.csv", "-o", "maps.csv"), "maps.csv"),
        (("locate", "--file", "maps.csv", "-o", "x.csv"), "maps.csv"), (("add", "maps.csv"), "maps.csv"),
        (("check", "gone.csv"), "gone.csv"), (("add", "gone.csv"), "gone.csv"), (("build", "gone"), "gone"),
        (("export", "--layer", "sites", "-o", "/dev/full"), "/dev/full"), (("report", "-o", "/dev/null", "--format", "json"), "/dev/null"),
        (("locate", "--file", "new.csv", "-o", "/dev/zero"), "/dev/zero"),
    ],
    ids=str,
)  # fmt: skip
def test_files_folders_and_devices_in_each_others_places(ready: Path, arguments: tuple[str, ...], word: str) -> None:
    (ready / "maps.csv").mkdir()
    (ready / "gaps.csv").write_bytes(b"")
    before = everything(ready)
    done = run_command(*arguments, cwd=ready, environment={"QJMAP_LANG": "en"})
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert word in done.stderr
    assert everything(ready) == before
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    "arguments", [("check",), ("check", "--json"), ("report",), ("export", "--layer", "sites", "-o", "-"), ("--help",)]
)
@pytest.mark.parametrize("buffered", ["", "1"])
def test_a_screen_that_takes_no_more(ready: Path, arguments: tuple[str, ...], buffered: str) -> None:
    wrapped = ["sh", "-c", 'exec "$@" > /dev/full', "sh"]
    told(run(*arguments, cwd=ready, wrapped=wrapped, PYTHONUNBUFFERED=buffered), "standard output")


@pytest.mark.parametrize("most", [8, 12])
def test_few_open_files(ready: Path, most: int) -> None:
    before = everything(ready / "data")
    for name in ("build", "undo"):
        done = run(*WRITING[name], cwd=ready, before=limited(resource.RLIMIT_NOFILE, most))
        assert "Traceback" not in done.stderr
        if done.returncode == 2:
            assert "open" in done.stderr
            assert everything(ready / "data") == before


ABORTED = (-signal.SIGABRT, -signal.SIGSEGV, 127)
"""Exit codes of a process that a library in C has ended: some abort where they get no memory, before Python can say so."""


def test_too_little_memory(ready: Path) -> None:
    with (ready / "large.csv").open("w", encoding="utf-8") as file:
        file.write("名称,说明\n")
        file.writelines(f"厂{number},{'说明' * 40}{number}\n" for number in range(100_000))
    before = everything(ready)
    for arguments in (("add", "large.csv"), ("check", "large.csv"), ("locate", "--file", "large.csv", "-o", "x.csv")):
        limits = (limited(resource.RLIMIT_AS, megabytes << 20) for megabytes in (400, 396, 392))
        runs = (run(*arguments, cwd=ready, before=limit) for limit in limits)
        told(next(done for done in runs if done.returncode not in ABORTED), "not enough memory", "large.csv")
    assert everything(ready) == before


def test_a_current_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    wrapped = ["sh", "-c", f'rmdir "{gone}"; exec "$@"', "sh"]
    for arguments in (("check",), ("add", "x.csv"), ("report", "-o", "x")):
        gone.mkdir(exist_ok=True)
        told(run(*arguments, cwd=gone, wrapped=wrapped))
