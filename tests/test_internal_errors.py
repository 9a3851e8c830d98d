"""An unexpected error in a row becomes that row's fault and is logged; a log that cannot be written stops nothing."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from qjmap import internal_errors
from qjmap.internal_errors import log_unexpected, row_failed


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "errors.log"
    monkeypatch.setenv(internal_errors.LOG, str(path))
    monkeypatch.setattr(internal_errors, "_logged", set())
    return path


def failed(word: str) -> Exception:
    try:
        raise ValueError(word)
    except ValueError as error:
        return error


def deep(left: int) -> Exception:
    def down(left: int) -> None:
        if left:
            down(left - 1)
        endless()

    def endless() -> None:
        endless()

    try:
        down(left)
    except RecursionError as error:
        return error
    raise AssertionError


def test_the_same_trouble_has_the_same_reference_and_is_written_once(log: Path) -> None:
    first, second = (log_unexpected(failed(word), f"row {word}") for word in ("甲", "乙"))
    assert first == second
    reference = first.split(",")[0]
    assert len(reference) == 8 and int(reference, 16) >= 0
    assert str(log) in first
    text = log.read_text(encoding="utf-8")
    assert text.count(f"[{reference}]") == 1
    assert "ValueError: 甲" in text and "row 甲" in text and "raise ValueError(word)" in text


def test_different_errors_have_different_references_in_the_log(log: Path) -> None:
    assert log_unexpected(failed("甲"), "") != log_unexpected(deep(1), "")


def test_a_deep_recursion_fills_no_log(log: Path) -> None:
    assert log_unexpected(deep(1), "").split(",")[0] == log_unexpected(deep(40), "").split(",")[0]
    assert log.stat().st_size < 20_000


def test_what_was_worked_on_stays_one_line_of_valid_utf_8(log: Path) -> None:
    log_unexpected(failed("\ud800"), "甲\n[00000000] 伪造\x1b[31m\ud800" + "长" * 1000)
    head = log.read_text(encoding="utf-8").splitlines()[0]
    assert "伪造" in head and "\x1b" not in head and len(head) < 300


@pytest.mark.parametrize("kind", ["missing folder", "a folder", "a pipe", "a link"])
def test_a_log_that_cannot_be_written_stops_nothing(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    target = tmp_path / "x"
    if kind == "missing folder":
        target = target / "y" / "errors.log"
    elif kind == "a folder":
        target.mkdir()
    elif kind == "a pipe":
        os.mkfifo(target)
    else:
        (tmp_path / "victim").write_bytes(b"mine")
        target.symlink_to(tmp_path / "victim")
    monkeypatch.setenv(internal_errors.LOG, str(target))
    said = log_unexpected(failed("甲"), "")
    assert len(said) == 8
    assert "no log could be written" in row_failed(failed("甲"), "a.csv", 2, "甲").line("en")
    if kind == "a link":
        assert (tmp_path / "victim").read_bytes() == b"mine"


def test_a_full_log_grows_no_more(log: Path) -> None:
    log.write_bytes(b"x" * internal_errors._MAX_BYTES)
    assert str(log) in log_unexpected(failed("甲"), "")
    assert log.stat().st_size == internal_errors._MAX_BYTES


def test_without_a_name_the_log_lies_in_the_temporary_folder_and_is_the_users_alone(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(internal_errors.LOG)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    log_unexpected(failed("甲"), "")
    written = tmp_path / "qjmap-errors.log"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    monkeypatch.chdir(tmp_path)  # the current folder is no place for it
    monkeypatch.setattr(internal_errors, "_logged", set())
    written.unlink()
    assert len(log_unexpected(failed("甲"), "")) == 8
    assert not written.exists()


def test_the_fault_of_the_row_names_row_reference_and_log(log: Path) -> None:
    fault = row_failed(failed("甲"), "a.csv", 7, "重庆某路")
    assert (fault.code, fault.row, fault.value, fault.severity) == ("row-failed", 7, "重庆某路", "fault")
    for lang in ("zh", "en"):
        line = fault.line(lang)
        assert "a.csv" in line and "7" in line and str(log) in line and str(fault.params["reference"]) in line
