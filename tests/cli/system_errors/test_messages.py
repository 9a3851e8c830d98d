"""Whatever stops a command is told in one line in the reader's language; --debug shows more; nothing is said of installations."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import qjmap
from qjmap import i18n
from qjmap.cli import click_classes
from qjmap.cli.main import main
from qjmap.cli.system_errors import Interrupted, as_qjmap_error
from qjmap.errors import DataFaults, QjmapError
from qjmap.pipeline import export
from tests.cli.system_errors.helpers import run
from tests.cli.system_errors.helpers import told as assert_told
from tests.conftest import ROOT
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

CAUSES = {
    errno.EACCES: "file-in-use", errno.EPERM: "file-in-use", errno.EROFS: "disk-read-only", errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full", errno.EFBIG: "file-too-great", errno.ENAMETOOLONG: "name-too-long", errno.EISDIR: "file-folder",
    errno.ENOTDIR: "folder-file", errno.EEXIST: "folder-file", errno.ENOENT: "file-missing", errno.ELOOP: "path-loop", errno.EIO: "disk-failed",
    errno.EMFILE: "files-many", errno.ENFILE: "files-many", errno.ENOMEM: "memory-short", errno.ESTALE: "disk-failed", errno.EMLINK: "system-refused",
}  # fmt: skip


@pytest.mark.parametrize("code", CAUSES, ids=lambda code: errno.errorcode[code])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_cause_has_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, lang: str) -> None:
    monkeypatch.chdir(tmp_path)
    error = as_qjmap_error(OSError(code, os.strerror(code), str(tmp_path / "表 a.csv")), [tmp_path / "other.csv"])
    assert (error.code, error.exit_code) == (CAUSES[code], 2)
    line = error.line(lang)
    assert "表 a.csv" in line
    assert "\n" not in line
    assert error.cure(lang)


@pytest.mark.parametrize(
    ("number", "code"),
    [(5, "file-in-use"), (32, "file-in-use"), (33, "file-in-use"), (112, "disk-full"), (39, "disk-full"), (19, "disk-read-only"),
     (206, "name-too-long"), (123, "name-form"), (21, "disk-failed"), (53, "disk-failed"), (1455, "memory-short")],
)  # fmt: skip
def test_windows_error_numbers_decide_before_posix_error_numbers(number: int, code: str) -> None:
    error = PermissionError(errno.EACCES, "in use", "a.csv")
    error.winerror = number  # type: ignore[attr-defined]
    assert as_qjmap_error(error).code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "memory-short"), (ImportError("failed to map segment from shared object"), "memory-short"),
        (RuntimeError("can't start new thread"), "memory-short"), (SystemError("error return without exception set"), "memory-short"),
        (SystemError("<built-in function compile> returned NULL without setting an exception"), "memory-short"),
        (RecursionError("maximum recursion depth"), "nested-too-deep"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "file-not-utf8"), (KeyError("x"), "program-fault"),
        (FileNotFoundError(2, "No usable temporary directory found in ['/tmp']"), "temporary-none"),
        (FileNotFoundError(2, "No such file", str(Path(qjmap.__file__).parent / "assets" / "x.json")), "install-damaged"),
    ],
)  # fmt: skip
def test_what_names_no_file_names_what_the_command_works_on(error: BaseException, code: str) -> None:
    found = as_qjmap_error(error.with_traceback(None), [Path("new.csv"), Path()])
    assert found.code == code
    if code not in ("temporary-none", "install-damaged"):
        assert "new.csv" in found.line("en")


def test_what_the_program_says_itself_stays() -> None:
    error = DataFaults([])
    assert as_qjmap_error(error) is error
    assert as_qjmap_error(KeyboardInterrupt()).exit_code == Interrupted.exit_code == 130


def stop(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(export, "load_atlas", fails)


def exits(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    return int(done.value.code or 0)


@pytest.mark.parametrize(
    "error",
    [MemoryError(), OSError(errno.ENOMEM, "no"), ImportError("failed to map segment"), RuntimeError("can't start new thread")],
)  # fmt: skip
def test_whatever_tells_of_little_memory_frees_the_reserve_before_it_is_told(
    region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    reserve = bytearray(1)
    monkeypatch.setattr(click_classes, "_RESERVE", reserve)
    monkeypatch.chdir(region)
    stop(monkeypatch, error)
    assert exits("report", "--lang", "en") == 2
    assert "not enough memory" in capsys.readouterr().err
    assert not reserve


@pytest.mark.parametrize("debug", [(), ("--debug",), "environment"])
@pytest.mark.parametrize(
    "error", [KeyError("boom"), OSError(errno.EIO, "I/O", "data/sites.csv"), MemoryError(), RecursionError()]
)
def test_debug_shows_where_it_happened(
    region: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    debug: tuple[str, ...] | str,
    error: Exception,
) -> None:
    monkeypatch.chdir(region)
    if debug == "environment":
        monkeypatch.setenv("QJMAP_DEBUG", "1")
    words = debug if isinstance(debug, tuple) else ()
    stop(monkeypatch, error)
    for arguments in (("report", *words), (*words, "report")):
        assert exits(*arguments) == 2
        out, err = capsys.readouterr()
        assert not out
        assert ("Traceback" in err) is bool(debug)
        assert len(err.splitlines()) == 1 or debug


def test_a_fault_of_the_program_says_so_and_where_it_is_logged(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QJMAP_LOG", str(tmp_path / "log"))
    stop(monkeypatch, ZeroDivisionError("nobody foresaw this"))
    assert exits("report", str(region), "--json", "--lang", "en") == 2
    (one,) = json.loads(capsys.readouterr().out)
    assert one["code"] == "program-fault"
    assert "fault of the program" in one["message"]
    assert str(tmp_path / "log") in one["cure"]
    assert "nobody foresaw this" in (tmp_path / "log").read_text(encoding="utf-8")


def test_libraries_warn_nobody_but_with_debug(
    region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def warns(*_: object, **__: object) -> None:
        warnings.warn("of the installation", UserWarning, stacklevel=1)
        raise QjmapError("stopped")

    monkeypatch.setattr(export, "load_atlas", warns)
    assert exits("report", str(region)) == 1
    assert "installation" not in capsys.readouterr().err
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exits("report", str(region), "--debug")
    assert any("of the installation" in str(one.message) for one in caught)


def test_an_interrupt_is_one_line_and_leaves_nothing(region: Path) -> None:
    table = region / "data" / "sites.csv"
    row = table.read_text(encoding="utf-8").splitlines()[1]
    with table.open("a", encoding="utf-8") as file:
        file.writelines(
            f"s{number},厂{number},{row.split(',', 2)[2]}\n" for number in range(300_000)
        )  # seconds of work
    before = {path.name for path in region.rglob("*")}
    process = subprocess.Popen(
        [sys.executable, "-m", "qjmap", "build", "--lang", "en"], cwd=region, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    mapped = Path(f"/proc/{process.pid}/maps")
    wait_until(lambda: "shapely" in mapped.read_text())  # its libraries are loaded, so it is at work on the project
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert [*err.splitlines()] == ["Interrupted; no half-written file was left. Run it again when you want to."]
    assert {path.name for path in region.rglob("*")} == before


@pytest.mark.parametrize("content", ["id = [[[", b"\xff\xfe\x00\x01", "[" * 5000])
@pytest.mark.parametrize("command", ["build", "add", "check", "undo", "report", "export", "locate", "route"])
def test_settings_that_cannot_be_read(
    region: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str | bytes,
    command: str,
) -> None:
    monkeypatch.chdir(region)
    (region / "data" / "project.toml").write_bytes(content.encode() if isinstance(content, str) else content)
    (region / "new.csv").write_text("名称\n厂\n", encoding="utf-8")
    more = {"add": ["new.csv"], "export": ["-o", "x"], "locate": ["綦江"]}
    assert exits(command, *more.get(command, []), "--json") == 2
    (one,) = json.loads(capsys.readouterr().out)
    assert one["file"] == "data/project.toml"
    assert one["cure"]


@pytest.mark.parametrize(
    "asset",
    [
        "gazetteer/units.json.z",
        "ground/boundaries.z",
        "texts/cli.json",
        "texts/vocab.json",
        "symbols.json",
        "texts/faults.json",
    ],
)
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_installation_says_so(region: Path, tmp_path: Path, asset: str, damage: str) -> None:
    package = Path(shutil.copytree(Path(qjmap.__file__).parent, tmp_path / "installed" / "qjmap"))
    path = package / "assets" / asset
    if damage == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.unlink()
    done = run("build", cwd=region, PYTHONPATH=str(package.parent))
    if asset == "texts/faults.json" and not done.returncode:
        return  # nothing was to be said
    assert_told(done, "assets")


def test_what_a_worker_meets_is_told_as_what_is_met_here(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from qjmap.engine import open_engine

    with open_engine("dask", workers=1) as engine, pytest.raises(IsADirectoryError) as caught:
        list(engine.map(_reads, [tmp_path]))
    assert as_qjmap_error(caught.value).code == "file-folder"


def _reads(path: Path) -> bytes:
    return path.open("rb").read()


def test_marks_that_a_terminal_would_obey_reach_none(
    region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(region)
    name = "a\x1b]0;title\x07\u202e.csv"
    (region / name).write_text("名称,纬度,经度\n厂,999,1\n", encoding="utf-8")
    for arguments in (
        ("check", name),
        ("add", name),
        ("locate", "--file", name, "-o", f"{name}.csv"),
        ("check", f"x{name}"),
        (name,),
    ):
        exits(*arguments)
    out, err = capsys.readouterr()
    assert not {"\x1b", "\x07", "\u202e"} & set(out + err)
    assert "title" in out


def test_a_language_of_windows_is_known_by_its_number() -> None:
    assert [i18n.language_of_windows(number, None) for number in (0x0804, 0x0404, 0x0409, 0x0407)] == [
        "zh",
        "zh",
        "en",
        "en",
    ]
    assert i18n.language_of_windows(0, "Chinese (Simplified)_China") == "zh"
    assert i18n.language_of_windows(0, "German_Germany") == "en"
    assert i18n.language(None, {}, lambda: "en") == "en"
    assert i18n.language(None, {"LANG": "zh_CN.UTF-8"}, lambda: "en") == "zh"
    assert i18n.language("zh", {}, lambda: "en") == "zh"
    assert i18n.language(None, {}, lambda: None) == "zh"
