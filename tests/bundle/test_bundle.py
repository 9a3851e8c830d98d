"""What a double click on the frozen program does, and a file dropped on it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from qjmap.bundle import commands_for, restore_library_path, terminal_command
from tests.bundle.compare import end_of, read_until


def project(folder: Path) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "project.toml").write_text('title = "某县合作地图"\n', encoding="utf-8")
    return folder


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Folder of the program, in a folder of its own."""
    folder = tmp_path / "地图" / "qjmap"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("place", [".", "..", "某县"])
def test_a_double_click_serves_the_project_beside_the_program(program: Path, place: str) -> None:
    home = project(program / place).resolve()
    [[command, served]] = commands_for([], program)
    assert (command, Path(served).resolve()) == ("serve", home)


def test_the_folder_of_the_program_comes_before_the_one_above(program: Path) -> None:
    project(program.parent)
    project(program)
    assert commands_for([], program) == [["serve", str(program)]]


def test_without_a_project_or_with_several_nothing_is_guessed(program: Path) -> None:
    assert commands_for([], program) == []
    for name in ("甲县", "乙县"):
        project(program / name)
    assert commands_for([], program) == []


def test_a_dropped_file_is_added_and_the_map_served(program: Path, tmp_path: Path) -> None:
    (table := tmp_path / "新 地点.xlsx").touch()
    assert commands_for([str(table)], program) == []
    project(program.parent)
    home = str(program.parent)
    assert commands_for([str(table)], program) == [["add", str(table), "--project", home], ["serve", home]]


def test_a_dropped_project_is_served(program: Path, tmp_path: Path) -> None:
    project(program)
    other = project(tmp_path / "别县")
    assert commands_for([str(other)], program) == [["serve", str(other)]]


@pytest.mark.parametrize(
    "words",
    [["build", "."], ["build"], ["--version"], ["nonsense"], ["gone.csv"], ["add", "new.csv"], ["check", "new.csv"]],
)
def test_other_words_are_the_command_line(
    program: Path, words: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("build", "new.csv"):  # a file with the name of a command is not what the word means
        (tmp_path / name).touch()
    project(program)
    assert commands_for(words, program) == [words]


def test_programs_that_it_starts_find_the_libraries_of_the_system() -> None:
    environ = {"LD_LIBRARY_PATH": "/opt/qjmap/_internal:/usr/local/lib", "LD_LIBRARY_PATH_ORIG": "/usr/local/lib"}
    restore_library_path(environ)
    assert environ == {"LD_LIBRARY_PATH": "/usr/local/lib"}


def test_a_linux_desktop_opens_a_terminal_once(tmp_path: Path) -> None:
    terminal = tmp_path / "x-terminal-emulator"
    terminal.touch(0o755)
    environ = {"PATH": str(tmp_path), "DISPLAY": ":0"}
    assert terminal_command(environ, "linux") == [str(terminal), "-e"]
    assert terminal_command({**environ, "QJMAP_TERMINAL": "1"}, "linux") == []
    assert terminal_command({"PATH": str(tmp_path)}, "linux") == []
    assert terminal_command({**environ, "PATH": ""}, "linux") == []
    assert terminal_command(environ, "win32") == []


RUN = "import sys\nsys.executable = sys.argv.pop(1)\nfrom qjmap.bundle import run\nrun()"


STOPPED = (0, 130)
"""Exit codes after Ctrl-C: while the map is served, and before."""


def open_window(program: Path, *words: str) -> tuple[int, int]:
    """Start the program in a terminal of its own; return its process and the terminal."""
    import pty  # Windows has none

    process, terminal = pty.fork()
    if process == 0:
        arguments = [sys.executable, "-c", RUN, str(program / "qjmap"), *words]
        own = {"PATH": "", "QJMAP_LANG": "zh", "TERM": "dumb"}  # no browser is found
        os.execve(sys.executable, arguments, own)
    return process, terminal


windows_has_no_terminals = pytest.mark.skipif(
    sys.platform == "win32", reason="Python has no pseudo-terminals on Windows"
)


@pytest.mark.slow
@windows_has_no_terminals
def test_the_window_stays_until_its_faults_are_read(program: Path, region: Path) -> None:
    region.rename(program / "某县")
    (program / "某县" / "data" / "project.toml").write_text("title = 1 1", encoding="utf-8")
    process, terminal = open_window(program)
    assert "project.toml" in read_until(terminal, "按任意键关闭")
    assert os.waitpid(process, os.WNOHANG) == (0, 0)
    assert end_of(process, terminal, b" ") == 2


@pytest.mark.slow
@windows_has_no_terminals
def test_rows_that_were_refused_are_read_before_the_map_opens(program: Path, region: Path, tmp_path: Path) -> None:
    region.rename(program / "某县")
    (tmp_path / "新.csv").write_text(
        "名称,经度,纬度,坐标系\n新厂,100.51,30.51,WGS84\n坏厂,东,30.5,WGS84\n", encoding="utf-8"
    )
    process, terminal = open_window(program, str(tmp_path / "新.csv"))
    assert "退回 1 行" in read_until(terminal, "按任意键打开地图")
    assert "127.0.0.1" in read_until(terminal, "Ctrl-C", b" ")
    os.write(terminal, b"\x03")
    assert end_of(process, terminal) in STOPPED


@pytest.mark.slow
@windows_has_no_terminals
def test_without_a_project_it_offers_to_make_one(program: Path) -> None:
    process, terminal = open_window(program)
    said = read_until(terminal, "按回车")
    assert "没有项目" in said
    assert "There is no project" in said
    os.write(terminal, "自贡市\n".encode())
    assert "自贡市" in read_until(terminal, "qjmap build")
    assert (program / "自贡市" / "data" / "project.toml").is_file()
    os.write(terminal, b"\x03")
    assert end_of(process, terminal) in STOPPED


@pytest.mark.slow
@windows_has_no_terminals
def test_the_offer_can_be_left(program: Path) -> None:
    process, terminal = open_window(program)
    read_until(terminal, "按回车")
    os.write(terminal, b"\n")
    read_until(terminal, "按任意键关闭")
    assert end_of(process, terminal, b" ") == 2
    assert list(program.iterdir()) == []
